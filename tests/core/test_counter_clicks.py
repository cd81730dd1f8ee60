"""The organiser's one click on a proposal of another time: it acts once, in time, and on what still stands (rule 5)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer
from core.availability import BusyKind, ExternalEvent, Limits
from core.conflicts import NeedsConfirmation
from core.counter_views import view_counter
from core.counterproposals import CounterState
from core.errors import (
    AppointmentMoved,
    Away,
    DecidedAlready,
    Ended,
    Held,
    InThePast,
    NotAllowed,
    NotFound,
    ProposalWithdrawn,
    RdvError,
    SlotTaken,
    Stale,
    Started,
)
from core.notices import NoticeKind
from core.notifying import counter_still_holds, still_holds
from tests.builders import TUESDAY_AT_TEN, between, make_notice, unsent
from tests.clock import START
from tests.core.countered import FRIDAY_AT_TEN, THURSDAY, THURSDAY_AT_TEN, declined, proposed, slot, stored
from tests.core.world import World

N = NoticeKind


async def test_one_click_moves_it_and_everybody_is_asked_again(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    parties = (guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref)
    seen = await world.book(guide.agathe, parties=parties)
    seen = await world.answer(guide.stranger, seen, Answer.ACCEPTED)
    seen = await world.answer(guide.ecoute, seen, Answer.DECLINED)
    proposal = await proposed(world, seen)
    await world.told(minutes=1)

    moved = await world.accept(guide.agathe, proposal)

    assert moved == await world.find(seen)
    assert (moved.during, moved.place_id, moved.main_worker_id) == (
        THURSDAY_AT_TEN,
        guide.gembloux.id,
        guide.seforme.id,
    )
    assert {i.worker_id: i.answer for i in moved.invitations} == {
        guide.ecoute.id: Answer.PENDING,
        guide.stranger.id: Answer.PENDING,
    }
    assert (await stored(world, proposal)).state is CounterState.ACCEPTED
    assert await world.told() == [(N.INVITED, "ecoute"), (N.INVITED, "Étienne"), (N.MOVED, "seforme")]
    claims = await world.db.read(lambda tx: tx.agendas.busy([guide.seforme.id], THURSDAY, START))
    assert [(b.kind, b.during) for b in claims] == [(BusyKind.APPOINTMENT, THURSDAY_AT_TEN)]
    reminders = {n.due_at for n in await unsent(world.db) if n.kind is N.REMINDER}
    assert reminders == {THURSDAY_AT_TEN.start - before for before in world.rules.reminders}


async def test_the_organiser_keeps_the_time_and_the_proposer_is_told(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await declined(world)
    proposal = await proposed(world, seen)
    await world.quiet()

    refused = await world.keep(guide.agathe, proposal)

    assert refused == await stored(world, proposal) == replace(proposal, state=CounterState.REFUSED)
    assert await world.find(seen) == seen
    [notice] = await world.deliver()
    assert (notice.kind, notice.recipient_id, notice.about_id) == (N.COUNTER_REFUSED, guide.ecoute.id, guide.agathe.id)
    assert notice.proposal_id == proposal.id
    again = await proposed(world, seen)
    assert again.id != proposal.id, "who was refused may ask once more"


async def test_only_the_organiser_decides(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    proposal = await proposed(world, await declined(world))
    for doing in (world.accept, world.keep):
        for other in (guide.seforme, guide.ecoute, guide.stranger):
            with pytest.raises(NotAllowed):
                await doing(other, proposal)
        with pytest.raises(NotFound):
            await doing(guide.agathe, replace(proposal, id=404))
    assert await stored(world, proposal) == proposal


async def test_of_two_people_one_is_accepted_and_the_other_is_moot(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    parties = (guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref)
    seen = await declined(world, guide.ecoute, guide.stranger, parties=parties)
    mine = await proposed(world, seen)
    other = await world.propose(guide.stranger, seen, slot(world, FRIDAY_AT_TEN))
    moved = await world.accept(guide.agathe, mine)
    assert (await stored(world, other)).state is CounterState.OVERTAKEN
    for doing in (world.accept, world.keep):
        with pytest.raises(AppointmentMoved):
            await doing(guide.agathe, other)
    assert await world.find(moved) == moved


async def test_of_many_clicks_at_once_one_counts(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    parties = (guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref)
    seen = await declined(world, guide.ecoute, guide.stranger, parties=parties)
    mine = await proposed(world, seen)
    other = await world.propose(guide.stranger, seen, slot(world, FRIDAY_AT_TEN))
    clicks = [doing(guide.agathe, p) for p in (mine, other) for doing in (world.accept, world.keep)]
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    refused = [o for o in outcomes if isinstance(o, BaseException)]
    assert all(isinstance(o, Stale) for o in refused)
    states = {(await stored(world, p)).state for p in (mine, other)}
    assert CounterState.PROPOSED not in states
    found = await world.find(seen)
    moves = [line for line in await world.db.read(lambda tx: tx.audit.of(seen.id)) if line[1] == "moved"]
    assert len(moves) == found.revision - 1 == int(CounterState.ACCEPTED in states)


@pytest.mark.parametrize("how", ["undo", "accept", "tentative"])
async def test_who_no_longer_declines_takes_his_proposal_back(every_world: World, how: str) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    seen = await world.answer(guide.ecoute, seen, Answer.DECLINED)
    proposal = await proposed(world, seen)
    if how == "undo":
        seen = await world.undo_decline(guide.ecoute, seen)
        assert seen.invitations[0].answer is Answer.PENDING
    else:
        seen = await world.answer(guide.ecoute, seen, Answer.ACCEPTED if how == "accept" else Answer.TENTATIVE)
    assert (await stored(world, proposal)).state is CounterState.WITHDRAWN
    with pytest.raises(ProposalWithdrawn):
        await world.accept(guide.agathe, proposal)
    assert N.COUNTER_PROPOSED not in [n.kind for n in await world.deliver()]
    await world.answer(guide.ecoute, seen, Answer.DECLINED)
    with pytest.raises(ProposalWithdrawn):
        await world.accept(guide.agathe, proposal)


async def test_undo_of_the_decline_does_not_undo_what_was_decided(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await world.book(guide.agathe)
    seen = await world.answer(guide.ecoute, seen, Answer.DECLINED)
    refused = await proposed(world, seen)
    await world.keep(guide.agathe, refused)
    await world.undo_decline(guide.ecoute, seen)
    assert (await stored(world, refused)).state is CounterState.REFUSED
    seen = await world.answer(guide.ecoute, await world.find(seen), Answer.DECLINED)
    accepted = await proposed(world, seen)
    moved = await world.accept(guide.agathe, accepted)
    with pytest.raises(Stale):
        await world.undo_decline(guide.ecoute, seen)
    assert await world.find(seen) == moved


async def test_a_move_another_main_worker_and_a_removal_leave_nothing_to_decide(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    for changes, refusal, state in (
        ({"during": FRIDAY_AT_TEN}, AppointmentMoved, CounterState.OVERTAKEN),
        ({"main_worker_id": guide.stranger.id}, AppointmentMoved, CounterState.OVERTAKEN),
        ({"parties": (guide.gisele.ref,)}, ProposalWithdrawn, CounterState.WITHDRAWN),
    ):
        seen = await declined(world)
        proposal = await proposed(world, seen)
        changed = await world.change(guide.agathe, seen, **changes)
        assert (await stored(world, proposal)).state is state
        for doing in (world.accept, world.keep):
            with pytest.raises(refusal):
                await doing(guide.agathe, proposal)
        assert await world.find(seen) == changed
        assert N.COUNTER_PROPOSED not in [n.kind for n in await world.deliver()]
        await world.delete(guide.agathe, changed)
        world.clock.advance(minutes=1)
        await world.quiet()


async def test_another_comment_keeps_the_proposal(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await declined(world)
    proposal = await proposed(world, seen)
    await world.change(guide.agathe, seen, comment="Apporter le bail")
    moved = await world.accept(guide.agathe, proposal)
    assert (moved.during, moved.comment) == (THURSDAY_AT_TEN, "Apporter le bail")


async def test_a_cancellation_stops_it_and_its_undo_lets_it_go_on(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await declined(world)
    proposal = await proposed(world, seen)
    await world.cancel(guide.agathe, seen)
    for doing in (world.accept, world.keep):
        with pytest.raises(Ended):
            await doing(guide.agathe, proposal)
    await world.undo(guide.agathe, seen)
    await world.cancel(guide.seforme, await world.find(seen))
    with pytest.raises(Ended):
        await world.accept(guide.agathe, proposal)
    await world.undo(guide.seforme, seen)
    assert (await world.accept(guide.agathe, proposal)).during == THURSDAY_AT_TEN


async def test_once_one_of_the_two_times_has_come_there_is_nothing_to_decide(world: World) -> None:
    guide = world.guide
    early = between("2026-01-26 10:00", "12:00")
    seen = await declined(world)
    proposal = await world.propose(guide.ecoute, seen, slot(world, early))
    world.clock.set(early.start)
    with pytest.raises(InThePast):
        await world.accept(guide.agathe, proposal)
    later = await proposed(world, seen)
    world.clock.set(TUESDAY_AT_TEN.start)
    with pytest.raises(Started):
        await world.accept(guide.agathe, later)


async def test_a_time_that_went_meanwhile_is_not_taken(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    seen = await declined(world)
    proposal = await proposed(world, seen)

    async def refuses(refusal: type[RdvError]) -> None:
        before = await world.find(seen)
        with pytest.raises(refusal):
            await world.accept(guide.agathe, proposal)
        assert await world.find(seen) == before
        assert await stored(world, proposal) == proposal

    await world.hold(guide.stranger, guide.seforme, THURSDAY_AT_TEN)
    await refuses(Held)
    world.clock.advance(minutes=10)
    own = await world.book(guide.seforme, during=THURSDAY_AT_TEN, parties=(guide.gisele.ref,))
    await refuses(SlotTaken)
    await world.delete(guide.seforme, own)
    world.clock.advance(minutes=1)
    away = await world.absent(guide.seforme, THURSDAY)
    await refuses(Away)
    await world.store(lambda tx: tx.agendas.delete_absence(guide.seforme.id, away.id))
    event = ExternalEvent(guide.ecoute.id, "uid", "", THURSDAY_AT_TEN, "Dentiste")
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, [event]))
    await refuses(NeedsConfirmation)
    await world.store(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, []))
    await world.limit(guide.seforme, Limits(notice=timedelta(days=30)))
    await refuses(NeedsConfirmation)
    await world.limit(guide.seforme, Limits())
    assert (await world.accept(guide.agathe, proposal)).during == THURSDAY_AT_TEN


async def test_the_two_of_them_read_it_and_nobody_else(world: World) -> None:
    guide = world.guide
    seen = await declined(world)
    proposal = await proposed(world, seen)
    now = world.clock.now()
    for viewer in (guide.agathe, guide.ecoute):
        view = await world.db.read(lambda tx, viewer=viewer: view_counter(tx, viewer, proposal.id, now))  # type: ignore[misc]
        assert (view.proposal, view.proposer, view.place) == (proposal, guide.ecoute, guide.gembloux)
        assert (view.appointment.appointment, view.over) == (seen, None)
    for outsider in (guide.seforme, guide.stranger):
        with pytest.raises(NotFound):
            await world.db.read(lambda tx, outsider=outsider: view_counter(tx, outsider, proposal.id, now))  # type: ignore[misc]
    await world.keep(guide.agathe, proposal)
    view = await world.db.read(lambda tx: view_counter(tx, guide.agathe, proposal.id, now))
    assert isinstance(view.over, DecidedAlready)
    with pytest.raises(DecidedAlready):
        await world.accept(guide.agathe, proposal)


async def test_a_notice_holds_while_it_is_true(world: World) -> None:
    guide = world.guide
    seen = await declined(world)
    proposal, now = await proposed(world, seen), world.clock.now()
    asked = make_notice(0, guide.agathe, N.COUNTER_PROPOSED, proposal_id=proposal.id, expires_at=TUESDAY_AT_TEN.start)
    told = make_notice(0, guide.ecoute, N.COUNTER_REFUSED, proposal_id=proposal.id, expires_at=TUESDAY_AT_TEN.start)
    for state in CounterState:
        decided = replace(proposal, state=state)
        assert counter_still_holds(asked, decided, seen, now) is (state is CounterState.PROPOSED)
        assert counter_still_holds(told, decided, seen, now) is (state is CounterState.REFUSED)
    refused = replace(proposal, state=CounterState.REFUSED)
    assert not counter_still_holds(asked, None, seen, now)
    assert not counter_still_holds(asked, proposal, None, now)
    assert not counter_still_holds(asked, proposal, seen, TUESDAY_AT_TEN.start)
    assert not counter_still_holds(told, refused, replace(seen, invitations=()), now)
    assert not still_holds(asked, seen, now)
    cancelled = await world.cancel(guide.agathe, seen)
    assert not counter_still_holds(asked, proposal, cancelled, now)
    assert not counter_still_holds(told, refused, cancelled, world.clock.now() + world.rules.undo)


async def test_while_it_is_being_ended_the_question_waits(every_world: World) -> None:
    """The invitee cannot know: what he proposes is asked if the ending is taken back, and else not at all."""
    world, guide = every_world, every_world.guide
    for undone in (True, False):
        seen = await declined(world)
        cancelled = await world.cancel(guide.agathe, seen)
        proposal = await proposed(world, seen)
        assert N.COUNTER_PROPOSED not in [n.kind for n in await world.deliver()]
        if undone:
            await world.undo(guide.agathe, cancelled)
        world.clock.advance(world.rules.undo)
        asked = [n.proposal_id for n in await world.deliver() if n.kind is N.COUNTER_PROPOSED]
        assert asked == ([proposal.id] if undone else [])
        if undone:
            await world.delete(guide.agathe, await world.find(seen))
            world.clock.advance(minutes=1)
            await world.quiet()
