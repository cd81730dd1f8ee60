"""Quick booking in the web chat."""

from collections.abc import Awaitable, Callable

import pytest

from tests.bot.web.conftest import Chat as Server
from tests.bot.web.driver import WebChat
from tests.scenarios import quick
from tests.scenarios.chat import Chat


@pytest.mark.parametrize("scenario", [quick.in_french, quick.in_english, quick.unclear, quick.not_free])
async def test_an_appointment_in_words(chat: Server, scenario: Callable[[Chat], Awaitable[None]]) -> None:
    web = WebChat(chat)
    await scenario(web)

    assert await web.form("Agathe") == ""
