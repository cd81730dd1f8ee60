"""Real calendars, as the installed calendar libraries carry them for their own tests."""

from collections.abc import Callable
from typing import Any

import pytest

from core.availability import ExternalEvent
from core.importing.availability import read_availability
from core.importing.external import read_external
from core.importing.findings import Findings
from core.importing.rows import RangeRow
from core.ranges import open_ranges
from core.times import Interval
from tests.importing.calendars import NOW, real_files

Reader = Callable[[bytes, Findings, str, Any], list[RangeRow] | list[ExternalEvent]]


@pytest.mark.parametrize("read", [read_availability, read_external])
def test_each_is_read_or_refused_in_words(read: Reader) -> None:
    lines = {}
    for path in real_files():
        data = path.read_bytes()
        findings = Findings(path.name)
        rows = read(data, findings, "Europe/Brussels", NOW)
        last = data.count(b"\n") + 1
        assert all(0 <= problem.line <= last for problem in findings.problems), path
        assert all(problem.error.message.format(**vars(problem.error)) for problem in findings.problems), path
        lines[path] = (len(rows), len(findings.problems))
    assert len(lines) > 200
    assert sum(rows for rows, _ in lines.values()) > 100


def test_the_ranges_of_real_files_can_be_opened() -> None:
    window = Interval(NOW, NOW.replace(year=NOW.year + 1))
    opened = 0
    for path in real_files():
        rows = read_availability(path.read_bytes(), Findings(path.name), "Europe/Brussels", NOW)
        opened += len(open_ranges([row.range for row in rows], window))
    assert opened > 0
