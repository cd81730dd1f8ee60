"""Writing everybody's availability to files, in the layout that an import reads."""

import asyncio
from datetime import datetime
from pathlib import Path

from bot.operating import in_database
from bot.shell import Shell
from core.availability import AvailabilityRange
from core.cases import Place
from core.exporting import availability_calendar
from core.people import Worker
from core.ports import Database, Transaction
from core.times import SystemClock

FOLDER = "availability"


async def export_availability(db: Database, folder: Path, now: datetime) -> list[tuple[Path, int]]:
    """Write `availability/HANDLE.ics` for each active worker who has ranges; return each file and how many it holds.

    Files of that name are overwritten. Raises OSError.
    """

    def work(tx: Transaction) -> tuple[list[Worker], list[AvailabilityRange], list[Place]]:
        workers = tx.people.workers()
        return workers, tx.agendas.ranges_of([w.id for w in workers]), tx.places.all()

    workers, ranges, places = await db.read(work)
    written = []
    for worker in workers:
        own = [r for r in ranges if r.worker_id == worker.id]
        if own:
            path = folder / FOLDER / f"{worker.handle}.ics"
            await asyncio.to_thread(_write, path, availability_calendar(worker, own, places, now))
            written.append((path, len(own)))
    return written


def export(shell: Shell, folder: Path) -> None:
    """Export into a folder, and say what was written."""
    t = shell.texts.t
    try:
        written = in_database(shell, lambda db: export_availability(db, folder, SystemClock().now()))
    except OSError as error:
        why = error.strerror or type(error).__name__
        shell.fail(t("{path} could not be written: {why}", path=error.filename or folder, why=why))
    if not written:
        shell.say(t("Nobody has any availability, so nothing was written."))
    for path, count in written:
        shell.say(f"{count:>6}  {path}")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
