"""`bot.importing`: which files are read, in one transaction, with every problem by file and line."""

from pathlib import Path

import pytest

from bot import importing
from bot.contained import Container
from bot.importing import import_files
from core.importing.findings import Report
from core.people import Worker
from core.ports import Database, Transaction
from core.preferences import Preferences
from core.preferring import save_preferences
from core.rules import Rules
from tests.importing.calendars import NOW, calendar, event

WORKERS = "handle,name,email,zone\nléa,Léa,lea@example.org,America/New_York\nmax,Max,max@example.org,\n"
MORNING = ("DTSTART:20260202T090000", "DURATION:PT3H")


def _write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_csv", ".csv").replace("_ics", ".ics")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def _found(report: Report) -> list[tuple[str, int, str]]:
    return [(Path(p.file).name, p.line, type(p.error).__name__) for p in report.problems]


async def _import(db: Database, *paths: Path) -> Report:
    return await import_files(db, paths, NOW, zone="Europe/Paris", locale="en", contained=False)


async def test_a_folder_is_imported_with_each_calendar_in_its_workers_zone(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, workers_csv=WORKERS, notes_txt="nothing", availability__LEA_ics=calendar(*event(*MORNING)))
    _write(tmp_path, external__max_ics=calendar(*event(*MORNING, "RRULE:FREQ=DAILY;COUNT=3")))
    report = await _import(database, tmp_path)
    assert report.problems == ()
    assert dict(report.saved) == {"workers": 2, "availability ranges": 1, "external events": 3}

    def look(tx: Transaction) -> list[tuple[str, str, str]]:
        workers = [tx.people.worker_by_handle(handle) for handle in ("lea", "max")]
        return [(w.zone, w.locale, ",".join(r.zone for r in tx.agendas.ranges(w.id))) for w in workers if w]

    assert await database.read(look) == [("America/New_York", "en", "America/New_York"), ("Europe/Paris", "en", "")]


async def test_files_are_known_by_their_names(memory: Database, tmp_path: Path) -> None:
    _write(tmp_path, WORKERS_csv=WORKERS)
    _write(tmp_path, **{"Workers 2_csv": "handle,name,email\nzoe,Zoé,zoe@example.org\n"})
    _write(tmp_path, **{"availability-zoe_ics": calendar(*event(*MORNING)), "external-max_ics": calendar()})
    report = await _import(memory, *_listed(tmp_path))
    assert _found(report) == []
    assert dict(report.saved) == {"workers": 3, "availability ranges": 1}


async def test_a_later_import_knows_the_zone_from_the_database(memory: Database, tmp_path: Path) -> None:
    _write(tmp_path, workers_csv=WORKERS, **{"availability-lea_ics": calendar(*event(*MORNING))})
    await _import(memory, tmp_path / "workers.csv")
    assert (await _import(memory, tmp_path / "availability-lea.ics")).ok
    ranges = await memory.read(lambda tx: [r for w in tx.people.workers() for r in tx.agendas.ranges(w.id)])
    assert [r.zone for r in ranges] == ["America/New_York"]


async def test_a_calendar_is_read_in_the_zone_of_the_files_whatever_its_worker_chose(
    database: Database, tmp_path: Path
) -> None:
    in_brussels = event("DTSTART;TZID=Europe/Brussels:20260202T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY")
    _write(tmp_path, workers_csv="handle,name,email,zone\nlea,Léa,lea@example.org,Europe/Brussels\n")
    _write(tmp_path, **{"availability-lea_ics": calendar(*in_brussels)})
    assert (await _import(database, tmp_path)).ok

    def choose(tx: Transaction) -> Worker:
        lea = tx.people.worker_by_handle("lea")
        assert lea is not None
        return save_preferences(tx, lea, Preferences(zone="America/New_York"), NOW, Rules())

    lea = await database.write(choose)
    for files in (tmp_path, tmp_path / "availability-lea.ics"):
        assert _found(await _import(database, files)) == []
        assert [r.zone for r in await database.read(lambda tx: tx.agendas.ranges(lea.id))] == ["Europe/Brussels"]


async def test_all_problems_of_all_files_are_told_and_nothing_is_saved(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, workers_csv=WORKERS, clients_csv="key,given_name,family_name\ng,,\n", worker_csv="")
    _write(tmp_path, cases_csv="number,lead,clients\n\n1,max,g\nx,nobody,h\n", places_csv="nôm\n".encode("latin-1"))
    _write(tmp_path, availability__max_ics=calendar(*event("DTSTART:20260202T090000", "LOCATION:x")))
    _write(tmp_path, availability__kim_ics=calendar(*event(*MORNING, "LOCATION:Nowhere")), external__max_ics=b"oops")
    report = await _import(database, tmp_path)
    assert sorted(_found(report)) == [
        ("cases.csv", 4, "BadNumber"),
        ("cases.csv", 4, "UnknownClient"),
        ("cases.csv", 4, "UnknownWorker"),
        ("clients.csv", 2, "MissingValue"),
        ("clients.csv", 2, "MissingValue"),
        ("kim.ics", 0, "UnknownWorker"),
        ("kim.ics", 2, "UnknownPlace"),
        ("max.ics", 1, "NotACalendar"),
        ("max.ics", 2, "EndBeforeStart"),
        ("places.csv", 1, "NotUtf8"),
        ("worker.csv", 0, "UnknownFile"),
    ]
    assert report.saved == ()
    assert await database.read(lambda tx: tx.people.workers()) == []


async def test_a_missing_file_and_an_empty_folder_are_told(memory: Database, tmp_path: Path) -> None:
    assert _found(await _import(memory, tmp_path)) == [(tmp_path.name, 0, "NothingToImport")]
    assert _found(await _import(memory, tmp_path / "cases.csv")) == [("cases.csv", 0, "Unreadable")]
    assert _found(await _import(memory, tmp_path / "nothing")) == [("nothing", 0, "UnknownFile")]


async def test_calendars_are_read_in_a_process_of_their_own(memory: Database, tmp_path: Path) -> None:
    start = 'DTSTART;TZID="nowhere":20260202T090000'
    _write(tmp_path, workers_csv=WORKERS, external__max_ics=calendar(*event(start, "DURATION:PT1H")))
    _write(tmp_path, external__lea_ics=calendar(*event("DTSTART:20260202T090000", "DTEND:20260201T090000")))
    report = await import_files(memory, [tmp_path], NOW)
    assert _found(report) == [("lea.ics", 2, "EndBeforeStart")]
    assert [(w.line, vars(w.error)) for w in report.warnings] == [(3, {"zone": "nowhere", "own": "Europe/Brussels"})]


async def test_a_calendar_that_takes_too_long_is_broken_off(
    memory: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "Container", lambda: Container(seconds=0))
    _write(tmp_path, workers_csv=WORKERS, external__max_ics=calendar())
    report = await import_files(memory, [tmp_path], NOW)
    assert _found(report) == [("max.ics", 0, "TakesTooLong")]
