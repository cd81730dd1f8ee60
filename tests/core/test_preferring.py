"""What a worker chooses for himself: kept, checked, and followed by his reminders at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import time, timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.appointments import Answer, Appointment
from core.availability import Shown
from core.errors import BadReminder, RdvError, TooManyReminders, UnknownLanguage, UnknownZone
from core.notices import NoticeKind
from core.notifying import still_holds
from core.people import Worker
from core.preferences import Preferences
from core.preferring import preferences_of, save_preferences, shown_to
from core.reminding import reminded
from core.rules import EARLIEST_REMINDER, LATEST_REMINDER, MOST_REMINDERS, Rules
from storage.memory import MemoryDatabase
from tests.builders import TUESDAY_AT_TEN, between, store_guide, unsent
from tests.clock import SetClock
from tests.core.world import World

T = TypeVar("T")

N = NoticeKind
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def prefer(world: World, worker: Worker, chosen: Preferences) -> Worker:
    """Let the worker save these choices."""
    return await world.db.write(lambda tx: save_preferences(tx, worker, chosen, world.clock.now(), world.rules))


async def remind(world: World, worker: Worker, *before: timedelta) -> None:
    """Let the worker choose when he is reminded."""
    await prefer(world, worker, Preferences(reminders=before))


async def reminders_of(world: World, worker: Worker) -> list[timedelta]:
    """Return how long before the start the worker's unsent reminders come, the earliest first."""
    found = [n for n in await unsent(world.db) if n.kind is N.REMINDER and n.recipient_id == worker.id]
    return sorted((n.minutes * MINUTE for n in found), reverse=True)


async def test_everybody_sees_the_language_and_the_zone_that_he_chose(every_world: World) -> None:
    world, agathe = every_world, every_world.guide.agathe
    saved = await prefer(world, agathe, Preferences(locale="en", zone="America/New_York"))
    assert (saved.locale, saved.zone) == ("en", "America/New_York")
    assert await world.db.read(lambda tx: tx.people.worker(agathe.id)) == saved
    back = await prefer(world, agathe, Preferences())
    assert (back.locale, back.zone) == (agathe.locale, agathe.zone)


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (Preferences(locale="nl"), UnknownLanguage),
        (Preferences(zone="Europe/Gembloux"), UnknownZone),
        (Preferences(zone="europe/brussels"), UnknownZone),
        (Preferences(reminders=tuple(n * HOUR for n in range(1, 7))), TooManyReminders),
        (Preferences(reminders=(LATEST_REMINDER - MINUTE,)), BadReminder),
        (Preferences(reminders=(EARLIEST_REMINDER + MINUTE,)), BadReminder),
        (Preferences(reminders=(HOUR + timedelta(seconds=1),)), BadReminder),
        (Preferences(reminders=(timedelta(0),)), BadReminder),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_kept(
    world: World, chosen: Preferences, refusal: type[RdvError]
) -> None:
    agathe = world.guide.agathe
    with pytest.raises(refusal):
        await prefer(world, agathe, chosen)
    assert await world.db.read(lambda tx: preferences_of(tx, agathe)) == Preferences()


async def test_reminders_are_kept_once_each_within_their_bounds(world: World) -> None:
    agathe = world.guide.agathe
    most = (LATEST_REMINDER, EARLIEST_REMINDER, HOUR, DAY, 2 * HOUR)
    assert len(most) == MOST_REMINDERS
    await remind(world, agathe, *most, HOUR)
    kept = (EARLIEST_REMINDER, DAY, 2 * HOUR, HOUR, LATEST_REMINDER)
    assert (await world.db.read(lambda tx: preferences_of(tx, agathe))).reminders == kept


async def test_what_the_organisation_uses_may_stay_chosen_beyond_the_bounds(world: World) -> None:
    world.rules = Rules(reminders=(14 * DAY, MINUTE))
    await remind(world, world.guide.agathe, 14 * DAY, HOUR)
    with pytest.raises(BadReminder):
        await remind(world, world.guide.agathe, 13 * DAY)


