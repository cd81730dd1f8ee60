"""A day or a time of day that was asked for: what is typed is that and nothing else."""

from datetime import date, time

from handlers.words.days import day_in
from handlers.words.hours import time_in
from handlers.words.typed import Typed

_HOURS = range(24)


def asked_day(text: str, today: date) -> date | None:
    """Return the day that was typed ("27/01/2026", "mardi", "demain"); None for anything else."""
    typed = Typed(text)
    found = day_in(typed, today)
    return found[0].first if found and not typed.unclear() else None


def asked_time(text: str) -> time | None:
    """Return the time that was typed ("14:15", "14h", "9"); None for anything else."""
    if text.strip().isascii() and text.strip().isdecimal() and int(text[:9]) in _HOURS:
        return time(int(text))
    typed = Typed(text)
    found = time_in(typed)
    return (found.starts or found.ends) if found and not typed.unclear() else None
