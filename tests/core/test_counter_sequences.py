"""Random sequences around proposals of another time: never booked twice, and what was decided never acts again."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.appointments import Answer, Appointment
from core.availability import BusyKind, Slot
from core.conflicts import NeedsConfirmation
from core.counterproposals import CounterProposal, CounterState
from core.errors import Away, Ended, InThePast, RdvError, SlotTaken, Stale, Started
from core.notices import NoticeKind
from core.people import Worker
from core.rules import Rules
from core.times import Interval
from storage.memory import MemoryDatabase
from tests.builders import between, store_guide
from tests.clock import SetClock
from tests.core.world import World

T = TypeVar("T")
ANY = st.integers(0, 1_000)
STARTS = [f"2026-01-{day} {hour:02}:00" for day in (27, 28) for hour in (9, 10, 11, 14)]
TIMES = st.sampled_from([Interval.lasting(between(at, "23:00").start, timedelta(hours=2)) for at in STARTS])
PAUSES = st.sampled_from([timedelta(seconds=5)] * 12 + [timedelta(minutes=1), timedelta(days=7, hours=11)])
WHOLE = between("2026-01-01 00:00", "2026-03-01 00:00")
TOO_LATE = (Ended, Started, InThePast, SlotTaken, Away, NeedsConfirmation)
"""Why an open proposal may not be carried out, or not yet."""


class Countering(RuleBasedStateMachine):
    """Agathe and seforme organise, two colleagues are invited; `alive` are the proposals that wait for a click."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        db = MemoryDatabase()
        guide = self.run(db.write(store_guide))
        self.world = World(db, self.clock, Rules(), guide)
        self.organisers = (guide.agathe, guide.seforme)
        self.invitees = (guide.ecoute, guide.stranger)
        self.ids: list[int] = []
        self.alive: dict[int, CounterProposal] = {}
        self.over: dict[int, CounterState] = {}

    def run(self, doing: Awaitable[T]) -> T:
        async def whole() -> T:
            return await doing

        return self.runner.run(whole())

    def tried(self, doing: Awaitable[T]) -> T | None:
        """Do it; what the rules refuse is left."""
        try:
            return self.run(doing)
        except RdvError:
            return None

    def appointment(self, pick: int) -> Appointment:
        """One of the appointments: mostly of those that stand, so that something comes of it."""
        found = [self.run(self.world.find(self.world.guide.appointment(id=number))) for number in self.ids]
        coming = [a for a in found if a.ending is None and a.during.start > self.clock.now()]
        some = coming if coming and pick % 4 else found
        return some[pick % len(some)]

    def stored(self, proposal: CounterProposal) -> CounterProposal:
        found = self.run(self.world.db.read(lambda tx: tx.counterproposals.find(proposal.id)))
        assert found is not None
        return found

    def end(self, state: CounterState, appointment_id: int, proposer_id: int | None = None) -> None:
        """What waited about this appointment, of one proposer or of all, is over."""
        for proposal in list(self.alive.values()):
            if proposal.appointment_id == appointment_id and proposer_id in (None, proposal.proposer_id):
                del self.alive[proposal.id]
                self.over[proposal.id] = state

    @initialize(during=TIMES)
    def begin(self, during: Interval) -> None:
        self.book(0, during, both=True)

    @rule(by=st.integers(0, 1), during=TIMES, both=st.booleans())
    def book(self, by: int, during: Interval, both: bool) -> None:
        guide, asked = self.world.guide, self.invitees if both else self.invitees[:1]
        parties = (guide.gisele.ref, *(w.ref for w in asked))
        made = self.tried(self.world.book(self.organisers[by], during=during, parties=parties))
        if made is not None:
            self.ids.append(made.id)

    @precondition(lambda self: self.ids)
    @rule(pick=ANY, who=st.integers(0, 1), answer=st.sampled_from([Answer.DECLINED] * 3 + [Answer.ACCEPTED]))
    def answer(self, pick: int, who: int, answer: Answer) -> None:
        seen, worker = self.appointment(pick), self.invitees[who]
        if self.tried(self.world.answer(worker, seen, answer)) is not None and answer is not Answer.DECLINED:
            self.end(CounterState.WITHDRAWN, seen.id, worker.id)

    @precondition(lambda self: self.ids)
    @rule(pick=ANY, who=st.integers(0, 1))
    def undo_decline(self, pick: int, who: int) -> None:
        seen, worker = self.appointment(pick), self.invitees[who]
        invited = seen.invitation_of(worker.id) is not None
        if invited and self.tried(self.world.undo_decline(worker, seen)) is not None:
            self.end(CounterState.WITHDRAWN, seen.id, worker.id)

    @precondition(lambda self: self.ids)
    @rule(pick=ANY, who=st.integers(0, 1), during=TIMES)
    def propose(self, pick: int, who: int, during: Interval) -> None:
        worker = self.invitees[who]
        self.tried(self.world.answer(worker, self.appointment(pick), Answer.DECLINED))
        seen, slot = self.appointment(pick), Slot(during, self.world.guide.gembloux.id)
        made = self.tried(self.world.propose(worker, seen, slot))
        if made is not None and made.id not in self.alive:
            self.end(CounterState.WITHDRAWN, seen.id, worker.id)
            self.alive[made.id] = made

    @precondition(lambda self: self.alive or self.over)
    @rule(pick=ANY, accepting=st.booleans())
    def decide(self, pick: int, accepting: bool) -> None:
        numbers = sorted(self.alive) if self.alive and pick % 3 else sorted([*self.alive, *self.over])
        chosen = numbers[pick % len(numbers)]
        proposal = self.run(self.world.db.read(lambda tx: tx.counterproposals.find(chosen)))
        assert proposal is not None
        before = self.run(self.world.find(self.world.guide.appointment(id=proposal.appointment_id)))
        organiser = next(w for w in self.world.guide.workers if w.id == before.creator_id)
        fault = None
        try:
            self.run(self._clicked(accepting, organiser, proposal))
        except RdvError as refusal:
            fault = refusal
        after = self.run(self.world.find(before))
        if fault is not None:
            assert isinstance(fault, TOO_LATE if chosen in self.alive else (Stale, Ended, Started)), fault
            assert (after, self.stored(proposal)) == (before, proposal), "a refused click acts on nothing"
            return
        assert chosen in self.alive, "what was decided acted again"
        del self.alive[chosen]
        self.over[chosen] = CounterState.ACCEPTED if accepting else CounterState.REFUSED
        if not accepting:
            assert after == before
            return
        assert (after.during, after.place_id) == (proposal.during, proposal.place_id)
        assert {i.answer for i in after.invitations} == {Answer.PENDING}
        self.end(CounterState.OVERTAKEN, after.id)

    @precondition(lambda self: self.ids)
    @rule(pick=ANY, during=TIMES)
    def move(self, pick: int, during: Interval) -> None:
        seen = self.appointment(pick)
        organiser = next(w for w in self.world.guide.workers if w.id == seen.creator_id)
        moved = self.tried(self.world.change(organiser, seen, during=during))
        if moved is not None and moved.during != seen.during:
            self.end(CounterState.OVERTAKEN, seen.id)

    @precondition(lambda self: self.ids)
    @rule(pick=ANY, deleting=st.booleans())
    def cancel(self, pick: int, deleting: bool) -> None:
        seen = self.appointment(pick)
        organiser = next(w for w in self.world.guide.workers if w.id == seen.creator_id)
        self.tried((self.world.delete if deleting else self.world.cancel)(organiser, seen))

    @precondition(lambda self: self.ids)
    @rule(pick=ANY)
    def undo(self, pick: int) -> None:
        seen = self.appointment(pick)
        organiser = next(w for w in self.world.guide.workers if w.id == seen.creator_id)
        self.tried(self.world.undo(organiser, seen))

    @rule(who=st.integers(0, 1), during=TIMES)
    def be_away(self, who: int, during: Interval) -> None:
        self.run(self.world.absent(self.organisers[who], during))

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)
        self.run(self.world.deliver())

    @invariant()
    def each_proposal_is_in_the_state_that_it_came_to(self) -> None:
        for proposal in self.alive.values():
            assert self.stored(proposal) == proposal
        for number, state in self.over.items():
            found = self.run(self.world.db.read(lambda tx, number=number: tx.counterproposals.find(number)))  # type: ignore[misc]
            assert found is not None
            assert found.state is state

    @invariant()
    def each_person_has_one_open_proposal_at_most(self) -> None:
        waiting = Counter((p.appointment_id, p.proposer_id) for p in self.alive.values())
        assert not waiting or max(waiting.values()) == 1

    @invariant()
    def nobody_is_booked_twice(self) -> None:
        ids, now = [w.id for w in self.world.guide.workers], self.clock.now()
        busy = self.run(self.world.db.read(lambda tx: tx.agendas.busy(ids, WHOLE, now)))
        own = sorted((b.worker_id, b.during) for b in busy if b.kind is BusyKind.APPOINTMENT)
        assert not any(a[0] == b[0] and a[1].overlaps(b[1]) for a, b in itertools.pairwise(own))

    def teardown(self) -> None:
        self.clock.advance(days=400)
        self.run(self.world.deliver())
        told = Counter((n.proposal_id, n.kind) for n in self.world.sent if n.proposal_id)
        assert not told or max(told.values()) == 1
        refused = {number for number, kind in told if kind is NoticeKind.COUNTER_REFUSED}
        assert refused <= {number for number, state in self.over.items() if state is CounterState.REFUSED}
        self.runner.close()

    async def _clicked(self, accepting: bool, organiser: Worker, proposal: CounterProposal) -> None:
        await (self.world.accept(organiser, proposal) if accepting else self.world.keep(organiser, proposal))


def play(runs: int, steps: int) -> None:
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Countering, settings=chosen)


@pytest.mark.slow
def test_sequences() -> None:
    play(runs=60, steps=40)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_long_sequences() -> None:
    play(runs=600, steps=60)
