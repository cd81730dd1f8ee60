"""Every scenario on Telegram, at the webhook: the same files as on the other platforms."""

from collections.abc import Awaitable, Callable

import pytest

from tests.bot.telegram.driver import TelegramChat
from tests.bot.telegram.fake_api import FakeTelegram
from tests.hall import Hall
from tests.scenarios import changing, finding, guide, planning, quick, settings
from tests.scenarios.chat import Chat

Scenario = Callable[[Chat], Awaitable[None]]


@pytest.fixture
def chat(hall: Hall, telegram: FakeTelegram) -> TelegramChat:
    """The guide's people on Telegram."""
    return TelegramChat(hall, telegram)


@pytest.mark.parametrize(
    "scenario",
    [
        guide.walk,
        guide.create_a_place,
        finding.find_and_book,
        finding.ask_to_open,
        planning.plan,
        quick.in_french,
        quick.in_english,
        quick.unclear,
        quick.not_free,
    ],
)
async def test_from_nothing(chat: TelegramChat, scenario: Scenario) -> None:
    await scenario(chat)
    assert await chat.form("Agathe") == ""


@pytest.mark.parametrize(
    "scenario",
    [
        guide.remind,
        guide.move_and_cancel,
        planning.hand_over,
        changing.change_everything,
        changing.keep_the_time,
        settings.settle_in,
    ],
)
async def test_after_the_walk(chat: TelegramChat, scenario: Scenario) -> None:
    await guide.walk(chat)
    await scenario(chat)
    assert await chat.form("seforme") == ""
