"""Quick booking: who, which case and where is meant; of several, and of none, it is asked."""

import pytest

from core.cases import CaseKind, SupportCase
from core.people import Client
from core.ports import Transaction
from tests.builders import Guide, between, make_range, make_worker
from tests.handlers.desk import Desk
from tests.handlers.quickly import quick, said, slot_at


async def test_a_first_name_that_nobody_has_leaves_the_main_worker_open(agathe: Desk, guide: Guide) -> None:
    form = await quick(agathe, "demain 10h-11h @inconnu @ecoute pour 1285")
    assert "main" not in form.values
    assert form.values["parties"] == (f"worker:{guide.ecoute.id}",)
    assert said(form)[1:] == ["Aucun collègue ne répond au nom « @inconnu ».", "Choisissez l’utilisateur principal."]

    form = await quick(agathe, "demain 10h-11h @seforme @inconnu @rien pour 1285")
    assert form.values["main"] == str(guide.seforme.id)
    assert said(form)[1:] == ["Aucun collègue ne répond au nom « @inconnu … @rien »."]


async def test_a_name_of_two_colleagues_is_asked(agathe: Desk) -> None:
    def store(tx: Transaction) -> None:
        for handle, name in (("zmaes", "Zoé Maes"), ("zdupont", "Zoé Dupont")):
            tx.people.save_worker(make_worker(handle, name=name))

    await agathe.db.write(store)
    form = await quick(agathe, "demain 10h-11h @zoé pour 1285")
    assert "main" not in form.values
    asked = said(form)[1]
    assert asked.startswith("Plusieurs collègues répondent au nom « @zoé » : ")
    assert "Zoé Maes (" in asked
    assert "Zoé Dupont (" in asked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("demain 10h-11h @seforme", "Pour quel parcours ?"),
        ("demain 10h-11h @seforme pour 9999", "Il n’y a pas de parcours n° 9999 que vous puissiez ouvrir."),
        ("demain 10h-11h @seforme 1285 1290", "Vous citez plusieurs parcours (1285, 1290) : choisissez-en un."),
        (
            "demain 10h-11h @seforme pour Mme Lafraise",
            "Plusieurs parcours ont un usager nommé « Mme Lafraise » (1285, 1290) : choisissez-en un.",
        ),
    ],
)
async def test_a_case_that_is_not_named_alone_is_asked(agathe: Desk, words: str, asked: str) -> None:
    form = await quick(agathe, words)
    assert "case" not in form.values
    assert slot_at(form) == "mer. 21 janvier 10:00 – 11:00"
    assert [line for line in said(form)[1:] if line.startswith(asked)] == said(form)[1:]


async def test_a_confidential_case_is_as_if_there_were_none(ecoute: Desk) -> None:
    form = await quick(ecoute, "demain 10h-11h 1290")
    assert "case" not in form.values
    assert said(form)[1:] == ["Pour quel parcours ?", "Je ne comprends pas « 1290 »."]
    form = await quick(ecoute, "demain 10h-11h pour Gisèle Lafraise")
    assert form.values["case"] == "1285", "only one that he may see has a client of this name"
    assert "lafraise" not in said(form)[0].casefold(), "what was understood names no client"


async def test_a_client_is_found_by_whole_words_of_a_name(agathe: Desk, guide: Guide) -> None:
    def store(tx: Transaction) -> None:
        for number, given, family in ((1300, "Jean", "de la Tour"), (1301, "Jeanne", "Latour")):
            client = tx.people.save_client(str(number), Client(0, given, family, None))
            tx.cases.save(SupportCase(number, CaseKind.REGULAR, guide.seforme.id, clients=(client,)))

    await agathe.db.write(store)
    assert (await quick(agathe, "demain 10h-11h pour Jean de la Tour")).values["case"] == "1300"
    assert (await quick(agathe, "demain 10h-11h pour Tour Jean")).values["case"] == "1300"
    assert (await quick(agathe, "pour Jeanne LATOUR demain 10h-11h")).values["case"] == "1301"
    form = await quick(agathe, "demain 10h-11h pour Jea Tou")
    assert "case" not in form.values
    assert "Je ne comprends pas « Jea Tou »." in said(form)


async def test_what_is_not_understood_is_said_word_by_word(agathe: Desk) -> None:
    form = await quick(agathe, "demain 10h-11h bilan trimestriel, 1285 apporter <b>papiers</b>")
    assert said(form)[1:] == ["Je ne comprends pas « bilan trimestriel, … apporter <b>papiers</b> »."]
    form = await quick(agathe, "vers 10h")
    assert "Je ne comprends pas « vers 10h »." in said(form)


async def test_a_place_of_two_names_is_asked_and_another_than_the_slots_is_told(agathe: Desk, guide: Guide) -> None:
    def store(tx: Transaction) -> None:
        tx.places.add("Namur", "CPAS")
        tx.places.add("Namur", "Antenne")
        tx.places.add("Liège", "Antenne")

    await agathe.db.write(store)
    form = await quick(agathe, "demain 10h-11h @seforme pour 1285 à Namur")
    assert form.values["place"] == "slot"
    form = await quick(agathe, "demain 10h-11h @seforme pour 1285 à Liège")
    assert form.field("place").value not in {"slot", str(guide.gembloux.id)}  # type: ignore[union-attr]
    assert said(form)[1:] == ["À cette heure, seforme est disponible à : Gembloux (Implantations)."]


async def test_the_slot_at_the_place_that_was_named_is_chosen(agathe: Desk, guide: Guide) -> None:
    def store(tx: Transaction) -> int:
        other = tx.places.add("Namur", "Antenne")
        ranges = [make_range(guide.seforme, place_id=place) for place in (guide.gembloux.id, other.id)]
        tx.agendas.replace_ranges(guide.seforme.id, ranges)
        return other.id

    other = await agathe.db.write(store)
    form = await quick(agathe, "demain 10h-11h @seforme pour 1285 à Namur")
    during = between("2026-01-21 10:00", "11:00")
    start, end = int(during.start.timestamp()), int(during.end.timestamp())
    assert form.values["slot"] == f"{start}.{end}.{other}"
    assert len(said(form)) == 1
    form = await quick(agathe, "demain 10h-11h @seforme pour 1285")
    assert said(form)[1:] == [
        "Ce moment est proposé à Gembloux (Implantations) et Namur (Antenne) : vérifiez la localisation."
    ]
