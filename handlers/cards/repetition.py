"""Availability ranges in words: when, how often, until when, where."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from core.availability import AvailabilityRange
from core.cases import Place
from core.message import N_
from core.repetition import parts_of
from handlers.i18n import Texts, from_to

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS = {
    1: N_("the first {weekday} of the month"),
    2: N_("the second {weekday} of the month"),
    3: N_("the third {weekday} of the month"),
    4: N_("the fourth {weekday} of the month"),
    5: N_("the fifth {weekday} of the month"),
    -1: N_("the last {weekday} of the month"),
}
_A_MONDAY = date(2024, 1, 1)
_PLAIN = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}
_SHOWN_EXCEPTIONS = 5
_RUN = 3


def range_words(r: AvailabilityRange, places: Mapping[int, Place], texts: Texts) -> str:
    """Return the whole range: "chaque lundi, 09:00 – 12:00, Gembloux (Implantations), jusqu’au 30/06/2026"."""
    place = places.get(r.place_id or 0)
    when = repetition_words(r.rule, r.first_day, texts) if r.rule else texts.day(r.first_day)
    parts = (when, wall_hours(r, texts), place.label if place else "", ending_words(r.rule, texts))
    return ", ".join(part for part in parts if part)


def repetition_words(rule: str, first_day: date, texts: Texts) -> str:
    """Return how often a rule comes back; one that has no words of its own is shown as it is written."""
    parts = parts_of(rule)
    interval = int(parts.get("INTERVAL", "1"))
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if not set(parts) <= _PLAIN:
        return _as_written(parts, texts)
    match parts.get("FREQ"):
        case "DAILY" if not days:
            return texts.n("every day", "every {count} days", interval)
        case "WEEKLY":
            return _weekly(days or [WEEKDAYS[first_day.weekday()]], interval, texts)
        case "DAILY" if interval == 1:
            return _weekly(days, interval, texts)
        case "MONTHLY" if interval == 1 and len(days) == 1 and _nth(days[0]) in NTHS:
            return texts.t(NTHS[_nth(days[0])], weekday=weekday_name(days[0], texts))
        case _:
            return _as_written(parts, texts)


def ending_words(rule: str, texts: Texts) -> str:
    """Return when a rule ends: "jusqu’au 30/06/2026", "10 fois"; "" if it does not."""
    parts = parts_of(rule) if rule else {}
    if "COUNT" in parts:
        return texts.n("{count} time", "{count} times", int(parts["COUNT"]))
    last = last_day(rule)
    return texts.t("until {day}", day=texts.short_day(last)) if last else ""


def last_day(rule: str) -> date | None:
    """Return the day that a stored rule names as its last, None if it names none."""
    until = parts_of(rule).get("UNTIL", "") if rule else ""
    return datetime.strptime(until[:8], "%Y%m%d").replace(tzinfo=UTC).date() if until else None


def wall_hours(r: AvailabilityRange, texts: Texts) -> str:
    """Return from-to on the clocks of the range's own zone, which is named if it is not the reader's."""
    starts, ends = wall_times(r)
    hours = from_to(starts, ends)
    return hours if r.zone == texts.zone.key else f"{hours} ({r.zone})"


def wall_times(r: AvailabilityRange) -> tuple[str, str]:
    """Return start and end as the clocks of the range's zone show them."""
    ends = datetime.combine(r.first_day, r.starts, UTC) + r.lasts  # wall time, as in core/ranges.py
    return f"{r.starts:%H:%M}", f"{ends:%H:%M}"


def exception_words(r: AvailabilityRange, today: date, texts: Texts) -> str:
    """Return the coming days that a series skips, "" for none."""
    coming = sorted(day for day in r.except_days if day >= today)
    if not coming:
        return ""
    shown = [texts.short_day(day) for day in coming[:_SHOWN_EXCEPTIONS]]
    more = len(coming) - len(shown)
    if more:
        shown.append(texts.n("{count} other day", "{count} other days", more))
    return texts.n("Not on {days}", "Not on {days}", len(shown), days=texts.listed(shown))


def weekday_name(code: str, texts: Texts) -> str:
    """Return the name of a day such as "MO" or "1MO"."""
    return texts.weekday(_A_MONDAY + timedelta(days=WEEKDAYS.index(code[-2:])))


def _weekly(days: list[str], interval: int, texts: Texts) -> str:
    names = texts.listed(weekday_name(code, texts) for code in days)
    run = ",".join(days)
    if interval == 1 and len(days) >= _RUN and run in ",".join(WEEKDAYS):
        first, last = (weekday_name(code, texts) for code in (days[0], days[-1]))
        return texts.t("every day from {first} to {last}", first=first, last=last)
    match interval:
        case 1:
            return texts.t("every {weekdays}", weekdays=names)
        case 2 if len(days) == 1:
            return texts.t("every second {weekday}", weekday=names)
        case _:
            return texts.t("every {count} weeks on {weekdays}", count=interval, weekdays=names)


def _nth(code: str) -> int:
    number = code[:-2]
    return int(number) if number.lstrip("+-").isdigit() else 0


def _as_written(parts: Mapping[str, str], texts: Texts) -> str:
    kept = ";".join(f"{name}={value}" for name, value in parts.items() if name not in {"UNTIL", "COUNT"})
    return texts.t("by its own rule ({rule})", rule=kept)
