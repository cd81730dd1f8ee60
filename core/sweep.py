"""Arithmetic of free time on plain numbers: stretches of time, and the starts that are left free of them (ADR 10).

A stretch is its start and end in seconds since 1970, the end not included.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.rules import STEP

Stretch = tuple[int, int]
STEP_SECONDS = int(STEP.total_seconds())


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the union as sorted stretches that neither overlap nor touch."""
    found: list[Stretch] = []
    begin = stop = None
    for start, end in sorted(stretches):
        if begin is None or stop is None:
            begin, stop = start, end
        elif start <= stop:
            stop = max(stop, end)
        else:
            found.append((begin, stop))
            begin, stop = start, end
    if begin is not None and stop is not None:
        found.append((begin, stop))
    return found


@dataclass(frozen=True, slots=True)
class Grid:
    """The starts, every quarter of an hour, of something that lasts `lasts` seconds: `count` from `first` on.

    A set of them is a bytearray of as many ones and zeros. A stretch is cut out of it at once wherever it lies, so that
    thousands of them need not be sorted first.
    """

    first: int
    count: int
    lasts: int

    @classmethod
    def between(cls, earliest: int, before: int, lasts: int) -> "Grid":
        """Return the starts from `earliest` on, as long as they lie before `before`."""
        first = -(-earliest // STEP_SECONDS) * STEP_SECONDS
        return cls(first, max(-((first - before) // STEP_SECONDS), 0), lasts)

    @property
    def end(self) -> int:
        """When the last of them is over."""
        return self.first + (self.count - 1) * STEP_SECONDS + self.lasts

    def all(self) -> bytearray:
        """Return every start."""
        return bytearray(b"\x01" * self.count)

    def inside(self, opened: Iterable[Stretch]) -> bytearray:
        """Return the starts of what lies wholly inside one of these stretches."""
        starts = bytearray(self.count)
        late = self.first + self.lasts - STEP_SECONDS
        long_enough = [piece for piece in opened if piece[1] - piece[0] >= self.lasts]
        self._paint(starts, long_enough, self.first - STEP_SECONDS + 1, late, b"\x01" * self.count)
        return starts

    def cut(self, starts: bytearray, closed: Iterable[Stretch], *, lasts: int | None = None) -> None:
        """Take out the starts from which `lasts` seconds (those of the grid, if not given) touch a closed stretch."""
        late = self.first + (self.lasts if lasts is None else lasts) - STEP_SECONDS
        self._paint(starts, closed, late, self.first - STEP_SECONDS + 1, bytes(self.count))

    def _paint(self, starts: bytearray, stretches: Iterable[Stretch], low: int, high: int, colour: bytes) -> None:
        """Give starts their `colour`: those of a stretch, from its start counted from `low` to its end from `high`."""
        count = self.count
        for start, end in stretches:
            first, last = (start - low) // STEP_SECONDS, (end - high) // STEP_SECONDS
            if first < 0 or last > count:
                first, last = max(first, 0), max(min(last, count), 0)
            starts[first:last] = colour[first:last]

    def left(self, starts: bytearray) -> list[int]:
        """Return the starts that are in the set, in seconds since 1970."""
        found: list[int] = []
        high = 0
        while (low := starts.find(1, high)) >= 0:
            high = starts.find(0, low)
            if high < 0:
                high = self.count
            found += range(self.first + low * STEP_SECONDS, self.first + high * STEP_SECONDS, STEP_SECONDS)
        return found


def both(one: bytearray, other: bytearray) -> bytearray:
    """Return the starts that are in both sets."""
    common = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return bytearray(common.to_bytes(len(one), "little"))
