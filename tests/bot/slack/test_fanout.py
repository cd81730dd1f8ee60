"""One throttled queue for each workspace: nothing lost, nothing provoked, the newest state wins."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.appointments import Answer, Appointment
from core.invitations import answer_invitation
from core.ports import Database, Transaction
from storage import open_database, sqlite
from tests.bot.slack.fanout import RULES, Fanout
from tests.bot.slack.screen import text_of
from tests.bot.slack.windows import WindowedSlack
from tests.virtual import VirtualTime

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here outlives the test: the disk is not waited for."""
    monkeypatch.setattr(sqlite, "connect", lambda path, real=sqlite.connect: _careless(real(path)))


def _careless(driver: sqlite3.Connection) -> sqlite3.Connection:
    driver.execute("PRAGMA synchronous = OFF").close()
    return driver


@pytest.mark.slow
async def test_five_hundred_updates_with_every_tenth_call_refused(db: Database) -> None:
    time = VirtualTime()
    slack = WindowedSlack(time, refused_every=10)
    fanout = await Fanout.of(db, slack, time, cards=500, each=10)

    async def answer(appointments: Sequence[Appointment], *answers: Answer) -> None:
        def write(tx: Transaction) -> None:
            for found in filter(None, (tx.appointments.find(a.id) for a in appointments)):
                invitation = found.invitations[0]
                for sequence, given in enumerate(answers, invitation.sequence):
                    answer_invitation(
                        tx, fanout.people[1], found.id, found.revision, sequence, given, time.now(), RULES
                    )

        await db.write(write)

    first, last = fanout.appointments[:5], fanout.appointments[-5:]

    async def change_their_minds() -> None:
        await time.sleep(150)
        await answer([*first, *last], Answer.TENTATIVE)

    await answer(fanout.appointments, Answer.ACCEPTED)
    await answer(last, Answer.TENTATIVE, Answer.ACCEPTED)
    changing = asyncio.create_task(change_their_minds())
    await fanout.send(db)
    await changing
    cards = {message: text_of(shown["blocks"]) for message, shown in slack.shown.items() if message in fanout.cards}
    assert len(cards) == 500
    assert Counter("accepté provisoirement" in card for card in cards.values()) == {False: 400, True: 100}, (
        "the newest state wins"
    )
    assert all("accepté" in card for card in cards.values()), "none is lost"
    updates = Counter(method for _, method in slack.made)["chat.update"]
    assert updates == 500 + 50, "one for each card, and one more for those that had been sent"
    assert (slack.provoked, slack.impatient) == (0, 0)
    assert await db.read(lambda tx: tx.outbox.failed(10)) == []


@pytest.mark.slow
async def test_two_processes_obey_one_row(sqlite_url: str) -> None:
    time = VirtualTime()
    slack = WindowedSlack(time)
    one, other = open_database(sqlite_url), open_database(sqlite_url)
    fanout = await Fanout.of(one, slack, time, cards=200, each=10)
    await one.write(fanout.outdate)
    begun = time.now()
    await fanout.send(one, other)
    seconds = (slack.made[-1][0] - begun) / SECOND
    assert len(slack.made) == 200
    assert slack.provoked == 0
    assert seconds == pytest.approx(60 * 200 / 48, rel=0.02), "together as fast as one alone may be"
    await one.close()
    await other.close()
