"""Accounts and their codes in random order, against a simple model, on each database."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import storage
from core.errors import AccountTaken, CodeUnknown, LastAccount, RdvError
from core.linking import VALID_FOR, burn, give_code, new_code, redeem, unlink
from core.people import Account, Worker
from core.ports import Database, Transaction
from storage.memory import MemoryDatabase
from tests.builders import store_guide
from tests.clock import SetClock
from tests.core.machines import play, sqlite_copies

T = TypeVar("T")

PLACES = [("slack", "T1", "U1"), ("slack", "T1", "U2"), ("teams", "tenant", "O1"), ("telegram", "telegram", "7")]
PEOPLE, WHERE, ANY = st.integers(0, 2), st.sampled_from(PLACES), st.integers(0, 1_000)
PAUSES = st.sampled_from([timedelta(seconds=1), timedelta(minutes=5), VALID_FOR])
Place = tuple[str, str, str]


@dataclass
class Code:
    """A code of a worker's: until when it joins an account, and which it has joined."""

    text: str
    worker: int
    until: datetime
    spent_on: Place | None = None
    dead: bool = False


@dataclass
class Own:
    """An account as the model knows it; `order` is how long it has been known."""

    worker: int
    order: int
    muted: bool = False
    preferred: bool = False


@dataclass
class Model:
    """Whose each account is, the one that notices go to, and the codes."""

    owned: dict[Place, Own] = field(default_factory=dict)
    current: dict[int, Place] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    orders: "itertools.count[int]" = field(default_factory=itertools.count)

    def of(self, worker: int, *, heard: bool = False) -> list[Place]:
        """Return his accounts."""
        return [p for p, own in self.owned.items() if own.worker == worker and not (heard and own.muted)]

    def settle(self, worker: int, wanted: Place | None = None) -> None:
        """Let the right one be the one that notices go to."""
        heard = sorted(self.of(worker, heard=True), key=lambda p: self.owned[p].order)
        preferred = [p for p in heard if self.owned[p].preferred]
        by_rank = [*preferred, *(p for p in (wanted, self.current.get(worker)) if p in heard), *heard]
        self.current.pop(worker, None)
        if by_rank:
            assert by_rank[0] is not None
            self.current[worker] = by_rank[0]

    def saying(self, code: Code, place: Place, now: datetime) -> type[RdvError] | None:
        """Return why a code is refused there."""
        own = self.owned.get(place)
        if code.spent_on is not None:
            same = code.spent_on == place and own is not None and own.worker == code.worker
            return None if same else CodeUnknown
        if code.dead or now >= code.until:
            return CodeUnknown
        return AccountTaken if own is not None and own.worker != code.worker else None


