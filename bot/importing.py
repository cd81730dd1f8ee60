"""Reading the files of an import, and running it in one transaction."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.contained import BrokenOff, Container
from core.availability import ExternalEvent
from core.importing import calendar_problems as c
from core.importing import problems as p
from core.importing.apply import apply
from core.importing.availability import read_availability
from core.importing.cases import read_cases, read_places
from core.importing.external import read_external
from core.importing.findings import Findings, Located, Problem, Refused, Report
from core.importing.people import read_clients, read_contacts, read_workers
from core.importing.rows import AvailabilityFile, Bundle, ExternalFile, RangeRow
from core.importing.tables import MAX_BYTES, decode
from core.ports import Database
from core.text import fold
from core.times import Clock

DEMO_DATA = Path(__file__).parent / "demo_data"
_TABLE = re.compile(r"(workers|clients|contacts|places|cases)([-_. (].*)?\.csv", re.IGNORECASE)
_CALENDAR = re.compile(r"(availability|external)-(.+)\.ics", re.IGNORECASE)
_SUFFIXES = {".csv", ".ics"}
_Rows = list[RangeRow] | list[ExternalEvent]


class Kind(StrEnum):
    """What a file holds, told by its name."""

    WORKERS = "workers"
    CLIENTS = "clients"
    CONTACTS = "contacts"
    PLACES = "places"
    CASES = "cases"
    AVAILABILITY = "availability"
    EXTERNAL = "external"


_CALENDARS = {Kind.AVAILABILITY, Kind.EXTERNAL}


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read; `handle` is the worker whose calendar it is."""

    path: Path
    label: str
    kind: Kind
    handle: str = ""


async def import_files(
    db: Database,
    paths: Sequence[Path],
    now: datetime,
    *,
    zone: str = "Europe/Brussels",
    locale: str = "fr",
    contained: bool = True,
) -> Report:
    """Import files and folders, all or nothing; `zone` and `locale` are for workers whose file names none.

    A report with problems means that nothing was saved. Calendars are read in a process of their own, which a hostile
    file may not outgrow; without `contained`, in a thread.
    """
    bundle = Bundle()
    files = await asyncio.to_thread(_files, paths, bundle.problems)
    if not files and not bundle.problems:
        bundle.problems.append(Problem(", ".join(map(str, paths)), 0, p.NothingToImport()))
    for file in files:
        if file.kind not in _CALENDARS:
            await asyncio.to_thread(_read_table, file, bundle, zone, locale)
    zones = {fold(row.worker.handle): row.worker.zone for row in bundle.workers}
    calendars = [file for file in files if file.kind in _CALENDARS]
    for handle in {file.handle for file in calendars if fold(file.handle) not in zones}:
        zones[fold(handle)] = await _known_zone(db, handle) or zone
    await asyncio.to_thread(_read_calendars, calendars, bundle, zones, now, contained=contained)
    try:
        return await db.write(lambda tx: apply(tx, bundle, now))
    except Refused as refused:
        order = {file.label: number for number, file in enumerate(files)}
        problems = sorted(refused.problems, key=lambda problem: (order.get(problem.file, -1), problem.line))
        return Report(problems=tuple(problems), warnings=tuple(bundle.warnings))


async def import_demo(db: Database, clock: Clock) -> Report:
    """Import the demonstration data, with external events around the present."""
    return await import_files(db, [DEMO_DATA], clock.now(), contained=False)


def _files(paths: Iterable[Path], problems: list[Problem]) -> list[_File]:
    """Return the files meant by paths, in the order in which they are given; folders are searched, one level down."""
    found: dict[Path, _File] = {}
    for path in paths:
        inside = path.is_dir()
        for file in sorted(_inside(path)) if inside else [path]:
            label = str(file.relative_to(path)) if inside else str(path)
            known = _named(file, label)
            if known is not None:
                found.setdefault(file.resolve(), known)
            else:
                problems.append(Problem(label, 0, p.UnknownFile()))
    return list(found.values())


def _inside(folder: Path) -> Iterable[Path]:
    for path in [*folder.glob("*"), *folder.glob("*/*")]:
        if path.suffix.lower() in _SUFFIXES and path.is_file() and not path.name.startswith("."):
            yield path


def _named(path: Path, label: str) -> _File | None:
    table, calendar = _TABLE.fullmatch(path.name), _CALENDAR.fullmatch(path.name)
    if table is not None:
        return _File(path, label, Kind(table.group(1).lower()))
    if calendar is not None:
        return _File(path, label, Kind(calendar.group(1).lower()), calendar.group(2))
    folder = path.absolute().parent.name.lower()
    if path.suffix.lower() == ".ics" and folder in {Kind.AVAILABILITY, Kind.EXTERNAL}:
        return _File(path, label, Kind(folder), path.stem)
    return None


def _bytes(file: _File, problems: list[Problem]) -> bytes | None:
    try:
        with file.path.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(Problem(file.label, 0, p.Unreadable(error.strerror or type(error).__name__)))
        return None


def _read_table(file: _File, bundle: Bundle, zone: str, locale: str) -> None:
    data = _bytes(file, bundle.problems)
    if data is None:
        return
    findings = Findings(file.label)
    try:
        text = decode(data)
    except Located as problem:
        bundle.problems.append(Problem(file.label, problem.line, problem.error))
        return
    match file.kind:
        case Kind.WORKERS:
            bundle.workers += read_workers(text, findings, zone=zone, locale=locale)
        case Kind.CLIENTS:
            bundle.clients += read_clients(text, findings)
        case Kind.CONTACTS:
            bundle.contacts += read_contacts(text, findings)
        case Kind.PLACES:
            bundle.places += read_places(text, findings)
        case _:
            bundle.cases += read_cases(text, findings)
    bundle.problems += findings.problems


def _read_calendars(
    files: Iterable[_File], bundle: Bundle, zones: Mapping[str, str], now: datetime, *, contained: bool
) -> None:
    with Container() as container:
        for file in files:
            data = _bytes(file, bundle.problems)
            if data is None:
                continue
            arguments = (file.kind, data, file.label, zones[fold(file.handle)], now)
            try:
                rows, findings = container.call(read_calendar, *arguments) if contained else read_calendar(*arguments)
            except BrokenOff:
                bundle.problems.append(Problem(file.label, 0, c.TakesTooLong(int(container.seconds))))
                continue
            bundle.problems += findings.problems
            bundle.warnings += findings.warnings
            ranges = tuple(row for row in rows if isinstance(row, RangeRow))
            events = tuple(row for row in rows if isinstance(row, ExternalEvent))
            if file.kind is Kind.AVAILABILITY:
                bundle.availability.append(AvailabilityFile(file.label, file.handle, ranges))
            else:
                bundle.external.append(ExternalFile(file.label, file.handle, events))


def read_calendar(kind: Kind, data: bytes, label: str, zone: str, now: datetime) -> tuple[_Rows, Findings]:
    """Return what a calendar file holds; runs in the contained process."""
    findings = Findings(label)
    if kind is Kind.AVAILABILITY:
        return read_availability(data, findings, zone, now), findings
    return read_external(data, findings, zone, now), findings


async def _known_zone(db: Database, handle: str) -> str | None:
    return await db.read(lambda tx: tx.people.imported_zone(handle))
