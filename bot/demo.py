"""The demonstration: the guide's people and its three appointments, on days near today."""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.importing import import_demo
from bot.platform import Deps
from bot.settings import DEMO_DATABASE
from core.booking import BookingRequest, book
from core.errors import RdvError
from core.people import PartyRef, Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Clock, Interval, instant
from storage import is_current, migrate, open_database
from storage.address import parse, sqlite_path

DOMAIN = "@example.org"
CASE = 1285
PLACE = ("Gembloux", "Implantations")
AHEAD = 30
TUESDAY, FRIDAY = 1, 4


@dataclass(frozen=True, slots=True)
class Planned:
    """One of the guide's appointments; `offset` in days from the middle one."""

    name: str
    offset: int
    start: time
    end: time
    main: str
    creator: str
    invited: str | None = None


GUIDE = (
    Planned("before", -1, time(14, 15), time(16, 30), main="ecoute", creator="ecoute"),
    Planned("middle", 0, time(10), time(12), main="seforme", creator="seforme"),
    Planned("later", 7, time(10), time(12), main="seforme", creator="Agathe", invited="ecoute"),
)


class NotADemonstration(Exception):
    """The database holds other people than the guide's: nothing was touched."""


class CannotReset(Exception):
    """This database is not one that may be erased from here."""


def key_of(database: Path) -> str:
    """Return the demonstration's own key; it is made once, so that a restart logs nobody out."""
    path = database.with_suffix(".key")
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


async def prepare(url: str, clock: Clock, rules: Rules, *, reset: bool) -> None:
    """Make the database hold the demonstration; `reset` starts afresh. Raises NotADemonstration, CannotReset."""
    current = is_current(url)
    if reset:
        if current:
            await _in_database(url, _refuse_others)
        _erase(url, known=current)
    if reset or not current:
        migrate(url)

    async def fill(db: Database) -> None:
        await _refuse_others(db)
        report = await import_demo(db, clock)
        if not report.ok:
            raise RuntimeError("the demonstration data cannot be imported")
        await renew(db, clock, rules)

    await _in_database(url, fill)


async def _in_database(url: str, work: Callable[[Database], Awaitable[None]]) -> None:
    db = open_database(url)
    try:
        await work(db)
    finally:
        await db.close()


async def _refuse_others(db: Database) -> None:
    workers = await db.read(lambda tx: tx.people.workers())
    if any(not w.email.endswith(DOMAIN) for w in workers):
        raise NotADemonstration


def _erase(url: str, *, known: bool) -> None:
    """Delete the database's files; one of which nothing is known only if it is the demonstration's own."""
    path = sqlite_path(parse(url))
    if path is None or not (known or path == DEMO_DATABASE or not path.exists()):
        raise CannotReset
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{end}").unlink(missing_ok=True)


async def renew_and_wake(deps: Deps) -> None:
    """Renew what has passed, and let the new cards be sent."""
    if await renew(deps.db, deps.clock, deps.rules):
        deps.wake()


async def renew(db: Database, clock: Clock, rules: Rules) -> int:
    """Book those of the guide's appointments that have none from today on; return how many were booked.

    One that somebody moved, cancelled or deleted is left as it is until its day has passed.
    """
    booked = 0
    for planned in GUIDE:
        now = clock.now()
        if await db.read(partial(_stands, planned=planned, now=now)):
            continue
        for day in _days(planned, now):
            with suppress(RdvError):  # a day on which someone else has been booked by now
                await db.write(partial(_book, planned=planned, day=day, now=now, rules=rules))
                booked += 1
                break
    return booked


def _stands(tx: Transaction, planned: Planned, now: datetime) -> bool:
    """Tell whether this one was booked on a day that has not passed."""
    zone = _worker(tx, planned.main).zone
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=n) for n in range(AHEAD + planned.offset + 1))
    return any(tx.deliveries.find(_key(planned, day)) is not None and _end(planned, day, zone) > now for day in days)


def _book(tx: Transaction, planned: Planned, day: date, now: datetime, rules: Rules) -> None:
    main = _worker(tx, planned.main)
    case = tx.cases.find(CASE)
    parties: list[PartyRef] = [client.ref for client in case.clients] if case else []
    if planned.invited:
        parties.append(_worker(tx, planned.invited).ref)
    place = tx.places.named(*PLACE)
    request = BookingRequest(
        case_number=CASE,
        main_worker_id=main.id,
        during=Interval(instant(day, planned.start, main.zone), _end(planned, day, main.zone)),
        zone=main.zone,
        parties=tuple(parties),
        place=place.id if place else None,
    )
    book(tx, _worker(tx, planned.creator), request, now, rules)
    tx.deliveries.add(_key(planned, day), "", now)


def _days(planned: Planned, now: datetime) -> Iterator[date]:
    """Yield days for it, so that the middle one falls on a working day after tomorrow whose day before is one too."""
    today = now.date()
    for n in range(2, AHEAD):
        middle = today + timedelta(days=n)
        if TUESDAY <= middle.weekday() <= FRIDAY:
            yield middle + timedelta(days=planned.offset)


def _end(planned: Planned, day: date, zone: str) -> datetime:
    return instant(day, planned.end, zone)


def _key(planned: Planned, day: date) -> str:
    return f"demo:{planned.name}:{day}"


def _worker(tx: Transaction, handle: str) -> Worker:
    worker = tx.people.worker_by_handle(handle)
    if worker is None:
        raise LookupError(f"the demonstration data lack {handle!r}")
    return worker