class Linking(RuleBasedStateMachine):
    """`open_database` gives an empty database for each run."""

    def __init__(self, open_database: Callable[[], Database]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        self.db = open_database()
        self.people: list[Worker] = list(self.run(self.db.write(store_guide)).workers)
        self.model = Model()

    def run(self, doing: Awaitable[T]) -> T:
        async def whole() -> T:
            return await doing

        return self.runner.run(whole())

    def expect(self, work: Callable[[Transaction], T], refusal: type[RdvError] | None) -> T | None:
        """Do it; it must be refused just so, or not at all."""
        if refusal is None:
            return self.run(self.db.write(work))
        with pytest.raises(refusal):
            self.run(self.db.write(work))
        return None

    def account(self, place: Place) -> Account:
        found = self.run(self.db.read(lambda tx: tx.accounts.find(*place)))
        assert found is not None
        return found[0]

    # --- codes

    @rule(who=PEOPLE)
    def ask_for_a_code(self, who: int) -> None:
        now, text = self.clock.now(), new_code()
        until = self.run(self.db.write(lambda tx: give_code(tx, self.people[who], text, now)))
        for code in self.model.codes:
            code.dead = code.dead or (code.worker == who and code.spent_on is None)
        self.model.codes.append(Code(text, who, until))

    @precondition(lambda self: self.model.codes)
    @rule(pick=ANY, place=WHERE, newest=st.booleans())
    def say_a_code(self, pick: int, place: Place, newest: bool) -> None:
        codes, now = self.model.codes, self.clock.now()
        code = codes[-1] if newest else codes[pick % len(codes)]
        refusal = self.model.saying(code, place, now)
        joined = self.expect(lambda tx: redeem(tx, code.text, *place, now), refusal)
        if joined is None:
            return
        assert joined[1].id == self.people[code.worker].id
        if code.spent_on is None and place not in self.model.owned:
            self.model.owned[place] = Own(code.worker, next(self.model.orders))
            self.model.settle(code.worker, place)
        code.spent_on = place

    @precondition(lambda self: self.model.codes)
    @rule(pick=ANY)
    def say_a_code_where_others_read(self, pick: int) -> None:
        now, code = self.clock.now(), self.model.codes[pick % len(self.model.codes)]
        self.run(self.db.write(lambda tx: burn(tx, code.text, now)))
        code.dead = code.dead or code.spent_on is None

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)

    @rule()
    def old_codes_are_forgotten(self) -> None:
        now = self.clock.now()
        self.run(self.db.write(lambda tx: tx.codes.prune(now)))
        self.model.codes = [c for c in self.model.codes if c.until >= now]

    # --- accounts

    @precondition(lambda self: self.model.owned)
    @rule(pick=ANY)
    def speak(self, pick: int) -> None:
        place = self._any(pick)
        account = self.account(place)
        self.run(self.db.write(lambda tx: tx.accounts.make_current(account)))
        self.model.settle(self.model.owned[place].worker, place)

    @precondition(lambda self: self.model.owned)
    @rule(pick=ANY, preferred=st.booleans())
    def prefer(self, pick: int, preferred: bool) -> None:
        place = self._any(pick)
        account, own = self.account(place), self.model.owned[place]
        self.run(self.db.write(lambda tx: tx.accounts.prefer(account, preferred=preferred)))
        if own.preferred == preferred:
            return
        for other in self.model.of(own.worker):
            self.model.owned[other].preferred = False
        own.preferred, own.muted = preferred, own.muted and not preferred
        self.model.settle(own.worker)

    @precondition(lambda self: self.model.owned)
    @rule(pick=ANY, muted=st.booleans())
    def mute(self, pick: int, muted: bool) -> None:
        place = self._any(pick)
        account, own = self.account(place), self.model.owned[place]
        last = muted and not own.muted and self.model.of(own.worker, heard=True) == [place]
        self.expect(lambda tx: tx.accounts.mute(account, muted=muted), LastAccount if last else None)
        if last or own.muted == muted:
            return
        own.muted, own.preferred = muted, False
        self.model.settle(own.worker)

    @precondition(lambda self: self.model.owned)
    @rule(pick=ANY)
    def unlink(self, pick: int) -> None:
        place = self._any(pick)
        account, own = self.account(place), self.model.owned[place]
        last = not [p for p in self.model.of(own.worker, heard=True) if p != place]
        self.expect(lambda tx: unlink(tx, self.people[own.worker], account.id), LastAccount if last else None)
        if last:
            return
        del self.model.owned[place]
        self.model.codes = [c for c in self.model.codes if c.spent_on != place]
        self.model.settle(own.worker)

    def _any(self, pick: int) -> Place:
        places = sorted(self.model.owned)
        return places[pick % len(places)]

    # --- what holds at any time

    @invariant()
    def the_model_equals_the_database(self) -> None:
        for number, worker in enumerate(self.people):
            stored = self.run(self.db.read(lambda tx, worker=worker: tx.accounts.of_worker(worker.id)))  # type: ignore[misc]
            best = [p for p in self.model.of(number) if self.model.owned[p].preferred]
            assert {(a.platform, a.tenant, a.external_id): (a.current, a.muted, a.preferred) for a in stored} == {
                p: (self.model.current.get(number) == p, self.model.owned[p].muted, self.model.owned[p].preferred)
                for p in self.model.of(number)
            }
            for a in stored:
                assert a.outranked is bool(best and best != [(a.platform, a.tenant, a.external_id)])
                assert a.email == ""

    @invariant()
    def who_has_an_account_is_reached_at_one(self) -> None:
        for number, _ in enumerate(self.people):
            assert bool(self.model.of(number)) is (number in self.model.current)

    def teardown(self) -> None:
        self.run(self.db.close())
        self.runner.close()


def test_sequences_in_memory() -> None:
    play(Linking, MemoryDatabase, runs=60, steps=40)


def test_sequences_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    play(Linking, sqlite_copies(sqlite_template, tmp_path), runs=10, steps=30)


@pytest.mark.slow
@pytest.mark.postgres
def test_sequences_on_postgres(empty_postgres: Callable[[], str]) -> None:
    play(Linking, lambda: storage.open_database(empty_postgres()), runs=10, steps=30)
