"""Free time is availability without absences, public holidays and what occupies people, whatever the clocks do."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability import BusyKind, Slot
from core.rules import Rules
from core.slots import free_slots
from tests.core import minutes
from tests.core.lives import Case, cases, stored, world
from tests.core.minutes import minute_at


def shown(found: Iterable[Slot]) -> list[tuple[int, int | None, bool]]:
    return [(minute_at(s.during.start), s.place_id, s.marked) for s in found]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_every_slot_that_is_free_is_offered_and_no_other(case: Case) -> None:
    tx, guide = world()
    worker, main = stored(tx, guide, "main", case.main)
    duration = timedelta(minutes=case.length)
    found = free_slots(tx, worker.id, case.window, duration, case.now, Rules(region=""), kind=case.kind)
    assert shown(found) == minutes.offered(main, case.window, case.length, case.now, kind=case.kind)
    assert all(s.during.duration == duration for s in found)


@pytest.mark.parametrize("everyone", [False, True])
@pytest.mark.parametrize("optional", [False, True])
@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_with_an_invitee_everyone_is_free_or_it_is_marked(everyone: bool, optional: bool, case: Case) -> None:
    tx, guide = world()
    main, lives = stored(tx, guide, "main", case.main), []
    invitee, life = stored(tx, guide, "invited", case.invited)
    lives.append(life)
    found = free_slots(
        tx,
        main[0].id,
        case.window,
        timedelta(minutes=case.length),
        case.now,
        Rules(region=""),
        invitees=[invitee.id, main[0].id],
        optional=frozenset({invitee.id} if optional else ()),
        everyone=everyone,
        kind=case.kind,
    )
    needed = everyone and not optional
    assert shown(found) == minutes.offered(
        main[1],
        case.window,
        case.length,
        case.now,
        kind=case.kind,
        required=lives if needed else (),
        marking=() if needed else lives,
    )


@settings(max_examples=60, deadline=None)
@given(case=cases(limits=False))
def test_what_two_have_in_common_does_not_depend_on_whose_agenda_it_is(case: Case) -> None:
    """Intersections commute; places and what an agenda with no ranges means are each agenda's own."""
    tx, guide = world()
    people = []
    for handle, life in (("one", case.main), ("other", case.invited)):
        anywhere = tuple(replace(r, place_id=None) for r in life.ranges)
        people.append(stored(tx, guide, handle, replace(life, ranges=anywhere))[0].id)
    if case.main.ranges and case.invited.ranges:
        one, other = (
            free_slots(
                tx,
                first,
                case.window,
                timedelta(minutes=case.length),
                case.now,
                Rules(region=""),
                invitees=[second],
                everyone=True,
                kind=case.kind,
            )
            for first, second in (people, people[::-1])
        )
        assert shown(one) == shown(other)


@settings(max_examples=60, deadline=None)
@given(case=cases(), data=st.data())
def test_the_order_in_which_things_were_stored_does_not_matter(case: Case, data: st.DataObject) -> None:
    found = []
    free_of_clashes = [t for t in case.main.things if t.kind not in {BusyKind.APPOINTMENT, BusyKind.HOLD}]
    for _ in range(2):
        tx, guide = world()
        main = replace(
            case.main,
            ranges=tuple(data.draw(st.permutations(case.main.ranges))),
            things=tuple(data.draw(st.permutations(free_of_clashes))),
        )
        worker, _life = stored(tx, guide, "main", main)
        duration = timedelta(minutes=case.length)
        found.append(free_slots(tx, worker.id, case.window, duration, case.now, Rules(region=""), kind=case.kind))
    assert found[0] == found[1]
