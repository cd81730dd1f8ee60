"""Giving an appointment to another main worker (rules 2, 3 and 5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from core.appointments import Answer, Appointment
from core.availability import BusyKind, ExternalEvent, Limits
from core.conflicts import NeedsConfirmation
from core.errors import (
    Away,
    Ended,
    Held,
    MissingChoice,
    NotAllowed,
    NotFound,
    OutsideAvailability,
    RdvError,
    SameWorker,
    SlotTaken,
    Stale,
    Started,
)
from core.notices import NoticeKind
from core.people import Worker
from core.reasons import Reason, ReasonKind
from core.reassigning import hindrances, reassign
from core.rules import Rules
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, between, unsent
from tests.core.lives import Case, cases, stored, world
from tests.core.world import World, shown

N = NoticeKind
TUESDAY = between("2026-01-27 00:00", "2026-01-28 00:00")


async def give(world: World, actor: Worker, seen: Appointment, to: Worker, **more: Any) -> Appointment:
    now = world.clock.now()
    return await world.store(lambda tx: reassign(tx, actor, seen.id, seen.revision, to.id, now, world.rules, **more))


async def against(world: World, actor: Worker, seen: Appointment, to: Worker) -> list[ReasonKind]:
    now = world.clock.now()
    found: list[Reason] = await world.db.read(lambda tx: hindrances(tx, actor, seen, to.id, now, world.rules))
    return [reason.kind for reason in found]


async def test_everyone_concerned_is_told_or_asked(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe, comment="dossier")
    seen = await world.answer(guide.ecoute, seen, Answer.ACCEPTED)
    await world.quiet()

    given = await give(world, guide.agathe, seen, guide.stranger)

    assert given == await world.find(seen)
    assert (given.main_worker_id, given.creator_id) == (guide.stranger.id, guide.agathe.id)
    assert (given.during, given.place_id, given.comment) == (seen.during, seen.place_id, seen.comment)
    assert given.parties == seen.parties
    assert [(i.worker_id, i.answer) for i in given.invitations] == [(guide.ecoute.id, Answer.PENDING)]
    assert await world.told() == [(N.INVITED, "ecoute"), (N.REMOVED, "seforme"), (N.SHOWN, "Étienne")]
    reminded = {n.recipient_id for n in await unsent(world.db) if n.kind is N.REMINDER and n.version == given.revision}
    assert reminded == {guide.stranger.id, guide.ecoute.id}
    workers, now = [guide.seforme.id, guide.stranger.id], world.clock.now()
    busy = await world.db.read(lambda tx: tx.agendas.busy(workers, TUESDAY, now))
    assert [(b.worker_id, b.kind) for b in busy] == [(guide.stranger.id, BusyKind.APPOINTMENT)]


async def test_an_organiser_who_gives_his_own_away_stays_the_organiser(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.seforme, parties=(guide.gisele.ref,))
    await world.quiet()
    given = await give(world, guide.seforme, seen, guide.ecoute)
    assert given.audience == (guide.seforme.id, guide.ecoute.id)
    assert await world.told() == [(N.SHOWN, "ecoute")]


async def test_one_may_take_it_oneself(world: World) -> None:
    """In one's own agenda any time may be booked: only what may be confirmed is asked."""
    guide = world.guide
    evening = between("2026-01-27 18:00", "19:00")
    seen = await world.book(guide.seforme, during=evening, parties=(guide.gisele.ref,))
    await world.limit(guide.agathe, Limits(notice=timedelta(days=60)))
    with pytest.raises(NotAllowed):
        await give(world, guide.agathe, seen, guide.agathe)
    booked = await world.book(guide.agathe, parties=(guide.gisele.ref, guide.ecoute.ref))
    own = await give(world, guide.agathe, booked, guide.agathe)
    assert (own.main_worker_id, own.creator_id) == (guide.agathe.id, guide.agathe.id)
    assert await against(world, guide.agathe, own, guide.agathe) == []
    assert await against(world, guide.seforme, seen, guide.ecoute) == [ReasonKind.OUTSIDE]


