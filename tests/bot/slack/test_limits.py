"""The booking form at and past every limit, as the real handlers make it: whole, inside Slack's limits, editable."""

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.slack.forms import modal
from bot.slack.render import render
from bot.slack.state import FormState
from core.people import PartyKind, PartyRef, ProfessionalContact
from core.ports import Transaction
from core.times import Interval
from handlers import ui
from storage.memory import MemoryDatabase
from tests.bot.slack.checks import view_faults
from tests.bot.slack.conftest import Office
from tests.bot.slack.screen import fields, modal_text, text_of
from tests.bot.slack.test_forms import state
from tests.bot.slack.test_render import all_text, faults
from tests.builders import Guide, between, make_range, make_worker, store_guide
from tests.clock import SetClock
from tests.handlers.desk import Desk, Filling, buttons
from tests.handlers.office import click

LONG = "Marie-Antoinette Évangéline de la Très-Longue-Maison "
CALM = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def name(number: int) -> str:
    """Return a name of 200 characters."""
    return f"{number:03} {LONG * 5}"[:200]


def hire(tx: Transaction, count: int, *, around: bool = False) -> tuple[int, ...]:
    """Store workers with long names and availability, `around` the clock at two places with long names."""
    found = []
    for n in range(count):
        worker = tx.people.save_worker(make_worker(f"collegue{n}", name=name(n)))
        hours = [make_range(worker)]
        if around:
            places = [tx.places.add(name(n), kind).id for kind in ("Bureau", "Antenne")]
            whole_week = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
            hours = [
                make_range(worker, starts=time(0), lasts=timedelta(hours=24), place_id=p, rule=whole_week)
                for p in places
            ]
        tx.agendas.replace_ranges(worker.id, hours)
        found.append(worker.id)
    return tuple(found)


async def desk_of(count: int, *, around: int = 0) -> tuple[Desk, Guide, list[str]]:
    """Return Agathe at her desk, and so many workers as parties, `around` more before them available at all hours."""
    memory = MemoryDatabase()
    guide = await memory.write(store_guide)

    def fill(tx: Transaction) -> list[str]:
        busy = hire(tx, around, around=True)
        others = hire(tx, count)
        return [f"worker:{w}" for w in (*busy, *others)]

    parties = await memory.write(fill)
    clock = SetClock(between("2026-01-20 09:00", "2026-01-20 10:00").start)
    return Desk(guide.agathe, memory, clock), guide, parties


def checked(form: ui.Form, before: FormState | None = None) -> FormState:
    """Return the modal's state after making sure that Slack takes it."""
    assert view_faults(modal(form, before)) == []
    return state(form)


@pytest.mark.parametrize("count", [12, 40, 60])
async def test_every_worker_concerned_has_his_toggles_and_his_agenda(count: int) -> None:
    agathe, _, parties = await desk_of(count)
    form = agathe.filling(await agathe.send(click("create-lead", 1285)))
    await form.choose("parties", tuple(parties))
    checked(form.form)
    shown = modal_text(modal(form.form))
    assert all(name(n) in shown for n in range(count))
    pairs = [field for field in fields(modal(form.form)) if field.startswith("Afficher dans l’agenda")]
    assert len(pairs) == (count + 1 if count <= 40 else 0)
    assert form.has("show-availability") is (count > 40)


@CALM
@example(workers=45, lasts="15", other=True, optional=True, around=True, comment="é" * 2_000)
@example(workers=40, lasts="15", other=True, optional=True, around=True, comment="é" * 2_000)
@given(
    workers=st.integers(0, 45),
    lasts=st.sampled_from(["15", "60", "480"]),
    other=st.booleans(),
    optional=st.booleans(),
    around=st.booleans(),
    comment=st.sampled_from(["", "x" * 2_000, "é" * 2_000]),
)
async def test_a_booking_form_of_any_size_fits_and_comes_back(
    *, workers: int, lasts: str, other: bool, optional: bool, around: bool, comment: str
) -> None:
    agathe, _, parties = await desk_of(workers, around=int(around))
    form = agathe.filling(await agathe.send(click("create", 1285)))
    before = checked(form.form)
    await form.choose("parties", tuple(parties))
    if around:
        await form.choose("main", parties[0].removeprefix("worker:"))
        await form.choose("week", "2026-01-26")
    form.values["comment"] = comment
    await form.choose("duration", lasts)
    if optional and parties and form.has("optional"):
        await form.choose("optional", tuple(p.removeprefix("worker:") for p in parties[1:]))
    if other:
        await form.choose("slot", "other")
        for field, value in (("date", "2026-01-27"), ("from", "18:00"), ("until", "19:00")):
            await form.choose(field, value)
    found = checked(form.form, before)
    assert {k: v for k, v in found.values.items() if v} == {k: v for k, v in form.values.items() if v}


