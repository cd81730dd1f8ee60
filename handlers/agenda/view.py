"""Which agendas show, and when: all that a button of the card carries, in numbers to base 36."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.errors import NotFound
from core.times import Interval
from handlers.agenda.marks import day_of
from handlers.i18n import Texts
from handlers.ui import ActionRef

MOST_PEOPLE = 5
_WEEK = 7
_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)
_LARGEST_ID = 2**31 - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"([wd])([0-9a-z]{1,5})((?:\.[0-9a-z]{1,6}){1,5})(?:/([0-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class View:
    """Some people, and the day or the week of `day`."""

    people: tuple[int, ...]
    day: date
    week: bool = True

    @property
    def days(self) -> tuple[date, ...]:
        """The days that may show."""
        if not self.week:
            return (self.day,)
        monday = self.day - timedelta(days=self.day.weekday())
        return tuple(monday + timedelta(days=n) for n in range(_WEEK))

    def window(self, texts: Texts) -> Interval:
        """Return these days on the reader's clock."""
        return Interval(day_of(self.days[0], texts).start, day_of(self.days[-1], texts).end)

    def turned(self, steps: int) -> "View":
        """Return the view so many days or weeks later, at most up to the edges of the calendar."""
        later = self.day + timedelta(days=steps * (_WEEK if self.week else 1))
        return replace(self, day=min(max(later, _FIRST), _LAST))

    def ref(self, name: str, person: int | None = None) -> ActionRef:
        """Return the reference of an action on this view; `person` is the place of one of the people in it."""
        token = ".".join([f"{'w' if self.week else 'd'}{_encoded(self.day.toordinal())}", *map(_encoded, self.people)])
        return ActionRef(name, token if person is None else f"{token}/{person}")


def view_of(people: Iterable[int], day: date, *, week: bool = True) -> View:
    """Return a view of at most MOST_PEOPLE, on a day that can be shown."""
    return View(tuple(dict.fromkeys(people))[:MOST_PEOPLE], min(max(day, _FIRST), _LAST), week)


def read_view(token: str) -> tuple[View, int | None]:
    """Return the view of a token, and the place of the person meant, if one is. Raises NotFound."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotFound
    kind, day, people, person = found.groups()
    ids = tuple(int(part, 36) for part in people[1:].split("."))
    ordinal = int(day, 36)
    if not _FIRST.toordinal() <= ordinal <= _LAST.toordinal() or max(ids) > _LARGEST_ID:
        raise NotFound
    meant = int(person) if person else None
    if meant is not None and meant >= len(ids):
        raise NotFound
    return View(ids, date.fromordinal(ordinal), kind == "w"), meant


def _encoded(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text or "0"
