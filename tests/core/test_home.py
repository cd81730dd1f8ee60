"""The home: what waits, what may be taken back, today and this week, and until when it stays so."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import Right
from core.appointments import Answer, Appointment, Invitation
from core.home import INVITATIONS, TODAY, UNSETTLED, WEEK, HomeView, view_home
from core.people import Worker
from core.times import Interval
from tests.builders import at, between
from tests.core.lives import world as stored_world
from tests.core.world import World

QUARTER = timedelta(minutes=15)


async def home(world: World, worker: Worker) -> HomeView:
    now = world.clock.now()
    return await world.db.read(lambda tx: view_home(tx, worker, now))


def ids(view: HomeView) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return the appointments that show, by section."""
    parts = (view.invitations, view.unsettled.views, view.today.views, view.week.views)
    invitations, unsettled, today, week = ([v.appointment.id for v in part] for part in parts)
    return invitations, unsettled, today, week


async def own(world: World, during: Interval) -> Appointment:
    """Return an appointment in seforme's own agenda, with Gisèle."""
    return await world.book(world.guide.seforme, during=during, parties=(world.guide.gisele.ref,))


async def test_an_empty_home_stays_so_until_midnight(every_world: World) -> None:
    found = await home(every_world, every_world.guide.agathe)
    assert ids(found) == ([], [], [], [])
    assert (found.count, found.changes_at) == (0, at("2026-01-21 00:00"))


