"""Typing in the booking form: by number, name or a part of it, accents ignored, only what the person may see."""

import pytest

from core.cases import SupportCase
from core.people import Client
from core.ports import Transaction
from handlers import ui
from tests.builders import Guide, make_worker
from tests.handlers.booking import plain
from tests.handlers.desk import Desk
from tests.handlers.office import for_lead

CASE = "Parcours n° 1285 – Gisèle LAFRAISE (26 ans)"
HIDDEN = "Parcours n° 1290 – Gisèle LAFRAISE (26 ans)"
SEFORME = "seforme (Travailleur-euse social) (Principal)"


async def found(desk: Desk, field: str, typed: str) -> list[str]:
    """Return what is offered in a field of a new booking form."""
    form = desk.filling(await desk.send(ui.CommandCall("rdv")))
    return [plain(label) for labels in (await form.search(field, typed)).values() for label in labels]


@pytest.mark.parametrize("typed", ["1285", "128", "n° 1285", "gisele", "GISÈLE LAF", "frais", "  lafraîse "])
async def test_a_case_by_number_or_client(agathe: Desk, typed: str) -> None:
    assert CASE in await found(agathe, "case", typed)


@pytest.mark.parametrize("typed", ["285", "12850", "gizele", "%", "_", "1285 gisele"])
async def test_nothing_else_is_taken_for_it(agathe: Desk, typed: str) -> None:
    assert await found(agathe, "case", typed) == []


@pytest.mark.parametrize("typed", ["1290", "129", "12", "gisele", ""])
async def test_a_confidential_case_is_there_for_who_is_named_on_it_alone(
    agathe: Desk, ecoute: Desk, typed: str
) -> None:
    assert HIDDEN in await found(agathe, "case", typed)
    assert HIDDEN not in await found(ecoute, "case", typed)


@pytest.mark.parametrize("typed", ["SEFORMÉ", "form", "travailleur", "principal"])
async def test_a_worker_by_name_job_or_service(agathe: Desk, typed: str) -> None:
    assert SEFORME in await found(agathe, "main", typed)


async def test_who_has_left_is_not_offered(agathe: Desk) -> None:
    await agathe.db.write(lambda tx: tx.people.save_worker(make_worker("parti", active=False)))
    assert await found(agathe, "main", "parti") == []


@pytest.mark.parametrize(
    ("typed", "heading", "label"),
    [
        ("gisele", "Usagers du parcours", "Gisèle LAFRAISE (26 ans)"),
        ("ODETTE", "Tiers non-professionnels", "Odette Lafraise (tante)"),
        ("zoé", "Tiers professionnels", "Zoé Maes (CPAS de Gembloux)"),
        ("cpas", "Tiers professionnels", "Zoé Maes (CPAS de Gembloux)"),
        ("éco", "T(M)S", "ecoute (Travailleur-euse social) (Principal)"),
    ],
)
async def test_parties_of_all_four_kinds(agathe: Desk, typed: str, heading: str, label: str) -> None:
    offered = await (await for_lead(agathe)).search("parties", typed)
    assert label.casefold() in [plain(found).casefold() for found in offered[heading]]


async def test_clients_of_another_case_are_not_offered(agathe: Desk, guide: Guide) -> None:
    def fill(tx: Transaction) -> None:
        aline = tx.people.save_client("aline", Client(0, "Aline", "Ailleurs"))
        tx.cases.save(SupportCase(1300, guide.case.kind, guide.seforme.id, clients=(aline,)))

    await agathe.db.write(fill)
    assert await (await for_lead(agathe)).search("parties", "aline") == {}
    assert CASE.replace("1285", "1300") not in await found(agathe, "parties", "aline")


async def test_very_many_are_offered_twenty_at_a_time_by_number(agathe: Desk, guide: Guide) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(2_000, 2_060):
            client = tx.people.save_client(f"c{n}", Client(0, "Noël", f"Étudiant{n}"))
            tx.cases.save(SupportCase(n, guide.case.kind, guide.seforme.id, clients=(client,)))

    await agathe.db.write(fill)
    offered = await found(agathe, "case", "etudiant")
    assert [label.split("n° ")[1][:4] for label in offered] == [str(n) for n in range(2_000, 2_020)]
    assert len(await found(agathe, "case", "205")) == 10
