"""Appointments by id, in one's own agenda, and for figures."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.appointments import Appointment, Ending, EndingKind
from core.people import Worker
from core.ports import Database, Figure
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, between
from tests.clock import START

WEEK = between("2026-01-26 00:00", "2026-02-01 00:00")
SETTLED = START + timedelta(seconds=10)
DAYS = tuple(between(f"2026-01-{day} 10:00", "12:00") for day in (27, 28, 29))


async def add(database: Database, appointment: Appointment) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(appointment))


async def end(
    database: Database, guide: Guide, old: Appointment, kind: EndingKind, *, was_cancelled: bool = False
) -> Appointment:
    ended = replace(old, ending=Ending(kind, guide.agathe.id, "", SETTLED, was_cancelled=was_cancelled))
    return await database.write(lambda tx: tx.appointments.replace(old, ended, START))


async def own(database: Database, worker: Worker, window: Interval = WEEK, now: datetime = START) -> list[Appointment]:
    return await database.read(lambda tx: tx.appointments.of_main_worker(worker.id, window, now))


async def figures(database: Database, *workers: Worker, window: Interval = WEEK, now: datetime = START) -> list[Figure]:
    return await database.read(lambda tx: tx.appointments.figures([w.id for w in workers], window, now))


async def test_appointments_are_found_by_their_numbers(database: Database, guide: Guide) -> None:
    later = await add(database, guide.appointment(during=DAYS[2], kind="Suivi"))
    first = await add(database, guide.appointment(during=DAYS[0], parties=(guide.aunt.ref, guide.agathe.ref)))
    ended = await end(database, guide, await add(database, guide.appointment(during=DAYS[1])), EndingKind.DELETED)
    same = await add(database, guide.appointment(during=DAYS[0], main_worker_id=guide.stranger.id, invitations=()))
    numbers = [later.id, ended.id, 404, same.id, first.id, later.id, 0, -1, 2**70]
    found = await database.read(lambda tx: tx.appointments.find_all(numbers))
    assert found == [first, same, ended, later]
    assert await database.read(lambda tx: tx.appointments.find_all([404])) == []
    assert await database.read(lambda tx: tx.appointments.find_all([])) == []


async def test_many_appointments_are_found_at_once(database: Database, guide: Guide) -> None:
    hour = timedelta(hours=1)
    stored = [
        await add(database, guide.appointment(during=Interval.lasting(TUESDAY_AT_TEN.start + n * hour, hour)))
        for n in range(60)
    ]
    assert await database.read(lambda tx: tx.appointments.find_all([a.id for a in reversed(stored)])) == stored


async def test_ones_own_agenda_holds_what_stands(database: Database, guide: Guide) -> None:
    later = await add(database, guide.appointment(during=DAYS[2]))
    first = await add(database, guide.appointment(during=DAYS[0]))
    ending = await add(database, guide.appointment(during=DAYS[1]))
    ending = await end(database, guide, ending, EndingKind.CANCELLED)
    await add(database, guide.appointment(during=DAYS[0], main_worker_id=guide.ecoute.id, invitations=()))
    await add(database, guide.appointment(during=between("2026-02-01 10:00", "12:00")))
    assert await own(database, guide.seforme) == [first, ending, later]
    assert await own(database, guide.seforme, now=SETTLED) == [first, later]
    assert await own(database, guide.agathe) == []


async def test_the_deletion_of_what_was_cancelled_brings_it_back_into_nobodys_agenda(
    database: Database, guide: Guide
) -> None:
    cancelled = await end(database, guide, await add(database, guide.appointment()), EndingKind.CANCELLED)
    deletion = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED + timedelta(days=1), was_cancelled=True)
    await database.write(lambda tx: tx.appointments.replace(cancelled, replace(cancelled, ending=deletion), SETTLED))
    assert await own(database, guide.seforme, now=SETTLED) == []


@pytest.mark.parametrize(
    ("window", "seen"),
    [
        (between("2026-01-27 09:00", "10:00"), False),
        (between("2026-01-27 09:00", "10:01"), True),
        (between("2026-01-27 11:59", "13:00"), True),
        (between("2026-01-27 12:00", "13:00"), False),
    ],
)
async def test_what_touches_the_window_is_listed(
    database: Database, guide: Guide, window: Interval, seen: bool
) -> None:
    await add(database, guide.appointment())
    assert len(await own(database, guide.seforme, window)) == seen
    assert len(await figures(database, guide.seforme, window=window)) == seen


async def test_figures_tell_what_was_held_and_what_was_cancelled(database: Database, guide: Guide) -> None:
    await add(database, guide.appointment(during=DAYS[2]))
    cancelled = await add(database, guide.appointment(during=DAYS[1], place_id=None))
    await end(database, guide, cancelled, EndingKind.CANCELLED)
    deleted = await add(database, guide.appointment(during=DAYS[0], main_worker_id=guide.ecoute.id, invitations=()))
    await end(database, guide, deleted, EndingKind.DELETED)
    place = guide.gembloux.id
    both = (guide.seforme, guide.ecoute)
    assert await figures(database, *both) == [
        Figure(guide.ecoute.id, DAYS[0], place, cancelled=False),
        Figure(guide.seforme.id, DAYS[1], None, cancelled=False),
        Figure(guide.seforme.id, DAYS[2], place, cancelled=False),
    ]
    assert await figures(database, *both, now=SETTLED) == [
        Figure(guide.seforme.id, DAYS[1], None, cancelled=True),
        Figure(guide.seforme.id, DAYS[2], place, cancelled=False),
    ]
    assert await figures(database, guide.agathe) == []
    assert await figures(database) == []


async def test_what_was_cancelled_stays_cancelled_in_the_figures_while_its_deletion_can_be_undone(
    database: Database, guide: Guide
) -> None:
    await end(database, guide, await add(database, guide.appointment()), EndingKind.DELETED, was_cancelled=True)
    assert [f.cancelled for f in await figures(database, guide.seforme)] == [True]
    assert await figures(database, guide.seforme, now=SETTLED) == []
