"""Absences: entered in words or in the form, and what falls in them handed over, each appointment once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.appointments import Appointment
from core.availability import Absence, AbsenceKind, ExternalEvent
from core.people import PartyKind, PartyRef
from handlers import ui
from storage.memory import MemoryDatabase
from tests.builders import Guide, between, make_range
from tests.handlers.desk import Desk, Filling, labels, replied, text_of
from tests.handlers.office import booked, click
from tests.handlers.planning import MONDAYS, dispo, errors, put

WEEK = "du 26/01 au 30/01"


async def absences(desk: Desk) -> list[Absence]:
    always = between("2000-01-01 00:00", "2100-01-01 00:00")
    return await desk.db.read(lambda tx: tx.agendas.absences([desk.worker.id], always))


async def found(desk: Desk, appointment: Appointment) -> Appointment:
    now = await desk.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert now is not None
    return now


async def away(desk: Desk, text: str = f"congé {WEEK}") -> Filling:
    """Send the form of an absence in which appointments fall; return the form that follows."""
    form = await dispo(desk, text)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert form.form.id == "hand-over"
    return form


def ticks(form: Filling) -> list[str]:
    field = form.field("chosen")
    assert isinstance(field, ui.MultiChoiceField)
    return [o.label.replace("\u00a0", " ") for o in field.options]


@pytest.fixture
async def tuesday(agathe: Desk, guide: Guide) -> Appointment:
    """Seforme's, Tuesday the 27th, 10 to 12, made by Agathe."""
    return await booked(agathe, guide)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("absence du 24/12 au 31/12", "", "2026-12-24", "2026-12-31"),
        ("congé du 24 au 31 décembre", "leave", "2026-12-24", "2026-12-31"),
        ("je suis malade aujourd’hui", "sickness", "2026-01-20", "2026-01-20"),
        ("malade jusqu’à vendredi", "sickness", "", "2026-01-23"),
        ("formation la semaine du 02/02", "training", "2026-02-02", "2026-02-08"),
        ("holiday from December 24 to 31", "leave", "2026-12-24", "2026-12-31"),
    ],
)
async def test_an_absence_in_words_opens_the_form_filled_in(
    seforme: Desk, text: str, kind: str, first: str, last: str
) -> None:
    form = await dispo(seforme, text)
    assert form.form.id == "absence"
    assert (form.values.get("kind", ""), form.values["first"], form.values["last"]) == (kind, first, last)


async def test_hours_of_one_day_in_words(seforme: Desk) -> None:
    form = await dispo(seforme, "formation demain 9h-12h dehors")
    assert {"first": "2026-01-21", "last": "", "from": "09:00", "until": "12:00"}.items() <= form.values.items()
    assert "Je ne comprends pas « dehors »." in text_of(form.form)
    card = replied(await form.submit())
    assert "Formation : 21/01/2026 09:00 – 12:00" in text_of(card)
    assert [a.during for a in await absences(seforme)] == [between("2026-01-21 09:00", "12:00")]


