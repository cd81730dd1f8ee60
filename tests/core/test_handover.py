"""What falls in an absence is given to a colleague, or moved behind it; nobody is surprised."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from core.appointments import Answer, Appointment
from core.availability import ExternalEvent, Limits, Slot
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import (
    Away,
    Held,
    MissingChoice,
    NotAllowed,
    NotFound,
    OutsideAvailability,
    RdvError,
    SlotTaken,
    Started,
)
from core.handover import hand_over, move_to, next_free
from core.notices import NoticeKind
from core.people import Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, between, make_range, make_worker
from tests.core.world import World

WEEK = between("2026-01-26 00:00", "2026-01-31 00:00")
NEXT_MONDAY = between("2026-02-02 09:00", "11:00")


async def give(world: World, actor: Worker, seen: Appointment, to: Worker, **more: Any) -> Appointment:
    now = world.clock.now()
    return await world.store(lambda tx: hand_over(tx, actor, seen.id, to.id, now, world.rules, **more))


async def move(world: World, actor: Worker, seen: Appointment, slot: Slot) -> Appointment:
    now = world.clock.now()
    return await world.store(lambda tx: move_to(tx, actor, seen.id, slot, now, world.rules))


async def free(world: World, seen: Appointment, after: datetime = WEEK.end) -> Slot | None:
    now = world.clock.now()
    return await world.db.read(lambda tx: next_free(tx, seen, after, now, world.rules))


async def test_a_colleague_takes_it_and_everyone_is_told(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe, comment="dossier", kind="Bilan")
    await world.quiet()
    await world.absent(guide.seforme, WEEK)

    given = await give(world, guide.seforme, seen, guide.stranger)

    assert await world.find(given) == given
    assert (given.main_worker_id, given.creator_id) == (guide.stranger.id, guide.agathe.id)
    kept = ("case_number", "during", "zone", "place_id", "parties", "comment", "kind")
    assert [getattr(given, name) for name in kept] == [getattr(seen, name) for name in kept]
    assert guide.seforme.id not in given.audience
    assert [(i.worker_id, i.answer) for i in given.invitations] == [(guide.ecoute.id, Answer.PENDING)]
    assert await world.told() == [
        (NoticeKind.INVITED, "ecoute"),
        (NoticeKind.REASSIGNED, "Agathe"),
        (NoticeKind.SHOWN, "Étienne"),
    ]
    # his time is free again, and the colleague's is claimed
    await world.book(guide.seforme, parties=(guide.gisele.ref,), confirmed=await confirmed(world, guide.seforme))
    with pytest.raises(SlotTaken):
        await world.book(guide.agathe, main_worker_id=guide.stranger.id)


async def confirmed(world: World, main: Worker) -> frozenset[str]:
    """Return the keys of what this worker is asked before he books himself then."""
    with pytest.raises(NeedsConfirmation) as refusal:
        await world.book(main, main_worker_id=main.id, parties=(world.guide.gisele.ref,))
    return frozenset(conflict_key(c) for c in refusal.value.conflicts)


async def test_who_is_concerned_already_may_take_it(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe)
    given = await give(world, guide.agathe, seen, guide.ecoute)
    assert (given.main_worker_id, given.parties, given.invitations) == (guide.ecoute.id, (guide.gisele.ref,), ())
    alone = await world.book(guide.agathe, during=NEXT_MONDAY, parties=(guide.ecoute.ref,))
    with pytest.raises(MissingChoice):
        await give(world, guide.agathe, alone, guide.ecoute)


async def test_who_made_it_himself_stays_its_organiser(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.seforme, parties=(guide.gisele.ref,))
    given = await give(world, guide.seforme, seen, guide.ecoute)
    assert given.audience == (guide.seforme.id, guide.ecoute.id)
    assert given.invitations == ()


@pytest.mark.parametrize("who", ["main worker", "creator", "lead"])
async def test_the_people_in_charge_may_give_it(world: World, who: str) -> None:
    guide = world.guide
    # seforme is the lead of the case
    main = guide.stranger if who == "lead" else guide.seforme
    seen = await world.book(guide.agathe, main_worker_id=main.id, parties=(guide.gisele.ref,))
    actor = guide.agathe if who == "creator" else guide.seforme
    given = await give(world, actor, seen, guide.ecoute)
    assert given.main_worker_id == guide.ecoute.id


async def test_nobody_else_may(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe)
    slot = Slot(NEXT_MONDAY, None)
    for outsider in (guide.ecoute, guide.stranger):
        with pytest.raises(NotAllowed):
            await give(world, outsider, seen, guide.stranger)
        with pytest.raises(NotAllowed):
            await move(world, outsider, seen, slot)
    hidden = await world.book(guide.agathe, during=NEXT_MONDAY, case_number=guide.confidential.number)
    with pytest.raises(NotFound):
        await give(world, guide.stranger, hidden, guide.stranger)
    world.clock.set(TUESDAY_AT_TEN.start)
    with pytest.raises(Started):
        await give(world, guide.seforme, seen, guide.stranger)
    assert await world.find(seen) == seen


async def hindered(world: World, way: str) -> Worker:
    """Return a colleague who cannot take the guide's appointment."""
    guide = world.guide
    to = guide.stranger
    match way:
        case "unknown":
            to = replace(to, id=999)
        case "gone":
            to = await world.store(lambda tx: tx.people.save_worker(make_worker("gone", active=False)))
        case "no range":
            await world.store(lambda tx: tx.agendas.replace_ranges(to.id, []))
        case "other kind":
            other = make_range(to, kinds=frozenset({"Bilan"}))
            await world.store(lambda tx: tx.agendas.replace_ranges(to.id, [other]))
        case "away":
            await world.absent(to, WEEK)
        case "booked":
            await world.book(to, main_worker_id=to.id, parties=(guide.gisele.ref,))
        case "held":
            await world.hold(guide.ecoute, to, TUESDAY_AT_TEN)
        case "external":
            event = ExternalEvent(to.id, "u", "", TUESDAY_AT_TEN)
            await world.store(lambda tx: tx.agendas.replace_external_events(to.id, [event]))
        case "notice":
            await world.limit(to, Limits(notice=timedelta(days=30)))
    return to


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ("unknown", NotFound),
        ("gone", NotFound),
        ("no range", OutsideAvailability),
        ("other kind", OutsideAvailability),
        ("away", Away),
        ("booked", SlotTaken),
        ("held", Held),
        ("external", NeedsConfirmation),
        ("notice", NeedsConfirmation),
    ],
)
async def test_a_colleague_who_is_not_free_does_not_get_it(world: World, way: str, error: type[RdvError]) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe, kind="Suivi")
    to = await hindered(world, way)
    with pytest.raises(error) as refusal:
        await give(world, guide.seforme, seen, to)
    assert await world.find(seen) == seen
    if isinstance(refusal.value, NeedsConfirmation):
        keys = {conflict_key(c) for c in refusal.value.conflicts}
        assert (await give(world, guide.seforme, seen, to, confirmed=keys)).main_worker_id == to.id


