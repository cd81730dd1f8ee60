"""The times that may be proposed are those, and only those, at which everyone concerned is free: by the slow check."""

from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.appointments import Answer
from core.availability import Slot
from core.countering import offer, propose
from core.errors import NotEveryoneFree
from core.rules import Rules
from core.times import Interval, instant
from tests.builders import answered
from tests.core import minutes
from tests.core.lives import Case, cases, ranges, some_thing, stored, world
from tests.core.minutes import Life, at_minute, minute_at

RULES = Rules(region="")


@dataclass(frozen=True)
class Meeting:
    """A third person is invited too, perhaps as the organiser; `pick` chooses the time that it has now."""

    case: Case
    third: Life
    organises: bool
    optional: frozenset[str]
    pick: int


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    case = draw(cases())
    base = minute_at(instant(case.day, time(), case.zone))
    third = Life(
        case.zone,
        case.main.region,
        tuple(draw(st.lists(ranges(case.zone, case.day), max_size=2))),
        tuple(draw(st.lists(some_thing(base), max_size=2))),
    )
    optional = draw(st.frozensets(st.sampled_from(["invited", "third"])))
    return Meeting(case, third, draw(st.booleans()), optional, draw(st.integers(0, 50)))


@settings(max_examples=80, deadline=None)
@given(meeting=meetings())
def test_what_is_offered_is_what_is_free_for_everyone(meeting: Meeting) -> None:
    case, length = meeting.case, timedelta(minutes=meeting.case.length)
    tx, guide = world()
    main, main_life = stored(tx, guide, "main", case.main)
    proposer, own_life = stored(tx, guide, "invited", case.invited)
    third, third_life = stored(tx, guide, "third", meeting.third)
    needed = [own_life]
    if meeting.organises or "third" not in meeting.optional:
        needed.append(third_life)
    free = [
        (minute, place_id)
        for minute, place_id, marked in minutes.offered(
            main_life, case.window, case.length, case.now, kind=case.kind, required=needed
        )
        if not marked
    ]
    coming = [at_minute(minute) for minute, _ in free if at_minute(minute) > case.now]
    start = coming[meeting.pick % len(coming)] if coming else case.window.end + timedelta(days=9)
    own = Interval.lasting(start, length)
    organiser = third if meeting.organises else guide.agathe
    seen = tx.appointments.add(
        guide.appointment(
            main_worker_id=main.id,
            creator_id=organiser.id,
            during=own,
            kind=case.kind,
            parties=(guide.gisele.ref, proposer.ref, third.ref),
            invitations=(
                answered(proposer, Answer.DECLINED, optional="invited" in meeting.optional),
                answered(third, Answer.PENDING, optional="third" in meeting.optional),
            ),
        )
    )

    found = offer(tx, proposer, seen.id, case.window, case.now, RULES)

    assert [(minute_at(s.during.start), s.place_id) for s in found] == [
        (minute, place_id) for minute, place_id in free if at_minute(minute) != start
    ]
    assert all(s.during.duration == length and not s.marked for s in found)
    for slot in found[:: max(len(found) // 3, 1)]:
        assert propose(tx, proposer, seen.id, seen.revision, slot, case.now, RULES).during == slot.during
    with pytest.raises(NotEveryoneFree):
        propose(tx, proposer, seen.id, seen.revision, Slot(own, guide.gembloux.id), case.now, RULES)