async def test_whole_days_are_from_midnight_to_midnight(seforme: Desk) -> None:
    form = await dispo(seforme, "absence du 28/03 au 29/03")  # the clocks change
    assert errors(await form.submit()) == {"kind": "Choisissez-en un. Vous seul·e le voyez."}
    form.values["kind"] = "other"
    card = replied(await form.submit())
    assert "Absence enregistrée. Autre absence : 28/03/2026 – 29/03/2026" in text_of(card)
    (made,) = await absences(seforme)
    assert made.during.duration == timedelta(hours=47)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"first": ""}, {"first": "Indiquez le jour."}),
        ({"last": "demain"}, {"last": "Indiquez le jour."}),
        ({"last": "2026-01-20"}, {"last": "La fin doit venir après le début."}),
        ({"from": "09:00"}, {"from": "Les heures ne valent que pour un seul jour"}),
        ({"from": "09:00", "last": ""}, {"until": "Indiquez une heure"}),
        ({"until": "09:00", "last": "2026-01-26"}, {"from": "Indiquez une heure"}),
        ({"from": "12:00", "until": "09:00", "last": ""}, {"until": "La fin doit venir après le début."}),
        (
            {"first": "2026-03-29", "from": "02:30", "until": "09:00", "last": ""},
            {"from": "Ce jour-là, l’heure change"},
        ),
        ({"first": "2026-01-12", "last": "2026-01-16"}, {"last": "Ce moment est passé."}),
        ({"last": "2028-01-16"}, {"last": ""}),
        ({"kind": "strike"}, {"kind": "Choisissez-en un."}),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    seforme: Desk, changes: dict[str, str], expected: dict[str, str]
) -> None:
    form = await dispo(seforme, f"congé {WEEK}")
    form.values |= changes
    said = errors(await form.submit())
    assert {field: message[: len(expected.get(field, ""))] for field, message in said.items()} == expected
    assert await absences(seforme) == []


async def test_an_absence_is_listed_changed_and_deleted(seforme: Desk) -> None:
    form = await dispo(seforme, f"congé {WEEK}")
    outcomes = [await form.submit() for _ in range(4)]
    assert outcomes == [outcomes[0]] * 4
    (made,) = await absences(seforme)
    assert (made.kind, made.during) == (AbsenceKind.LEAVE, between("2026-01-26 00:00", "2026-01-31 00:00"))
    card = await seforme.type("dispo")
    assert "Congé : 26/01/2026 – 30/01/2026" in text_of(card)
    assert "Rendez-vous pendant l’absence" not in "".join(labels(card))
    change = seforme.filling(await seforme.click(card, "Modifier", 1))
    assert {"kind": "leave", "first": "2026-01-26", "last": "2026-01-30"}.items() <= change.values.items()
    change.values |= {"kind": "sickness", "last": "", "from": "13:00", "until": "17:00"}
    assert "Maladie : 26/01/2026 13:00 – 17:00" in text_of(replied(await change.submit()))
    again = seforme.filling(await seforme.click(await seforme.type("dispo"), "Modifier", 1))
    assert {"first": "2026-01-26", "last": "", "from": "13:00", "until": "17:00"}.items() <= again.values.items()
    gone = seforme.filling(await seforme.click(await seforme.type("dispo"), "Supprimer", 1))
    assert "Maladie : 26/01/2026 13:00 – 17:00" in text_of(gone.form)
    outcomes = [await gone.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert "L’absence est supprimée." in text_of(replied(outcomes[0]))
    assert await absences(seforme) == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Africa/Cairo", "Africa/Cairo"),  # where the clocks change at midnight
        ("Europe/Brussels", "America/New_York"),  # to where the person has moved meanwhile
    ],
)
async def test_whole_days_stay_whole_days_when_they_are_edited(
    memory: MemoryDatabase, seforme: Desk, before: str, now: str
) -> None:
    async def living_in(zone: str) -> Desk:
        return seforme.as_(await memory.write(lambda tx: tx.people.save_worker(replace(seforme.worker, zone=zone))))

    form = await dispo(await living_in(before), "congé du 24/04 au 28/04")
    await form.submit()
    desk = await living_in(now)
    change = desk.filling(await desk.click(await desk.type("dispo"), "Modifier", 1))
    days = {"first": "2026-04-24", "last": "2026-04-28", "from": "", "until": ""}
    assert days.items() <= change.values.items()


@pytest.mark.parametrize(
    ("first_day", "text", "coming"),
    [
        (date(2026, 1, 26), f"congé {WEEK}", "lun. 2 février"),
        (date(2026, 1, 26), "congé 26/01 9h-10h", "lun. 26 janvier"),  # a part of it
        (date(2026, 4, 6), f"congé {WEEK}", "lun. 13 avril"),  # Easter Monday
    ],
)
async def test_the_next_time_of_a_range_is_one_that_takes_place(
    seforme: Desk, first_day: date, text: str, coming: str
) -> None:
    await put(seforme, replace(MONDAYS, first_day=first_day))
    card = replied(await (await dispo(seforme, text)).submit())
    assert f"Prochaine fois : {coming}" in text_of(card)