async def test_what_occupies_the_invited_anyway_is_not_asked_about(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe)
    event = ExternalEvent(guide.ecoute.id, "u", "", TUESDAY_AT_TEN)
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, [event]))
    own = replace(event, worker_id=guide.stranger.id)
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.stranger.id, [own]))
    with pytest.raises(NeedsConfirmation) as refusal:
        await give(world, guide.seforme, seen, guide.stranger)
    assert [c.worker_id for c in refusal.value.conflicts] == [guide.stranger.id]
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.stranger.id, []))
    given = await give(world, guide.seforme, seen, guide.stranger)
    assert given.main_worker_id == guide.stranger.id


async def test_it_moves_to_the_first_slot_after_the_absence(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    await world.quiet()
    await world.absent(guide.seforme, WEEK)
    slot = await free(world, seen)
    assert slot == Slot(NEXT_MONDAY, guide.gembloux.id)

    moved = await move(world, guide.seforme, seen, slot)

    assert await world.find(moved) == moved
    assert (moved.during, moved.place_id, moved.main_worker_id) == (NEXT_MONDAY, guide.gembloux.id, guide.seforme.id)
    assert moved.parties == seen.parties
    assert await world.told() == [(NoticeKind.INVITED, "ecoute"), (NoticeKind.MOVED, "Agathe")]


async def test_several_move_one_after_the_other(world: World) -> None:
    guide = world.guide
    first = await world.book(guide.agathe)
    second = await world.book(guide.agathe, during=between("2026-01-28 14:00", "15:00"))
    for seen in (first, second):
        slot = await free(world, seen)
        assert slot is not None
        await move(world, guide.seforme, seen, slot)
    assert (await world.find(first)).during == NEXT_MONDAY
    assert (await world.find(second)).during == between("2026-02-02 11:00", "12:00")


async def test_the_next_slot_is_free_for_all_who_must_be_there(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe, parties=(guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref),
        optional=frozenset({guide.stranger.id}))  # fmt: skip
    for worker, hours in ((guide.ecoute, ("09:00", "12:00")), (guide.stranger, ("09:00", "17:00"))):
        event = ExternalEvent(worker.id, "u", "", between(f"2026-02-02 {hours[0]}", hours[1]))
        await world.store(lambda tx, w=worker, e=event: tx.agendas.replace_external_events(w.id, [e]))  # type: ignore[misc]
    slot = await free(world, seen)
    assert slot is not None
    assert slot.during == between("2026-02-02 12:00", "14:00")
    moved = await move(world, guide.seforme, seen, slot)
    assert [i.worker_id for i in moved.invitations if i.optional] == [guide.stranger.id]


async def test_the_next_slot_is_for_its_kind_and_may_be_months_away(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe, kind="Suivi")
    summer = make_range(guide.seforme, first_day=datetime.fromisoformat("2026-07-07").date(), rule="", starts=time(14))
    other = make_range(guide.seforme, kinds=frozenset({"Bilan"}))
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [summer, other]))
    slot = await free(world, seen)
    assert slot == Slot(between("2026-07-07 14:00", "16:00"), None)
    assert (await move(world, guide.seforme, seen, slot)).place_id == guide.gembloux.id
    assert await free(world, seen, after=slot.during.end) is None


async def test_what_begins_before_now_is_no_slot(world: World) -> None:
    seen = await world.book(world.guide.agathe)
    slot = await free(world, seen, after=between("2026-01-05 09:00", "10:00").start)
    assert slot is not None
    assert slot.during == Interval.lasting(world.clock.now(), timedelta(hours=2))
