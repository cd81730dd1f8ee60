"""An appointment shared to a group: no client's name there, kept up to date, wherever the group goes."""

from typing import Any

import pytest

from core.appointments import Appointment
from core.booking import change
from core.shares import Share
from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS
from tests.bot.telegram.driver import TelegramChat
from tests.bot.telegram.fake_api import FakeTelegram, Message
from tests.builders import between
from tests.hall import Hall

GROUP, OTHERS, NEW = -1001, -1002, -2002
NAMES = ("LAFRAISE", "Gisèle")


@pytest.fixture
async def appointment(hall: Hall, telegram: FakeTelegram, people: dict[str, Person]) -> Appointment:
    """Agathe's; the bot is in her group, and in one that she is not in."""
    telegram.add_group(GROUP, "Équipe", IDS["Agathe"])
    telegram.add_group(OTHERS, "Direction", IDS["seforme"])
    await people["Agathe"].say("/agenda", group=GROUP)
    await people["seforme"].say("/agenda", group=OTHERS)
    telegram.shown.clear()
    return await hall.book(comment="Gisèle veut déménager")


@pytest.fixture
def chat(hall: Hall, telegram: FakeTelegram) -> TelegramChat:
    """What the people do."""
    return TelegramChat(hall, telegram)


async def share(chat: TelegramChat) -> None:
    """Let Agathe share it to her group."""
    await chat.click("Agathe", "Partager dans un canal")
    await chat.choose("Agathe", "Canal", "Équipe")
    await chat.submit("Agathe")
    await chat.settle()


def posted(telegram: FakeTelegram, group: int = GROUP) -> Message:
    """Return the one card of the group, which names nobody."""
    (card,) = telegram.messages(group)
    assert not [name for name in NAMES if name in card.text]
    return card


async def moved(hall: Hall, old: Appointment, **changes: Any) -> None:
    """Let Agathe change it."""
    request, now = hall.guide.request(**changes), hall.clock.now()
    await hall.deps.db.write(
        lambda tx: change(tx, hall.guide.agathe, old.id, old.revision, request, now, hall.deps.rules)
    )
    await hall.settle(minutes=1)


async def shares(hall: Hall, appointment: Appointment) -> list[Share]:
    return await hall.deps.db.read(lambda tx: tx.shares.of(appointment.id))


@pytest.mark.usefixtures("appointment")
async def test_the_group_reads_no_name_and_only_ones_own_groups_are_offered(
    telegram: FakeTelegram, chat: TelegramChat
) -> None:
    await chat.click("Agathe", "Partager dans un canal")
    asked = str([m.labels for m in telegram.messages(IDS["Agathe"])])
    assert "Équipe" in asked
    assert "Direction" not in asked
    await chat.choose("Agathe", "Canal", "Équipe")
    await chat.submit("Agathe")
    await chat.settle()
    assert "1285" in posted(telegram).text
    assert posted(telegram).labels == ["Ouvrir"]


async def test_the_card_in_the_group_follows_the_appointment(
    hall: Hall, telegram: FakeTelegram, chat: TelegramChat, appointment: Appointment
) -> None:
    await share(chat)
    await moved(hall, appointment, during=between("2026-01-27 14:00", "15:00"))
    assert "14:00" in posted(telegram).text


async def test_a_group_that_became_a_supergroup_is_followed(
    hall: Hall, telegram: FakeTelegram, chat: TelegramChat, appointment: Appointment
) -> None:
    await share(chat)
    telegram.groups[GROUP].moved_to = NEW
    telegram.add_group(NEW, "Équipe", IDS["Agathe"])
    await moved(hall, appointment, during=between("2026-01-27 14:00", "15:00"))
    assert "14:00" in posted(telegram, NEW).text
    assert [s.messages[0].partition(":")[0] for s in await shares(hall, appointment)] == [str(NEW)]


async def test_a_group_that_threw_the_bot_out_is_told_of(
    hall: Hall, telegram: FakeTelegram, chat: TelegramChat, appointment: Appointment
) -> None:
    await chat.click("Agathe", "Partager dans un canal")
    await chat.choose("Agathe", "Canal", "Équipe")
    await chat.submit("Agathe")
    telegram.blocked.add(GROUP)
    await chat.settle()
    assert await shares(hall, appointment) == []
    assert [card for card in await chat.cards("Agathe") if "rdv n’est pas dans ce groupe" in card]


@pytest.mark.usefixtures("appointment")
async def test_everybody_presses_for_himself(
    telegram: FakeTelegram, chat: TelegramChat, people: dict[str, Person]
) -> None:
    await share(chat)
    await people["seforme"].press(posted(telegram), "Ouvrir")
    assert "LAFRAISE" in people["seforme"].newest.text
    assert posted(telegram).labels == ["Ouvrir"]