async def test_each_is_reminded_as_he_chose(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await remind(world, guide.ecoute, 2 * HOUR, 15 * MINUTE)
    await world.book(guide.agathe)
    assert await reminders_of(world, guide.ecoute) == [2 * HOUR, 15 * MINUTE]
    assert await reminders_of(world, guide.seforme) == [DAY, HOUR]
    await world.quiet()
    for before, told in ((DAY, "seforme"), (2 * HOUR, "ecoute"), (HOUR, "seforme"), (15 * MINUTE, "ecoute")):
        world.clock.set(TUESDAY_AT_TEN.start - before)
        assert await world.told() == [(N.REMINDER, told)]


async def test_another_choice_takes_the_place_of_the_first_and_may_be_taken_back(every_world: World) -> None:
    world, ecoute = every_world, every_world.guide.ecoute
    await world.book(world.guide.agathe)
    for chosen in ([2 * HOUR], [DAY, HOUR], [], [2 * HOUR], [DAY, 2 * HOUR]):
        await remind(world, ecoute, *chosen)
        assert await reminders_of(world, ecoute) == chosen
    await prefer(world, ecoute, Preferences())
    assert await reminders_of(world, ecoute) == [DAY, HOUR], "the organisation's"


async def test_what_was_sent_is_not_sent_again(every_world: World) -> None:
    world, ecoute = every_world, every_world.guide.ecoute
    await world.book(world.guide.agathe)
    await world.quiet()
    world.clock.set(TUESDAY_AT_TEN.start - DAY)
    assert (N.REMINDER, "ecoute") in await world.told()
    for chosen in ([2 * HOUR], [DAY, HOUR]):
        await remind(world, ecoute, *chosen)
    assert await world.told() == []
    assert await reminders_of(world, ecoute) == [HOUR]


async def test_one_that_is_late_is_not_lost_by_another_choice(world: World) -> None:
    await world.book(world.guide.agathe)
    await world.quiet()
    world.clock.set(TUESDAY_AT_TEN.start - DAY + MINUTE)  # nothing could be sent for a minute
    await remind(world, world.guide.ecoute, DAY, 15 * MINUTE)
    assert (N.REMINDER, "ecoute") in await world.told()
    assert await reminders_of(world, world.guide.ecoute) == [15 * MINUTE]


async def test_who_declined_is_reminded_by_his_new_choice_once_he_accepts(world: World) -> None:
    ecoute = world.guide.ecoute
    declined = await world.answer(ecoute, await world.book(world.guide.agathe), Answer.DECLINED)
    await world.told(minutes=1)
    await remind(world, ecoute, 2 * HOUR)
    accepted = await world.answer(ecoute, declined, Answer.ACCEPTED)
    await world.quiet()
    world.clock.set(accepted.during.start - DAY)
    assert await world.told() == [(N.REMINDER, "seforme")]
    world.clock.set(accepted.during.start - 2 * HOUR)
    assert await world.told() == [(N.REMINDER, "ecoute")]


async def test_other_choices_leave_the_reminders_alone(world: World) -> None:
    ecoute = world.guide.ecoute
    await world.book(world.guide.agathe)
    before = await unsent(world.db)
    await prefer(world, ecoute, Preferences(locale="en", summary_at=time(7), shown=Shown(external=False)))
    assert await unsent(world.db) == before


async def test_a_colleague_never_toggled_shows_as_one_prefers(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    agathe, ids = guide.agathe, [w.id for w in guide.workers[:3]]
    await world.store(lambda tx: tx.agendas.save_shown(agathe.id, guide.ecoute.id, Shown(availability=False)))
    await prefer(world, agathe, Preferences(shown=Shown(external=False)))
    assert await world.db.read(lambda tx: shown_to(tx, agathe, ids)) == {
        agathe.id: Shown(),
        guide.seforme.id: Shown(external=False),
        guide.ecoute.id: Shown(availability=False),
    }
    assert await world.db.read(lambda tx: shown_to(tx, guide.seforme, ids)) == dict.fromkeys(ids, Shown())


PEOPLE = st.integers(0, 2)
GROUPS = st.sets(PEOPLE, min_size=1)
ANY = st.integers(0, 9)
CHOICES = st.none() | st.sets(st.sampled_from([5 * MINUTE, HOUR, 2 * HOUR, DAY, 7 * DAY]), max_size=3)
TIMES = st.builds(
    lambda day, hour: between(f"2026-01-{day} {hour:02}:00", f"{hour + 1:02}:00"),
    st.sampled_from([21, 26, 28]),
    st.sampled_from([9, 10, 11, 15]),
)
PAUSES = st.sampled_from([timedelta(seconds=s) for s in (1, 10)] + [HOUR, 23 * HOUR, 3 * DAY])


class Reminding(RuleBasedStateMachine):
    """Three people choose, book, move, answer and cancel; each is told exactly what he wants at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        db = MemoryDatabase()
        self.world = World(db, SetClock(), Rules(), self.run(db.write(store_guide)))
        self.people = self.world.guide.workers[:3]
        self.wanted = {w.id: set(self.world.rules.reminders) for w in self.people}
        self.booked: list[int] = []

    def run(self, doing: Awaitable[T]) -> T:
        async def whole() -> T:
            return await doing

        return self.runner.run(whole())

    def teardown(self) -> None:
        self.runner.close()

    def tried(self, doing: Awaitable[object]) -> None:
        """Do what may be refused: only what becomes of it counts here."""
        try:
            self.run(doing)
        except RdvError:
            return

    @initialize()
    def begin(self) -> None:
        self.booked.append(self.run(self.world.book(self.people[0])).id)

    def worker(self, worker_id: int) -> Worker:
        return next(w for w in self.people if w.id == worker_id)

    def picked(self, pick: int) -> Appointment:
        found = self.run(self.world.db.read(lambda tx: tx.appointments.find(self.booked[pick % len(self.booked)])))
        assert found is not None
        return found

    @rule(who=PEOPLE, chosen=CHOICES)
    def choose(self, who: int, chosen: set[timedelta] | None) -> None:
        worker = self.people[who]
        self.run(prefer(self.world, worker, Preferences(reminders=None if chosen is None else tuple(chosen))))
        self.wanted[worker.id] = set(self.world.rules.reminders if chosen is None else chosen)

    @rule(who=PEOPLE, main=PEOPLE, invited=GROUPS, during=TIMES)
    def book(self, who: int, main: int, invited: set[int], during: object) -> None:
        parties = (self.world.guide.gisele.ref, *(self.people[i].ref for i in invited if i != main))
        booking = self.world.book(self.people[who], main_worker_id=self.people[main].id, parties=parties, during=during)
        try:
            self.booked.append(self.run(booking).id)
        except RdvError:
            return

    @rule(who=PEOPLE, pick=ANY, during=TIMES, main=PEOPLE, invited=GROUPS)
    def move(self, who: int, pick: int, during: object, main: int, invited: set[int]) -> None:
        parties = (self.world.guide.gisele.ref, *(self.people[i].ref for i in invited if i != main))
        main_worker_id = self.people[main].id
        old = self.picked(pick)
        self.tried(
            self.world.change(self.people[who], old, during=during, main_worker_id=main_worker_id, parties=parties)
        )

    @rule(who=PEOPLE, pick=ANY, invited=GROUPS)
    def invite_others(self, who: int, pick: int, invited: set[int]) -> None:
        old = self.picked(pick)
        parties = (self.world.guide.gisele.ref, *(self.people[i].ref for i in invited))
        self.tried(self.world.change(self.people[who], old, parties=parties, comment=str(old.revision)))

    @rule(who=PEOPLE, pick=ANY, answer=st.sampled_from([Answer.ACCEPTED, Answer.DECLINED]))
    def answer(self, who: int, pick: int, answer: Answer) -> None:
        self.tried(self.world.answer(self.people[who], self.picked(pick), answer))

    @rule(who=PEOPLE, pick=ANY)
    def cancel(self, who: int, pick: int) -> None:
        self.tried(self.world.cancel(self.people[who], self.picked(pick)))

    @rule(pick=ANY)
    def undo(self, pick: int) -> None:
        seen = self.picked(pick)
        if seen.ending is not None:
            self.tried(self.world.undo(self.worker(seen.ending.by_id), seen))

    @rule(pause=PAUSES)
    def wait(self, pause: timedelta) -> None:
        self.run(self.world.told(seconds=pause.total_seconds()))

    @invariant()
    def what_is_to_come_is_what_is_wanted(self) -> None:
        now, found = self.world.clock.now(), {n: self.picked(i) for i, n in enumerate(self.booked)}
        to_come = [
            (n.appointment_id, n.recipient_id, n.due_at)
            for n in self.run(unsent(self.world.db))
            if n.kind is N.REMINDER and n.due_at > now and still_holds(n, found[n.appointment_id], n.due_at)
        ]
        wanted = [
            (a.id, worker_id, a.during.start - before)
            for a in found.values()
            for worker_id in reminded(a)
            for before in self.wanted[worker_id]
            if a.during.start - before > now and a.ending is None and not _declined(a, worker_id)
        ]
        assert Counter(to_come) == Counter(wanted)

    @invariant()
    def nothing_is_told_twice(self) -> None:
        told = Counter((n.appointment_id, n.recipient_id, n.due_at) for n in self.world.sent if n.kind is N.REMINDER)
        assert all(count == 1 for count in told.values())


def _declined(appointment: Appointment, worker_id: int) -> bool:
    own = appointment.invitation_of(worker_id)
    return own is not None and own.answer is Answer.DECLINED


TestReminding = Reminding.TestCase
TestReminding.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
