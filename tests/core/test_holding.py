"""A slot chosen in an open form is held: two people in the form never both succeed, and neither is surprised."""

import asyncio
import itertools
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

import storage
from core.appointments import Appointment
from core.errors import Held, InThePast, NotAllowed, NotFound, SlotTaken, TooFarAhead, TooLong
from core.holding import hold_slot
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from storage.memory import MemoryDatabase
from tests.builders import TUESDAY_AT_TEN, at, between, store_guide
from tests.clock import START, SetClock
from tests.core.world import World

T = TypeVar("T")

AFTERNOON = between("2026-01-27 14:00", "16:00")
DAY = between("2026-01-27 00:00", "2026-01-28 00:00")


async def test_a_slot_is_held_for_who_chose_it_and_booked_by_him(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    assert await world.held(guide.seforme, DAY) == [("Agathe", TUESDAY_AT_TEN)]
    with pytest.raises(Held) as refusal:
        await world.hold(guide.ecoute, guide.seforme, between("2026-01-27 11:00", "13:00"))
    assert refusal.value.worker_id == guide.seforme.id
    for booker in (guide.ecoute, guide.seforme):
        with pytest.raises(Held):
            await world.book(booker, parties=(guide.gisele.ref,))
    assert (await world.book(guide.agathe)).id > 0
    assert await world.held(guide.seforme, DAY) == []


async def test_a_person_holds_one_slot(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    await world.hold(guide.agathe, guide.seforme, between("2026-01-27 11:00", "13:00"))
    assert await world.held(guide.seforme, DAY) == [("Agathe", between("2026-01-27 11:00", "13:00"))]
    await world.hold(guide.agathe, guide.ecoute, AFTERNOON)
    assert await world.held(guide.seforme, DAY) == []
    assert await world.held(guide.ecoute, DAY) == [("Agathe", AFTERNOON)]


async def test_a_hold_ends_by_itself(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    world.clock.advance(world.rules.hold - timedelta(seconds=1))
    with pytest.raises(Held):
        await world.hold(guide.ecoute, guide.seforme, TUESDAY_AT_TEN)
    world.clock.advance(seconds=1)
    assert await world.held(guide.seforme, DAY) == []
    await world.hold(guide.ecoute, guide.seforme, TUESDAY_AT_TEN)
    with pytest.raises(Held):
        await world.book(guide.agathe)


async def test_an_expired_hold_stands_in_nobodys_way(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    world.clock.advance(world.rules.hold)
    booked = await world.book(guide.ecoute, parties=(guide.gisele.ref,))
    await world.hold(guide.agathe, guide.seforme, AFTERNOON)
    world.clock.advance(world.rules.hold)
    assert (await world.change(guide.ecoute, booked, during=AFTERNOON)).during == AFTERNOON


async def test_choosing_again_holds_for_as_long_again(world: World) -> None:
    guide = world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    world.clock.advance(world.rules.hold / 2)
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    world.clock.advance(world.rules.hold * 0.75)
    assert await world.held(guide.seforme, DAY) == [("Agathe", TUESDAY_AT_TEN)]


async def test_a_time_that_is_booked_is_not_held(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.book(guide.ecoute, parties=(guide.gisele.ref,))
    await world.hold(guide.agathe, guide.seforme, AFTERNOON)
    with pytest.raises(SlotTaken) as taken:
        await world.hold(guide.agathe, guide.seforme, between("2026-01-27 11:00", "15:00"))
    assert not isinstance(taken.value, Held)
    assert await world.held(guide.seforme, DAY) == [("Agathe", AFTERNOON)], "the form was not changed either"


async def test_a_refused_choice_inside_a_form_that_goes_on_lets_the_former_go(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.ecoute, guide.seforme, TUESDAY_AT_TEN)
    await world.hold(guide.agathe, guide.seforme, AFTERNOON)

    def choose(tx: Transaction) -> bool:
        try:
            hold_slot(tx, guide.agathe, guide.seforme.id, TUESDAY_AT_TEN, world.clock.now(), world.rules)
        except Held:
            return False
        return True

    assert await world.store(choose) is False
    assert await world.held(guide.seforme, DAY) == [("ecoute", TUESDAY_AT_TEN)]


async def test_booking_elsewhere_lets_go_and_so_does_a_change(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, AFTERNOON)
    booked = await world.book(guide.agathe)
    assert await world.held(guide.seforme, DAY) == []
    await world.hold(guide.agathe, guide.seforme, AFTERNOON)
    await world.change(guide.agathe, booked, comment="x")
    assert await world.held(guide.seforme, DAY) == []


async def test_what_is_refused_keeps_the_hold(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    with pytest.raises(NotFound):
        await world.book(guide.agathe, place=404)
    assert await world.held(guide.seforme, DAY) == [("Agathe", TUESDAY_AT_TEN)]


@pytest.mark.parametrize(
    ("during", "added"),
    [
        (between("2026-01-27 11:00", "13:00"), between("2026-01-27 12:00", "13:00")),
        (between("2026-01-27 09:00", "11:00"), between("2026-01-27 09:00", "10:00")),
        (between("2026-01-27 09:00", "13:00"), between("2026-01-27 12:00", "13:00")),
        (between("2026-01-27 10:30", "11:30"), None),
        (TUESDAY_AT_TEN, None),
        (AFTERNOON, AFTERNOON),
    ],
)
async def test_who_moves_an_appointment_holds_what_the_new_time_adds(
    every_world: World, during: Interval, added: Interval | None
) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.hold(guide.agathe, guide.seforme, between("2026-01-28 10:00", "12:00"))
    await world.hold(guide.agathe, guide.seforme, during, old=booked)
    week = between("2026-01-26 00:00", "2026-02-01 00:00")
    assert await world.held(guide.seforme, week) == ([("Agathe", added)] if added else [])
    assert (await world.change(guide.agathe, booked, during=during)).during == during
    assert await world.held(guide.seforme, week) == []


async def test_who_moves_an_appointment_is_told_of_a_hold_at_once(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.hold(guide.ecoute, guide.seforme, between("2026-01-27 09:00", "10:00"))
    for during in (between("2026-01-27 09:30", "11:00"), between("2026-01-27 09:30", "13:00")):
        with pytest.raises(Held):
            await world.hold(guide.agathe, guide.seforme, during, old=booked)
        with pytest.raises(Held):
            await world.change(guide.agathe, booked, during=during)


async def test_who_gives_an_appointment_to_another_holds_his_time(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.gisele.ref,))
    await world.hold(guide.agathe, guide.stranger, TUESDAY_AT_TEN, old=booked)
    assert await world.held(guide.stranger, DAY) == [("Agathe", TUESDAY_AT_TEN)]


@pytest.mark.parametrize(
    ("during", "refusal"),
    [
        (Interval(START - timedelta(minutes=1), START + timedelta(hours=1)), InThePast),
        (between("2026-01-27 08:00", "20:01"), TooLong),
        (between("2027-01-22 10:00", "12:00"), TooFarAhead),
    ],
)
async def test_what_nobody_can_book_nobody_holds(world: World, during: Interval, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await world.hold(world.guide.agathe, world.guide.seforme, during)


async def test_who_has_left_holds_nothing_and_is_not_held(world: World) -> None:
    guide = world.guide
    await world.store(lambda tx: tx.people.save_worker(replace(guide.agathe, active=False)))
    with pytest.raises(NotAllowed):
        await world.hold(guide.agathe, guide.seforme, TUESDAY_AT_TEN)
    with pytest.raises(NotFound):
        await world.hold(guide.seforme, guide.agathe, TUESDAY_AT_TEN)


async def test_of_many_who_choose_one_slot_one_holds_it_and_books_it(every_world: World) -> None:
    """The others are told when they choose, and not when they send."""
    world, guide = every_world, every_world.guide
    people = (guide.agathe, guide.ecoute, guide.stranger, guide.seforme)

    async def fill_in(worker: Worker) -> str:
        try:
            await world.hold(worker, guide.seforme, TUESDAY_AT_TEN)
        except SlotTaken:
            return "told at once"
        await world.book(worker, parties=(guide.gisele.ref,))
        return "booked"

    outcomes = sorted(await asyncio.gather(*(fill_in(worker) for worker in people)))
    assert outcomes == ["booked"] + ["told at once"] * 3


async def test_who_books_while_another_chooses_is_told_of_the_hold(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await asyncio.gather(world.waiting(guide.agathe), world.waiting(guide.ecoute))  # so many connections are open
    for hour in range(9, 16):
        during = between(f"2026-01-27 {hour:02}:00", f"{hour + 1}:00")
        chosen, booked = await asyncio.gather(
            world.hold(guide.ecoute, guide.seforme, during),
            world.book(guide.agathe, during=during, parties=(guide.gisele.ref,)),
            return_exceptions=True,
        )
        if chosen is None:
            assert type(booked) is Held
        else:
            assert type(chosen) is SlotTaken
            assert isinstance(booked, Appointment)


SLOTS = st.builds(
    lambda quarter, length: Interval.lasting(at("2026-01-27 09:00") + quarter * timedelta(minutes=15), length),
    st.integers(0, 8),
    st.sampled_from([timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)]),
)
PERSON = st.integers(0, 1)


class TwoForms(RuleBasedStateMachine):
    """Two people fill in the form for one agenda; its owner, and time, come between."""

    def __init__(self, open_database: Callable[[], Database]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        db = open_database()
        self.world = World(db, self.clock, Rules(), self.run(db.write(store_guide)))
        self.guide = self.world.guide
        self.people = (self.guide.agathe, self.guide.ecoute)
        self.chosen: dict[int, tuple[Interval, datetime]] = {}
        self.booked: list[Interval] = []

    def run(self, doing: Awaitable[T]) -> T:
        async def whole() -> T:
            return await doing

        return self.runner.run(whole())

    def holding(self, person: int) -> Interval | None:
        """What the person is shown as his own now."""
        during, until = self.chosen.get(person, (None, self.clock.now()))
        return during if self.clock.now() < until else None

    def in_the_way(self, person: int | None, during: Interval) -> type[SlotTaken] | None:
        if any(b.overlaps(during) for b in self.booked):
            return SlotTaken
        others = (self.holding(p) for p in (0, 1) if p != person)
        return Held if any(h is not None and h.overlaps(during) for h in others) else None

    def outcome(self, doing: Awaitable[object]) -> type[SlotTaken] | None:
        try:
            self.run(doing)
        except SlotTaken as refusal:
            return type(refusal)
        return None

    @rule(person=PERSON, during=SLOTS)
    def choose(self, person: int, during: Interval) -> None:
        expected = self.in_the_way(person, during)
        assert self.outcome(self.world.hold(self.people[person], self.guide.seforme, during)) is expected
        if expected is None:
            self.chosen[person] = (during, self.clock.now() + self.world.rules.hold)

    @rule(person=PERSON)
    def send(self, person: int) -> None:
        """Who sends what he is shown to hold is never refused."""
        if person not in self.chosen:
            return
        during, held = self.chosen[person][0], self.holding(person)
        expected = self.in_the_way(person, during)
        assert held is None or expected is None
        parties = (self.guide.gisele.ref,)
        assert self.outcome(self.world.book(self.people[person], during=during, parties=parties)) is expected
        if expected is None:
            self.booked.append(during)
            del self.chosen[person]

    @rule(during=SLOTS)
    def the_owner_books(self, during: Interval) -> None:
        expected = self.in_the_way(None, during)
        parties = (self.guide.gisele.ref,)
        assert self.outcome(self.world.book(self.guide.seforme, during=during, parties=parties)) is expected
        if expected is None:
            self.booked.append(during)

    @rule(person=PERSON)
    def close(self, person: int) -> None:
        self.run(self.world.store(lambda tx: tx.agendas.release(self.people[person].id)))
        self.chosen.pop(person, None)

    @rule(seconds=st.sampled_from([1, 60, 150, 300, 600]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @invariant()
    def all_see_what_is_held(self) -> None:
        shown = {(self.people[p].handle, held) for p in (0, 1) if (held := self.holding(p)) is not None}
        assert set(self.run(self.world.held(self.guide.seforme, DAY))) == shown

    @invariant()
    def no_two_succeed(self) -> None:
        assert not any(a.overlaps(b) for a, b in itertools.combinations(self.booked, 2))

    def teardown(self) -> None:
        self.run(self.world.db.close())
        self.runner.close()


def play(open_database: Callable[[], Database], *, runs: int, steps: int) -> None:
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: TwoForms(open_database), settings=chosen)  # type: ignore[arg-type]


def test_two_forms_in_memory() -> None:
    opened = itertools.count()

    def fresh() -> Database:
        next(opened)
        return MemoryDatabase()

    play(fresh, runs=60, steps=30)
    assert next(opened) >= 60


def test_two_forms_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = itertools.count()

    def fresh() -> Database:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copyfile(sqlite_template, path)
        return storage.open_database(f"sqlite:///{path}")

    play(fresh, runs=8, steps=25)
    assert next(numbers) >= 8


@pytest.mark.postgres
def test_two_forms_on_postgres(empty_postgres: Callable[[], str]) -> None:
    opened = itertools.count()

    def fresh() -> Database:
        next(opened)
        return storage.open_database(empty_postgres())

    play(fresh, runs=8, steps=25)
    assert next(opened) >= 8
