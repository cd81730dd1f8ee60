"""Random lives of two people around nights on which clocks change, and how they are stored."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from core.appointments import Answer
from core.availability import Absence, AbsenceKind, AvailabilityRange, BusyKind, ExternalEvent, Limits
from core.errors import SlotTaken
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.times import Interval, instant
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import Guide, answered, make_worker, store_guide
from tests.core import minutes
from tests.core.minutes import Life, Thing, minute_at

OF_ELSEWHERE = {BusyKind.EXTERNAL, BusyKind.TENTATIVE}
NIGHTS = (
    ("Europe/Brussels", date(2026, 3, 28), "BE"),
    ("Europe/Brussels", date(2026, 10, 24), "BE"),
    ("Europe/Brussels", date(2026, 12, 24), "BE"),
    ("Europe/London", date(2026, 3, 28), "GB"),
    ("Europe/London", date(2026, 10, 24), "GB"),
    ("America/New_York", date(2026, 3, 7), "US"),
    ("America/New_York", date(2026, 10, 31), "BE"),  # whose 1 November is a public holiday
    ("Australia/Lord_Howe", date(2026, 4, 4), "AU"),
    ("Australia/Lord_Howe", date(2026, 10, 3), "AU"),
    ("Pacific/Apia", date(2011, 12, 29), ""),
)
"""A zone, the day before its clocks change (or a public holiday), and whose public holidays are kept."""
KINDS = ("", "Bilan", "entretien")


@dataclass(frozen=True)
class Case:
    """Two people and what is looked for in the agenda of the first, over two days; whether it is found is the test."""

    zone: str
    day: date
    main: Life
    invited: Life
    length: int
    late: int
    kind: str

    @property
    def window(self) -> Interval:
        """Two days of the zone."""
        return Interval(self._midnight(0), self._midnight(2))

    @property
    def now(self) -> datetime:
        """The present, before or inside the window."""
        return self.window.start + timedelta(minutes=self.late)

    def _midnight(self, after: int) -> datetime:
        return instant(self.day + timedelta(days=after), time(), self.zone)


@st.composite
def cases(draw: st.DrawFn, *, limits: bool = True) -> Case:
    zone, day, region = draw(st.sampled_from(NIGHTS))
    base = minute_at(instant(day, time(), zone))
    lives = []
    for own in (True, False):
        life = Life(zone, region, tuple(draw(st.lists(ranges(zone, day), max_size=4))))
        things = tuple(draw(st.lists(some_thing(base), max_size=4)))
        chosen = draw(some_limits()) if own and limits else Limits()
        lives.append(replace(life, things=things, limits=chosen))
    length = draw(st.integers(1, 8).map(lambda n: 15 * n) | st.sampled_from([5, 50, 100]))
    late = draw(st.sampled_from([-3000, 0]) | st.integers(0, 2000))
    return Case(zone, day, lives[0], lives[1], length, late, draw(st.sampled_from(KINDS)))


def ranges(zone: str, day: date) -> st.SearchStrategy[AvailabilityRange]:
    return st.builds(
        lambda after, starts, lasts, place_id, kinds: AvailabilityRange(
            0, 0, place_id, day + timedelta(days=after), starts, lasts, zone, "", frozenset(), kinds
        ),
        st.integers(-1, 2),
        st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5)),
        st.integers(1, 24 * 12).map(lambda n: timedelta(minutes=5 * n)),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([frozenset(), frozenset(), frozenset({"BILAN", "x"})]),
    )


def some_thing(base: int) -> st.SearchStrategy[Thing]:
    kinds = [k for k in BusyKind if k in minutes.CLOSES] + [BusyKind.TENTATIVE, BusyKind.PENDING]
    return st.builds(
        lambda kind, start, lasts, place_id: Thing(kind, base + 5 * start, base + 5 * (start + lasts), place_id),
        st.sampled_from(kinds),
        st.integers(-60, 60 * 12),
        st.integers(1, 60),
        st.sampled_from([None, 1, 2]),
    )


def some_limits() -> st.SearchStrategy[Limits]:
    spans = st.sampled_from([0, 0, 10, 15, 40, 90]).map(lambda n: timedelta(minutes=n))
    return st.builds(Limits, spans.map(lambda t: t * 10), spans, spans, spans, st.integers(0, 2))


LATE = datetime(2200, 1, 1, tzinfo=UTC)
"""Later than any test's present: such a hold is still there."""


def stored(tx: Transaction, guide: Guide, handle: str, life: Life) -> tuple[Worker, Life]:
    """Store a person, and return him with what could be stored of his life: claims that overlap are refused."""
    worker = tx.people.save_worker(make_worker(handle, zone=life.zone, region=life.region))
    tx.agendas.replace_ranges(worker.id, [replace(r, worker_id=worker.id) for r in life.ranges])
    tx.agendas.save_limits(worker.id, life.limits)
    things, events = [], []
    for n, thing in enumerate(life.things):
        with suppress(SlotTaken):
            match thing.kind:
                case BusyKind.EXTERNAL | BusyKind.TENTATIVE:
                    unsure = thing.kind is BusyKind.TENTATIVE
                    events.append(ExternalEvent(worker.id, str(n), "", thing.during, tentative=unsure))
                case BusyKind.ABSENCE:
                    tx.agendas.save_absence(Absence(0, worker.id, AbsenceKind.SICKNESS, thing.during, life.zone))
                case BusyKind.HOLD:
                    tx.agendas.hold(worker.id, 100 * worker.id + n, thing.during, thing.during.start, LATE)
                case BusyKind.APPOINTMENT:
                    book(tx, guide, worker, thing, ())
                case _:
                    host = tx.people.save_worker(make_worker(f"{handle}{n}"))
                    book(tx, guide, host, thing, ((worker, Answer(str(thing.kind))),))
            things.append(replace(thing, place_id=None) if thing.kind in OF_ELSEWHERE else thing)
    tx.agendas.replace_external_events(worker.id, events)
    return worker, replace(life, things=tuple(things))


def book(tx: Transaction, guide: Guide, main: Worker, thing: Thing, invited: Sequence[tuple[Worker, Answer]]) -> None:
    tx.appointments.add(
        guide.appointment(
            main_worker_id=main.id,
            during=thing.during,
            place_id=thing.place_id,
            parties=(guide.gisele.ref, *(PartyRef(PartyKind.WORKER, worker.id) for worker, _ in invited)),
            invitations=tuple(answered(worker, answer) for worker, answer in invited),
        )
    )


def world() -> tuple[MemoryTransaction, Guide]:
    tx = MemoryTransaction(State())
    guide = store_guide(tx)
    tx.places.add("Namur", "")
    return tx, guide
