"""CSV files as rows with exact line numbers, cells trimmed and checked one by one."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.errors import BadText, TextTooLong
from core.importing import problems as p
from core.importing.findings import Findings, Located
from core.rules import NAME_LIMIT
from core.text import clean, fold, quoted

T = TypeVar("T")

MAX_BYTES = 10_000_000
MAX_CASE_NUMBER = 2_147_483_647
_FLAGS = {"yes": True, "true": True, "oui": True, "1": True, "no": False, "false": False, "non": False, "0": False}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the header of one kind of file must and may name."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, as they are documented."""
        return self.required + self.optional


def decode(data: bytes) -> str:
    """Return the text of a file, with or without a byte order mark. Raises Located with the line."""
    if len(data) > MAX_BYTES:
        raise Located(0, p.TooBig(MAX_BYTES // 1_000_000))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Located(data.count(b"\n", 0, error.start) + 1, p.NotUtf8()) from None


class Row:
    """One line of a table; each getter notes what is wrong and returns something harmless in its place."""

    def __init__(self, line: int, cells: Mapping[str, str], findings: Findings) -> None:
        self.line = line
        self.findings = findings
        self._cells = cells

    def text(self, column: str, *, required: bool = False, limit: int = NAME_LIMIT) -> str:
        """Return the cell with white space collapsed, line breaks too."""
        raw = " ".join(self._cells.get(column, "").split())
        try:
            text = clean(raw, limit=limit)
        except BadText:
            self.findings.add(self.line, p.BadCell(column))
            return ""
        except TextTooLong as error:
            self.findings.add(self.line, p.CellTooLong(column, error.length, error.limit))
            return ""
        if required and not text:
            self.findings.add(self.line, p.MissingValue(column))
        return text

    def choice(self, column: str, choices: Mapping[str, T], default: T) -> T:
        """Return what the cell stands for; `default` if it is empty."""
        text = self.text(column)
        chosen = choices.get(fold(text))
        if chosen is not None:
            return chosen
        if text:
            self.findings.add(self.line, p.BadChoice(column, text, ", ".join(choices)))
        return default

    def flag(self, column: str, *, default: bool) -> bool:
        """Return a yes or no."""
        return self.choice(column, _FLAGS, default)

    def birth_date(self, column: str) -> date | None:
        """Return an ISO date; None if the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day < _EARLIEST_BIRTH:
            self.findings.add(self.line, p.BadDate(column, text))
            return None
        return day

    def number(self, column: str) -> int:
        """Return a whole number from 1; 0 stands for a wrong one."""
        text = self.text(column, required=True)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0  # noqa: PLR2004
        if text and not 0 < number <= MAX_CASE_NUMBER:
            self.findings.add(self.line, p.BadNumber(column, text))
            return 0
        return number

    def names(self, column: str, separator: str = "|") -> tuple[str, ...]:
        """Return a list, each name once."""
        parts = (part.strip() for part in self.text(column, limit=100 * NAME_LIMIT).split(separator))
        return tuple(dict.fromkeys(part for part in parts if part))


def read_rows(text: str, columns: Columns, findings: Findings) -> Iterator[Row]:
    """Yield the rows below the header; comma or semicolon, whichever the header uses. Blank lines are skipped."""
    lines = _numbered(text, findings)
    number, header = next(lines, (1, []))
    if not header:
        if not findings.problems:
            findings.add(number, p.EmptyFile())
        return
    names = _header(number, header, columns, findings)
    if names is None:
        return
    for line, cells in lines:
        if len(cells) > len(names) and not any(c.strip() for c in cells[len(names) :]):
            cells = cells[: len(names)]  # noqa: PLW2901 - spreadsheets leave empty cells behind
        if len(cells) != len(names):
            findings.add(line, p.WrongCellCount(len(cells), len(names)))
            continue
        yield Row(line, dict(zip(names, cells, strict=True)), findings)


def _numbered(text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        findings.add(line, p.BadCsv())


def _header(line: int, cells: list[str], columns: Columns, findings: Findings) -> list[str] | None:
    """Return the column names in order, or None after noting what is wrong with them."""
    names = ["_".join(fold(cell).replace("-", " ").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    before = len(findings.problems)
    for index, (name, cell) in enumerate(zip(names, cells, strict=False)):
        if name in names[:index]:
            findings.add(line, p.RepeatedColumn(quoted(cell)))
        elif name not in columns.all:
            findings.add(line, p.UnknownColumn(quoted(cell), ", ".join(columns.all)))
    for missing in columns.required:
        if missing not in names:
            findings.add(line, p.MissingColumn(missing))
    return names if len(findings.problems) == before else None
