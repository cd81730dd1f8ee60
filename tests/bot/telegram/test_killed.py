"""kill -9 of real processes: a form goes on in another one where it stood, and another one goes on polling."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.times import Interval
from tests.bot.telegram.conftest import PUBLIC
from tests.bot.telegram.driver import is_form, read
from tests.bot.telegram.processes import Site, site_on
from tests.bot.test_start_chats import until
from tests.builders import ZONE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TODAY = datetime.now(ZoneInfo(ZONE)).date()
TUESDAY = TODAY + timedelta(days=14 - (TODAY.weekday() - 1) % 7)
"""After a week; everybody works then, whatever the day of the test."""
COMMENT, SEND, CREATED = "Au rez-de-chaussée", "Réserver", "Rendez-vous créé"
Step = tuple[str, str]


def steps(comment: str, hour: int) -> list[Step]:
    """Return the answers that book an hour, with what is asked after each."""
    return [
        ("Récapitulatif", "Commentaire —"),
        ("✎ Commentaire", "Commentaire …"),
        (comment, "Créneau horaire …"),
        ("Autre moment…", "Jour …"),
        (f"{TUESDAY:%d/%m/%Y}", "De …"),
        (f"{hour}", f"{hour}:55"),
        (f"{hour}:00", "À …"),
        (f"{hour + 1}h", f"Commentaire {comment}"),
    ]


@pytest.fixture
async def site(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    async with site_on(request.getfixturevalue(f"{backend}_url"), tmp_path) as site:
        yield site


async def open_form(site: Site, who: str) -> None:
    """Open the booking form from the case."""
    person = site.people[who]
    await person.say("/parcours 1285")
    await person.press(await site.sees(who, "Créer pour le référent"), "Créer pour le référent")
    await site.asks(who, "Créneau horaire …")


async def check_booked_once(site: Site, who: str, comment: str, hour: int) -> None:
    """Look at the appointment, and at what he and the main worker see of it: each was told once, no form is left."""
    start = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, hour, tzinfo=ZoneInfo(ZONE))
    (found,) = [a for a in await site.booked() if a.comment == comment]
    assert found.during == Interval.lasting(start, timedelta(hours=1))
    assert [CREATED in m.text for m in site.people[who].screen].count(True) == 1
    assert site.question(who) is None
    for reader in (who, "seforme"):
        cards = [m for m in site.people[reader].screen if f"parcours n° 1285, {start:%d/%m/%Y %H:%M}" in read(m)]
        assert len(cards) == 1


async def killed_at(site: Site, said: str, method: str, *, does: bool) -> None:
    """Kill the process while it waits for Telegram; the next one is told the update again, which was not answered."""
    agathe = site.people["Agathe"]
    site.telegram.silent, site.telegram.does = method, does
    update = site.answer("Agathe", said)
    delivered = asyncio.create_task(agathe.deliver(update))
    await until(lambda: site.telegram.waiting > 0)
    await site.told()
    await site.kill()
    with pytest.raises(httpx.TransportError):
        await delivered
    await agathe.deliver(update, again=True)


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_form_goes_on_in_another_process(site: Site) -> None:
    """Killed between two answers, and between an update and its answer: all that was said stands, and once."""
    await asyncio.gather(*(site.serve(PUBLIC) for _ in range(4)))
    await open_form(site, "Agathe")
    answers = steps(COMMENT, 10)
    for said, then in answers[:5]:
        await site.give("Agathe", said, then)
    await site.kill()
    for said, then in answers[5:7]:
        await site.give("Agathe", said, then)
    await killed_at(site, "11h", "sendMessage", does=False)
    await site.asks("Agathe", f"Commentaire {COMMENT}")
    await killed_at(site, SEND, "editMessageText", does=True)
    await check_booked_once(site, "Agathe", COMMENT, 10)


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_another_process_goes_on_polling(site: Site) -> None:
    """What was taken, and not confirmed when the process died, is told again: nothing is lost, done twice or undone."""
    telegram = site.telegram
    await site.serve()
    await until(lambda: telegram.polling == 1)
    second = asyncio.create_task(site.serve())
    for who in ("Agathe", "ecoute"):
        await open_form(site, who)
    mine, others = steps(COMMENT, 10), steps("Parking", 14)
    for said, then in mine:
        await site.give("Agathe", said, then)
    for said, then in others[:2]:
        await site.give("ecoute", said, then)
    await second

    telegram.silent = "deleteMessage"  # of the question that was answered
    for who, said in (("Agathe", SEND), ("ecoute", "Parking")):
        await site.people[who].deliver(site.answer(who, said))
    await until(lambda: telegram.waiting > 0)
    await site.closed("Agathe")
    await site.told()
    await site.kill()
    assert len(telegram.updates) == 2
    await site.later()

    await until(lambda: not telegram.updates)
    assert [is_form(m) for m in site.people["ecoute"].screen].count(True) == 1
    for said, then in others[3:]:
        await site.give("ecoute", said, then)
    await site.people["ecoute"].deliver(site.answer("ecoute", SEND))
    await site.sees("ecoute", CREATED)
    await site.closed("ecoute")
    await site.told()
    await check_booked_once(site, "Agathe", COMMENT, 10)
    await check_booked_once(site, "ecoute", "Parking", 14)
    assert telegram.most_polling == 1
