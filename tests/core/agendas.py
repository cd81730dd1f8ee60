"""Random agendas for one day, with everything that can stand in the way, and questions about a time in them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from core.appointments import Answer
from core.availability import Absence, AbsenceKind, AvailabilityRange, ExternalEvent, Limits, Slot
from core.errors import SlotTaken
from core.people import Worker
from core.ports import Transaction
from core.reasons import Reason, reasons_against
from core.rules import Rules
from core.slots import free_slots
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import ZONE, Guide, answered, between, make_range, store_guide
from tests.clock import START

T = TypeVar("T")

WORKING_DAY = between("2026-01-27 00:00", "2026-01-28 00:00")
MAY_DAY = between("2026-05-01 00:00", "2026-05-02 00:00")
"""A public holiday in Belgium."""
RULES = Rules()
MINUTE = timedelta(minutes=1)

KIND = st.sampled_from(["", "", "", "Visite", "Bilan"])
FIVES = st.integers(7 * 12, 19 * 12).map(lambda n: 5 * n)
STRETCH = st.tuples(FIVES, st.integers(1, 24).map(lambda n: 5 * n))
PLACE = st.sampled_from([0, 1, 2])
SHORT = st.sampled_from([timedelta(0), timedelta(minutes=20), timedelta(hours=2)])
LIMITS = st.builds(
    Limits,
    notice=st.sampled_from([timedelta(0), timedelta(0), timedelta(days=7, hours=4)]),
    before=SHORT,
    after=SHORT,
    travel=SHORT,
    daily=st.sampled_from([0, 0, 0, 1, 2]),
)


@dataclass(frozen=True)
class Busyness:
    """What occupies one worker on the day: stretches as (minute, length)."""

    booked: list[tuple[tuple[int, int], int]]
    invited: list[tuple[tuple[int, int], int, Answer]]
    external: list[tuple[tuple[int, int], bool]]
    absent: list[tuple[int, int]]
    held: list[tuple[int, int]]


def few(things: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    """None as often as one or two: what stands in the way is then often alone."""
    return st.just([]) | st.lists(things, min_size=1, max_size=2)


BUSY = st.builds(
    Busyness,
    booked=few(st.tuples(STRETCH, PLACE)),
    invited=few(st.tuples(STRETCH, PLACE, st.sampled_from(list(Answer)))),
    external=few(st.tuples(STRETCH, st.booleans())),
    absent=few(STRETCH).filter(lambda found: len(found) < 2),
    held=few(STRETCH).filter(lambda found: len(found) < 2),
)
ODD_RANGES = st.lists(st.tuples(st.tuples(FIVES, st.integers(12, 84).map(lambda n: 5 * n)), PLACE, KIND), max_size=4)
WIDE_RANGES = st.lists(st.tuples(st.just((7 * 60, 14 * 60)), PLACE, KIND), min_size=1, max_size=2)
RANGES = st.sampled_from(["odd", "wide", "wide"]).flatmap(lambda sort: ODD_RANGES if sort == "odd" else WIDE_RANGES)
DURATIONS = st.sampled_from([15, 30, 45, 60, 90, 120] * 4 + [13 * 60])
STARTS = st.integers(7 * 4, 19 * 4).map(lambda n: 15 * n)


@dataclass(frozen=True)
class Asked:
    """One question about a time in the agenda of seforme; `ignoring` counts his appointments from 1."""

    during: Interval
    now: datetime
    kind: str
    invited: bool
    viewer: bool
    ignoring: int


@dataclass(frozen=True)
class Scene:
    """An agenda in memory, and a question about it."""

    tx: Transaction
    guide: Guide
    asked: Asked

    @property
    def invitees(self) -> list[int]:
        return [self.guide.ecoute.id] if self.asked.invited else []

    @property
    def viewer_id(self) -> int:
        return self.guide.agathe.id if self.asked.viewer else 0

    def reasons(self) -> list[Reason]:
        """Why this time is not offered."""
        return reasons_against(
            self.tx,
            self.guide.seforme.id,
            self.asked.during,
            self.asked.now,
            RULES,
            kind=self.asked.kind,
            invitees=self.invitees,
            ignoring=self.asked.ignoring or None,
            viewer_id=self.viewer_id,
        )

    def offers(self) -> list[Slot]:
        """The slots that begin and last as asked."""
        begins = Interval.lasting(self.asked.during.start, timedelta(seconds=1))
        return free_slots(
            self.tx,
            self.guide.seforme.id,
            begins,
            self.asked.during.duration,
            self.asked.now,
            RULES,
            invitees=self.invitees,
            everyone=self.asked.invited,
            kind=self.asked.kind,
            ignoring=self.asked.ignoring or None,
            viewer_id=self.viewer_id,
        )


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw an agenda, of a colleague whom Agathe invites too, and a question."""
    tx = MemoryTransaction(State())
    guide = store_guide(tx)
    day = draw(st.sampled_from([WORKING_DAY] * 9 + [MAY_DAY]))
    places = (None, guide.gembloux.id, tx.places.add("Namur", "").id)
    for worker in (guide.seforme, guide.ecoute):
        ranges = [_range(worker, day, piece, places[place], kind) for piece, place, kind in draw(RANGES)]
        tx.agendas.replace_ranges(worker.id, ranges)
        tx.agendas.save_limits(worker.id, draw(st.just(Limits()) | LIMITS))
        _occupy(tx, guide, worker, day, draw(BUSY), places)
    minute, length = draw(st.tuples(st.one_of(STARTS, STARTS, STARTS, FIVES), DURATIONS))
    now = draw(st.sampled_from([START] * 9 + [day.start + timedelta(hours=12), day.start - timedelta(days=400)]))
    asked = Asked(
        during=_stretch(day, (minute, length)),
        now=now,
        kind=draw(KIND),
        invited=draw(st.booleans()),
        viewer=draw(st.booleans()),
        ignoring=draw(st.integers(0, 2)),
    )
    return Scene(tx, guide, asked)


