"""A calendar's raw text checked and thinned out before a calendar library sees it.

Long lines, deep nesting and huge files make the libraries run for minutes, so they are refused here; descriptions,
alarms and attachments, which an import does not need, are dropped. What is left knows its line numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.importing import calendar_problems as c
from core.importing.findings import Findings, Located
from core.importing.tables import decode
from core.text import quoted

MAX_COMPONENTS = 20_000
MAX_LINE = 64 * 1024
MAX_DEPTH = 8
_KEPT = {"VCALENDAR", "VEVENT", "VAVAILABILITY", "AVAILABLE", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_ZONE_PARTS = {"VTIMEZONE", "STANDARD", "DAYLIGHT"}
_EVENT_PROPERTIES = {
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "SUMMARY",
    "LOCATION", "CATEGORIES", "STATUS", "TRANSP", "PRIORITY", "BUSYTYPE", "X-MICROSOFT-CDO-BUSYSTATUS",
}  # fmt: skip
_ZONE_PROPERTIES = {"TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION", "DTSTART", "RRULE", "RDATE"}
_PROPERTIES = _EVENT_PROPERTIES | _ZONE_PROPERTIES
_SEVERAL = {"RDATE", "EXDATE", "CATEGORIES"}
_REPETITION = {"RDATE", "EXDATE", "RRULE", "EXRULE"}
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_PARAMETERS = re.compile(r'((?:;[^=;:",]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):')


@dataclass(frozen=True, slots=True)
class Property:
    """One content line, unfolded; `params` begins with ";" or is ""."""

    name: str
    line: int
    params: str
    value: str

    def param(self, name: str) -> str:
        """Return a parameter's value without quotation marks; "" if it is not there."""
        found = re.search(rf';{name}=("[^"]*"|[^;:,]*)', self.params, re.IGNORECASE)
        return found.group(1).strip('"') if found else ""


@dataclass(slots=True)
class Component:
    """One BEGIN … END with the properties and parts that an import reads."""

    kind: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """Return the property, if it is there."""
        return next((item for item in self.properties if item.name == name), None)

    def value(self, name: str) -> str:
        """Return the raw value of a property; "" if it is not there."""
        found = self.first(name)
        return found.value.strip() if found else ""

    def walk(self, kind: str) -> Iterator["Component"]:
        """Yield the parts of that kind, at any depth, in order."""
        for part in self.parts:
            if part.kind == kind:
                yield part
            yield from part.walk(kind)


def scan(data: bytes, findings: Findings) -> Component:
    """Return the calendars of a file as the parts of one component; a line that means nothing is a warning.

    Raises Located at the first fault that leaves the rest unreadable.
    """
    text = decode(data)
    root = Component("", 0)
    open_parts = [root]
    skipped: list[str] = []
    count = 0
    for number, line in _content_lines(text):
        name, separator, rest = line.partition(":")
        word = name.strip().upper()
        if separator and word in {"BEGIN", "END"}:
            kind = rest.strip().upper()
            if word == "END":
                _close(kind, number, open_parts, skipped)
                continue
            count += 1
            _check_begin(kind, number, count, len(open_parts) + len(skipped))
            if skipped or kind not in _KEPT:
                skipped.append(kind)
            else:
                part = Component(kind, number)
                open_parts[-1].parts.append(part)
                open_parts.append(part)
        elif not skipped:
            if len(open_parts) == 1:
                raise Located(number, c.NotACalendar())
            try:
                _keep(line, number, open_parts[-1])
            except c.BadLine as problem:
                findings.warn(number, problem)
    unclosed = [*(part.kind for part in open_parts[1:]), *skipped]
    if unclosed:
        raise Located(open_parts[-1].line, c.Unbalanced(quoted(unclosed[-1])))
    if not root.parts:
        raise Located(1, c.NotACalendar())
    return root


def _content_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield unfolded lines with the number of their first physical line."""
    begun, pieces = 0, list[str]()
    for number, physical in enumerate(text.split("\n"), start=1):
        if len(physical) > MAX_LINE:
            raise Located(number, c.LineTooLong(MAX_LINE // 1024))
        line = physical.rstrip("\r")
        if line[:1] in {" ", "\t"} and begun:
            pieces.append(line[1:])
            continue
        if pieces and (whole := "".join(pieces)).strip():
            yield begun, whole
        begun, pieces = number, [line]
    if pieces and (whole := "".join(pieces)).strip():
        yield begun, whole


def _check_begin(kind: str, number: int, count: int, depth: int) -> None:
    if (depth == 1) != (kind == "VCALENDAR"):
        raise Located(number, c.NotACalendar() if depth == 1 else c.Unbalanced(quoted(kind)))
    if count > MAX_COMPONENTS:
        raise Located(number, c.TooManyComponents(MAX_COMPONENTS))
    if depth > MAX_DEPTH:
        raise Located(number, c.NestedTooDeep(MAX_DEPTH))


def _close(kind: str, number: int, open_parts: list[Component], skipped: list[str]) -> None:
    if skipped:
        if skipped.pop() != kind:
            raise Located(number, c.Unbalanced(quoted(kind)))
    elif len(open_parts) == 1 or open_parts.pop().kind != kind:
        raise Located(number, c.Unbalanced(quoted(kind)))


def _keep(line: str, number: int, part: Component) -> None:
    named = _NAME.match(line)
    if named is None:
        raise c.BadLine
    name = named.group().upper()
    if name not in _PROPERTIES or part.kind == "VCALENDAR":
        return
    if len(line) > MAX_LINE:
        raise Located(number, c.LineTooLong(MAX_LINE // 1024))
    params = _PARAMETERS.match(line, named.end())
    if params is None:
        raise c.BadLine
    found = Property(name, number, params.group(1), line[params.end() :])
    if name in _REPETITION and not found.value.strip():
        return  # some programs write them empty
    known = part.first(name) if name not in _SEVERAL and part.kind not in _ZONE_PARTS else None
    if known is None:
        part.properties.append(found)
    elif (known.params, known.value) != (found.params, found.value):
        raise Located(number, c.RepeatedProperty(name))
