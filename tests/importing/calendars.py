"""Short ways to write a calendar and to say what was found in it."""

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from core.importing.findings import Findings, Problem

NOW = datetime(2026, 1, 20, 8, tzinfo=UTC)


def calendar(*lines: str) -> bytes:
    """Return a calendar file; line 1 is BEGIN:VCALENDAR, so the first of `lines` is line 2."""
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, kind: str = "VEVENT") -> tuple[str, ...]:
    """Return one event's lines."""
    return (f"BEGIN:{kind}", *lines, f"END:{kind}")


def said(found: Findings | list[Problem]) -> list[tuple[int, str]]:
    """Return line and kind of each problem."""
    problems = found.problems if isinstance(found, Findings) else found
    return [(problem.line, type(problem.error).__name__) for problem in problems]


def real_files() -> list[Path]:
    """Return the calendars that the installed libraries carry for their own tests."""
    roots = [
        Path(spec.origin).parent
        for name in ("icalendar", "recurring_ical_events")
        if (spec := find_spec(name)) and spec.origin
    ]
    return sorted(path for root in roots for path in root.rglob("*.ics"))