async def test_the_same_submission_lists_what_falls_in(seforme: Desk, tuesday: Appointment) -> None:
    form = await away(seforme)
    assert tuesday.main_worker_id == seforme.worker.id
    shown = text_of(form.form)
    assert "Absence enregistrée. Congé : 26/01/2026 – 30/01/2026" in shown
    assert ticks(form) == ["27/01/2026 10:00 – 12:00, parcours n° 1285"]
    assert "LAFRAISE" not in shown
    assert len(await absences(seforme)) == 1
    card = await seforme.type("dispo")
    later = seforme.filling(await seforme.click(card, "Rendez-vous pendant l’absence (1)"))
    assert ticks(later) == ticks(form)


async def test_a_repeated_submission_gets_the_same_form(seforme: Desk, tuesday: Appointment) -> None:
    form = await dispo(seforme, f"congé {WEEK}")
    sent = ui.FormSubmit(form.form.id, form.form.context, form.form.nonce, form.values)
    first, second = [await seforme.send(sent) for _ in range(2)]
    assert isinstance(first, ui.UpdateForm)
    assert first == second
    assert first.form.nonce != form.form.nonce
    assert len(await absences(seforme)) == 1
    assert (await found(seforme, tuesday)).revision == 1


async def test_given_to_a_colleague(seforme: Desk, guide: Guide, tuesday: Appointment) -> None:
    form = await away(seforme)
    await form.choose("how", "give")
    assert await form.search("colleague", "e") == {"": [w.label for w in (guide.agathe, guide.ecoute, guide.stranger)]}
    form.values["colleague"] = str(guide.agathe.id)
    outcomes = [await form.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert "C’est fait :\n27/01/2026 10:00 – 12:00, parcours n° 1285 : confié à Agathe." in text_of(
        replied(outcomes[0])
    )
    now = await found(seforme, tuesday)
    assert (now.main_worker_id, now.during, now.revision) == (guide.agathe.id, tuesday.during, 2)
    assert PartyRef(PartyKind.WORKER, seforme.worker.id) not in now.parties
    card = await seforme.type("dispo")
    assert "Rendez-vous pendant l’absence" not in "".join(labels(card))
    again = replied(await seforme.send(click("hand-over", (await absences(seforme))[0].id)))
    assert "Il n’y a plus de rendez-vous pendant cette absence." in text_of(again)


async def test_moved_to_the_first_free_slots_after_the_absence(
    seforme: Desk, agathe: Desk, guide: Guide, tuesday: Appointment
) -> None:
    other = await booked(agathe, guide, during=between("2026-01-28 10:00", "12:00"))
    form = await away(seforme)
    await form.choose("how", "move")
    shown = text_of(form.form)
    assert "27/01/2026 10:00 – 12:00, parcours n° 1285: 02/02/2026 09:00 – 11:00, Gembloux (Implantations)" in shown
    assert "28/01/2026 10:00 – 12:00, parcours n° 1285: 02/02/2026 11:00 – 13:00, Gembloux (Implantations)" in shown
    card = replied(await form.submit())
    assert "27/01/2026 10:00 – 12:00, parcours n° 1285 : déplacé au 02/02/2026 09:00 – 11:00." in text_of(card)
    assert (await found(seforme, tuesday)).during == between("2026-02-02 09:00", "11:00")
    assert (await found(seforme, other)).during == between("2026-02-02 11:00", "13:00")


async def test_a_part_now_and_the_rest_later(seforme: Desk, agathe: Desk, guide: Guide, tuesday: Appointment) -> None:
    other = await booked(agathe, guide, during=between("2026-01-28 10:00", "12:00"))
    form = await away(seforme)
    await form.choose("how", "move")
    form.values["chosen"] = (f"{other.id}.1",)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "28/01/2026 10:00 – 12:00, parcours n° 1285 : déplacé au 02/02/2026 11:00 – 13:00." in text_of(form.form)
    assert ticks(form) == ["27/01/2026 10:00 – 12:00, parcours n° 1285"]
    assert (await found(seforme, tuesday)).revision == 1
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.agathe.id)
    replied(await form.submit())
    assert (await found(seforme, tuesday)).main_worker_id == guide.agathe.id


