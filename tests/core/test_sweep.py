"""Stretches and sets of starts, against sets of seconds (in steps of 5 minutes)."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.sweep import STEP_SECONDS, Grid, Stretch, both, joined

SLICE = 300
BOUND = st.integers(-40, 200).map(lambda n: n * SLICE)
STRETCH = st.tuples(BOUND, st.integers(1, 60).map(lambda n: n * SLICE)).map(lambda s: (s[0], s[0] + s[1]))
STRETCHES = st.lists(STRETCH, max_size=8)
GRIDS = st.builds(
    Grid.between, st.integers(-9000, 20_000), st.integers(-9000, 60_000), st.integers(1, 40).map(lambda n: n * SLICE)
)


def slices(stretches: list[Stretch]) -> set[int]:
    return {at for start, end in stretches for at in range(start, end, SLICE)}


def starts(grid: Grid) -> list[int]:
    return [grid.first + n * STEP_SECONDS for n in range(grid.count)]


@given(stretches=STRETCHES, data=st.data())
def test_what_is_joined_is_the_union_in_order(stretches: list[Stretch], data: st.DataObject) -> None:
    found = joined(stretches)
    assert slices(found) == slices(stretches)
    assert all(end < start for (_, end), (start, _) in pairwise(found))
    assert joined(data.draw(st.permutations(stretches))) == found


@given(earliest=st.integers(-5000, 5000), before=st.integers(-5000, 9000), lasts=st.integers(1, 9000))
def test_a_grid_has_every_quarter_of_an_hour(earliest: int, before: int, lasts: int) -> None:
    grid = Grid.between(earliest, before, lasts)
    assert starts(grid) == [at for at in range(-9000, 9900, STEP_SECONDS) if earliest <= at < before]
    assert grid.left(grid.all()) == starts(grid)
    assert not grid.count or grid.end == starts(grid)[-1] + lasts


@given(grid=GRIDS, opened=STRETCHES)
def test_what_is_inside_lies_wholly_in_one_stretch(grid: Grid, opened: list[Stretch]) -> None:
    expected = [at for at in starts(grid) if any(s <= at and at + grid.lasts <= e for s, e in opened)]
    assert grid.left(grid.inside(opened)) == expected


@given(grid=GRIDS, closed=STRETCHES, again=STRETCHES, lasts=st.none() | st.integers(1, 9000))
def test_what_is_cut_out_touches_nothing_closed(
    grid: Grid, closed: list[Stretch], again: list[Stretch], lasts: int | None
) -> None:
    left = grid.all()
    grid.cut(left, closed, lasts=lasts)
    grid.cut(left, again, lasts=lasts)
    length = lasts or grid.lasts
    assert grid.left(left) == [
        at for at in starts(grid) if not any(at < e and s < at + length for s, e in (*closed, *again))
    ]


@given(grid=GRIDS, one=STRETCHES, other=STRETCHES)
def test_intersections_commute(grid: Grid, one: list[Stretch], other: list[Stretch]) -> None:
    first, second = grid.inside(one), grid.inside(other)
    common = grid.left(both(first, second))
    assert common == grid.left(both(second, first))
    assert set(common) == set(grid.left(first)) & set(grid.left(second))
