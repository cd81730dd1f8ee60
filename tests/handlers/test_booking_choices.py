"""The booking form's further choices: kind, who may be missing, absences, and why a time is not offered."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from core.availability import Absence, AbsenceKind, ExternalEvent, Limits
from core.cases import Place
from core.ports import Transaction
from handlers import ui
from tests.builders import ZONE, Guide, between, make_range, make_worker
from tests.handlers.desk import Desk, facts, text_of
from tests.handlers.office import at_another_time, click, for_lead, own


async def test_a_kind_chooses_among_the_ranges(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    assert not form.has("kind")
    visits = make_range(
        guide.seforme, starts=time(18), lasts=timedelta(hours=1), kinds=frozenset({"Visite à domicile"})
    )
    ranges = [make_range(guide.seforme, place_id=guide.gembloux.id), visits]
    await agathe.db.write(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, ranges))
    form = await for_lead(agathe)
    assert not any(o.label.startswith("18:00") for options in form.slots().values() for o in options)
    await form.choose("kind", "Visite à domicile")
    assert form.slot("18:00")
    assert form.slot("10:00"), "a range without kinds is for all"
    await form.choose("slot", form.slot("18:00"))
    assert isinstance(await form.submit(), ui.CloseForm)
    card = await agathe.card_of(1)
    assert facts(card)["Type de rendez-vous"] == "Visite à domicile"
    edit = await agathe.open_form(card, "Modifier ou déplacer")
    assert edit.values["kind"] == "Visite à domicile"
    assert isinstance(await edit.submit(), ui.CloseForm)
    stored = await agathe.db.read(lambda tx: tx.appointments.find(1))
    assert stored is not None
    assert (stored.kind, stored.revision) == ("Visite à domicile", 1)


@pytest.mark.parametrize("number", [0, 1])
async def test_a_time_that_is_open_at_two_places_is_booked_at_the_chosen_one(
    agathe: Desk, guide: Guide, number: int
) -> None:
    def overlap(tx: Transaction) -> list[Place]:
        places = [guide.gembloux, tx.places.add("Namur", "Implantations")]
        tx.agendas.replace_ranges(guide.seforme.id, [make_range(guide.seforme, place_id=p.id) for p in places])
        return places

    places = await agathe.db.write(overlap)
    form = await for_lead(agathe)
    both = [o for o in form.slots()["mer. 21 janvier"] if o.label.startswith("10:00")]
    assert [o.hint for o in both] == [p.label for p in places]
    await form.choose("slot", both[number].value)
    assert isinstance(await form.submit(), ui.CloseForm)
    assert facts(await agathe.card_of(1))["Localisation"] == places[number].label
    form = await for_lead(agathe)
    assert not any(o.label.startswith("10:00") for o in form.slots()["mer. 21 janvier"]), "taken at both"


async def test_who_may_be_missing_stands_in_nobodys_way(agathe: Desk, guide: Guide) -> None:
    event = ExternalEvent(guide.ecoute.id, "uid", "", between("2026-01-27 10:30", "11:30"))
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, [event]))
    form = await for_lead(agathe)
    assert not form.has("optional")
    assert not form.has("everyone")
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    await form.choose("week", "2026-01-26")
    assert any(o.label.startswith("10:00") for o in form.slots()["mar. 27 janvier"])
    await form.choose("everyone", "yes")
    assert not any(o.label.startswith("10:00") for o in form.slots()["mar. 27 janvier"])
    await form.choose("optional", (str(guide.ecoute.id),))
    ten = next(o for o in form.slots()["mar. 27 janvier"] if o.label.startswith("10:00"))
    assert ten.label.endswith("(à confirmer)")
    await form.choose("slot", ten.value)
    assert isinstance(await form.submit(), ui.CloseForm), "nothing is asked"
    for desk in (agathe, agathe.as_(guide.ecoute)):
        workers = facts(await desk.card_of(1))["T(M)S"]
        assert workers == "ecoute (Travailleur-euse social) (Principal) (facultatif) – pas encore de réponse"
    edit = await agathe.open_form(await agathe.card_of(1), "Modifier ou déplacer")
    assert edit.values["optional"] == (str(guide.ecoute.id),)


async def test_many_invited_workers_are_searched_for_who_may_be_missing(agathe: Desk) -> None:
    def hire(tx: Transaction) -> list[int]:
        return [tx.people.save_worker(make_worker(f"collègue{n}")).id for n in range(12)]

    hired = await agathe.db.write(hire)
    form = await own(agathe)
    await form.choose("parties", tuple(f"worker:{w}" for w in hired))
    assert isinstance(form.field("optional"), ui.SearchField)
    found = await form.search("optional", "collegue11")
    assert found == {"": ["collègue11 (Travailleur-euse social) (Principal)"]}
    await form.choose("optional", (str(hired[3]), "9999"))
    assert form.values["optional"] == (str(hired[3]),)


async def test_who_is_away_cannot_be_booked_and_has_other_times(agathe: Desk, guide: Guide) -> None:
    def leave(tx: Transaction) -> None:
        day = between("2026-01-27 00:00", "2026-01-28 00:00")
        tx.agendas.save_absence(Absence(0, guide.seforme.id, AbsenceKind.SICKNESS, day, ZONE))

    await agathe.db.write(leave)
    form = await for_lead(agathe)
    await form.choose("week", "2026-01-26")
    assert "mar. 27 janvier" not in form.slots()
    assert isinstance(await at_another_time(form, "2026-01-27", "10:00", "11:00"), ui.UpdateForm)
    shown = text_of(form.form)
    assert "seforme (Travailleur-euse social) (Principal) est absent·e à ce moment" in shown
    assert "malad" not in shown.casefold()
    nearest = form.field("instead")
    assert isinstance(nearest, ui.ChoiceField)
    assert "ask" not in {o.value for g in nearest.groups for o in g.options}
    await form.choose("instead", nearest.groups[0].options[0].value)
    assert isinstance(await form.submit(), ui.CloseForm)


async def test_a_public_holiday_in_ones_own_agenda_is_confirmed(agathe: Desk) -> None:
    form = await own(agathe)
    assert isinstance(await at_another_time(form, "2026-05-01", "10:00", "11:00"), ui.UpdateForm)
    assert "Agathe (Travailleur-euse social) (Principal) : jour férié, 01/05/2026" in text_of(form.form)
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.CloseForm)


async def test_what_a_colleague_limits_is_asked_and_ones_own_limits_are_ignored(agathe: Desk, guide: Guide) -> None:
    def limit(tx: Transaction) -> None:
        for worker in (guide.agathe, guide.seforme):
            tx.agendas.save_limits(worker.id, Limits(notice=timedelta(days=2)))

    await agathe.db.write(limit)
    form = await for_lead(agathe)
    assert next(iter(form.slots())) == "jeu. 22 janvier"
    assert isinstance(await at_another_time(form, "2026-01-21", "10:00", "11:00"), ui.UpdateForm)
    wanted = "seforme (Travailleur-euse social) (Principal) : délai de prévenance, 21/01/2026 10:00 – 11:00"
    assert wanted in text_of(form.form)
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.CloseForm)
    assert isinstance(await at_another_time(await own(agathe), "2026-01-21", "10:00", "11:00"), ui.CloseForm)


async def test_another_time_says_why_it_is_not_offered(agathe: Desk, guide: Guide) -> None:
    busy = ExternalEvent(guide.seforme.id, "uid", "", between("2026-01-27 10:30", "11:30"), "Dentiste")
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, [busy]))
    form = await for_lead(agathe)
    await form.choose("slot", "other")
    await form.choose("date", "2026-01-27")
    await form.choose("from", "10:00")
    assert "Pourquoi pas" not in text_of(form.form)
    await form.choose("until", "11:00")
    shown = text_of(form.form)
    assert "Pourquoi pas à cette heure ?" in shown
    assert "seforme (Travailleur-euse social) (Principal) : occupé (agenda externe), 27/01/2026 10:30 – 11:30" in shown
    assert "Dentiste" not in shown
    await form.choose("from", "08:00")
    assert "seforme (Travailleur-euse social) (Principal) : en dehors des disponibilités" in text_of(form.form)
    await form.choose("until", "08:00")
    assert "Pourquoi pas" not in text_of(form.form)
    form.values["from"] = "12:00"
    await form.choose("until", "13:00")
    assert "Ce moment fait partie des créneaux proposés." in text_of(form.form)


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_the_form_is_the_same_in_both_languages(agathe: Desk, guide: Guide, locale: str) -> None:
    desk = agathe.as_(replace(guide.agathe, locale=locale))
    form = desk.filling(await desk.send(click("create-lead", 1285)))
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    await form.choose("slot", "other")
    ids = [getattr(part, "id", type(part).__name__) for part in form.form.parts]
    assert ids[:9] == ["Text", "main", "clients", "parties", "optional", "everyone", "place", "duration", "week"]
    assert ids[-5:] == ["slot", "date", "from", "until", "comment"]
    said = {
        "fr": ("Présence non indispensable", "Seulement quand tout le monde est libre"),
        "en": ("Need not attend", "Only when everyone is free"),
    }
    assert all(line in text_of(form.form) for line in said[locale])
