"""One day, as it is said: a date, a weekday, "tomorrow"; months and relative days are dateparser's."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.words.names import MONTH, WEEKDAY, WEEKDAYS

NUMBER = r"[0-9]{1,2}(?:er|eme|e|st|nd|rd|th)?"
DATED = (
    rf"(?:(?:{WEEKDAY}),? )?(?:le |the )?(?:"
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[0-9]{1,2}[/.][0-9]{1,2}(?:[/.](?:[0-9]{4}|[0-9]{2}))?"
    rf"|{NUMBER} (?:de |d'|of )?{MONTH}(?:,? [0-9]{{4}})?"
    rf"|{MONTH} {NUMBER}(?:,? [0-9]{{4}})?)"
)
"""A date that names its month."""
WORDED = rf"(?:(?:{WEEKDAY}),? )?(?:le |the )?(?:{NUMBER} (?:de |d'|of )?{MONTH}|{MONTH} {NUMBER})(?:,? [0-9]{{4}})?"
"""A date that names its month in a word."""

_RELATIVE = (
    r"aujourd'?hui|apres[ -]demain|demain|today|(?:the )?day after tomorrow|tomorrow"
    r"|dans [0-9]{1,3} (?:jours?|semaines?)|in [0-9]{1,3} (?:days?|weeks?)"
)
_NAMED = rf"(?:ce |this |next )?(?:{WEEKDAY})(?: prochain)?"
_NUMBERED = rf"(?:{WEEKDAY}) (?:le |the )?{NUMBER}|(?:le|the) {NUMBER}"

DAY = rf"(?:{DATED}|{_RELATIVE}|{_NUMBERED}|{_NAMED})"
"""Any way to say one day; to be used between word boundaries."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_POINTS = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_PLAIN = re.compile(r"[0-9]{1,2}")
_BESIDE_TODAY = re.compile(_RELATIVE)
_ORDINAL = re.compile(r"(?<=[0-9])(?:er|eme|e|st|nd|rd|th)\b")
_AROUND = re.compile(r"^(?:ce|this|next|le|the) | prochain$|,|\bof\b|\bde |\bd'")
_WEEKDAY_ALONE = re.compile(
    rf"(?:(?:du|de|le|on) )?(?:ce |this |(?P<next>next ))?(?P<name>{WEEKDAY})(?P<prochain> prochain)?"
)
_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)
_MONTHS_AHEAD = 12


def read_day(text: str, today: date, *, past: bool = False) -> date | None:
    """Return the day that a match of `DAY` means: the next one from `today` on, or with `past` the last one up to it.

    A weekday by its name is never `today` itself. None if there is no such day, or its weekday is another one.
    """
    said = " ".join(_ORDINAL.sub("", _AROUND.sub(" ", text.replace("apres demain", "apres-demain"))).split())
    name, _, rest = said.partition(" ")
    weekday = WEEKDAYS.get(name)
    if weekday is not None and rest:
        said = rest.removeprefix("le ").removeprefix("the ")
    found = _read(said, today, past=past)
    if found is None or not _FIRST <= found <= _LAST:
        return None
    return found if weekday is None or found.weekday() == weekday else None


def other_day(text: str, today: date) -> date | None:
    """Return what else a weekday by its name may mean beside what `read_day` makes of it, None if nothing.

    On that weekday it may be `today`; the "next" one may be that of the week after where this week's is still to come.
    """
    named = _WEEKDAY_ALONE.fullmatch(text.strip())
    if named is None:
        return None
    ahead = WEEKDAYS[named["name"]] - today.weekday()
    later = bool(named["next"] or named["prochain"])
    if ahead > 0 and later:
        return today + timedelta(days=ahead + 7)
    return today if ahead == 0 and not later else None


def has_year(text: str) -> bool:
    """Tell whether the date names its year, so that there is one such day only."""
    return re.search(r"[0-9]{4}|[/.][0-9]{1,2}[/.]", text) is not None


def _read(said: str, today: date, *, past: bool) -> date | None:
    iso = _ISO.fullmatch(said)
    if iso:
        return _date(*(int(part) for part in iso.groups()))
    if _PLAIN.fullmatch(said):
        return _numbered(int(said), today)
    said = _POINTS.sub("/", said)  # "11.10" would be a time
    if past or said in WEEKDAYS or _BESIDE_TODAY.fullmatch(said):
        return _parsed(said, today, past=past)
    return _parsed(said, today - timedelta(days=1), past=past)  # "20/01" said on that day is today


def _numbered(number: int, today: date) -> date | None:
    """Return the next day of that number in its month."""
    months = (today.year * 12 + today.month - 1 + n for n in range(_MONTHS_AHEAD))
    days = (_date(month // 12, month % 12 + 1, number) for month in months)
    return next((found for found in days if found and found >= today), None)


def _parsed(said: str, base: date, *, past: bool) -> date | None:
    from dateparser import parse  # type: ignore[import-untyped]  # noqa: PLC0415 - takes long to import

    settings: dict[str, Any] = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past" if past else "future",
        "RELATIVE_BASE": datetime.combine(base, time()),
    }
    try:
        found: datetime | None = parse(said, languages=["fr", "en"], settings=settings)
    except (ValueError, OverflowError):
        return None
    return found.date() if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
