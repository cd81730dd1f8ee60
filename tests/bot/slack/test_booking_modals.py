"""The booking form and the form that finds a time, as full as they become, inside Slack's limits."""

from datetime import time, timedelta

import pytest

from bot.slack.forms import modal
from bot.slack.state import FormState
from core.ports import Transaction
from handlers import ui
from storage.memory import MemoryDatabase
from tests.bot.slack.checks import view_faults
from tests.bot.slack.screen import fields, modal_text
from tests.bot.slack.test_forms import state
from tests.builders import Guide, make_range, make_worker, store_guide
from tests.clock import SetClock
from tests.handlers.desk import Desk
from tests.handlers.office import click

LONG = "Accompagnement individuel à domicile et en extérieur, très long"[:60]


@pytest.fixture
async def guide(memory: MemoryDatabase) -> Guide:
    """The guide's people; seforme's ranges name twenty kinds, at all hours."""

    def fill(tx: Transaction) -> Guide:
        found = store_guide(tx)
        kinds = frozenset(f"{n:02} {LONG}"[:60] for n in range(20))
        whole = make_range(found.seforme, starts=time(0), lasts=timedelta(hours=24), place_id=found.gembloux.id)
        tx.agendas.replace_ranges(found.seforme.id, [whole, make_range(found.seforme, kinds=kinds)])
        return found

    return await memory.write(fill)


@pytest.fixture
async def invited(memory: MemoryDatabase) -> tuple[int, ...]:
    """Twelve colleagues with long names, all with availability."""

    def hire(tx: Transaction) -> tuple[int, ...]:
        found = []
        for n in range(12):
            worker = tx.people.save_worker(make_worker(f"collègue{n}", name=f"Prénom{n} de la Très-Longue-Maison"))
            tx.agendas.replace_ranges(worker.id, [make_range(worker)])
            found.append(worker.id)
        return tuple(found)

    return await memory.write(hire)


@pytest.fixture
def agathe(memory: MemoryDatabase, guide: Guide, clock: SetClock) -> Desk:
    """Who fills in the form."""
    return Desk(guide.agathe, memory, clock)


def checked(form: ui.Form, before: FormState | None = None) -> FormState:
    """Return the modal's state after making sure that Slack takes it."""
    assert view_faults(modal(form, before)) == []
    return state(form)


async def test_a_booking_form_with_everything_in_it_fits(agathe: Desk, invited: tuple[int, ...]) -> None:
    form = agathe.filling(await agathe.send(click("create-lead", 1285)))
    await form.choose("parties", tuple(f"worker:{w}" for w in invited))
    await form.choose("slot", form.slot("10:00"))
    before = checked(form.form)
    await form.choose("slot", "other")
    for field, value in (("date", "2026-01-27"), ("from", "10:00"), ("until", "11:00"), ("kind", f"07 {LONG}"[:60])):
        await form.choose(field, value)
    assert "Présence non indispensable" in fields(modal(form.form))
    await form.choose("main", str(invited[0]))
    await form.choose("from", "22:00")
    await form.choose("until", "23:00")
    form.values |= {"place": "none"}
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "Que faire à la place ?" in fields(modal(form.form))
    await form.choose("instead", "ask")
    checked(form.form, before)


async def test_the_form_that_finds_a_time_fits_and_the_booking_form_after_it(
    agathe: Desk, guide: Guide, invited: tuple[int, ...]
) -> None:
    form = agathe.filling(await agathe.send(click("find", guide.seforme.id, *invited[:6])))
    await form.choose("optional", tuple(str(w) for w in invited[6:]))
    await form.choose("period", "from")
    await form.choose("since", "2026-02-02")
    await form.choose("why", "yes")
    for field, value in (("date", "2026-01-27"), ("from", "18:00"), ("until", "19:00")):
        await form.choose(field, value)
    before = checked(form.form)
    assert "pas libre" in modal_text(modal(form.form))
    await form.choose("slot", form.slot("lun. 2 février"))
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert form.form.id == "booking"
    after = checked(form.form, before)
    assert after.values["main"] == str(guide.seforme.id)
    assert after.values["slot"] == form.values["slot"]
