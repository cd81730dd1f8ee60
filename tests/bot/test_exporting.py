"""`rdv export` writes what `rdv import` reads."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import icalendar
import pytest
from typer.testing import CliRunner, Result

from bot.cli import create_app
from bot.exporting import export_availability
from bot.importing import DEMO_DATA, import_demo, import_files
from bot.shell import Shell
from core.availability import AvailabilityRange
from core.ports import Database, Transaction
from tests.builders import make_range, make_worker
from tests.clock import START, SetClock


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def everybodys(tx: Transaction) -> list[AvailabilityRange]:
    """Return all ranges, in the order of workers and files, without ids."""
    workers = tx.people.workers()
    return [replace(r, id=0) for w in workers for r in tx.agendas.ranges(w.id)]


async def test_the_demonstration_is_read_back_as_it_was(db: Database, tmp_path: Path) -> None:
    await import_demo(db, SetClock())
    before = await db.read(everybodys)
    written = await export_availability(db, tmp_path / "ours", START)
    assert [(path.relative_to(tmp_path).as_posix(), count) for path, count in written] == [
        (f"ours/availability/{handle}.ics", 2) for handle in ("Agathe", "ecoute", "seforme")
    ]

    def forget(tx: Transaction) -> None:
        for worker in tx.people.workers():
            tx.agendas.replace_ranges(worker.id, [])

    await db.write(forget)
    report = await import_files(db, [tmp_path / "ours"], START, contained=False)
    assert (report.problems, report.warnings) == ((), ())
    assert await db.read(everybodys) == before
    assert len(before) == 6


async def test_it_can_be_read_into_an_empty_database_with_the_other_tables(db: Database, tmp_path: Path) -> None:
    await import_demo(db, SetClock())
    await export_availability(db, tmp_path, START)
    report = await import_files(db, [tmp_path, *sorted(DEMO_DATA.glob("*.csv"))], START, contained=False)
    assert report.ok
    assert dict(report.saved)["availability ranges"] == 6


async def test_who_is_gone_or_has_no_range_has_no_file(db: Database, tmp_path: Path) -> None:
    def prepare(tx: Transaction) -> None:
        gone = tx.people.save_worker(make_worker("gone", active=False))
        tx.people.save_worker(make_worker("idle"))
        zoe = tx.people.save_worker(make_worker("Zoé"))
        for worker in (gone, zoe):
            kinds = frozenset({"Bilan"})
            tx.agendas.replace_ranges(worker.id, [make_range(worker, kinds=kinds, first_day=date(2026, 1, 20))])

    await db.write(prepare)
    [(path, count)] = await export_availability(db, tmp_path, START)
    assert (path, count) == (tmp_path / "availability" / "Zoé.ics", 1)
    assert names_in(path.parent) == [path.name]
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    assert isinstance(calendar, icalendar.Calendar)
    [available] = calendar.availabilities[0].available
    assert available.categories == ["Bilan"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RDV_DATABASE_URL", sqlite_url)
    return tmp_path


def rdv(*args: str, locale: str = "en") -> Result:
    return CliRunner().invoke(create_app(Shell(locale)), args)


def test_the_command_says_what_it_wrote(folder: Path) -> None:
    assert "nothing was written" in rdv("export", "ours").output
    assert not (folder / "ours").exists()
    assert rdv("import", str(DEMO_DATA)).exit_code == 0
    result = rdv("export", "ours")
    assert result.exit_code == 0, result.output
    assert result.output.split() == [
        word for handle in ("Agathe", "ecoute", "seforme") for word in ("2", f"ours/availability/{handle}.ics")
    ]
    assert rdv("import", "ours").exit_code == 0


def test_what_cannot_be_written_is_named(folder: Path) -> None:
    rdv("import", str(DEMO_DATA))
    (folder / "ours").write_text("a file")
    result = rdv("export", "ours")
    assert result.exit_code == 1
    assert "ours/availability could not be written" in result.output
