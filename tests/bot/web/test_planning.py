"""One's own availability in the web chat."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat
from tests.scenarios import guide, planning


@pytest.fixture
def web(chat: Chat) -> WebChat:
    """The web chat as a scenario sees it."""
    return WebChat(chat)


async def test_planning(web: WebChat) -> None:
    await planning.plan(web)

    assert await web.form("seforme") == ""


async def test_an_absence_is_followed_by_another_form_in_its_place(web: WebChat) -> None:
    await guide.walk(web)
    await planning.hand_over(web)

    assert await web.form("seforme") == ""
