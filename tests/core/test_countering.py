"""Proposing another time after declining: who may, what is offered, and what takes it back (guide, step 9)."""

from dataclasses import replace

import pytest

from core.access import Right
from core.appointments import Answer
from core.availability import ExternalEvent, Slot
from core.counterproposals import CounterState
from core.errors import (
    Ended,
    NotAllowed,
    NotEveryoneFree,
    NotFound,
    NotInvited,
    OrganiserGone,
    ProposalWithdrawn,
    Stale,
    Started,
)
from core.notices import NoticeKind
from tests.builders import TUESDAY_AT_TEN, between, make_range
from tests.clock import START
from tests.core.countered import FRIDAY_AT_TEN, THURSDAY, THURSDAY_AT_TEN, declined, proposed, slot, stored
from tests.core.world import World

N = NoticeKind


async def test_the_organiser_is_asked_at_once_and_nothing_is_claimed(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    seen = await world.answer(guide.ecoute, seen, Answer.DECLINED)
    await world.quiet()

    proposal = await proposed(world, seen)

    assert proposal == await stored(world, proposal)
    assert (proposal.appointment_id, proposal.revision, proposal.proposer_id) == (seen.id, 1, guide.ecoute.id)
    assert (proposal.during, proposal.place_id) == (THURSDAY_AT_TEN, guide.gembloux.id)
    assert (proposal.state, proposal.created_at) == (CounterState.PROPOSED, START)
    assert await world.find(seen) == seen
    busy = await world.db.read(lambda tx: tx.agendas.busy([w.id for w in guide.workers], THURSDAY, START))
    assert busy == []
    [notice] = await world.deliver()
    assert (notice.kind, notice.recipient_id, notice.about_id) == (
        N.COUNTER_PROPOSED,
        guide.agathe.id,
        guide.ecoute.id,
    )
    assert (notice.proposal_id, notice.appointment_id, notice.expires_at) == (proposal.id, 0, TUESDAY_AT_TEN.start)
    assert (await world.db.read(lambda tx: tx.audit.of(seen.id)))[-1][:2] == (guide.ecoute.id, "proposed")


async def test_only_who_declined_proposes(world: World) -> None:
    guide = world.guide
    seen = await world.book(guide.agathe, parties=(guide.gisele.ref, guide.ecoute.ref, guide.agathe.ref))
    for actor, refusal in ((guide.ecoute, Stale), (guide.seforme, NotInvited), (guide.stranger, NotInvited)):
        with pytest.raises(refusal):
            await proposed(world, seen, actor)
        with pytest.raises(refusal):
            await world.offers(actor, seen, THURSDAY)
    seen = await world.answer(guide.agathe, seen, Answer.DECLINED)
    with pytest.raises(NotAllowed):
        await proposed(world, seen, guide.agathe)
    for other in (Answer.ACCEPTED, Answer.TENTATIVE):
        seen = await world.answer(guide.ecoute, seen, other)
        with pytest.raises(Stale):
            await proposed(world, seen)
        assert Right.PROPOSE not in (await world.view(guide.ecoute, seen)).rights
    seen = await world.answer(guide.ecoute, seen, Answer.DECLINED)
    assert Right.PROPOSE in (await world.view(guide.ecoute, seen)).rights
    assert Right.PROPOSE not in (await world.view(guide.agathe, seen)).rights
    with pytest.raises(Stale):
        await world.propose(guide.ecoute, replace(seen, revision=2), slot(world))
    with pytest.raises(NotFound):
        await world.propose(guide.ecoute, replace(seen, id=404), slot(world))


async def test_of_what_is_over_nothing_is_proposed(world: World) -> None:
    guide = world.guide
    seen = await declined(world)
    cancelled = await world.cancel(guide.agathe, seen)
    world.clock.advance(minutes=1)
    with pytest.raises(Ended):
        await proposed(world, seen)
    assert Right.PROPOSE not in (await world.view(guide.ecoute, cancelled)).rights
    other = await declined(world, during=FRIDAY_AT_TEN)
    world.clock.set(FRIDAY_AT_TEN.start)
    with pytest.raises(Started):
        await proposed(world, other)
    assert Right.PROPOSE not in (await world.view(guide.ecoute, other)).rights


async def test_nothing_is_proposed_to_an_organiser_who_has_left(world: World) -> None:
    seen = await declined(world)
    await world.store(lambda tx: tx.people.save_worker(replace(world.guide.agathe, active=False)))
    with pytest.raises(OrganiserGone):
        await proposed(world, seen)


async def test_the_time_must_be_one_that_is_offered(world: World) -> None:
    guide = world.guide
    seen = await declined(world)
    offered = [s.during for s in await world.offers(guide.ecoute, seen, THURSDAY)]
    assert offered[0] == between("2026-01-29 09:00", "11:00")
    assert len(offered) == 25
    for odd in (
        between("2026-01-29 18:00", "20:00"),
        between("2026-01-29 10:05", "12:05"),
        between("2026-01-29 10:00", "11:00"),
        TUESDAY_AT_TEN,
        between("2026-01-19 10:00", "12:00"),
    ):
        with pytest.raises(NotEveryoneFree):
            await world.propose(guide.ecoute, seen, slot(world, odd))
    with pytest.raises(NotEveryoneFree):
        await world.propose(guide.ecoute, seen, Slot(THURSDAY_AT_TEN, None))


async def test_everyone_concerned_must_be_free(world: World) -> None:
    """The main worker, the proposer, whoever must be there, and an organiser who is part of it."""
    guide = world.guide
    everyone = (guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref, guide.agathe.ref)
    optional = frozenset({guide.ecoute.id, guide.agathe.id})
    seen = await declined(world, parties=everyone, optional=optional)
    busy = {
        guide.seforme: between("2026-01-29 09:00", "10:00"),
        guide.ecoute: between("2026-01-29 10:00", "11:00"),
        guide.stranger: between("2026-01-29 11:00", "12:00"),
        guide.agathe: between("2026-01-29 12:00", "13:00"),
    }
    for worker, during in busy.items():
        event = ExternalEvent(worker.id, "uid", "", during, "Dentiste")
        await world.store(lambda tx, event=event: tx.agendas.replace_external_events(event.worker_id, [event]))  # type: ignore[misc]
    offered = await world.offers(guide.ecoute, seen, THURSDAY)
    assert offered[0].during == between("2026-01-29 13:00", "15:00")
    aside = await world.change(guide.agathe, seen, optional=frozenset({guide.ecoute.id, guide.stranger.id}))
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.agathe.id, []))
    starts = {s.during.start for s in await world.offers(guide.ecoute, aside, THURSDAY)}
    assert between("2026-01-29 11:00", "13:00").start in starts, "who may be missing keeps nobody"