async def test_a_week_with_far_more_than_five_hundred_slots() -> None:
    agathe, _, (main, *_) = await desk_of(0, around=1)
    form = agathe.filling(await agathe.send(click("create", 1285)))
    await form.choose("main", main.removeprefix("worker:"))
    await form.choose("week", "2026-01-26")
    await form.choose("duration", "60")
    checked(form.form)
    slots = [o for options in form.slots().values() for o in options]
    assert 300 < len(slots) <= 600
    assert "certains ne figurent pas ici" in modal_text(modal(form.form))
    quarter = form.slot("10:00")
    await form.choose("slot", quarter)
    assert form.values["slot"] == quarter
    await form.choose("slot", "other")
    for field, value in (("date", "2026-01-27"), ("from", "10:15"), ("until", "11:15")):
        await form.choose(field, value)
    assert isinstance(await submitted(form), ui.CloseForm)


async def submitted(form: Filling) -> ui.Outcome:
    """Send the form, and confirm what it asks to confirm."""
    outcome = await form.submit()
    if isinstance(outcome, ui.UpdateForm) and form.has("confirm"):
        await form.choose("confirm", "yes")
        outcome = await form.submit()
    return outcome


async def test_a_case_with_three_hundred_appointments_is_turned_page_by_page() -> None:
    agathe, guide, _ = await desk_of(0)

    def book(tx: Transaction) -> None:
        for worker in hire(tx, 4):
            for n in range(75):
                during = Interval.lasting(guide.request().during.start + timedelta(hours=n), timedelta(hours=1))
                tx.appointments.add(guide.appointment(main_worker_id=worker, during=during))

    await agathe.db.write(book)
    card = await agathe.type("/parcours 1285")
    seen = 0
    for _ in range(300):
        messages = render(card)
        assert faults(messages) == []
        seen += all_text(messages).count("Gembloux")
        following = [button for button in buttons(card) if button.label == "Suivant"]
        if not following:
            break
        outcome = await agathe.send(ui.ActionClick(following[0].ref))
        assert isinstance(outcome, ui.ReplaceCard)
        card = outcome.card
    assert seen == 300


async def test_an_appointment_with_forty_parties_opens_and_is_edited(office: Office) -> None:
    def enrol(tx: Transaction) -> tuple[PartyRef, ...]:
        workers = [PartyRef(PartyKind.WORKER, w) for w in hire(tx, 30)]
        partners = [
            tx.people.save_professional_contact(f"p{n}", ProfessionalContact(0, name(n), name(n))).ref for n in range(8)
        ]
        return (*workers, *partners, office.guide.gisele.ref, office.guide.aunt.ref)

    parties = await office.deps.db.write(enrol)
    assert len(parties) == 40
    appointment = await office.book(parties=parties)
    card = office.with_button("Agathe", "Modifier ou déplacer")
    await office["Agathe"].click(card, "Modifier ou déplacer")
    await office.answered()
    person = office["Agathe"]
    assert all(name(n) in modal_text(person.modal.view) for n in range(30))
    await person.choose(f"Afficher dans l’agenda : {name(29)} (Travailleur-euse social) (Principal)", "Agenda externe")
    await office.answered()
    assert f"Disponibilités masquées : {name(29)}" in modal_text(person.modal.view)
    await person.choose("Durée", "02:15")
    await office.answered()
    await person.write("Commentaire", "À quarante")
    assert await person.submit() == {}
    await office.settle()
    stored = await office.stored(appointment)
    assert (stored.comment, len(stored.parties)) == ("À quarante", 40)
    assert stored.during.duration == timedelta(hours=2, minutes=15)
    shown = "".join(text_of(m.blocks).replace("\n", "") for m in office.screen("Agathe"))
    assert all(name(n) in shown for n in range(30))


async def test_a_question_in_the_fullest_form_fits_too() -> None:
    """Forty are invited, the time is outside the availability, and everything that may be shown is shown."""
    agathe, guide, parties = await desk_of(40)
    form = agathe.filling(await agathe.send(click("create-lead", 1285)))
    await form.choose("parties", (*parties, f"personal_contact:{guide.aunt.id}"))
    await form.choose("slot", "other")
    for field, value in (("date", "2026-01-27"), ("from", "18:00"), ("until", "19:00")):
        await form.choose(field, value)
    before = checked(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "Que faire à la place ?" in fields(modal(form.form))
    checked(form.form, before)
    await form.choose("instead", "main")
    assert form.has("confirm") or form.values["main"] == str(guide.agathe.id)
    checked(form.form, before)