async def test_what_is_not_possible_says_why_and_stays(
    seforme: Desk, agathe: Desk, guide: Guide, tuesday: Appointment
) -> None:
    evening = await booked(seforme, guide, during=between("2026-01-28 18:00", "19:00"))
    form = await away(seforme)
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.agathe.id)
    outcome = await form.submit()
    assert isinstance(outcome, ui.UpdateForm)
    shown = text_of(form.form)
    assert "27/01/2026 10:00 – 12:00, parcours n° 1285 : confié à Agathe." in shown
    assert "Impossible :\n28/01/2026 18:00 – 19:00, parcours n° 1285 – Ce moment est en dehors" in shown
    assert ticks(form) == ["28/01/2026 18:00 – 19:00, parcours n° 1285"]
    assert (await found(seforme, evening)).main_worker_id == seforme.worker.id
    assert agathe.worker.id == (await found(seforme, tuesday)).main_worker_id


async def test_a_colleague_who_is_not_free_is_confirmed_as_shown(
    seforme: Desk, guide: Guide, tuesday: Appointment
) -> None:
    busy = [ExternalEvent(guide.agathe.id, "uid", "", between("2026-01-27 10:30", "11:30"), "Dentiste")]
    await seforme.db.write(lambda tx: tx.agendas.replace_external_events(guide.agathe.id, busy))
    form = await away(seforme)
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.agathe.id)
    assert isinstance(await form.submit(), ui.UpdateForm)
    shown = text_of(form.form)
    assert "parcours n° 1285 – occupé (agenda externe), 27/01/2026 10:30 – 11:30" in shown
    assert "Dentiste" not in shown
    assert (await found(seforme, tuesday)).main_worker_id == seforme.worker.id
    form.values["confirm"] = "yes"
    more = [*busy, ExternalEvent(guide.agathe.id, "more", "", between("2026-01-27 11:30", "12:00"), "Train")]
    await seforme.db.write(lambda tx: tx.agendas.replace_external_events(guide.agathe.id, more))
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "27/01/2026 11:30 – 12:00" in text_of(form.form)
    form.values["confirm"] = "yes"
    replied(await form.submit())
    assert (await found(seforme, tuesday)).main_worker_id == guide.agathe.id


async def test_what_has_changed_meanwhile_is_left_alone(seforme: Desk, guide: Guide, tuesday: Appointment) -> None:
    form = await away(seforme)
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.agathe.id)
    edit = await seforme.open_form(await seforme.card_of(tuesday.id), "Modifier ou déplacer")
    edit.values["comment"] = "Apporter le bail"
    await edit.submit()
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "rien n’a été fait" in text_of(form.form)
    assert (await found(seforme, tuesday)).main_worker_id == seforme.worker.id


async def test_what_was_proposed_may_be_taken_meanwhile(
    seforme: Desk, agathe: Desk, guide: Guide, tuesday: Appointment
) -> None:
    form = await away(seforme)
    await form.choose("how", "move")
    await booked(agathe, guide, during=between("2026-02-02 09:00", "10:00"))
    assert isinstance(await form.submit(), ui.UpdateForm)
    shown = text_of(form.form)
    assert "Impossible :" in shown
    assert "02/02/2026 10:00 – 12:00" in shown
    replied(await form.submit())
    assert (await found(seforme, tuesday)).during == between("2026-02-02 10:00", "12:00")