async def test_what_is_uncertain_is_not_offered(world: World) -> None:
    guide = world.guide
    seen = await declined(world)
    await world.book(guide.agathe, main_worker_id=guide.stranger.id, during=between("2026-01-29 09:00", "16:00"))
    assert await world.offers(guide.ecoute, seen, THURSDAY) == []


async def test_each_slot_keeps_its_place(world: World) -> None:
    guide = world.guide
    namur = await world.store(lambda tx: tx.places.add("Namur", ""))
    ranges = [make_range(guide.seforme, place_id=place) for place in (guide.gembloux.id, namur.id)]
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, ranges))
    seen = await declined(world)
    proposal = await world.propose(guide.ecoute, seen, Slot(THURSDAY_AT_TEN, namur.id))
    assert (await world.accept(guide.agathe, proposal)).place_id == namur.id


async def test_a_range_without_a_place_keeps_the_appointments(world: World) -> None:
    guide = world.guide
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [make_range(guide.seforme)]))
    seen = await declined(world)
    proposal = await world.propose(guide.ecoute, seen, Slot(THURSDAY_AT_TEN, None))
    assert (await world.accept(guide.agathe, proposal)).place_id == guide.gembloux.id


async def test_one_open_proposal_for_each_person(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await declined(world)
    first = await proposed(world, seen)
    assert await proposed(world, seen) == first, "the same again is the same one"
    second = await world.propose(guide.ecoute, seen, slot(world, FRIDAY_AT_TEN))
    assert (await stored(world, first)).state is CounterState.WITHDRAWN
    assert [n.proposal_id for n in await world.deliver()] == [second.id]
    with pytest.raises(ProposalWithdrawn):
        await world.accept(guide.agathe, first)
    assert (await world.accept(guide.agathe, second)).during == FRIDAY_AT_TEN
