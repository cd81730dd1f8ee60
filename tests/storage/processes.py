"""Real processes that race on one database; each runs one of the functions here and reports what it saw."""

import asyncio
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import storage
from core.appointments import Answer
from core.booking import book
from core.errors import RdvError, SlotTaken
from core.invitations import answer_invitation
from core.ports import Database, OutboxRow, Transaction
from core.rules import Rules
from core.times import Interval
from storage.drafts import find_draft, save_draft
from storage.homes import claim_home
from storage.leases import take_lease
from tests.builders import TUESDAY_AT_TEN, Guide
from tests.clock import START

PROCESSES = 4
ATTEMPTS = 50
HELD = timedelta(minutes=5)
_PATIENCE = 100


def together(count: int, race: Callable[..., Any], url: str, *arguments: Any) -> list[Any]:
    """Run `race` in `count` processes that start at one moment; return what each returned."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(count), context.Queue()
    running = [
        context.Process(target=_one, args=(barrier, answers, race, url, arguments), daemon=True) for _ in range(count)
    ]
    for process in running:
        process.start()
    found = [answers.get(timeout=_PATIENCE) for _ in running]
    for process in running:
        process.join(_PATIENCE)
    return found


def _one(barrier: Barrier, answers: Any, race: Callable[..., Any], url: str, arguments: tuple[Any, ...]) -> None:
    async def run() -> Any:
        database = storage.open_database(url)
        await database.read(lambda tx: tx.people.workers())
        barrier.wait(_PATIENCE)
        try:
            return await race(database, *arguments)
        finally:
            await database.close()

    try:
        answers.put(asyncio.run(run()))
    except BaseException as fault:  # the test is to see it, not to wait for it
        answers.put(repr(fault))


async def book_one_slot(database: Database, guide: Guide) -> Counter[str]:
    """Try to book the same time again and again, in turns by each worker; count what came of it."""

    async def attempt(number: int) -> str:
        actor = guide.workers[number % 2]
        try:
            await database.write(lambda tx: book(tx, actor, guide.request(), START, Rules()))
        except RdvError as refusal:
            return type(refusal).__name__
        return "booked"

    return Counter(await asyncio.gather(*(attempt(number) for number in range(ATTEMPTS))))


async def hold_one_slot(database: Database, guide: Guide, now: datetime) -> Counter[str]:
    """Try to hold the same time again and again, each worker in turn; count who had it and who was refused."""

    async def attempt(number: int) -> str:
        holder = guide.workers[number % len(guide.workers)]
        try:
            await database.write(
                lambda tx: tx.agendas.hold(guide.seforme.id, holder.id, TUESDAY_AT_TEN, now, now + HELD)
            )
        except SlotTaken:
            return "refused"
        return holder.handle

    return Counter(await asyncio.gather(*(attempt(number) for number in range(ATTEMPTS))))


async def hold_or_book(database: Database, guide: Guide) -> Counter[str]:
    """Try in turns to hold a time and to book it, as different people; count what came of it."""

    async def attempt(number: int) -> str:
        def hold(tx: Transaction) -> str:
            tx.agendas.hold(guide.seforme.id, guide.stranger.id, TUESDAY_AT_TEN, START, START + HELD)
            return "held"

        def enter(tx: Transaction) -> str:
            tx.appointments.add(guide.appointment())
            return "booked"

        try:
            return await database.write(enter if number % 2 else hold)
        except SlotTaken:
            return "refused"

    return Counter(await asyncio.gather(*(attempt(number) for number in range(ATTEMPTS))))


async def change_ones_mind(database: Database, guide: Guide) -> int:
    """Hold one time after another as the same person; return how often it was refused."""

    async def attempt(number: int) -> bool:
        during = Interval.lasting(TUESDAY_AT_TEN.start + number % 7 * timedelta(minutes=15), TUESDAY_AT_TEN.duration)
        try:
            await database.write(
                lambda tx: tx.agendas.hold(guide.seforme.id, guide.agathe.id, during, START, START + HELD)
            )
        except SlotTaken:
            return True
        return False

    return sum(await asyncio.gather(*(attempt(number) for number in range(ATTEMPTS))))


async def click_once(database: Database, guide: Guide, appointment_id: int) -> list[str]:
    """Deliver the same click several times at once; return the outcomes."""

    def work(tx: Transaction) -> str:
        stored = tx.deliveries.find("click")
        if stored is not None:
            return stored
        answered = answer_invitation(tx, guide.ecoute, appointment_id, 1, 0, Answer.ACCEPTED, START, Rules())
        tx.deliveries.add("click", f"version {answered.version}", START)
        return f"version {answered.version}"

    return await asyncio.gather(*(database.write(work) for _ in range(5)))


async def claim_everything(database: Database) -> list[tuple[int, int, int]]:
    """Claim due rows until none is left; return (row, appointment, recipient) of each."""
    claimed: list[OutboxRow] = []
    while True:
        rows = await database.write(lambda tx: tx.outbox.claim_due(START, START + timedelta(minutes=1), 3))
        claimed += rows
        if not rows:
            return [(r.id, r.notice.appointment_id, r.notice.recipient_id) for r in claimed]


async def claim_homes(database: Database) -> list[int]:
    """Lease homes until none is left; return their accounts."""
    claimed: list[int] = []
    while (home := await database.write(lambda tx: claim_home(tx, START, START + timedelta(minutes=1)))) is not None:
        claimed.append(home.account.id)
    return claimed


async def spend_code(database: Database, accounts: list[int]) -> list[int]:
    """Try to spend one code on each of these accounts; return those for which it was."""

    async def attempt(account_id: int) -> bool:
        return await database.write(lambda tx: tx.codes.use("digest", account_id))

    return [account_id for account_id in accounts if await attempt(account_id)]


async def save_drafts(database: Database) -> list[str]:
    """Go on with one draft again and again; return what was saved."""
    saved = []
    for number in range(ATTEMPTS):
        draft = await database.read(lambda tx: find_draft(tx, "k"))
        text, version = f"{os.getpid()} {number}", draft.version if draft else 0
        if await database.write(lambda tx, text=text, version=version: save_draft(tx, "k", text, version, START)):  # type: ignore[misc]
            saved.append(text)
    return saved


async def keep_a_lease(database: Database) -> list[tuple[int, int]]:
    """Try at each of many moments to have a lease for two of them; return when it was had, and until when."""
    held = []
    for moment in range(ATTEMPTS):
        at = START + moment * timedelta(seconds=1)
        holder, until = f"{os.getpid()} {moment}", at + timedelta(seconds=2)
        if await database.write(
            lambda tx, holder=holder, at=at, until=until: take_lease(tx, "one", holder, at, until)  # type: ignore[misc]
        ):
            held.append((moment, moment + 2))
    return held
