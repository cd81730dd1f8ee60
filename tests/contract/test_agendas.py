"""Availability, external events, and what occupies people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from core.appointments import Answer, Ending, EndingKind
from core.availability import Busy, BusyKind, ExternalEvent
from core.people import Worker
from core.ports import Database, Transaction
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, answered, between, make_range
from tests.clock import START

WEEK = between("2026-01-26 00:00", "2026-02-01 00:00")


async def busy(
    database: Database, workers: Sequence[Worker], window: Interval = WEEK, now: datetime = START
) -> list[Busy]:
    return await database.read(lambda tx: tx.agendas.busy([w.id for w in workers], window, now))


async def test_ranges_keep_every_field(database: Database, guide: Guide) -> None:
    ranges = [
        make_range(
            guide.agathe,
            place_id=guide.gembloux.id,
            first_day=date(2026, 3, 1),
            starts=time(22, 15),
            lasts=timedelta(hours=9, minutes=45),
            zone="Australia/Lord_Howe",
            rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231",
            except_days=frozenset({date(2026, 4, 6), date(2026, 5, 25)}),
        ),
        make_range(guide.agathe, rule=""),
    ]
    await database.write(lambda tx: tx.agendas.replace_ranges(guide.agathe.id, ranges))
    found = await database.read(lambda tx: tx.agendas.ranges(guide.agathe.id))
    assert sorted((replace(r, id=0) for r in found), key=lambda r: r.first_day) == sorted(
        ranges, key=lambda r: r.first_day
    )
    assert len({r.id for r in found}) == 2
    assert await database.write(lambda tx: tx.agendas.lock_ranges(guide.agathe.id)) == found


async def test_replacing_ranges_touches_nobody_else(database: Database, guide: Guide) -> None:
    await database.write(lambda tx: tx.agendas.replace_ranges(guide.agathe.id, []))
    assert await database.read(lambda tx: tx.agendas.ranges(guide.agathe.id)) == []
    assert len(await database.read(lambda tx: tx.agendas.ranges(guide.seforme.id))) == 1


async def test_a_main_worker_is_occupied_by_his_appointment(database: Database, guide: Guide) -> None:
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment(parties=(guide.gisele.ref,))))
    assert await busy(database, guide.workers) == [
        Busy(guide.seforme.id, TUESDAY_AT_TEN, BusyKind.APPOINTMENT, stored.id, guide.gembloux.id)
    ]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer.PENDING, BusyKind.PENDING),
        (Answer.ACCEPTED, BusyKind.ACCEPTED),
        (Answer.TENTATIVE, BusyKind.TENTATIVE),
        (Answer.DECLINED, None),
    ],
)
async def test_an_invited_worker_is_occupied_as_he_answered(
    database: Database, guide: Guide, answer: Answer, kind: BusyKind | None
) -> None:
    appointment = guide.appointment(invitations=(answered(guide.ecoute, answer),))
    stored = await database.write(lambda tx: tx.appointments.add(appointment))
    expected = [Busy(guide.ecoute.id, TUESDAY_AT_TEN, kind, stored.id, guide.gembloux.id)] if kind else []
    assert await busy(database, [guide.ecoute]) == expected


async def test_a_decline_that_can_be_undone_frees_the_worker_at_once(database: Database, guide: Guide) -> None:
    invitation = answered(guide.ecoute, Answer.DECLINED, settles_at=START + timedelta(seconds=10))
    await database.write(lambda tx: tx.appointments.add(guide.appointment(invitations=(invitation,))))
    assert await busy(database, [guide.ecoute]) == []


async def test_only_the_workers_asked_for_are_answered(database: Database, guide: Guide) -> None:
    await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    assert await busy(database, [guide.agathe, guide.stranger]) == []
    assert await busy(database, []) == []
    assert {b.worker_id for b in await busy(database, [guide.ecoute, guide.seforme])} == {
        guide.ecoute.id, guide.seforme.id,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("window", "seen"),
    [
        (between("2026-01-27 09:00", "10:00"), False),
        (between("2026-01-27 09:00", "10:01"), True),
        (between("2026-01-27 10:30", "11:00"), True),
        (between("2026-01-27 11:59", "13:00"), True),
        (between("2026-01-27 12:00", "13:00"), False),
        (between("2026-01-26 10:00", "12:00"), False),
    ],
)
async def test_a_window_is_half_open(database: Database, guide: Guide, window: Interval, seen: bool) -> None:
    events = [ExternalEvent(guide.agathe.id, "uid", "", TUESDAY_AT_TEN)]

    def work(tx: Transaction) -> None:
        tx.appointments.add(guide.appointment())
        tx.agendas.replace_external_events(guide.agathe.id, events)

    await database.write(work)
    for worker in (guide.agathe, guide.seforme, guide.ecoute):
        found = await busy(database, [worker], window)
        assert [b.during for b in found] == ([TUESDAY_AT_TEN] if seen else []), worker.handle


async def test_external_events_occupy_and_are_replaced(database: Database, guide: Guide) -> None:
    later = between("2026-01-28 08:00", "2026-01-28 09:00")
    events = [
        ExternalEvent(guide.ecoute.id, "a", "", later, "Dentiste"),
        ExternalEvent(guide.ecoute.id, "b", "20260127T090000Z", TUESDAY_AT_TEN, "Peut-être", tentative=True),
    ]
    await database.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, events))
    assert await busy(database, guide.workers) == [
        Busy(guide.ecoute.id, TUESDAY_AT_TEN, BusyKind.TENTATIVE),
        Busy(guide.ecoute.id, later, BusyKind.EXTERNAL),
    ]
    await database.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, events[:1]))
    assert await busy(database, guide.workers) == [Busy(guide.ecoute.id, later, BusyKind.EXTERNAL)]
    await database.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, []))
    assert await busy(database, guide.workers) == []


async def test_what_occupies_comes_by_start(database: Database, guide: Guide) -> None:
    days = [between(f"2026-01-{day} 10:00", "11:00") for day in (29, 27, 28)]

    def work(tx: Transaction) -> None:
        tx.appointments.add(guide.appointment(during=days[0]))
        tx.appointments.add(guide.appointment(during=days[1], main_worker_id=guide.ecoute.id, invitations=()))
        tx.agendas.replace_external_events(guide.seforme.id, [ExternalEvent(guide.seforme.id, "x", "", days[2])])

    await database.write(work)
    found = await busy(database, guide.workers)
    assert [b.during for b in found] == [days[1], days[2], days[0], days[0]]


@pytest.mark.parametrize("kind", list(EndingKind))
async def test_an_ending_frees_everyone_when_it_settles(database: Database, guide: Guide, kind: EndingKind) -> None:
    settles = START + timedelta(seconds=10)
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    ended = replace(stored, ending=Ending(kind, guide.agathe.id, "", settles))
    await database.write(lambda tx: tx.appointments.replace(stored, ended, START))
    for worker in (guide.seforme, guide.ecoute):
        assert len(await busy(database, [worker], now=settles - timedelta(seconds=1))) == 1
        assert await busy(database, [worker], now=settles) == []


async def test_deleting_what_was_cancelled_occupies_nobody_again(database: Database, guide: Guide) -> None:
    settled, later = START + timedelta(seconds=10), START + timedelta(hours=1)
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    cancelled = replace(stored, ending=Ending(EndingKind.CANCELLED, guide.agathe.id, "", settled))
    cancelled = await database.write(lambda tx: tx.appointments.replace(stored, cancelled, START))
    undoable = Ending(EndingKind.DELETED, guide.agathe.id, "", later + timedelta(seconds=10), was_cancelled=True)
    deleted = await database.write(
        lambda tx: tx.appointments.replace(cancelled, replace(cancelled, ending=undoable), later)
    )
    assert await busy(database, guide.workers, now=later) == []
    restored = Ending(EndingKind.CANCELLED, guide.agathe.id, "", later)
    await database.write(lambda tx: tx.appointments.replace(deleted, replace(deleted, ending=restored), later))
    assert await busy(database, guide.workers, now=later) == []


async def test_external_events_are_there_with_their_titles(database: Database, guide: Guide) -> None:
    hours = between("2026-01-26 08:00", "09:00")
    events = [
        ExternalEvent(guide.ecoute.id, "leave", "", between("2025-12-01 00:00", "2026-02-01 00:00"), "Congé"),
        ExternalEvent(guide.ecoute.id, "dentist", "1", hours, "Dentiste", tentative=True),
        ExternalEvent(guide.ecoute.id, "later", "", between("2026-01-28 08:00", "09:00"), "Plus tard"),
    ]
    await database.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, events))

    window = between("2026-01-26 08:30", "2026-01-27 00:00")
    assert await database.read(lambda tx: tx.agendas.external_events(guide.ecoute.id, window)) == events[:2]
    assert await database.read(lambda tx: tx.agendas.external_events(guide.agathe.id, window)) == []
