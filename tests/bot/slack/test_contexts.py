"""What forms carry unseen stays inside Slack's limit, however much they ask about."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.slack.forms import METADATA, modal
from core.availability import ExternalEvent
from core.ports import Transaction
from core.times import Interval
from handlers import ui
from storage.memory import MemoryDatabase
from tests.bot.slack.checks import view_faults
from tests.builders import Guide, at, between, make_range, make_worker, store_guide
from tests.clock import SetClock
from tests.handlers.desk import Desk, text_of
from tests.handlers.office import booked, for_lead
from tests.handlers.planning import deleting, dispo, put, ranges

MANY = 60


@pytest.fixture
async def guide(memory: MemoryDatabase) -> Guide:
    """The guide's people; ecoute's calendar is events upon events."""

    def fill(tx: Transaction) -> Guide:
        found = store_guide(tx)
        crowd(tx, found.ecoute.id)
        return found

    return await memory.write(fill)


@pytest.fixture
def agathe(memory: MemoryDatabase, guide: Guide, clock: SetClock) -> Desk:
    """Who books."""
    return Desk(guide.agathe, memory, clock)


@pytest.fixture
def seforme(agathe: Desk, guide: Guide) -> Desk:
    """Whose agenda it is."""
    return agathe.as_(guide.seforme)


def crowd(tx: Transaction, worker_id: int) -> int:
    """Give somebody so many events at once, for a month, no two alike."""
    start, end = at("2026-01-20 00:00"), at("2026-02-20 00:00")
    during = [Interval(start + timedelta(minutes=n), end) for n in range(MANY)]
    tx.agendas.replace_external_events(worker_id, [ExternalEvent(worker_id, f"{d.start}", "", d) for d in during])
    return worker_id


def carried(form: ui.Form) -> int:
    """Return how much the form carries, after making sure that Slack takes it."""
    shown = modal(form)
    assert view_faults(shown) == []
    return len(shown["private_metadata"])


async def test_a_booking_over_hundreds_of_conflicts(agathe: Desk, memory: MemoryDatabase) -> None:
    def hire(tx: Transaction) -> list[int]:
        return [crowd(tx, tx.people.save_worker(make_worker(f"w{n}")).id) for n in range(10)]

    invited = await memory.write(hire)
    form = await for_lead(agathe)
    await form.choose("parties", tuple(f"worker:{w}" for w in invited))
    await form.choose("slot", form.slot("10:00"))
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert text_of(form.form).count("occupé (agenda externe), ") == 10 * MANY
    assert carried(form.form) < METADATA // 4
    form.values["confirm"] = "yes"
    one_less = [ExternalEvent(invited[0], "1", "", between("2026-01-20 09:00", "2026-01-21 00:00"))]
    await memory.write(lambda tx: tx.agendas.replace_external_events(invited[0], one_less))
    assert isinstance(await form.submit(), ui.UpdateForm), "another question than the one that was answered"
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.CloseForm)


async def test_ten_appointments_given_to_who_is_never_free(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    whole = make_range(0, starts=time(0), lasts=timedelta(hours=24))
    for desk in (seforme, agathe.as_(guide.ecoute)):
        await put(desk, replace(whole, worker_id=desk.worker.id))
    hours = [between(f"2026-01-27 {n:02}:00", f"{n + 1:02}:00") for n in range(9, 19)]
    made = [await booked(agathe, guide, during=d, parties=(guide.gisele.ref,)) for d in hours]
    form = await dispo(seforme, "congé 27/01")
    assert isinstance(await form.submit(), ui.UpdateForm)
    await form.choose("how", "move")
    assert carried(form.form) < METADATA // 2
    await form.choose("how", "give")
    form.values["colleague"] = str(guide.ecoute.id)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert carried(form.form) < METADATA
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.Reply)
    given = [await agathe.db.read(lambda tx, n=a.id: tx.appointments.find(n)) for a in made]  # type: ignore[misc]
    assert {a.main_worker_id for a in given if a} == {guide.ecoute.id}


async def test_a_range_with_a_hundred_appointments_in_it(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    day, step = at("2026-01-27 09:00"), timedelta(minutes=15)
    for n in range(100):
        start = day + timedelta(days=7 * (n // 30)) + n % 30 * step
        await booked(agathe, guide, during=Interval(start, start + step), parties=(guide.gisele.ref,))
    form = await deleting(seforme)
    await form.choose("scope", "all")
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert text_of(form.form).count("parcours n° 1285") == 100
    assert carried(form.form) < METADATA // 10
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.Reply)
    assert await ranges(seforme) == []
