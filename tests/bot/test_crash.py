"""kill -9 at random between commit, send and mark: no notice is lost, none repeated but those in flight."""

import asyncio
import multiprocessing
import os
import random
import re
import signal
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.outbox import OutboxSender
from core.notices import Notice, NoticeKind
from core.ports import Database
from storage import open_database
from tests.bot.crashing import FileMessenger, work
from tests.builders import store_guide, unsent
from tests.clock import START, SetClock

ROUNDS = 50
LINE = re.compile(r"^(\d+) (\d+);$", re.MULTILINE)
Told = tuple[int, int]


def posted(log: Path) -> Counter[Told]:
    """Return how often each (worker, appointment) was told."""
    lines = LINE.findall(log.read_text(encoding="ascii")) if log.exists() else []
    return Counter((int(worker), int(appointment)) for worker, appointment in lines)


def of(notices: list[Notice]) -> set[Told]:
    return {(n.recipient_id, n.appointment_id) for n in notices if n.kind in {NoticeKind.SHOWN, NoticeKind.INVITED}}


async def booked(db: Database) -> set[Told]:
    """Return who is to be told of what: the creator, who is the main worker too, and the invited."""

    def read(tx):  # type: ignore[no-untyped-def]
        agathe = tx.people.worker_by_handle("Agathe")
        found = tx.appointments.of_case(1285, agathe.id, START, limit=100_000)
        return {(worker, a.id) for a in found for worker in a.audience}

    return await db.read(read)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_killed_fifty_times(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url, log = request.getfixturevalue(f"{backend}_url"), tmp_path / "log"
    db = open_database(url)
    guide = await db.write(store_guide)
    await db.close()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.bot.crashing"])
    chance = random.Random(1285)  # noqa: S311
    allowed: Counter[Told] = Counter()
    now = START

    for round_ in range(ROUNDS):
        now = START + timedelta(minutes=2 * round_)  # the leases of who was killed have run out
        child = processes.Process(target=work, args=(url, str(log), guide, round_, now))
        before, enough = sum(posted(log).values()), chance.randrange(40)
        child.start()
        while sum(posted(log).values()) < before + enough and child.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(chance.random() / 200)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert child.exitcode == -signal.SIGKILL
        db = open_database(url)
        allowed.update(of(await unsent(db)) & set(posted(log)))
        await db.close()

    await _send_the_rest(url, log, now + timedelta(minutes=2))
    told, db = posted(log), open_database(url)
    wanted = await booked(db)
    await db.close()
    assert wanted
    assert wanted - set(told) == set(), "lost"
    assert {key: n for key, n in told.items() if n > 1 + allowed[key]} == {}, "repeated, and not in flight"
    assert set(told) == wanted


async def _send_the_rest(url: str, log: Path, now: datetime) -> None:
    db = open_database(url)
    messenger = FileMessenger(log)
    sender = OutboxSender(db, {"web": messenger}, SetClock(now))
    while await sender.sweep():
        pass
    messenger.close()
    await db.close()