async def test_no_free_slot_is_said(seforme: Desk, tuesday: Appointment) -> None:
    only = make_range(seforme.worker, rule="", first_day=between("2026-01-27 09:00", "17:00").start.date())
    await seforme.db.write(lambda tx: tx.agendas.replace_ranges(seforme.worker.id, [only]))
    form = await away(seforme)
    await form.choose("how", "move")
    assert "aucun créneau libre dans les douze prochains mois" in text_of(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "parcours n° 1285 – aucun créneau libre" in text_of(form.form)
    assert (await found(seforme, tuesday)).revision == 1


async def test_a_platform_that_shows_nothing_anew_asks_in_turn(
    seforme: Desk, guide: Guide, tuesday: Appointment
) -> None:
    form = await away(seforme)
    form.values["chosen"] = ()
    assert errors(await form.submit()) == {"chosen": "Cochez au moins un rendez-vous."}
    form.values["chosen"] = (f"{tuesday.id}.1",)
    assert errors(await form.submit()) == {"how": "Choisissez ce qu’il faut faire."}
    form.values["how"] = "move"
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "Vérifiez les moments proposés" in text_of(form.form)
    form.values["how"] = "give"
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert errors(await form.submit()) == {"colleague": "Choisissez un·e collègue."}
    form.values["colleague"] = str(guide.agathe.id)
    replied(await form.submit())
    assert (await found(seforme, tuesday)).main_worker_id == guide.agathe.id


async def test_many_come_in_pages_of_ten(seforme: Desk, agathe: Desk, guide: Guide) -> None:
    first = between("2026-01-26 09:00", "10:00")
    for n in range(12):
        shift = timedelta(days=n // 6, hours=n % 6)
        await booked(agathe, guide, during=replace(first, start=first.start + shift, end=first.end + shift))
    form = await away(seforme)
    assert (len(ticks(form)), form.values["page"]) == (10, "0")
    await form.choose("page", "1")
    assert len(ticks(form)) == 2
    assert len(form.values["chosen"]) == 2
    assert "11 à 12 sur 12" in text_of(form.form)
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.agathe.id)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert (len(ticks(form)), form.has("page")) == (10, False)


async def test_an_appointment_of_another_cannot_be_handed_over(
    seforme: Desk, agathe: Desk, guide: Guide, tuesday: Appointment
) -> None:
    stranger = agathe.as_(guide.stranger)
    await booked(agathe, guide, main_worker_id=guide.stranger.id, during=between("2026-01-28 10:00", "11:00"))
    secret = await booked(
        agathe,
        guide,
        case_number=guide.confidential.number,
        main_worker_id=guide.agathe.id,
        parties=(guide.gisele.ref,),
        during=between("2026-01-29 15:00", "16:00"),
    )
    form = await away(stranger)
    await form.choose("how", "give")
    chosen = (f"{tuesday.id}.1", f"{secret.id}.1", f"{secret.id}.9", "x", "1.x", "9" * 30)
    form.values |= {"colleague": str(guide.ecoute.id), "chosen": chosen}
    assert isinstance(await form.submit(), ui.UpdateForm)
    shown = text_of(form.form)
    assert "Rendez-vous – Ceci est introuvable." in shown
    assert "1290" not in shown
    assert "15:00" not in shown
    assert (await found(seforme, tuesday)).main_worker_id == seforme.worker.id


async def test_an_english_worker_reads_english(seforme: Desk, guide: Guide, tuesday: Appointment) -> None:
    english = seforme.as_(replace(guide.seforme, locale="en"))
    form = await away(english, "sick from 26/01 to 30/01")
    assert form.form.title == "Appointments concerned"
    assert "Absence saved. Sickness: 26/01/2026 – 30/01/2026" in text_of(form.form)
    assert ticks(form) == ["27/01/2026 10:00 – 12:00, case no. 1285"]
    assert tuesday.main_worker_id == english.worker.id
