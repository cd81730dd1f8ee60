"""What stands in the way (rules 2 and 3): each row of the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer
from core.availability import BusyKind, Limits
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import Away, Held, InThePast, OutsideAvailability, SlotTaken
from core.people import Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, answered, between
from tests.core.occupied import CONFIRMED_KINDS, EVENING, HOUR, occupy
from tests.core.world import World, shown


@pytest.mark.parametrize(
    "during",
    [
        EVENING,
        between("2026-01-27 08:59", "10:00"),
        between("2026-01-27 16:00", "17:01"),
        between("2026-01-31 10:00", "11:00"),
    ],
)
async def test_a_colleague_is_not_booked_outside_his_ranges(world: World, during: Interval) -> None:
    with pytest.raises(OutsideAvailability) as refusal:
        await world.book(world.guide.agathe, during=during)
    assert refusal.value.worker_id == world.guide.seforme.id


async def test_no_confirmation_opens_a_colleagues_agenda(world: World) -> None:
    with pytest.raises(OutsideAvailability):
        await world.book(world.guide.agathe, during=EVENING, confirmed=frozenset({"anything"}))


async def test_a_colleague_is_booked_up_to_the_edges_of_his_ranges(every_world: World) -> None:
    booked = await every_world.book(every_world.guide.agathe, during=between("2026-01-27 09:00", "17:00"))
    assert booked.id > 0


async def test_in_ones_own_agenda_any_time_is_free(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, main_worker_id=guide.agathe.id, during=EVENING)
    assert booked.during == EVENING


async def test_becoming_the_main_worker_opens_the_time_and_invites_the_colleague(world: World) -> None:
    guide = world.guide
    parties = (guide.gisele.ref, guide.ecoute.ref, guide.seforme.ref)
    booked = await world.book(guide.agathe, main_worker_id=guide.agathe.id, during=EVENING, parties=parties)
    assert [i.worker_id for i in booked.invitations] == [guide.ecoute.id, guide.seforme.id]


async def test_an_invited_worker_may_be_asked_outside_his_ranges(world: World) -> None:
    guide = world.guide
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.ecoute.id, []))
    assert (await world.book(guide.agathe)).id > 0


@pytest.mark.parametrize("actor", ["agathe", "seforme"])
async def test_the_main_workers_appointment_is_never_overridden(every_world: World, actor: str) -> None:
    world, guide = every_world, every_world.guide
    await occupy(world, guide.seforme, BusyKind.APPOINTMENT)
    booker: Worker = getattr(guide, actor)
    with pytest.raises(SlotTaken) as refusal:
        await world.book(booker, during=between("2026-01-27 11:00", "13:00"))
    assert refusal.value.worker_id == guide.seforme.id
    key = (
        f"{guide.seforme.id}.appointment.{int(TUESDAY_AT_TEN.start.timestamp())}.{int(TUESDAY_AT_TEN.end.timestamp())}"
    )
    with pytest.raises(SlotTaken):
        await world.book(booker, confirmed=frozenset({key}))


async def test_neighbours_are_no_conflict(world: World) -> None:
    guide = world.guide
    for worker, kind in ((guide.seforme, BusyKind.APPOINTMENT), (guide.ecoute, BusyKind.EXTERNAL)):
        await occupy(world, worker, kind)
    assert (await world.book(guide.agathe, during=between("2026-01-27 12:00", "13:00"))).id > 0
    assert (await world.book(guide.agathe, during=between("2026-01-27 09:00", "10:00"))).id > 0


@pytest.mark.parametrize("kind", CONFIRMED_KINDS)
@pytest.mark.parametrize("actor", ["agathe", "seforme"])
async def test_what_occupies_the_main_worker_needs_a_confirmation(
    every_world: World, actor: str, kind: BusyKind
) -> None:
    world, guide = every_world, every_world.guide
    await occupy(world, guide.seforme, kind)
    booker: Worker = getattr(guide, actor)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(booker, parties=(guide.gisele.ref,))
    [conflict] = question.value.conflicts
    assert (conflict.worker_id, conflict.kind, conflict.during) == (guide.seforme.id, kind, TUESDAY_AT_TEN)
    booked = await world.book(booker, parties=(guide.gisele.ref,), confirmed=shown(question.value))
    assert booked.during == TUESDAY_AT_TEN


@pytest.mark.parametrize("kind", [*CONFIRMED_KINDS, BusyKind.APPOINTMENT])
@pytest.mark.parametrize("main", ["agathe", "seforme"])
async def test_a_busy_invitee_needs_a_confirmation(every_world: World, main: str, kind: BusyKind) -> None:
    world, guide = every_world, every_world.guide
    await occupy(world, guide.ecoute, kind)
    main_worker: Worker = getattr(guide, main)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe, main_worker_id=main_worker.id)
    assert [(c.worker_id, c.kind) for c in question.value.conflicts] == [(guide.ecoute.id, kind)]
    booked = await world.book(guide.agathe, main_worker_id=main_worker.id, confirmed=shown(question.value))
    assert booked.invitations[0].worker_id == guide.ecoute.id


@pytest.mark.parametrize("worker", ["seforme", "ecoute"])
async def test_what_was_declined_is_no_conflict(world: World, worker: str) -> None:
    guide = world.guide
    busy: Worker = getattr(guide, worker)
    invitation = answered(busy, Answer.DECLINED)
    made = guide.appointment(main_worker_id=guide.stranger.id, parties=(busy.ref,), invitations=(invitation,))
    await world.store(lambda tx: tx.appointments.add(made))
    assert (await world.book(guide.agathe)).id > 0


async def test_a_confirmation_covers_only_what_was_shown(world: World) -> None:
    guide = world.guide
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe)
    await occupy(world, guide.seforme, BusyKind.PENDING, between("2026-01-27 11:00", "12:30"))
    with pytest.raises(NeedsConfirmation) as again:
        await world.book(guide.agathe, confirmed=shown(question.value))
    assert {(c.worker_id, c.kind) for c in again.value.conflicts} == {
        (guide.ecoute.id, BusyKind.EXTERNAL),
        (guide.seforme.id, BusyKind.PENDING),
    }
    assert (await world.book(guide.agathe, confirmed=shown(again.value))).id > 0


async def test_a_confirmation_of_what_has_changed_does_not_count(world: World) -> None:
    guide = world.guide
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe)
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL, between("2026-01-27 10:00", "12:30"))
    with pytest.raises(NeedsConfirmation):
        await world.book(guide.agathe, confirmed=shown(question.value))


async def test_a_confirmation_of_what_has_gone_does_no_harm(world: World) -> None:
    guide = world.guide
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe)
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, []))
    assert (await world.book(guide.agathe, confirmed=shown(question.value))).id > 0


async def test_a_confirmation_does_not_hide_a_new_appointment_of_the_main_worker(world: World) -> None:
    guide = world.guide
    await occupy(world, guide.seforme, BusyKind.EXTERNAL)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe)
    await occupy(world, guide.seforme, BusyKind.APPOINTMENT)
    with pytest.raises(SlotTaken):
        await world.book(guide.agathe, confirmed=shown(question.value))


@pytest.mark.parametrize("kind", ["cancel", "delete"])
async def test_a_time_is_taken_until_its_ending_settles(every_world: World, kind: str) -> None:
    world, guide = every_world, every_world.guide
    first = await world.book(guide.agathe)
    await (world.cancel(guide.agathe, first) if kind == "cancel" else world.delete(guide.agathe, first))
    world.clock.advance(world.rules.undo / 2)
    with pytest.raises(SlotTaken):
        await world.book(guide.ecoute, parties=(guide.gisele.ref,))
    world.clock.advance(world.rules.undo / 2)
    assert (await world.book(guide.ecoute, parties=(guide.gisele.ref,))).id > 0


async def test_a_range_that_was_taken_away_meanwhile_closes(world: World) -> None:
    guide = world.guide
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, []))
    with pytest.raises(OutsideAvailability):
        await world.book(guide.agathe)


async def test_editing_asks_only_about_the_workers_it_adds(world: World) -> None:
    """A comment on an evening appointment, or one more colleague, is no new booking of the main worker."""
    guide = world.guide
    own = await world.book(guide.seforme, during=EVENING, parties=(guide.gisele.ref,))
    await occupy(world, guide.seforme, BusyKind.EXTERNAL, EVENING)
    own = await world.change(guide.seforme, own, parties=(guide.gisele.ref, guide.ecoute.ref))
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL, EVENING)
    own = await world.change(guide.seforme, own, comment="Au premier étage")
    await occupy(world, guide.agathe, BusyKind.TENTATIVE, EVENING)
    with pytest.raises(NeedsConfirmation) as question:
        await world.change(guide.seforme, own, parties=(*own.parties, guide.agathe.ref))
    assert [c.worker_id for c in question.value.conflicts] == [guide.agathe.id]
    confirmed = shown(question.value)
    changed = await world.change(guide.seforme, own, parties=(*own.parties, guide.agathe.ref), confirmed=confirmed)
    assert changed.worker_ids == (guide.ecoute.id, guide.agathe.id)


async def test_the_creator_may_add_a_colleague_outside_the_main_workers_ranges(world: World) -> None:
    guide = world.guide
    evening = await world.book(guide.agathe, main_worker_id=guide.agathe.id, during=EVENING)
    handed = await world.store(
        lambda tx: tx.appointments.replace(
            evening, replace(evening, main_worker_id=guide.seforme.id), world.clock.now()
        )
    )
    changed = await world.change(guide.agathe, handed, parties=(*handed.parties, guide.stranger.ref))
    assert guide.stranger.id in changed.worker_ids


async def test_moving_an_appointment_over_itself_is_no_conflict(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    moved = await world.change(guide.agathe, booked, during=between("2026-01-27 11:00", "13:00"))
    assert moved.during == between("2026-01-27 11:00", "13:00")


async def test_moving_is_checked_as_booking_is(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    later = between("2026-01-28 10:00", "12:00")
    with pytest.raises(OutsideAvailability):
        await world.change(guide.agathe, booked, during=EVENING)
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL, later)
    with pytest.raises(NeedsConfirmation):
        await world.change(guide.agathe, booked, during=later)
    await occupy(world, guide.seforme, BusyKind.APPOINTMENT, later)
    with pytest.raises(SlotTaken):
        await world.change(guide.agathe, booked, during=later)
    assert await world.find(booked) == booked


async def test_the_first_refusal_is_the_one_that_explains_most(world: World) -> None:
    """Nothing is asked about a time that cannot be had, and a taken time is not said to be held."""
    guide = world.guide
    await world.limit(guide.seforme, Limits(notice=timedelta(days=30)))
    await world.hold(guide.stranger, guide.seforme, between("2026-01-27 11:00", "12:00"))
    with pytest.raises(Held):
        await world.book(guide.agathe)
    await world.book(guide.seforme, during=between("2026-01-27 10:00", "11:00"))
    with pytest.raises(SlotTaken) as taken:
        await world.book(guide.agathe)
    assert not isinstance(taken.value, Held)
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, []))
    with pytest.raises(OutsideAvailability):
        await world.book(guide.agathe)
    await world.absent(guide.seforme, between("2026-01-27 00:00", "2026-01-28 00:00"))
    with pytest.raises(Away):
        await world.book(guide.agathe)
    world.clock.set(TUESDAY_AT_TEN.end)
    with pytest.raises(InThePast):
        await world.book(guide.agathe)


async def test_each_conflict_has_its_own_key(world: World) -> None:
    guide = world.guide
    await world.limit(guide.seforme, Limits(notice=timedelta(days=8), before=HOUR, daily=1))
    await world.book(guide.seforme, during=between("2026-01-27 10:00", "11:00"))
    await occupy(world, guide.seforme, BusyKind.EXTERNAL, between("2026-01-27 11:30", "12:00"))
    await occupy(world, guide.ecoute, BusyKind.ABSENCE, between("2026-01-27 11:00", "12:00"))
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe, during=between("2026-01-27 11:15", "12:00"))
    conflicts = question.value.conflicts
    assert {c.kind for c in conflicts} == {
        BusyKind.NOTICE, BusyKind.BUFFER, BusyKind.FULL_DAY, BusyKind.EXTERNAL, BusyKind.ABSENCE
    }  # fmt: skip
    assert len({conflict_key(c) for c in conflicts}) == len(conflicts)