async def test_who_may_not_or_comes_too_late_is_refused(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)

    async def refused(actor: Worker, card: Appointment, to: Worker, refusal: type[RdvError]) -> None:
        with pytest.raises(refusal):
            await give(world, actor, card, to)

    for outsider in (guide.ecoute, guide.stranger):
        await refused(outsider, seen, guide.stranger, NotAllowed)
    await refused(guide.agathe, replace(seen, revision=7), guide.stranger, Stale)
    await refused(guide.agathe, replace(seen, id=404), guide.stranger, NotFound)
    await refused(guide.agathe, seen, guide.seforme, SameWorker)
    await refused(guide.agathe, seen, replace(guide.stranger, id=404), NotFound)
    alone = await world.book(guide.agathe, during=between("2026-01-28 10:00", "12:00"), parties=(guide.ecoute.ref,))
    await refused(guide.agathe, alone, guide.ecoute, MissingChoice)
    await world.store(lambda tx: tx.people.save_worker(replace(guide.stranger, active=False)))
    await refused(guide.agathe, seen, guide.stranger, NotFound)
    await world.store(lambda tx: tx.people.save_worker(guide.stranger))
    cancelled = await world.cancel(guide.agathe, seen)
    await refused(guide.agathe, cancelled, guide.stranger, Ended)
    await refused(guide.seforme, cancelled, guide.stranger, Ended)
    await world.undo(guide.agathe, cancelled)
    world.clock.set(seen.during.start)
    await refused(guide.agathe, seen, guide.stranger, Started)
    assert (await world.find(seen)).main_worker_id == guide.seforme.id


async def test_a_colleague_who_is_not_free_is_refused_and_it_is_said_why(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    to = guide.stranger

    async def refused(refusal: type[RdvError], reason: ReasonKind) -> None:
        assert await against(world, guide.agathe, seen, to) == [reason]
        with pytest.raises(refusal):
            await give(world, guide.agathe, seen, to)

    assert await against(world, guide.agathe, seen, to) == []
    await world.hold(guide.ecoute, to, TUESDAY_AT_TEN)
    await refused(Held, ReasonKind.HOLD)
    world.clock.advance(minutes=10)
    away = await world.absent(to, TUESDAY)
    await refused(Away, ReasonKind.ABSENCE)
    await world.store(lambda tx: tx.agendas.delete_absence(to.id, away.id))
    own = await world.book(to, main_worker_id=to.id, parties=(guide.gisele.ref,), case_number=1285)
    await refused(SlotTaken, ReasonKind.APPOINTMENT)
    await world.delete(to, own)
    world.clock.advance(minutes=1)
    ranges = await world.db.read(lambda tx: tx.agendas.ranges(to.id))
    await world.store(lambda tx: tx.agendas.replace_ranges(to.id, []))
    await refused(OutsideAvailability, ReasonKind.OUTSIDE)
    await world.store(lambda tx: tx.agendas.replace_ranges(to.id, ranges))
    await give(world, guide.agathe, seen, to)


async def test_what_may_be_confirmed_is_asked_of_the_new_main_worker_alone(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    for worker in (guide.ecoute, guide.stranger):
        event = ExternalEvent(worker.id, "uid", "", TUESDAY_AT_TEN, "Dentiste")
        await world.store(lambda tx, event=event: tx.agendas.replace_external_events(event.worker_id, [event]))  # type: ignore[misc]
    assert await against(world, guide.agathe, seen, guide.stranger) == [ReasonKind.EXTERNAL]
    with pytest.raises(NeedsConfirmation) as question:
        await give(world, guide.agathe, seen, guide.stranger)
    assert [(c.worker_id, c.kind) for c in question.value.conflicts] == [(guide.stranger.id, BusyKind.EXTERNAL)]
    given = await give(world, guide.agathe, seen, guide.stranger, confirmed=shown(question.value))
    assert given.main_worker_id == guide.stranger.id


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_without_a_hindrance_nothing_but_the_uncertain_is_asked(case: Case) -> None:
    """What the form shows beforehand is what the rules say when it is sent."""
    tx, guide = world()
    rules = Rules(region="")
    length, start = timedelta(minutes=case.length), case.window.start + timedelta(minutes=15 * (case.length % 60))
    to, _ = stored(tx, guide, "main", case.main)
    seen = tx.appointments.add(guide.appointment(during=Interval.lasting(start, length), kind=case.kind))
    now = min(case.now, start - timedelta(minutes=1))
    found = {reason.kind for reason in hindrances(tx, guide.agathe, seen, to.id, now, rules)}
    refusal = None
    try:
        reassign(tx, guide.agathe, seen.id, 1, to.id, now, rules)
    except RdvError as fault:
        refusal = fault
    sure = {BusyKind.TENTATIVE, BusyKind.PENDING}
    if not found:
        asked = {c.kind for c in refusal.conflicts} if isinstance(refusal, NeedsConfirmation) else set()
        assert refusal is None or (isinstance(refusal, NeedsConfirmation) and asked <= sure), refusal
    else:
        assert refusal is not None
