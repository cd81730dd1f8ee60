"""A day from the grid of its month, a time of day by its hour and its minutes."""

from calendar import Calendar
from collections.abc import Iterator
from datetime import date, timedelta

from bot.telegram.keyboards import Key
from bot.telegram.marked import DAY, NOTHING, TIME, VIEW, Keys
from handlers import forms
from handlers.i18n import Texts

MONTH, HOUR = "m", "h"
"""Begin what a part of the grid is named by: "m2026-02", "h14"."""
_IN_A_ROW = 6
_STEP = 5
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 1)
_BLANK = "·"
_ONE_DAY = timedelta(days=1)


def day_rows(keys: Keys, value: str, today: date, texts: Texts, view: str) -> Iterator[tuple[Key, ...]]:
    """Yield the grid of the month in `view`, else that of the day that is filled in, else this one's."""
    chosen = forms.day(value) if value else None
    month = _month(view) or (chosen or today).replace(day=1)
    before, after = (month - _ONE_DAY).replace(day=1), (month + timedelta(days=31)).replace(day=1)
    yield (
        keys.key("‹", _view(before)) if month > _FIRST else keys.key(_BLANK, NOTHING),
        keys.key(texts.month(month), NOTHING),
        keys.key("›", _view(after)) if month < _LAST else keys.key(_BLANK, NOTHING),
    )
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    yield tuple(keys.key(texts.weekday(day)[:2], NOTHING) for day in weeks[0])
    for week in weeks:
        yield tuple(_day(keys, day, chosen, today, month) for day in week)


def time_rows(keys: Keys, value: str, view: str) -> Iterator[tuple[Key, ...]]:
    """Yield the hours of a day, or the minutes of the hour in `view`."""
    hour = view.removeprefix(HOUR)
    if view.startswith(HOUR) and forms.clock(f"{hour}:00"):
        times = [f"{hour}:{minute:02}" for minute in range(0, 60, _STEP)]
        found = [keys.key(_marked(at, chosen=at == value), f"{TIME}{at}") for at in times]
    else:
        hours = [f"{n:02}" for n in range(24)]
        found = [keys.key(_marked(at, chosen=at == value[:2]), f"{VIEW}{HOUR}{at}") for at in hours]
    for n in range(0, len(found), _IN_A_ROW):
        yield tuple(found[n : n + _IN_A_ROW])


def _day(keys: Keys, day: date, chosen: date | None, today: date, month: date) -> Key:
    if day.month != month.month:
        return keys.key(_BLANK, NOTHING)
    label = f"•{day.day}" if day == today else str(day.day)
    return keys.key(_marked(label, chosen=day == chosen), f"{DAY}{day.isoformat()}")


def _marked(label: str, *, chosen: bool) -> str:
    return f"[{label}]" if chosen else label


def _view(month: date) -> str:
    return f"{VIEW}{MONTH}{month:%Y-%m}"


def _month(view: str) -> date | None:
    found = forms.day(f"{view.removeprefix(MONTH)}-01") if view.startswith(MONTH) else None
    return min(max(found, _FIRST), _LAST).replace(day=1) if found else None
