"""The times that are offered, against a brute-force grid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appointments import Answer, Invitation
from core.availability import Absence, AbsenceKind, AvailabilityRange, BusyKind, ExternalEvent, Slot
from core.booking import book
from core.conflicts import NeedsConfirmation
from core.errors import OutsideAvailability
from core.ports import Transaction
from core.rules import Rules
from core.slots import free_slots, nearest_slots, within_availability
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import Guide, answered, at, between, make_range, store_guide
from tests.clock import START

RULES = Rules()
DAY = between("2026-01-27 00:00", "2026-01-28 00:00")
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def tx() -> MemoryTransaction:
    return MemoryTransaction(State())


@pytest.fixture
def guide(tx: MemoryTransaction) -> Guide:
    return store_guide(tx)


def starts(slots: Sequence[Slot]) -> list[str]:
    return [(s.during.start + HOUR).strftime("%H:%M") for s in slots]  # winter in Brussels


def one_range(worker_id: int, start: time, lasts: timedelta, place_id: int | None = None) -> AvailabilityRange:
    return make_range(worker_id, first_day=date(2026, 1, 27), starts=start, lasts=lasts, place_id=place_id, rule="")


def test_every_quarter_that_fits_is_offered_with_its_place(tx: Transaction, guide: Guide) -> None:
    tx.agendas.replace_ranges(guide.seforme.id, [one_range(guide.seforme.id, time(9), 2 * HOUR, guide.gembloux.id)])
    slots = free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)
    assert starts(slots) == ["09:00", "09:15", "09:30", "09:45", "10:00"]
    assert {(s.during.duration, s.place_id, s.marked) for s in slots} == {(HOUR, guide.gembloux.id, False)}


def test_slots_begin_on_the_quarter_inside_an_odd_range(tx: Transaction, guide: Guide) -> None:
    tx.agendas.replace_ranges(guide.seforme.id, [one_range(guide.seforme.id, time(9, 5), timedelta(minutes=65))])
    assert starts(free_slots(tx, guide.seforme.id, DAY, timedelta(minutes=30), START, RULES)) == ["09:15", "09:30"]


def test_nothing_is_offered_where_nothing_is_open(tx: Transaction, guide: Guide) -> None:
    tx.agendas.replace_ranges(guide.seforme.id, [])
    assert free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES) == []
    assert free_slots(tx, guide.ecoute.id, DAY, 9 * HOUR, START, RULES) == []


def test_slots_touch_what_closes_and_never_overlap_it(tx: Transaction, guide: Guide) -> None:
    tx.agendas.replace_ranges(guide.seforme.id, [one_range(guide.seforme.id, time(9), 5 * HOUR)])
    tx.appointments.add(guide.appointment(during=between("2026-01-27 10:10", "11:50")))
    assert starts(free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)) == [
        "09:00", "12:00", "12:15", "12:30", "12:45", "13:00",
    ]  # fmt: skip


def test_what_lies_beyond_the_window_closes_too(tx: Transaction, guide: Guide) -> None:
    """A slot that begins inside the window ends outside it, on an appointment."""
    tx.appointments.add(guide.appointment(during=between("2026-01-27 11:00", "12:00")))
    window = between("2026-01-27 10:00", "10:30")
    assert starts(free_slots(tx, guide.seforme.id, window, HOUR, START, RULES)) == ["10:00"]


def test_a_slot_may_end_after_the_window_but_begins_inside(tx: Transaction, guide: Guide) -> None:
    window = between("2026-01-27 16:00", "16:30")
    assert starts(free_slots(tx, guide.seforme.id, window, HOUR, START, RULES)) == ["16:00"]
    assert starts(free_slots(tx, guide.seforme.id, window, QUARTER, START, RULES)) == ["16:00", "16:15"]


def test_ranges_of_one_place_that_touch_or_overlap_are_one(tx: Transaction, guide: Guide) -> None:
    seforme = guide.seforme.id
    pieces = [
        one_range(seforme, time(9), 2 * HOUR),
        one_range(seforme, time(11), HOUR),
        one_range(seforme, time(10), HOUR),
    ]
    tx.agendas.replace_ranges(seforme, pieces)
    assert starts(free_slots(tx, seforme, DAY, 3 * HOUR, START, RULES)) == ["09:00"]


def test_a_slot_is_not_offered_across_two_places(tx: Transaction, guide: Guide) -> None:
    seforme, namur = guide.seforme.id, tx.places.add("Namur", "").id
    tx.agendas.replace_ranges(
        seforme, [one_range(seforme, time(9), HOUR, guide.gembloux.id), one_range(seforme, time(10), HOUR, namur)]
    )
    found = free_slots(tx, seforme, DAY, HOUR, START, RULES)
    assert [(s.during.start, s.place_id) for s in found] == [
        (at("2026-01-27 09:00"), guide.gembloux.id),
        (at("2026-01-27 10:00"), namur),
    ]


def test_a_time_that_is_open_in_two_places_is_offered_in_both(tx: Transaction, guide: Guide) -> None:
    seforme, namur = guide.seforme.id, tx.places.add("Namur", "").id
    tx.agendas.replace_ranges(
        seforme, [one_range(seforme, time(9), HOUR, namur), one_range(seforme, time(9), HOUR, guide.gembloux.id)]
    )
    assert [s.place_id for s in free_slots(tx, seforme, DAY, HOUR, START, RULES)] == [guide.gembloux.id, namur]


def test_the_past_is_not_offered(tx: Transaction, guide: Guide) -> None:
    now = at("2026-01-27 15:31")
    assert starts(free_slots(tx, guide.seforme.id, DAY, HOUR, now, RULES)) == ["15:45", "16:00"]
    assert starts(free_slots(tx, guide.seforme.id, DAY, HOUR, at("2026-01-27 16:00"), RULES)) == ["16:00"]
    assert free_slots(tx, guide.seforme.id, DAY, HOUR, at("2026-01-27 16:00") + timedelta(microseconds=1), RULES) == []


def test_the_appointment_being_moved_is_not_in_its_own_way(tx: Transaction, guide: Guide) -> None:
    own = tx.appointments.add(guide.appointment())
    assert "10:00" not in starts(free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES))
    offered = free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES, invitees=[guide.ecoute.id], ignoring=own.id)
    assert "10:00" in starts(offered)
    assert not any(s.marked for s in offered)


@pytest.mark.parametrize(
    ("answer", "offered", "marked"),
    [
        (Answer.ACCEPTED, False, False),
        (Answer.TENTATIVE, True, True),
        (Answer.PENDING, True, True),
        (Answer.DECLINED, True, False),
    ],
)
def test_what_the_main_worker_is_invited_to(
    tx: Transaction, guide: Guide, answer: Answer, offered: bool, marked: bool
) -> None:
    invitation = answered(guide.seforme, answer)
    tx.appointments.add(
        guide.appointment(main_worker_id=guide.ecoute.id, parties=(guide.seforme.ref,), invitations=(invitation,))
    )
    found = {s.during.start: s for s in free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)}
    ten = at("2026-01-27 10:00")
    assert (ten in found) is offered
    assert ten not in found or found[ten].marked is marked
    assert not found[at("2026-01-27 12:00")].marked


@pytest.mark.parametrize("tentative", [False, True])
def test_the_main_workers_external_events(tx: Transaction, guide: Guide, tentative: bool) -> None:
    event = ExternalEvent(guide.seforme.id, "x", "", between("2026-01-27 10:00", "12:00"), "", tentative)
    tx.agendas.replace_external_events(guide.seforme.id, [event])
    found = {s.during.start: s.marked for s in free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)}
    assert found.get(at("2026-01-27 10:00")) is (True if tentative else None)


STORED = (
    BusyKind.ACCEPTED,
    BusyKind.TENTATIVE,
    BusyKind.PENDING,
    BusyKind.EXTERNAL,
    BusyKind.HOLD,
    BusyKind.ABSENCE,
    BusyKind.APPOINTMENT,
)


@pytest.mark.parametrize("kind", STORED)
def test_a_busy_invitee_marks_and_does_not_close(tx: Transaction, guide: Guide, kind: BusyKind) -> None:
    ecoute, during = guide.ecoute, between("2026-01-27 10:00", "12:00")
    match kind:
        case BusyKind.APPOINTMENT:
            tx.appointments.add(
                guide.appointment(main_worker_id=ecoute.id, parties=(guide.gisele.ref,), invitations=())
            )
        case BusyKind.EXTERNAL:
            tx.agendas.replace_external_events(ecoute.id, [ExternalEvent(ecoute.id, "x", "", during)])
        case BusyKind.HOLD:
            tx.agendas.hold(ecoute.id, guide.stranger.id, during, START, START + HOUR)
        case BusyKind.ABSENCE:
            tx.agendas.save_absence(Absence(0, ecoute.id, AbsenceKind.LEAVE, during, ecoute.zone))
        case _:
            invitation = answered(ecoute, Answer(str(kind)))
            tx.appointments.add(guide.appointment(main_worker_id=guide.stranger.id, invitations=(invitation,)))
    found = {
        s.during.start: s.marked
        for s in free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES, invitees=[ecoute.id])
    }
    assert found[at("2026-01-27 10:00")]
    assert found[at("2026-01-27 11:45")]
    assert not found[at("2026-01-27 09:00")]
    assert not found[at("2026-01-27 12:00")]


def test_the_nearest_slots_surround_the_time_that_was_wanted(tx: Transaction, guide: Guide) -> None:
    tx.appointments.add(guide.appointment())
    found = nearest_slots(tx, guide.seforme.id, between("2026-01-27 10:00", "12:00"), START, RULES)
    assert [s.during for s in found] == [
        between("2026-01-26 15:00", "17:00"),
        between("2026-01-27 12:00", "14:00"),
        between("2026-01-27 14:00", "16:00"),
    ]


def test_the_nearest_slots_outside_the_ranges(tx: Transaction, guide: Guide) -> None:
    found = nearest_slots(
        tx, guide.seforme.id, between("2026-01-31 20:00", "21:00"), START, RULES, count=2
    )  # a Saturday
    assert [s.during for s in found] == [between("2026-01-30 15:00", "16:00"), between("2026-01-30 16:00", "17:00")]


def test_the_nearest_slots_are_not_in_the_past(tx: Transaction, guide: Guide) -> None:
    found = nearest_slots(tx, guide.seforme.id, between("2026-01-19 10:00", "11:00"), START, RULES)
    assert found[0].during == between("2026-01-20 09:00", "10:00")
    assert all(s.during.start >= START for s in found)


def test_nobody_open_means_no_slot_near(tx: Transaction, guide: Guide) -> None:
    tx.agendas.replace_ranges(guide.seforme.id, [])
    assert nearest_slots(tx, guide.seforme.id, between("2026-01-27 10:00", "11:00"), START, RULES) == []


@pytest.mark.parametrize("lock", [False, True])
def test_a_time_lies_wholly_inside_ranges_or_outside(tx: Transaction, guide: Guide, lock: bool) -> None:
    seforme, namur = guide.seforme.id, tx.places.add("Namur", "").id
    tx.agendas.replace_ranges(
        seforme, [one_range(seforme, time(9), HOUR, guide.gembloux.id), one_range(seforme, time(10), HOUR, namur)]
    )

    def inside(start: str, end: str) -> bool:
        return within_availability(tx, seforme, between(f"2026-01-27 {start}", end), lock=lock)

    assert inside("09:00", "11:00")  # ranges that touch are one, whatever their places
    assert inside("09:30", "10:30")
    assert not inside("08:59", "10:00")
    assert not inside("10:00", "11:01")
    assert not inside("12:00", "13:00")


MINUTE = st.integers(0, 24 * 12 - 1).map(lambda n: 5 * n)
STRETCH = st.tuples(MINUTE, st.integers(1, 48).map(lambda n: 5 * n))
PLACES = st.sampled_from([None, 1, 2])
RANGES = st.lists(st.tuples(STRETCH, PLACES), max_size=5)
DURATIONS = st.integers(1, 12).map(lambda n: n * QUARTER)


def stretch(piece: tuple[int, int]) -> Interval:
    return Interval.lasting(DAY.start + timedelta(minutes=piece[0]), timedelta(minutes=piece[1]))


@given(
    open_=RANGES,
    closing=st.lists(STRETCH, max_size=4),
    doubtful=st.lists(STRETCH, max_size=2),
    duration=DURATIONS,
    late=MINUTE,
    data=st.data(),
)
def test_slots_are_those_of_a_brute_force_grid(
    open_: list[tuple[tuple[int, int], int | None]],
    closing: list[tuple[int, int]],
    doubtful: list[tuple[int, int]],
    duration: timedelta,
    late: int,
    data: st.DataObject,
) -> None:
    tx = MemoryTransaction(State())
    guide, namur = store_guide(tx), tx.places.add("Namur", "")
    seforme, places = guide.seforme.id, {None: None, 1: guide.gembloux.id, 2: namur.id}
    ranges = [
        one_range(seforme, time(minute // 60, minute % 60), timedelta(minutes=length), places[place])
        for (minute, length), place in open_
    ]
    tx.agendas.replace_ranges(seforme, data.draw(st.permutations(ranges)))
    events = [ExternalEvent(seforme, f"c{n}", "", stretch(p)) for n, p in enumerate(closing)]
    events += [ExternalEvent(seforme, f"d{n}", "", stretch(p), tentative=True) for n, p in enumerate(doubtful)]
    tx.agendas.replace_external_events(seforme, data.draw(st.permutations(events)))
    now = DAY.start + timedelta(minutes=late)

    def minutes(pieces: Sequence[tuple[int, int]]) -> set[int]:
        return {m for start, length in pieces for m in range(start, start + length)}

    closed, unsure, length = minutes(closing), minutes(doubtful), int(duration / timedelta(minutes=1))
    expected = set()
    for place in (None, 1, 2):
        opened = minutes([piece for piece, at_place in open_ if at_place == place])
        for start in range(0, 24 * 60, 15):
            wanted = set(range(start, start + length))
            if start >= late and wanted <= opened and not wanted & closed:
                expected.add((start, places[place], bool(wanted & unsure)))
    found = free_slots(tx, seforme, DAY, duration, now, RULES)
    assert [(int((s.during.start - DAY.start) / timedelta(minutes=1)), s.place_id, s.marked) for s in found] == sorted(
        expected, key=lambda e: (e[0], e[1] or 0)
    )
    assert all(s.during.duration == duration for s in found)


@given(open_=RANGES, events=st.lists(STRETCH, max_size=3), start=MINUTE, duration=DURATIONS)
def test_what_is_offered_can_be_booked_and_nothing_else_without_a_question(
    open_: list[tuple[tuple[int, int], int | None]], events: list[tuple[int, int]], start: int, duration: timedelta
) -> None:
    tx = MemoryTransaction(State())
    guide = store_guide(tx)
    seforme = guide.seforme.id
    tx.agendas.replace_ranges(
        seforme,
        [one_range(seforme, time(m // 60, m % 60), timedelta(minutes=length)) for (m, length), _place in open_],
    )
    tx.agendas.replace_external_events(
        seforme, [ExternalEvent(seforme, str(n), "", stretch(p)) for n, p in enumerate(events)]
    )
    wanted = Interval.lasting(DAY.start + timedelta(minutes=start - start % 15), duration)
    offered = wanted in [s.during for s in free_slots(tx, seforme, DAY, duration, START, RULES)]
    request = guide.request(during=wanted, parties=(guide.gisele.ref,))
    try:
        booked = book(tx, guide.agathe, request, START, Rules()).id > 0
    except (OutsideAvailability, NeedsConfirmation):
        booked = False
    assert booked is offered


def test_an_answer_that_changes_while_slots_show_changes_them(tx: Transaction, guide: Guide) -> None:
    stored = tx.appointments.add(
        guide.appointment(
            main_worker_id=guide.ecoute.id, parties=(guide.seforme.ref,), invitations=(Invitation(guide.seforme.id),)
        )
    )
    before = free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)
    tx.appointments.answer(stored, replace(stored.invitations[0], answer=Answer.ACCEPTED, sequence=1), START)
    after = free_slots(tx, guide.seforme.id, DAY, HOUR, START, RULES)
    ten: datetime = at("2026-01-27 10:00")
    assert ten in [s.during.start for s in before]
    assert ten not in [s.during.start for s in after]
