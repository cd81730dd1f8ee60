"""Rules of repetition over days, as an availability range keeps them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from dateutil.rrule import rrule, rrulestr

from core.importing import calendar_problems as c
from core.importing.problems import shown

MAX_INTERVAL = 366
MAX_COUNT = 5_000
_CLOCK = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_SIMPLE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"}
_FULL = _SIMPLE | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"}
_ALLOWED = {"DAILY": _SIMPLE, "WEEKLY": _SIMPLE, "MONTHLY": _FULL, "YEARLY": _FULL}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def day_rule(raw: str, first_day: date, starts: time, last_day: date | None) -> str:
    """Return the rule with nothing in it but days; `last_day` is its UNTIL, worked out by the caller.

    Raises BadRule, BadRulePart, BadFrequency or StartOffRule.
    """
    parts = _split(raw)
    frequency = parts.get("FREQ", "")
    if frequency not in _ALLOWED:
        raise c.BadFrequency(shown(frequency))
    for name, attribute in _CLOCK.items():  # some programs repeat the start's own time here
        if name in parts and parts[name].lstrip("0") == str(getattr(starts, attribute)).lstrip("0"):
            del parts[name]
    for name in parts:
        if name not in _ALLOWED[frequency]:
            raise c.BadRulePart(shown(f"FREQ={frequency};{name}={parts[name]}"))
    if not 1 <= _whole(raw, parts.get("INTERVAL", "1")) <= MAX_INTERVAL:
        raise c.BadRule(shown(raw))
    if not 1 <= _whole(raw, parts.get("COUNT", "1")) <= MAX_COUNT or ("COUNT" in parts and "UNTIL" in parts):
        raise c.BadRule(shown(raw))
    if last_day is not None:
        parts["UNTIL"] = f"{last_day:%Y%m%d}T000000Z"
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if not _begins(rule, raw, parts, first_day):
        raise c.StartOffRule(first_day.isoformat())
    return rule


def until(raw: str) -> str:
    """Return the rule's UNTIL as it is written; "" if it has none. Raises BadRule."""
    return _split(raw).get("UNTIL", "")


def has_count(raw: str) -> bool:
    """Tell whether the rule ends after a number of times. Raises BadRule."""
    return "COUNT" in _split(raw)


def times_a_day(raw: str) -> int:
    """Return how often at most the rule puts an event on one day."""
    parts = dict(piece.upper().split("=", 1) for piece in raw.split(";") if "=" in piece)
    hours = 24 if parts.get("FREQ") == "HOURLY" and "BYHOUR" not in parts else 1
    for name in _CLOCK:
        hours *= parts[name].count(",") + 1 if name in parts else 1
    return hours


def _split(raw: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in raw.strip().rstrip(";").split(";"):
        name, separator, value = (text.strip().upper() for text in piece.partition("="))
        if not (name and separator and value) or name in parts:
            raise c.BadRule(shown(raw))
        parts[name] = value
    return parts


def _whole(raw: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):  # noqa: PLR2004
        raise c.BadRule(shown(raw))
    return int(text)


def _begins(rule: str, raw: str, parts: Mapping[str, str], first_day: date) -> bool:
    """Tell whether the first day is one of the rule's: then the rule is never a search through all years in vain."""
    if _ALLOWED[parts["FREQ"]] is _SIMPLE and not _matches(raw, parts, first_day):
        return False
    begin = datetime.combine(first_day, time(), UTC)
    try:
        parsed = rrulestr(rule, dtstart=begin)
    except Exception:  # dateutil lets many kinds of error through
        raise c.BadRule(shown(raw)) from None
    return isinstance(parsed, rrule) and next(iter(parsed), None) == begin


def _matches(raw: str, parts: Mapping[str, str], day: date) -> bool:
    days = parts.get("BYDAY", _WEEKDAYS[day.weekday()]).split(",")
    if not set(days) <= set(_WEEKDAYS):
        raise c.BadRule(shown(raw))
    months = [_whole(raw, month) for month in parts.get("BYMONTH", str(day.month)).split(",")]
    return _WEEKDAYS[day.weekday()] in days and day.month in months
