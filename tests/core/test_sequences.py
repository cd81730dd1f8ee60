"""Random sequences of what people do, against a simple model, on each database."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import storage
from core.appointments import Answer, Appointment, EndingKind
from core.availability import BusyKind, Limits
from core.conflicts import NeedsConfirmation
from core.errors import RdvError
from core.notices import NoticeKind
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from storage.memory import MemoryDatabase
from tests.builders import at, store_guide, unsent
from tests.clock import SetClock
from tests.core.machines import play, sqlite_copies
from tests.core.model import UNDO, Booked, End, Hold, Model, Refusal, Said
from tests.core.world import World, shown

T = TypeVar("T")

PEOPLE = st.integers(0, 3)
GROUPS = st.sets(PEOPLE, max_size=3)
ANY = st.integers(0, 1_000)
SLOTS = st.builds(
    lambda day, hour, length: Interval.lasting(at(f"2026-01-{day} {hour:02}:00"), timedelta(hours=length)),
    st.sampled_from([26, 27]),
    st.sampled_from([9, 10, 11, 16, 18]),
    st.integers(1, 2),
)
PAUSES = st.sampled_from(
    [timedelta(seconds=s) for s in (1, 5, 10)] + [timedelta(hours=1), timedelta(days=1), timedelta(days=5, hours=2)]
)
WHOLE = Interval(at("2026-01-01 00:00"), at("2026-03-01 00:00"))
LIMITS = st.builds(
    Limits,
    notice=st.sampled_from([timedelta(0), timedelta(days=5)]),
    before=st.sampled_from([timedelta(0), timedelta(minutes=30)]),
    after=st.sampled_from([timedelta(0), timedelta(hours=1)]),
    daily=st.integers(0, 2),
)
ONCE = {NoticeKind.CANCELLED, NoticeKind.DELETED}


class Booking(RuleBasedStateMachine):
    """`open_database` gives an empty database for each run."""

    def __init__(self, open_database: Callable[[], Database]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        db = open_database()
        self.world = World(db, self.clock, Rules(), self.run(db.write(store_guide)))
        self.people = self.world.guide.workers
        self.model = Model(lead=self.world.guide.seforme.id)
        self.cards: list[Appointment] = []

    def run(self, doing: Awaitable[T]) -> T:
        async def whole() -> T:
            return await doing

        return self.runner.run(whole())

    def tried(self, doing: Callable[[], Awaitable[T]], refusal: Refusal) -> T | None:
        """Do it; return what comes of it, if it is not to be refused."""
        result, fault = None, None
        try:
            result = self.run(doing())
        except RdvError as refused:
            fault = refused
        assert (type(fault) if fault else None) is refusal, f"{fault!r} instead of {refusal}"
        return result

    def expect(self, doing: Callable[[], Awaitable[Appointment]], refusal: Refusal) -> Appointment | None:
        """As `tried`, for what leaves a card."""
        result = self.tried(doing, refusal)
        if result is not None:
            self.cards.append(result)
        return result

    def place(self, doing: Callable[[frozenset[str]], Awaitable[Appointment]], refusal: Refusal) -> Appointment | None:
        """As `expect`, and confirms what is asked, if it is what the model knows."""
        if refusal is not NeedsConfirmation:
            return self.expect(lambda: doing(frozenset()), refusal)
        with pytest.raises(NeedsConfirmation) as question:
            self.run(doing(frozenset()))
        assert {(c.worker_id, c.kind) for c in question.value.conflicts} == self.model.questions
        return self.expect(lambda: doing(shown(question.value)), None)

    def card(self, pick: int, *, newest: bool) -> Appointment:
        """A card someone holds: often the newest of its appointment, at times an old one."""
        found = self.cards[pick % len(self.cards)]
        return next(c for c in reversed(self.cards) if c.id == found.id) if newest else found

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(actor=PEOPLE, main=PEOPLE, invited=GROUPS, optional=GROUPS, during=SLOTS)
    def book(self, actor: int, main: int, invited: set[int], optional: set[int], during: Interval) -> None:
        who, whose = self.people[actor], self.people[main]
        asked = [self.people[i] for i in sorted(invited) if i != main]
        parties = (self.world.guide.gisele.ref, *(w.ref for w in asked))
        spared = frozenset(self.people[i].id for i in optional)
        refusal = self.model.placing(who.id, whose.id, {w.id for w in asked} - spared, during, self.now)
        result = self.place(
            lambda confirmed: self.world.book(
                who, main_worker_id=whose.id, during=during, parties=parties, confirmed=confirmed, optional=spared
            ),
            refusal,
        )
        if result is not None:
            self.model.holds.pop(who.id, None)
            self.model.booked[result.id] = Booked(
                whose.id,
                who.id,
                during,
                {w.id: Said(self._first(w, who), optional=w.id in spared) for w in asked},
            )

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY, newest=st.booleans(), during=SLOTS)
    def move(self, actor: int, pick: int, newest: bool, during: Interval) -> None:
        who, card = self.people[actor], self.card(pick, newest=newest)
        b = self.model.booked[card.id]
        main, required = card.main_worker_id, {i.worker_id for i in card.invitations if not i.optional}
        refusal = self.model.acting(who.id, card.id, card.revision, self.now)
        if refusal is None and during == b.during:
            assert self.run(self.world.change(who, card, during=during)) == self.run(self.world.find(card))
            self.model.holds.pop(who.id, None)
            return
        refusal = refusal or self.model.placing(who.id, main, required, during, self.now, ignoring=card.id)
        result = self.place(lambda confirmed: self.world.change(who, card, during=during, confirmed=confirmed), refusal)
        if result is not None:
            self.model.holds.pop(who.id, None)
            b.during, b.revision = during, b.revision + 1
            for worker, said in b.said.items():
                if worker != b.creator:
                    b.said[worker] = Said(sequence=said.sequence + 1, optional=said.optional)

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY, newest=st.booleans(), invited=GROUPS, optional=GROUPS)
    def invite(self, actor: int, pick: int, newest: bool, invited: set[int], optional: set[int]) -> None:
        who, card = self.people[actor], self.card(pick, newest=newest)
        b = self.model.booked[card.id]
        asked = [self.people[i] for i in sorted(invited) if self.people[i].id != card.main_worker_id]
        parties = (self.world.guide.gisele.ref, *(w.ref for w in asked))
        spared = frozenset(w.id for w in asked if w.handle in {self.people[i].handle for i in optional})
        refusal = self.model.acting(who.id, card.id, card.revision, self.now)
        as_it_was = parties == card.parties and spared == {i.worker_id for i in card.invitations if i.optional}
        if refusal is None and as_it_was:
            return
        required = {w for w, said in b.said.items() if not said.optional}
        refusal = refusal or self.model.adding(who.id, card.id, {w.id for w in asked} - spared - required, self.now)
        result = self.place(
            lambda confirmed: self.world.change(who, card, parties=parties, confirmed=confirmed, optional=spared),
            refusal,
        )
        if result is not None:
            creator = next(w for w in self.people if w.id == b.creator)
            self.model.holds.pop(who.id, None)
            b.revision += 1
            b.said = {w.id: b.said.get(w.id) or Said(self._first(w, creator)) for w in asked}
            for worker, said in b.said.items():
                said.optional = worker in spared

    @rule(actor=PEOPLE, main=PEOPLE, during=SLOTS)
    def choose(self, actor: int, main: int, during: Interval) -> None:
        who, whose = self.people[actor], self.people[main]
        refusal = self.model.holding(who.id, whose.id, during, self.now)
        self.tried(lambda: self.world.hold(who, whose, during), refusal)
        if refusal is None:
            self.model.holds[who.id] = Hold(whose.id, during, self.now + self.world.rules.hold)

    @rule(actor=PEOPLE, during=SLOTS)
    def be_away(self, actor: int, during: Interval) -> None:
        self.run(self.world.absent(self.people[actor], during))
        self.model.absences.append((self.people[actor].id, during))

    @rule(actor=PEOPLE, limits=LIMITS)
    def limit(self, actor: int, limits: Limits) -> None:
        self.run(self.world.limit(self.people[actor], limits))
        self.model.limits[self.people[actor].id] = limits

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY, newest=st.booleans(), answer=st.sampled_from(list(Answer)[1:]))
    def answer(self, actor: int, pick: int, newest: bool, answer: Answer) -> None:
        who, card = self.people[actor], self.card(pick, newest=newest)
        own = card.invitation_of(who.id)
        sequence = own.sequence if own else 0
        refusal = self.model.answering(who.id, card.id, card.revision, sequence, self.now, answer)
        if self.expect(lambda: self.world.answer(who, card, answer), refusal) is not None:
            said = self.model.booked[card.id].said[who.id]
            if said.answer is not answer:
                visible = said.before if said.settles is not None and self.now < said.settles else said.answer
                said.before, said.answer, said.sequence = visible, answer, said.sequence + 1
                said.settles = self.now + UNDO if answer is Answer.DECLINED else None

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY, newest=st.booleans())
    def undo_decline(self, actor: int, pick: int, newest: bool) -> None:
        who, card = self.people[actor], self.card(pick, newest=newest)
        own = card.invitation_of(who.id)
        if own is None:
            return
        refusal = self.model.undoing_decline(who.id, card.id, own.sequence, self.now)
        if self.expect(lambda: self.world.undo_decline(who, card), refusal) is not None:
            said = self.model.booked[card.id].said[who.id]
            said.answer, said.sequence, said.settles = said.before, said.sequence + 1, None

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY, newest=st.booleans(), deleting=st.booleans())
    def end(self, actor: int, pick: int, newest: bool, deleting: bool) -> None:
        who, card = self.people[actor], self.card(pick, newest=newest)
        doing = self.world.delete if deleting else self.world.cancel
        refusal = self.model.acting(who.id, card.id, card.revision, self.now, also_begun=deleting)
        if self.expect(lambda: doing(who, card), refusal) is not None:
            b = self.model.booked[card.id]
            settled = b.end is not None and self.now >= b.end.settles
            canceller = b.end.by if b.end is not None and settled else who.id
            kind = EndingKind.DELETED if deleting else EndingKind.CANCELLED
            b.end = End(kind, who.id, self.now + UNDO, was_cancelled=settled, cancelled_by=canceller)

    @precondition(lambda self: self.cards)
    @rule(actor=PEOPLE, pick=ANY)
    def undo(self, actor: int, pick: int) -> None:
        who, card = self.people[actor], self.card(pick, newest=True)
        refusal = self.model.undoing(who.id, card.id, self.now)
        if self.expect(lambda: self.world.undo(who, card), refusal) is not None:
            b = self.model.booked[card.id]
            assert b.end is not None
            b.end = End(EndingKind.CANCELLED, b.end.cancelled_by, self.now) if b.end.was_cancelled else None

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)

    @rule()
    def send(self) -> None:
        self.no_notice_is_there_twice()
        self.run(self.world.deliver())

    @invariant()
    def the_model_equals_the_database(self) -> None:
        for key, b in self.model.booked.items():
            stored = self.run(self.world.find(self.world.guide.appointment(id=key)))
            assert (stored.main_worker_id, stored.creator_id, stored.during, stored.revision) == (
                b.main,
                b.creator,
                b.during,
                b.revision,
            )
            assert {i.worker_id: (i.answer, i.sequence, i.optional) for i in stored.invitations} == {
                w: (s.answer, s.sequence, s.optional) for w, s in b.said.items()
            }
            for i in stored.invitations:
                said = b.said[i.worker_id]
                hidden = said.settles is not None and self.now < said.settles
                assert i.seen_by(0, self.now) is (said.before if hidden else said.answer)
            assert (stored.ending is None) is (b.end is None)
            if stored.ending is not None and b.end is not None:
                assert (stored.ending.kind, stored.ending.by_id, stored.ending.settles_at) == (
                    b.end.kind,
                    b.end.by,
                    b.end.settles,
                )

    @invariant()
    def everyone_sees_what_the_model_says(self) -> None:
        def look(tx: Transaction) -> None:
            for worker in self.people:
                listed = tx.appointments.of_case(1285, worker.id, self.now, limit=1_000)
                assert {a.id for a in listed} == self.model.listed(worker.id, self.now)
                assert tx.appointments.count_invited(worker.id, self.now) == self.model.waiting(worker.id, self.now)
                busy = tx.agendas.busy([worker.id], WHOLE, self.now)
                held = {(b.held_by, b.during) for b in busy if b.kind is BusyKind.HOLD}
                assert held == self.model.held(worker.id, self.now)

        self.run(self.world.db.read(look))

    @invariant()
    def no_two_standing_appointments_of_a_main_worker_overlap(self) -> None:
        for worker in self.people:
            own = sorted(b.during for b in self.model.booked.values() if b.main == worker.id and b.takes_time(self.now))
            assert not any(a.overlaps(b) for a, b in itertools.pairwise(own))

    def no_notice_is_there_twice(self) -> None:
        waiting = self.run(unsent(self.world.db))
        keys = Counter(
            (n.appointment_id, n.recipient_id, n.kind, n.version, n.minutes) for n in self.world.sent + waiting
        )
        assert not keys or max(keys.values()) == 1
        told = Counter((n.appointment_id, n.recipient_id, n.kind) for n in self.world.sent if n.kind in ONCE)
        assert not told or max(told.values()) == 1

    def teardown(self) -> None:
        self.no_notice_is_there_twice()
        self.clock.advance(days=400)
        self.run(self.world.deliver())
        left = self.run(unsent(self.world.db))
        self.run(self.world.db.close())
        self.runner.close()
        assert left == []

    def _first(self, worker: Worker, creator: Worker) -> Answer:
        return Answer.ACCEPTED if worker.id == creator.id else Answer.PENDING


def test_sequences_in_memory() -> None:
    play(Booking, MemoryDatabase, runs=60, steps=30)


def test_sequences_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    play(Booking, sqlite_copies(sqlite_template, tmp_path), runs=10, steps=25)


@pytest.mark.slow
@pytest.mark.postgres
def test_sequences_on_postgres(empty_postgres: Callable[[], str]) -> None:
    play(Booking, lambda: storage.open_database(empty_postgres()), runs=10, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_long_sequences_in_memory() -> None:
    play(Booking, MemoryDatabase, runs=400, steps=60)
