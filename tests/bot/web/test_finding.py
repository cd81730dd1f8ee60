"""Finding a time and asking for one in the web chat: one form takes the place of another."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat
from tests.scenarios import finding


@pytest.fixture
def web(chat: Chat) -> WebChat:
    """The web chat as a scenario sees it."""
    return WebChat(chat)


async def test_a_time_is_found_and_booked(web: WebChat) -> None:
    await finding.find_and_book(web)

    assert await web.form("Agathe") == ""


async def test_a_colleague_opens_a_time(web: WebChat) -> None:
    await finding.ask_to_open(web)

    assert await web.form("Agathe") == ""
