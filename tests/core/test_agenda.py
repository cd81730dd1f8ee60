"""What shows of someone's agenda, and to whom (guide, steps 6 and 7; rule 9)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from core.agenda import Agenda, Away, Entry, Holiday, agendas_of
from core.appointments import Answer, Invitation
from core.availability import AbsenceKind, BusyKind, ExternalEvent, OpenRange, Shown
from core.people import Worker
from core.ports import Transaction
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, at, between, make_range, make_worker
from tests.core.world import World

WEEK = between("2026-01-26 00:00", "2026-02-02 00:00")


async def agendas(world: World, viewer: Worker, *workers: Worker, **more: Any) -> list[Agenda]:
    window: Interval = more.pop("window", WEEK)
    shown: Mapping[int, Shown] = more.pop("shown", {})
    now = world.clock.now()
    return await world.db.read(lambda tx: agendas_of(tx, viewer, workers, window, now, world.rules, shown, **more))


async def entries(world: World, viewer: Worker, worker: Worker, **more: Any) -> list[Entry]:
    return list((await agendas(world, viewer, worker, **more))[0].entries)


async def test_agendas_come_in_the_order_asked_for(world: World) -> None:
    guide = world.guide
    found = await agendas(world, guide.agathe, guide.seforme, guide.agathe, guide.ecoute)
    assert [a.worker for a in found] == [guide.seforme, guide.agathe, guide.ecoute]
    assert [len(a.ranges) for a in found] == [5, 5, 5]
    assert found[0].ranges[0] == OpenRange(between("2026-01-26 09:00", "17:00"), guide.gembloux.id)
    assert await agendas(world, guide.agathe) == []


async def test_a_right_to_the_case_shows_number_and_clients(world: World) -> None:
    guide = world.guide
    a = await world.book(guide.agathe)
    whole = Entry(
        TUESDAY_AT_TEN, BusyKind.APPOINTMENT, a.id, guide.gembloux.id, guide.case.number, clients=(guide.gisele,)
    )
    for viewer in (guide.seforme, guide.agathe, guide.stranger):  # the case is not confidential
        assert await entries(world, viewer, guide.seforme) == [whole]
    assert await entries(world, guide.agathe, guide.ecoute) == [replace(whole, kind=BusyKind.PENDING)]


async def test_a_confidential_case_leaves_time_and_place(world: World) -> None:
    guide = world.guide
    a = await world.book(guide.agathe, case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    bare = Entry(TUESDAY_AT_TEN, BusyKind.APPOINTMENT, a.id, guide.gembloux.id)
    for viewer in (guide.ecoute, guide.stranger):
        assert await entries(world, viewer, guide.seforme) == [bare]
    told = replace(bare, case_number=guide.confidential.number, clients=(guide.gisele,))
    assert await entries(world, guide.agathe, guide.seforme) == [told]


async def test_who_is_part_of_it_reads_it_though_the_case_is_not_his(world: World) -> None:
    guide = world.guide
    await world.store(
        lambda tx: tx.appointments.add(
            guide.appointment(
                case_number=guide.confidential.number,
                parties=(guide.gisele.ref, guide.ecoute.ref),
                invitations=(Invitation(guide.ecoute.id, Answer.ACCEPTED),),
            )
        )
    )
    (seen,) = await entries(world, guide.ecoute, guide.seforme)
    assert (seen.case_number, seen.clients) == (guide.confidential.number, (guide.gisele,))
    (hidden,) = await entries(world, guide.stranger, guide.ecoute)
    assert (hidden.kind, hidden.case_number, hidden.clients) == (BusyKind.ACCEPTED, None, ())


async def test_a_channel_is_told_no_case_no_title_and_no_reason(world: World) -> None:
    guide = world.guide
    event = ExternalEvent(guide.seforme.id, "uid", "", between("2026-01-28 09:00", "10:00"), "Dentiste")
    a = await world.book(guide.agathe)
    await world.absent(guide.seforme, between("2026-01-29 00:00", "2026-01-30 00:00"), AbsenceKind.SICKNESS)
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, [event]))
    (found,) = await agendas(world, guide.seforme, guide.seforme, private=False)
    assert found.entries == (
        Entry(TUESDAY_AT_TEN, BusyKind.APPOINTMENT, a.id, guide.gembloux.id),
        Entry(event.during, BusyKind.EXTERNAL),
    )
    assert found.absences == (Away(between("2026-01-29 00:00", "2026-01-30 00:00")),)


async def test_external_events_have_a_title_for_their_owner_alone(world: World) -> None:
    guide = world.guide

    def event(start: str, end: str, title: str, *, tentative: bool = False) -> ExternalEvent:
        return ExternalEvent(guide.seforme.id, title, "", between(f"2026-01-28 {start}", end), title, tentative)

    events = [
        event("09:00", "10:00", "Dentiste"),
        event("09:30", "11:00", "Banque"),
        event("14:00", "15:00", "Réunion", tentative=True),
    ]
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, events))
    external, maybe = BusyKind.EXTERNAL, BusyKind.TENTATIVE
    assert await entries(world, guide.seforme, guide.seforme) == [
        Entry(events[0].during, external, title="Dentiste"),
        Entry(events[1].during, external, title="Banque"),
        Entry(events[2].during, maybe, title="Réunion"),
    ]
    seen = await entries(world, guide.agathe, guide.seforme)
    assert seen == [Entry(between("2026-01-28 09:00", "11:00"), external), Entry(events[2].during, maybe)]
    assert all(e.external for e in seen)


async def test_each_toggle_hides_its_own(world: World) -> None:
    guide = world.guide
    hours = between("2026-01-28 09:00", "10:00")
    events = [ExternalEvent(guide.seforme.id, n, "", hours, tentative=n == "b") for n in "ab"]
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, events))
    a = await world.book(guide.agathe)
    await world.absent(guide.seforme, between("2026-01-29 00:00", "2026-01-30 00:00"))
    for viewer in (guide.agathe, guide.seforme):
        shown = {guide.seforme.id: Shown(availability=False), guide.ecoute.id: Shown(external=False)}
        found, other = await agendas(world, viewer, guide.seforme, guide.ecoute, shown=shown)
        assert (found.shown, found.ranges) == (Shown(availability=False), ())
        assert [e.appointment_id for e in found.entries] == [a.id, None, None]
        assert len(found.absences) == 1
        assert len(other.ranges) == 5
        (found,) = await agendas(world, viewer, guide.seforme, shown={guide.seforme.id: Shown(external=False)})
        assert [e.appointment_id for e in found.entries] == [a.id]
        assert len(found.ranges) == 5


async def test_an_absence_has_its_reason_for_the_absent_alone(world: World) -> None:
    guide = world.guide
    during = between("2026-01-29 00:00", "2026-01-31 00:00")
    await world.absent(guide.seforme, during, AbsenceKind.SICKNESS)
    (own, other) = await agendas(world, guide.seforme, guide.seforme, guide.agathe)
    assert (own.absences, other.absences) == ((Away(during, AbsenceKind.SICKNESS),), ())
    (seen,) = await agendas(world, guide.agathe, guide.seforme)
    assert seen.absences == (Away(during),)


async def test_public_holidays_are_the_workers_and_named_for_the_viewer(world: World) -> None:
    guide = world.guide

    def abroad(tx: Transaction) -> tuple[Worker, Worker]:
        alsace = make_worker("Odile", region="FR-57", zone="Europe/Paris")
        return tx.people.save_worker(alsace), tx.people.save_worker(make_worker("Mary", locale="en"))

    odile, mary = await world.store(abroad)
    window = between("2026-04-01 00:00", "2026-04-08 00:00")
    friday, monday = (between(f"2026-04-0{d} 00:00", f"2026-04-0{d + 1} 00:00") for d in (3, 6))
    seen = await agendas(world, guide.agathe, guide.seforme, odile, window=window)
    easter = [h for a in seen for h in a.holidays if h.during == monday]
    assert [h.name for h in easter] == ["Lundi de Pâques", "Lundi de Pâques"]
    assert [h.during for h in seen[1].holidays] == [friday, monday]
    (told,) = await agendas(world, mary, guide.seforme, window=window)
    assert Holiday(monday, "Easter Monday") in told.holidays


async def test_what_is_held_shows_as_ones_own_to_the_holder(world: World) -> None:
    guide = world.guide
    during = between("2026-01-28 10:00", "11:00")
    await world.hold(guide.agathe, guide.seforme, during)
    assert await entries(world, guide.agathe, guide.seforme) == [Entry(during, BusyKind.HOLD, own=True)]
    for viewer in (guide.ecoute, guide.seforme):
        assert await entries(world, viewer, guide.seforme) == [Entry(during, BusyKind.HOLD)]
    world.clock.advance(world.rules.hold)
    assert await entries(world, guide.agathe, guide.seforme) == []


async def test_what_has_ended_is_gone(world: World) -> None:
    guide = world.guide
    a = await world.book(guide.agathe)
    await world.cancel(guide.agathe, a)
    world.clock.advance(world.rules.undo)
    assert await entries(world, guide.agathe, guide.seforme) == []


@pytest.mark.usefixtures("machine_zone")
async def test_wall_time_is_kept_over_the_clock_change(world: World) -> None:
    guide = world.guide
    nights = make_range(
        guide.seforme, starts=time(22), lasts=timedelta(hours=8), rule="FREQ=DAILY", first_day=date(2026, 3, 1)
    )
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [nights]))
    window = between("2026-03-28 12:00", "2026-03-30 00:00")
    (found,) = await agendas(world, guide.agathe, guide.seforme, window=window)
    assert [r.during for r in found.ranges] == [
        Interval(at("2026-03-28 22:00"), at("2026-03-29 06:00")),
        Interval(at("2026-03-29 22:00"), at("2026-03-30 06:00")),
    ]
    assert found.ranges[0].during.duration == timedelta(hours=7)