async def test_each_finds_what_is_his(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    world.clock.set(at("2026-01-26 08:00"))
    past = await own(world, between("2026-01-26 09:00", "10:00"))
    today = await own(world, between("2026-01-26 10:00", "11:00"))
    later = await world.book(guide.agathe)
    next_week = await own(world, between("2026-02-02 10:00", "11:00"))
    world.clock.set(at("2026-01-26 10:00"))
    assert ids(await home(world, guide.seforme)) == ([], [], [today.id], [later.id])
    assert ids(await home(world, guide.ecoute)) == ([later.id], [], [], [])
    await world.answer(guide.ecoute, later, Answer.TENTATIVE)
    assert ids(await home(world, guide.ecoute)) == ([], [], [], [later.id])
    assert ids(await home(world, guide.agathe)) == ([], [], [], []), "an organiser is not there himself"
    assert past.id < next_week.id


async def test_today_and_the_week_are_those_of_his_clock(world: World) -> None:
    seforme = world.guide.seforme
    world.clock.set(at("2026-01-30 22:00"))
    sunday = await own(world, between("2026-02-01 23:00", "2026-02-02 01:00"))
    monday = await own(world, between("2026-02-02 09:00", "10:00"))
    assert ids(await home(world, seforme)) == ([], [], [], [sunday.id])
    world.clock.set(at("2026-02-01 22:00"))
    assert ids(await home(world, seforme)) == ([], [], [sunday.id], [])
    world.clock.set(at("2026-02-02 00:30"))
    found = await home(world, seforme)
    assert ids(found) == ([], [], [sunday.id, monday.id], []), "it goes on after midnight"
    assert found.changes_at == at("2026-02-02 01:00")


@pytest.mark.parametrize("cancelled", [True, False])
async def test_what_he_ended_may_be_taken_back_until_it_settles(every_world: World, cancelled: bool) -> None:
    world, agathe = every_world, every_world.guide.agathe
    booked = await world.book(agathe)
    await (world.cancel if cancelled else world.delete)(agathe, booked)
    found = await home(world, agathe)
    assert ids(found) == ([], [booked.id], [], [])
    assert Right.UNDO in found.unsettled.views[0].rights
    assert found.changes_at == world.clock.now() + world.rules.undo
    assert ids(await home(world, world.guide.ecoute)) == ([booked.id], [], [], []), "he does not know yet"
    await world.undo(agathe, booked)
    assert ids(await home(world, agathe)) == ([], [], [], [])
    await world.cancel(agathe, await world.find(booked))
    world.clock.advance(world.rules.undo)
    assert ids(await home(world, agathe)) == ([], [], [], [])
    assert ids(await home(world, world.guide.ecoute)) == ([], [], [], [])


async def test_what_was_over_when_he_deleted_it_changes_when_it_settles(world: World) -> None:
    past = await own(world, between("2026-01-26 09:00", "10:00"))
    world.clock.set(at("2026-01-26 11:00"))
    await world.delete(world.guide.seforme, past)
    found = await home(world, world.guide.seforme)
    assert ids(found) == ([], [past.id], [], [])
    assert found.changes_at == world.clock.now() + world.rules.undo


async def test_a_decline_may_be_taken_back_until_it_settles(every_world: World) -> None:
    world, ecoute = every_world, every_world.guide.ecoute
    booked = await world.book(world.guide.agathe)
    declined = await world.answer(ecoute, booked, Answer.DECLINED)
    found = await home(world, ecoute)
    assert ids(found) == ([], [booked.id], [], [])
    assert Right.UNDO in found.unsettled.views[0].rights
    assert found.changes_at == world.clock.now() + world.rules.undo
    restored = await world.undo_decline(ecoute, declined)
    assert ids(await home(world, ecoute)) == ([booked.id], [], [], [])
    await world.answer(ecoute, restored, Answer.DECLINED)
    world.clock.advance(world.rules.undo)
    assert ids(await home(world, ecoute)) == ([], [], [], [])


async def test_an_invitation_leaves_when_it_begins(world: World) -> None:
    booked = await world.book(world.guide.agathe)
    world.clock.set(at("2026-01-27 09:59"))
    found = await home(world, world.guide.ecoute)
    assert (found.count, found.changes_at) == (1, booked.during.start)
    world.clock.set(booked.during.start)
    found = await home(world, world.guide.ecoute)
    assert (found.count, found.changes_at) == (0, booked.during.end)
    assert ids(found)[2] == [booked.id], "whoever has not answered may still be expected"


async def test_hundreds_are_counted_and_the_first_shown(world: World) -> None:
    guide = world.guide
    world.clock.set(at("2026-01-26 00:00"))
    for day in ("2026-01-26", "2026-01-27"):
        for n in range(90):
            during = Interval.lasting(at(f"{day} 00:15") + n * QUARTER, QUARTER)
            await world.book(guide.seforme, during=during, parties=(guide.ecoute.ref,))
    found = await home(world, guide.ecoute)
    assert (found.count, len(found.invitations)) == (180, INVITATIONS)
    his = await home(world, guide.seforme)
    assert (len(his.today.views), his.today.more) == (TODAY, 90 - TODAY)
    assert (len(his.week.views), his.week.more) == (WEEK, 90 - WEEK)
    for view in (*his.today.views, *his.week.views)[: UNSETTLED + 2]:
        await world.cancel(guide.seforme, view.appointment)
    assert (await home(world, guide.seforme)).unsettled.more == 2


@settings(max_examples=60, deadline=None)
@given(
    starts=st.lists(st.integers(0, 7 * 24 * 4), max_size=5, unique=True),
    pauses=st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=5),
)
def test_nothing_changes_by_itself_before_it_says_so(starts: list[int], pauses: list[int]) -> None:
    tx, guide = stored_world()
    monday = at("2026-01-26 00:00")
    for n, start in enumerate(starts):
        answer = Answer.PENDING if n % 2 else Answer.ACCEPTED
        during = Interval.lasting(monday + start * QUARTER, QUARTER)
        tx.appointments.add(guide.appointment(during=during, invitations=(Invitation(guide.ecoute.id, answer),)))
    now = monday
    for minutes in pauses:
        for worker in (guide.seforme, guide.ecoute):
            before = view_home(tx, worker, now)
            last = before.changes_at - timedelta(seconds=1)
            assert before.changes_at > now
            after = view_home(tx, worker, max(now, last))
            assert (ids(after), after.count) == (ids(before), before.count)
        now += timedelta(minutes=minutes)
