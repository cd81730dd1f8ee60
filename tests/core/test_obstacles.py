"""What is in the way of one time agrees with what is offered; and what each of a worker's limits means."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability import Absence, AbsenceKind, Busy, BusyKind, ExternalEvent, Limits
from core.errors import NotFound
from core.freetime import Facts, facts_of
from core.obstacles import CLOSING, MARKING, obstacles, occupying, open_anywhere, open_places
from core.ports import Transaction
from core.rules import Rules
from core.slots import free_slots, within_availability
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import Guide, at, between, make_range, store_guide
from tests.clock import START
from tests.core.lives import Case, cases, stored, world

RULES = Rules()
HOUR = timedelta(hours=1)
TEN = between("2026-01-27 10:00", "11:00")
DAY = between("2026-01-27 00:00", "2026-01-28 00:00")


@pytest.fixture
def tx() -> MemoryTransaction:
    return MemoryTransaction(State())


@pytest.fixture
def guide(tx: MemoryTransaction) -> Guide:
    return store_guide(tx)


@settings(max_examples=100, deadline=None)
@given(case=cases(), data=st.data())
def test_a_time_is_offered_exactly_when_nothing_that_closes_is_in_its_way(case: Case, data: st.DataObject) -> None:
    tx, guide = world()
    main, _ = stored(tx, guide, "main", case.main)
    other, _ = stored(tx, guide, "invited", case.invited)
    duration, rules = timedelta(minutes=case.length), Rules(region="")
    everyone = data.draw(st.booleans())
    found = free_slots(
        tx, main.id, case.window, duration, case.now, rules, invitees=[other.id], everyone=everyone, kind=case.kind
    )
    offered = {(s.during.start, s.place_id): s.marked for s in found}
    for start in data.draw(st.lists(st.integers(0, 191), min_size=1, max_size=30)):
        during = Interval.lasting(case.window.start + start * timedelta(minutes=15), duration)
        if case.now <= during.start < case.window.end:
            facts = facts_of(tx, [main.id, other.id], during, case.now, rules)
            for place_id in (None, 1, 2):
                expected = judged(facts[main.id], facts[other.id], during, place_id, case.kind, everyone=everyone)
                assert offered.get((during.start, place_id)) is expected


def judged(
    main: Facts, other: Facts, during: Interval, place_id: int | None, kind: str, *, everyone: bool
) -> bool | None:
    """Return whether it is offered with a mark, None if it is not offered."""
    own, his = obstacles(main, during, place_id=place_id), occupying(other, during)
    closing = [*own, *his] if everyone else own
    available = not everyone or not other.ranges or open_anywhere(other, during, kind)
    if place_id not in open_places(main, during, kind) or not available or any(b.kind in CLOSING for b in closing):
        return None
    return any(b.kind in MARKING for b in own) or bool(his)


@settings(max_examples=60, deadline=None)
@given(case=cases(), first=st.integers(0, 191))
def test_it_is_open_anywhere_when_it_lies_within_availability(case: Case, first: int) -> None:
    tx, guide = world()
    worker, _ = stored(tx, guide, "main", case.main)
    during = Interval.lasting(case.window.start + first * timedelta(minutes=15), timedelta(minutes=case.length))
    facts = facts_of(tx, [worker.id], during, case.now, RULES)[worker.id]
    found = open_anywhere(facts, during, case.kind)
    assert found is within_availability(tx, worker.id, during, kind=case.kind, lock=False)
    assert found or not open_places(facts, during, case.kind)


def limited(tx: Transaction, guide: Guide, **limits: object) -> None:
    tx.agendas.save_limits(guide.seforme.id, Limits(**limits))  # type: ignore[arg-type]


def facts(tx: Transaction, guide: Guide, during: Interval = TEN) -> Facts:
    return facts_of(tx, [guide.seforme.id], during, START, RULES)[guide.seforme.id]


def found(tx: Transaction, guide: Guide, during: Interval, place_id: int | None = None) -> list[BusyKind]:
    return [b.kind for b in obstacles(facts(tx, guide, during), during, place_id=place_id)]


def offered(tx: Transaction, guide: Guide, duration: timedelta = HOUR) -> list[str]:
    slots = free_slots(tx, guide.seforme.id, DAY, duration, START, RULES)
    return [(s.during.start + HOUR).strftime("%H:%M") for s in slots]  # winter in Brussels


def test_nothing_is_in_the_way_of_a_free_time(tx: Transaction, guide: Guide) -> None:
    assert found(tx, guide, TEN) == []
    assert open_places(facts(tx, guide), TEN) == [guide.gembloux.id]


def test_each_thing_is_told_with_all_that_is_known_of_it(tx: Transaction, guide: Guide) -> None:
    seforme = guide.seforme.id
    booked = tx.appointments.add(guide.appointment(during=between("2026-01-27 10:15", "10:30")))
    tx.agendas.hold(seforme, guide.ecoute.id, between("2026-01-27 10:30", "10:45"), START, START + HOUR)
    tx.agendas.save_absence(Absence(0, seforme, AbsenceKind.SICKNESS, TEN, guide.seforme.zone))
    assert obstacles(facts(tx, guide), TEN) == [
        Busy(seforme, TEN, BusyKind.ABSENCE),
        Busy(seforme, booked.during, BusyKind.APPOINTMENT, booked.id, guide.gembloux.id),
        Busy(seforme, between("2026-01-27 10:30", "10:45"), BusyKind.HOLD, held_by=guide.ecoute.id),
    ]


def test_what_is_moved_and_what_one_holds_oneself_is_in_nobodys_way(tx: Transaction, guide: Guide) -> None:
    booked = tx.appointments.add(guide.appointment(during=between("2026-01-27 10:15", "10:30")))
    tx.agendas.hold(guide.seforme.id, guide.ecoute.id, between("2026-01-27 10:30", "10:45"), START, START + HOUR)
    assert obstacles(facts(tx, guide), TEN, ignoring=booked.id, viewer_id=guide.ecoute.id) == []
    assert occupying(facts(tx, guide), TEN, ignoring=booked.id, viewer_id=guide.ecoute.id) == []
    slots = free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES, ignoring=booked.id, viewer_id=guide.ecoute.id)
    assert TEN in [s.during for s in slots]


def test_a_public_holiday_is_a_day_of_the_workers_zone(tx: Transaction, guide: Guide) -> None:
    day = between("2026-07-21 00:00", "2026-07-22 00:00")
    [holiday] = obstacles(facts(tx, guide, between("2026-07-21 10:00", "11:00")), between("2026-07-21 10:00", "11:00"))
    assert (holiday.kind, holiday.during) == (BusyKind.PUBLIC_HOLIDAY, day)
    assert found(tx, guide, between("2026-07-20 22:00", "2026-07-21 00:00")) == []
    assert free_slots(tx, guide.seforme.id, day, HOUR, START, RULES) == []
    assert free_slots(tx, guide.seforme.id, day, HOUR, START, Rules(region="")) != []


def test_notice_is_counted_from_now_to_the_start(tx: Transaction, guide: Guide) -> None:
    limited(tx, guide, notice=timedelta(days=7, hours=1))
    assert at("2026-01-20 09:00") == START
    assert offered(tx, guide)[0] == "10:00"
    early = between("2026-01-27 09:45", "10:45")
    assert obstacles(facts(tx, guide, early), early) == [Busy(guide.seforme.id, early, BusyKind.NOTICE)]
    assert found(tx, guide, TEN) == []


@pytest.mark.parametrize(("before", "after"), [(30, 15), (15, 30), (30, 0), (0, 30)])
def test_two_appointments_are_the_longer_buffer_apart(tx: Transaction, guide: Guide, before: int, after: int) -> None:
    limited(tx, guide, before=timedelta(minutes=before), after=timedelta(minutes=after))
    booked = tx.appointments.add(guide.appointment(during=between("2026-01-27 11:00", "12:00")))
    assert [start for start in offered(tx, guide) if "09:15" < start < "13:00"] == ["09:30", "12:30", "12:45"]
    near = between("2026-01-27 12:15", "13:15")
    told = Busy(guide.seforme.id, booked.during, BusyKind.BUFFER, booked.id, guide.gembloux.id)
    assert obstacles(facts(tx, guide, near), near) == [told]


def test_an_external_event_only_stays_out_of_the_new_ones_buffers(tx: Transaction, guide: Guide) -> None:
    limited(tx, guide, before=timedelta(minutes=30), after=timedelta(minutes=15))
    event = ExternalEvent(guide.seforme.id, "x", "", between("2026-01-27 11:00", "12:00"))
    tx.agendas.replace_external_events(guide.seforme.id, [event])
    assert [start for start in offered(tx, guide) if "09:15" < start < "13:00"] == ["09:30", "09:45", "12:30", "12:45"]


def test_travel_is_between_places_that_are_known_and_differ(tx: Transaction, guide: Guide) -> None:
    limited(tx, guide, after=timedelta(minutes=15), travel=timedelta(minutes=30))
    namur = tx.places.add("Namur", "").id
    booked = tx.appointments.add(guide.appointment(during=between("2026-01-27 11:00", "12:00"), place_id=namur))
    assert [start for start in offered(tx, guide) if "09:00" < start < "13:00"] == ["09:15", "12:45"]
    near = between("2026-01-27 12:15", "13:15")
    told = Busy(guide.seforme.id, booked.during, BusyKind.TRAVEL, booked.id, namur)
    assert obstacles(facts(tx, guide, near), near, place_id=guide.gembloux.id) == [told]
    assert found(tx, guide, near, namur) == found(tx, guide, near, None) == []
    assert found(tx, guide, between("2026-01-27 12:00", "13:00"), guide.gembloux.id) == [BusyKind.BUFFER]


@pytest.mark.parametrize("daily", [0, 1, 2, 3])
def test_the_daily_maximum_counts_own_appointments_of_the_local_day(tx: Transaction, guide: Guide, daily: int) -> None:
    limited(tx, guide, daily=daily)
    tx.appointments.add(guide.appointment(during=between("2026-01-27 09:00", "09:30")))
    last = tx.appointments.add(guide.appointment(during=between("2026-01-27 23:00", "2026-01-28 00:30")))
    tx.appointments.add(guide.appointment(main_worker_id=guide.ecoute.id, parties=(guide.seforme.ref,)))
    full = 0 < daily <= 2
    assert (offered(tx, guide) == []) is full
    assert found(tx, guide, between("2026-01-27 13:00", "14:00")) == ([BusyKind.FULL_DAY] if full else [])
    assert found(tx, guide, between("2026-01-28 09:00", "10:00")) == []
    moved = obstacles(facts(tx, guide, TEN), between("2026-01-27 14:00", "15:00"), ignoring=last.id)
    assert [b.kind for b in moved] == ([BusyKind.FULL_DAY] if daily == 1 else [])
    assert all(b.during == DAY for b in moved)


def test_limits_bind_nobody_who_is_only_invited(tx: Transaction, guide: Guide) -> None:
    limited(tx, guide, notice=timedelta(days=30), before=HOUR, daily=1)
    tx.appointments.add(guide.appointment(during=between("2026-01-27 09:00", "10:00")))
    assert occupying(facts(tx, guide), TEN) == []


def test_the_organisations_limits_hold_for_who_has_none_of_his_own(tx: Transaction, guide: Guide) -> None:
    rules = Rules(limits=Limits(daily=1))
    tx.appointments.add(guide.appointment(during=between("2026-01-27 15:00", "16:00")))
    assert free_slots(tx, guide.seforme.id, DAY, HOUR, START, rules) == []
    limited(tx, guide)
    assert free_slots(tx, guide.seforme.id, DAY, HOUR, START, rules) != []


MINUTES = st.integers(0, 12).map(lambda n: timedelta(minutes=5 * n))


@settings(max_examples=60, deadline=None)
@given(
    starts=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    limits=st.builds(Limits, st.just(HOUR * 0), MINUTES, MINUTES, MINUTES),
    places=st.tuples(*[st.sampled_from([None, 1, 2])] * 2),
)
def test_which_of_two_was_booked_first_does_not_matter(
    starts: tuple[int, int], limits: Limits, places: Sequence[int | None]
) -> None:
    ways = []
    for first, second in ((0, 1), (1, 0)):
        tx, guide = world()
        tx.agendas.save_limits(guide.seforme.id, limits)
        during = [Interval.lasting(TEN.start + timedelta(minutes=15 * n), HOUR) for n in starts]
        tx.appointments.add(guide.appointment(during=during[first], place_id=places[first]))
        known = facts(tx, guide, during[second])
        ways.append(sorted(b.kind for b in obstacles(known, during[second], place_id=places[second])))
    assert ways[0] == ways[1]


def test_a_range_for_some_kinds_is_open_for_those_alone(tx: Transaction, guide: Guide) -> None:
    seforme = guide.seforme.id
    tx.agendas.replace_ranges(seforme, [make_range(seforme, kinds=frozenset({"Entretien d’accueil", "Bilan"}))])
    known = facts(tx, guide)
    assert open_places(known, TEN, "bilan") == open_places(known, TEN, "ENTRETIEN  D’ACCUEIL") == [None]
    assert open_places(known, TEN) == open_places(known, TEN, "visite") == []


def test_facts_are_about_people_who_exist(tx: Transaction, guide: Guide) -> None:
    with pytest.raises(NotFound):
        facts_of(tx, [guide.seforme.id, 4711], TEN, START, RULES)
    assert list(facts_of(tx, [], TEN, START, RULES)) == []


def test_a_limit_reaches_beyond_the_time_that_is_asked_about(tx: Transaction, guide: Guide) -> None:
    limited(tx, guide, after=timedelta(hours=3))
    tx.appointments.add(guide.appointment(during=between("2026-01-27 06:00", "07:30")))
    assert found(tx, guide, TEN) == [BusyKind.BUFFER]
    assert offered(tx, guide)[0] == "10:30"


def test_a_holiday_of_another_region(tx: Transaction, guide: Guide) -> None:
    rules = Rules(region="FR-57")
    saint_stephen = between("2026-12-26 00:00", "2026-12-27 00:00")
    known = facts_of(tx, [guide.seforme.id], saint_stephen, START, rules)[guide.seforme.id]
    assert [b.kind for b in occupying(known, saint_stephen)] == [BusyKind.PUBLIC_HOLIDAY]
