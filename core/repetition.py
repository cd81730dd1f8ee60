"""Rules of repetition over days (RRULE, RFC 5545, section 3.3.10), as an availability range keeps them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time

from dateutil.rrule import rrule, rrulestr

from core.errors import BadFrequency, BadRule, BadRulePart, StartOffRule
from core.text import quoted

MAX_INTERVAL = 366
MAX_COUNT = 5_000
_CLOCK = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_SIMPLE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"}
_FULL = _SIMPLE | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"}
_ALLOWED = {"DAILY": _SIMPLE, "WEEKLY": _SIMPLE, "MONTHLY": _FULL, "YEARLY": _FULL}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = range(1, 13)
_PACE = {"INTERVAL", "COUNT", "UNTIL"}
_LONGEST = 2_000
_MIDNIGHT_IN_UTC = "T000000Z"


def day_rule(raw: str, first_day: date, starts: time, last_day: date | None) -> str:
    """Return the rule with nothing in it but days; `last_day` is its UNTIL, worked out by the caller.

    Raises BadRule, BadRulePart, BadFrequency or StartOffRule.
    """
    rule = checked(raw, starts, last_day)
    if not _begins(rule, raw, first_day):
        raise StartOffRule(first_day.isoformat())
    return rule


def starting(raw: str, day: date, starts: time, last_day: date | None) -> tuple[date, str]:
    """Return the rule as `day_rule` does, with its first day: `day`, or the next one that suits the rule.

    Raises as `day_rule`.
    """
    parts = parts_of(checked(raw, starts, last_day))
    begins = _first_day(joined({name: parts[name] for name in parts if name not in _PACE}), raw, day)
    if begins is None:
        raise StartOffRule(day.isoformat())
    return begins, day_rule(raw, begins, starts, last_day)


def days(rule: str, first_day: date) -> Iterator[date]:
    """Yield the days of a rule that was checked, beginning with the first on or after `first_day`."""
    for found in _parsed(rule, first_day):
        yield found.date()


def parts_of(raw: str) -> dict[str, str]:
    """Return the parts of a rule by name, in their order. Raises BadRule."""
    parts: dict[str, str] = {}
    for piece in raw.strip().rstrip(";").split(";"):
        name, separator, value = (text.strip().upper() for text in piece.partition("="))
        if not (name and separator and value) or name in parts:
            raise BadRule(quoted(raw))
        parts[name] = value
    return parts


def joined(parts: Mapping[str, str]) -> str:
    """Return the rule that has these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def ending(rule: str, last_day: date) -> str:
    """Return the rule ended by its last day, whatever it was ended by before."""
    parts = {name: value for name, value in parts_of(rule).items() if name not in {"COUNT", "UNTIL"}}
    return joined(parts | {"UNTIL": _until(last_day)})


def checked(raw: str, starts: time, last_day: date | None) -> str:
    """Return the rule as `day_rule` does, whether it begins on its first day or not.

    Raises BadRule, BadRulePart or BadFrequency.
    """
    if len(raw) > _LONGEST:
        raise BadRule(quoted(raw))
    parts = parts_of(raw)
    frequency = parts.get("FREQ", "")
    if frequency not in _ALLOWED:
        raise BadFrequency(quoted(frequency))
    for name, attribute in _CLOCK.items():  # some programs repeat the start's own time here
        if name in parts and parts[name].lstrip("0") == str(getattr(starts, attribute)).lstrip("0"):
            del parts[name]
    for name in parts:
        if name not in _ALLOWED[frequency]:
            raise BadRulePart(quoted(f"FREQ={frequency};{name}={parts[name]}"))
    _check_numbers(raw, parts)
    if last_day is not None:
        parts["UNTIL"] = _until(last_day)
    return joined(parts)


def _check_numbers(raw: str, parts: Mapping[str, str]) -> None:
    if not 1 <= _whole(raw, parts.get("INTERVAL", "1")) <= MAX_INTERVAL:
        raise BadRule(quoted(raw))
    if not 1 <= _whole(raw, parts.get("COUNT", "1")) <= MAX_COUNT or ("COUNT" in parts and "UNTIL" in parts):
        raise BadRule(quoted(raw))
    if any(_whole(raw, month) not in _MONTHS for month in parts.get("BYMONTH", "1").split(",")):
        raise BadRule(quoted(raw))  # days would be searched for in vain


def _until(last_day: date) -> str:
    return f"{last_day:%Y%m%d}{_MIDNIGHT_IN_UTC}"


def _whole(raw: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):  # noqa: PLR2004
        raise BadRule(quoted(raw))
    return int(text)


def _begins(rule: str, raw: str, first_day: date) -> bool:
    """Tell whether the first day is one of the rule's: then the rule is never a search through all years in vain."""
    parts = parts_of(rule)
    if _ALLOWED[parts["FREQ"]] is _SIMPLE and not _matches(raw, parts, first_day):
        return False
    return _first_day(rule, raw, first_day) == first_day


def _first_day(rule: str, raw: str, since: date) -> date | None:
    try:
        return next(days(rule, since), None)
    except Exception:  # dateutil lets many kinds of error through
        raise BadRule(quoted(raw)) from None


def _matches(raw: str, parts: Mapping[str, str], day: date) -> bool:
    wanted = parts.get("BYDAY", _WEEKDAYS[day.weekday()]).split(",")
    if not set(wanted) <= set(_WEEKDAYS):
        raise BadRule(quoted(raw))
    months = [_whole(raw, month) for month in parts.get("BYMONTH", str(day.month)).split(",")]
    return _WEEKDAYS[day.weekday()] in wanted and day.month in months


def _parsed(rule: str, first_day: date) -> rrule:
    parts = parts_of(rule)
    if "UNTIL" in parts:  # dateutil wants it as DTSTART is; here both are days
        parts["UNTIL"] = parts["UNTIL"][:8] + _MIDNIGHT_IN_UTC
    parsed = rrulestr(joined(parts), dtstart=datetime.combine(first_day, time(), UTC))
    if not isinstance(parsed, rrule):
        raise TypeError("a range has one rule")
    return parsed
