"""Finding a time for several people, against a search minute by minute; and what comes first."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability import Absence, AbsenceKind, ExternalEvent, Limits
from core.errors import NotFound
from core.finding import Proposal, Search, find_times
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import ZONE, Guide, between, make_range, store_guide
from tests.clock import START
from tests.core import minutes
from tests.core.lives import Case, cases, stored, world
from tests.core.minutes import Life, at_minute, minute_at

HOUR = timedelta(hours=1)
RULES = Rules()
TUESDAY = between("2026-01-27 00:00", "2026-01-28 00:00")
DAY = date(2026, 1, 27)


@pytest.fixture
def tx() -> MemoryTransaction:
    return MemoryTransaction(State())


@pytest.fixture
def guide(tx: MemoryTransaction) -> Guide:
    return store_guide(tx)


def search(guide: Guide, **changes: object) -> Search:
    whole = Search(guide.seforme.id, (guide.ecoute.id,), (guide.stranger.id,), HOUR, TUESDAY, None, ZONE, None)
    return replace(whole, **changes)  # type: ignore[arg-type]


def found(tx: Transaction, wanted: Search, limit: int = 12) -> list[Proposal]:
    return find_times(tx, wanted, START, RULES, viewer_id=0, limit=limit)


def times(proposals: list[Proposal]) -> list[str]:
    return [(p.slot.during.start + HOUR).strftime("%H:%M") for p in proposals]  # winter in Brussels


def open_from(tx: Transaction, worker: Worker, hour: int, hours: float, place_id: int | None = None) -> None:
    lasts = timedelta(hours=hours)
    r = make_range(worker, first_day=DAY, starts=time(hour), lasts=lasts, rule="", place_id=place_id)
    tx.agendas.replace_ranges(worker.id, [*tx.agendas.ranges(worker.id), r])


def only_open_from(tx: Transaction, worker: Worker, hour: int, hours: float, place_id: int | None = None) -> None:
    tx.agendas.replace_ranges(worker.id, [])
    open_from(tx, worker, hour, hours, place_id)


def occupy(tx: Transaction, worker: Worker, *busy: Interval, tentative: bool = False) -> None:
    events = [ExternalEvent(worker.id, str(n), "", during, tentative=tentative) for n, during in enumerate(busy)]
    tx.agendas.replace_external_events(worker.id, events)


def test_the_earliest_come_first_and_do_not_overlap(tx: Transaction, guide: Guide) -> None:
    only_open_from(tx, guide.seforme, 9, 4.5)
    assert times(found(tx, search(guide))) == ["09:00", "10:00", "11:00", "12:00"]
    assert times(found(tx, search(guide), limit=2)) == ["09:00", "10:00"]


def test_times_for_everyone_come_before_those_that_some_would_miss(tx: Transaction, guide: Guide) -> None:
    only_open_from(tx, guide.seforme, 9, 3)
    occupy(tx, guide.stranger, between("2026-01-27 09:00", "11:00"))
    proposals = found(tx, search(guide))
    assert times(proposals) == ["11:00", "09:00", "10:00"]
    assert [p.busy_optional for p in proposals] == [(), (guide.stranger.id,), (guide.stranger.id,)]
    assert [p.slot.marked for p in proposals] == [False, True, True]


def test_who_must_be_there_is_free_at_every_proposal(tx: Transaction, guide: Guide) -> None:
    only_open_from(tx, guide.seforme, 9, 3)
    occupy(tx, guide.ecoute, between("2026-01-27 09:30", "10:30"))
    assert times(found(tx, search(guide))) == ["10:30"]
    occupy(tx, guide.ecoute, between("2026-01-27 09:00", "12:00"), tentative=True)
    assert [(t, p.slot.marked) for p in found(tx, search(guide)) for t in times([p])] == [
        ("09:00", True),
        ("10:00", True),
        ("11:00", True),
    ]
    tx.agendas.save_absence(Absence(0, guide.ecoute.id, AbsenceKind.LEAVE, TUESDAY, ZONE))
    assert found(tx, search(guide)) == []


def test_one_who_is_not_available_is_not_free_but_one_without_ranges_is(tx: Transaction, guide: Guide) -> None:
    only_open_from(tx, guide.seforme, 9, 3)
    only_open_from(tx, guide.ecoute, 10, 6)
    only_open_from(tx, guide.stranger, 11, 6)
    assert [(t, p.busy_optional) for p in found(tx, search(guide)) for t in times([p])] == [
        ("11:00", ()),
        ("10:00", (guide.stranger.id,)),
    ]
    for worker in (guide.ecoute, guide.stranger):
        tx.agendas.replace_ranges(worker.id, [])
    assert times(found(tx, search(guide))) == ["09:00", "10:00", "11:00"]


def test_a_time_that_fewer_miss_is_told_beside_an_earlier_one(tx: Transaction, guide: Guide) -> None:
    """Of three optional people, one comes at 10:00, and the others stay away all morning."""
    only_open_from(tx, guide.seforme, 9, 2.5)
    occupy(tx, guide.agathe, between("2026-01-27 09:00", "12:00"))
    occupy(tx, guide.stranger, between("2026-01-27 09:00", "09:30"))
    wanted = search(guide, required=(), optional=(guide.agathe.id, guide.stranger.id))
    assert [(t, len(p.busy_optional)) for p in found(tx, wanted) for t in times([p])] == [
        ("09:00", 2),
        ("09:30", 1),
        ("10:30", 1),
    ]


def test_of_one_time_at_two_places_that_which_leaves_more_room_is_better(tx: Transaction, guide: Guide) -> None:
    namur = tx.places.add("Namur", "").id
    tx.agendas.replace_ranges(
        guide.seforme.id,
        [
            make_range(guide.seforme, first_day=DAY, starts=time(8, 30), lasts=1.5 * HOUR, rule="", place_id=1),
            make_range(guide.seforme, first_day=DAY, starts=time(8, 30), lasts=2.5 * HOUR, rule="", place_id=namur),
        ],
    )
    wanted = search(guide, required=(), optional=(), hours=(time(9), time(10)))
    assert [p.slot.place_id for p in found(tx, wanted)] == [guide.gembloux.id, namur]
    tx.agendas.replace_ranges(
        guide.seforme.id,
        [
            make_range(guide.seforme, first_day=DAY, starts=time(8, 30), lasts=2 * HOUR, rule="", place_id=1),
            make_range(guide.seforme, first_day=DAY, starts=time(8), lasts=2 * HOUR, rule="", place_id=namur),
        ],
    )
    assert [p.slot.place_id for p in found(tx, wanted)] == [namur, guide.gembloux.id]


def test_a_place_can_be_asked_for(tx: Transaction, guide: Guide) -> None:
    namur = tx.places.add("Namur", "").id
    only_open_from(tx, guide.seforme, 9, 1, guide.gembloux.id)
    open_from(tx, guide.seforme, 10, 1, namur)
    assert [p.slot.place_id for p in found(tx, search(guide))] == [guide.gembloux.id, namur]
    assert times(found(tx, search(guide, place_id=namur))) == ["10:00"]


def test_hours_are_those_of_the_zone_that_is_asked_in(tx: Transaction, guide: Guide) -> None:
    assert times(found(tx, search(guide, hours=(time(10), time(12))))) == ["10:00", "11:00"]
    assert times(found(tx, search(guide, hours=(time(10), time(12)), zone="Europe/London"))) == ["11:00", "12:00"]
    assert found(tx, search(guide, hours=(time(10), time(10, 45)))) == []


def test_hours_may_pass_midnight(tx: Transaction, guide: Guide) -> None:
    only_open_from(tx, guide.seforme, 20, 8)
    wanted = search(guide, required=(), optional=(), hours=(time(23), time(1)), duration=2 * HOUR)
    assert times(found(tx, wanted)) == ["23:00"]
    late = replace(wanted, window=between("2026-01-28 00:00", "04:00"), duration=HOUR)
    assert times(found(tx, late)) == ["00:00"]


def test_an_invitee_may_be_named_twice_or_be_the_main_worker(tx: Transaction, guide: Guide) -> None:
    main, ecoute = guide.seforme.id, guide.ecoute.id
    occupy(tx, guide.ecoute, between("2026-01-27 09:00", "16:00"))
    proposals = found(tx, search(guide, required=(main, ecoute, ecoute), optional=(ecoute, main)))
    assert (times(proposals), proposals[0].busy_optional) == (["16:00"], ())


def test_what_cannot_be_booked_is_not_found(tx: Transaction, guide: Guide) -> None:
    assert found(tx, search(guide, duration=13 * HOUR)) == []
    assert found(tx, search(guide, window=between("2026-01-01 00:00", "2026-01-20 09:00"))) == []
    assert found(tx, search(guide, window=between("2027-06-01 00:00", "2027-06-30 00:00"))) == []
    with pytest.raises(NotFound):
        found(tx, search(guide, required=(4711,)))


HOURS = st.none() | st.tuples(
    st.integers(0, 47).map(lambda n: time(n // 2, n % 2 * 30)),
    st.integers(0, 47).map(lambda n: time(n // 2, n % 2 * 30)),
)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(
    case=cases(),
    another=cases(limits=False),
    hours=HOURS,
    place_id=st.sampled_from([None, None, 1, 2]),
    limit=st.integers(1, 40),
)
def test_proposals_are_those_of_a_search_minute_by_minute(
    case: Case, another: Case, hours: tuple[time, time] | None, place_id: int | None, limit: int
) -> None:
    tx, guide = world()
    main, main_life = stored(tx, guide, "main", case.main)
    needed, needed_life = stored(tx, guide, "needed", case.invited)
    away = minute_at(case.window.start) - minute_at(another.window.start)
    optional = {}
    for handle, life in (("one", another.main), ("two", another.invited)):
        moved = replace(
            life,
            zone=case.zone,
            region=case.main.region,
            limits=Limits(),
            ranges=tuple(
                replace(r, zone=case.zone, first_day=case.day + (r.first_day - another.day)) for r in life.ranges
            ),
            things=tuple(replace(t, start=t.start + away, end=t.end + away) for t in life.things),
        )
        worker, kept = stored(tx, guide, handle, moved)
        optional[worker.id] = kept
    wanted = Search(
        main.id,
        (needed.id,),
        tuple(optional),
        timedelta(minutes=case.length),
        case.window,
        hours,
        case.zone,
        place_id,
        case.kind,
    )
    proposals = find_times(tx, wanted, case.now, Rules(region=""), viewer_id=0, limit=limit)
    assert [
        (minute_at(p.slot.during.start), p.slot.place_id, p.busy_optional, p.slot.marked) for p in proposals
    ] == slowly(case, main_life, needed_life, optional, hours, place_id)[:limit]


def slowly(
    case: Case,
    main: Life,
    needed: Life,
    optional: dict[int, Life],
    hours: tuple[time, time] | None,
    place_id: int | None,
) -> list[tuple[int, int | None, tuple[int, ...], bool]]:
    """Return (minute, place, who misses it, marked) of all proposals, the best first."""
    length = case.length
    all_offered = minutes.offered(
        main, case.window, length, case.now, kind=case.kind, required=[needed], marking=list(optional.values())
    )
    ranked = []
    for at, where, marked in all_offered:
        if place_id in {None, where} and (hours is None or in_hours(at, length, hours, case.zone)):
            missing = tuple(
                worker_id
                for worker_id, life in optional.items()
                if not life.free_when_invited(case.kind, at, at + length)
            )
            starts = {start for start, place, _ in all_offered if place == where}
            ranked.append(
                ((bool(missing), at, len(missing), loss(starts, at, length), where or 0), where, missing, marked)
            )
    best: list[tuple[int, int | None, tuple[int, ...], bool]] = []
    for (_, at, _, _, _), where, missing, marked in sorted(ranked, key=lambda r: r[0]):
        better = [b for b in best if b[1] == where and abs(b[0] - at) < length and len(b[2]) <= len(missing)]
        if not better:
            best.append((at, where, missing, marked))
    return best


def in_hours(at: int, length: int, hours: tuple[time, time], zone: str) -> bool:
    """Whether it lies inside these hours of the day on which it begins, or of the day before."""
    begins, ends = hours
    day = at_minute(at).astimezone(ZoneInfo(zone)).date()
    for first in (day - timedelta(days=1), day):
        last = first if begins < ends else first + timedelta(days=1)
        start, end = (
            minute_at(datetime.combine(d, t, ZoneInfo(zone)).astimezone(at_minute(0).tzinfo))
            for d, t in ((first, begins), (last, ends))
        )
        if start <= at and at + length <= end:
            return True
    return False


def loss(starts: set[int], at: int, length: int) -> int:
    """How many fewer appointments of this length fit than before; starts without a break are one free time."""
    first = last = at
    while first - 15 in starts:
        first -= 15
    while last + 15 in starts:
        last += 15
    return (last - first + length) // length - 1 - (at - first) // length - (last - at) // length
