"""A worker changes his reminders while a colleague books him: what is booked keeps to what he chose last."""

import asyncio
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

import storage
from core.appointments import Appointment
from core.booking import book
from core.handover import hand_over
from core.notices import NoticeKind
from core.ports import Database, Transaction
from core.preferences import Preferences
from core.preferring import save_preferences
from core.rules import Rules
from storage.outbox import SqlOutbox
from tests.builders import Guide, store_guide, unsent
from tests.clock import START

pytestmark = pytest.mark.slow

HOUR, TWO_HOURS = timedelta(hours=1), timedelta(hours=2)
RULES = Rules()
LONG_ENOUGH = 0.5
"""For a choice that nothing holds up, in seconds; one that waits as it should only makes the test last so long."""


async def choose(url: str, guide: Guide, *reminders: timedelta) -> None:
    """Let ecoute choose these reminders, as another process would."""
    database, chosen = storage.open_database(url), Preferences(reminders=reminders)
    await database.write(lambda tx: save_preferences(tx, guide.ecoute, chosen, START, RULES))
    await database.close()


async def reminders_of_ecoute(database: Database, guide: Guide) -> list[timedelta]:
    """Return how long before the start he will be reminded."""
    notices = await unsent(database)
    found = [n for n in notices if n.kind is NoticeKind.REMINDER and n.recipient_id == guide.ecoute.id]
    return [n.minutes * timedelta(minutes=1) for n in found]


async def test_a_choice_made_meanwhile_finds_what_is_being_booked(stored: Database, url: str) -> None:
    guide = await stored.write(store_guide)
    choosing = Thread(target=lambda: asyncio.run(choose(url, guide, TWO_HOURS)))

    def work(tx: Transaction) -> Appointment:
        booked = book(tx, guide.seforme, guide.request(), START, RULES)
        if choosing.ident is None:
            choosing.start()
            choosing.join(LONG_ENOUGH)
        return booked

    await stored.write(work)
    await asyncio.to_thread(choosing.join)
    assert await reminders_of_ecoute(stored, guide) == [TWO_HOURS]


async def test_of_two_forms_at_once_the_last_one_is_followed(stored: Database, url: str) -> None:
    guide = await stored.write(store_guide)
    await stored.write(lambda tx: book(tx, guide.seforme, guide.request(), START, RULES))
    await choose(url, guide, HOUR)
    last = Thread(target=lambda: asyncio.run(choose(url, guide, HOUR)))

    def first(tx: Transaction) -> None:
        save_preferences(tx, guide.ecoute, Preferences(reminders=(TWO_HOURS,)), START, RULES)
        if last.ident is None:
            last.start()
            last.join(LONG_ENOUGH)

    await stored.write(first)
    await asyncio.to_thread(last.join)
    assert await reminders_of_ecoute(stored, guide) == [HOUR]


async def test_a_choice_made_while_it_is_reassigned_reminds_once(
    stored: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = await stored.write(store_guide)
    await choose(url, guide)
    booked = await stored.write(lambda tx: book(tx, guide.seforme, guide.request(), START, RULES))
    choosing = Thread(target=lambda: asyncio.run(choose(url, guide, TWO_HOURS)))

    def withdraw(outbox: SqlOutbox, *what: Any, **more: Any) -> None:
        withdraw_as_ever(outbox, *what, **more)
        if choosing.ident is None and more.get("recipient_id") == guide.ecoute.id:
            choosing.start()
            choosing.join(LONG_ENOUGH)

    withdraw_as_ever = SqlOutbox.withdraw
    monkeypatch.setattr(SqlOutbox, "withdraw", withdraw)
    await stored.write(lambda tx: hand_over(tx, guide.seforme, booked.id, guide.agathe.id, START, RULES))
    await asyncio.to_thread(choosing.join)
    assert await reminders_of_ecoute(stored, guide) == [TWO_HOURS]
