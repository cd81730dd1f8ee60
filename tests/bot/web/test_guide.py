"""The walk through the guide in the web chat."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat
from tests.scenarios import guide


@pytest.fixture
def web(chat: Chat) -> WebChat:
    """The web chat as a scenario sees it."""
    return WebChat(chat)


async def test_the_walk(web: WebChat) -> None:
    await guide.walk(web)

    assert await web.form("Agathe") == ""


async def test_the_reminder(web: WebChat) -> None:
    await guide.walk(web)
    await guide.remind(web)

    assert await web.form("Agathe") == ""


async def test_moving_and_cancelling(web: WebChat) -> None:
    await guide.walk(web)
    await guide.move_and_cancel(web)

    assert await web.form("Agathe") == ""


async def test_a_place_is_created_while_booking(web: WebChat) -> None:
    await guide.create_a_place(web)

    assert await web.form("Agathe") == ""
