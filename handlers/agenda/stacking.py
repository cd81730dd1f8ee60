"""Things of one person at the same time stand one below the other, in lanes."""

from collections.abc import Iterable, Sequence

from core.times import Interval
from handlers.agenda.looks import Look
from handlers.agenda.marks import Mark
from handlers.i18n import Texts

MOST_LANES = 4
"""What would need more lanes is gathered, and counted: "3 more"."""

Lanes = list[list[Mark]]
_BEHIND = {Look.AVAILABLE, Look.ABSENCE, Look.HOLIDAY}


def stacked(marks: Iterable[Mark], texts: Texts, most: int = MOST_LANES) -> Lanes:
    """Return the marks in as few lanes as keep them apart, none more than `most`."""
    lanes: Lanes = []
    for mark in sorted(marks, key=lambda m: m.during.start):
        free = next((lane for lane in lanes if lane[-1].during.end <= mark.during.start), None)
        if free is None:
            lanes.append([mark])
        else:
            free.append(mark)
    if len(lanes) <= most:
        return lanes
    crowd = sorted((m for lane in lanes[most - 1 :] for m in lane), key=lambda m: m.during.start)
    return [*lanes[: most - 1], [_gathered(group, texts) for group in _groups(crowd)]]


def _groups(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Return the marks in groups that do not overlap."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and mark.during.start < max(m.during.end for m in groups[-1]):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _gathered(group: Sequence[Mark], texts: Texts) -> Mark:
    if len(group) == 1:
        return group[0]
    during = Interval(group[0].during.start, max(m.during.end for m in group))
    count = texts.n("{count} more", "{count} more", len(group))
    look = group[0].look if group[0].look in _BEHIND else Look.MORE
    return Mark(look, during, "\n".join(m.line for m in group), (count, f"+{len(group)}"))