def _occupy(
    tx: Transaction, guide: Guide, worker: Worker, day: Interval, busy: Busyness, places: tuple[int | None, ...]
) -> None:
    """Store what occupies the worker; what would overlap another claim is left out."""
    for piece, place in busy.booked:
        own = guide.appointment(
            main_worker_id=worker.id,
            during=_stretch(day, piece),
            place_id=places[place],
            parties=(guide.gisele.ref,),
            invitations=(),
        )
        with suppress(SlotTaken):
            tx.appointments.add(own)
    for piece, place, answer in busy.invited:
        invitation = answered(worker, answer)
        made = guide.appointment(
            main_worker_id=guide.stranger.id,
            during=_stretch(day, piece),
            place_id=places[place],
            parties=(worker.ref,),
            invitations=(invitation,),
        )
        with suppress(SlotTaken):
            tx.appointments.add(made)
    events = [
        ExternalEvent(worker.id, str(n), "", _stretch(day, piece), "Secret", tentative)
        for n, (piece, tentative) in enumerate(busy.external)
    ]
    tx.agendas.replace_external_events(worker.id, events)
    for piece in busy.absent:
        tx.agendas.save_absence(Absence(0, worker.id, AbsenceKind.SICKNESS, _stretch(day, piece), ZONE))
    holder = guide.agathe if worker is guide.seforme else guide.stranger
    for piece in busy.held:
        with suppress(SlotTaken):
            tx.agendas.hold(worker.id, holder.id, _stretch(day, piece), START, day.end)


def _range(worker: Worker, day: Interval, piece: tuple[int, int], place_id: int | None, kind: str) -> AvailabilityRange:
    minute, length = piece
    return make_range(
        worker,
        first_day=(day.start + timedelta(hours=12)).date(),
        starts=time(minute // 60, minute % 60),
        lasts=length * MINUTE,
        place_id=place_id,
        kinds=frozenset({kind} - {""}),
        rule="",
    )


def _stretch(day: Interval, piece: tuple[int, int]) -> Interval:
    return Interval.lasting(day.start + piece[0] * MINUTE, piece[1] * MINUTE)
