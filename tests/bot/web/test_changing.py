"""Another time, another main worker and Undo in the web chat."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat
from tests.scenarios import changing, guide


@pytest.fixture
def web(chat: Chat) -> WebChat:
    """The web chat as a scenario sees it."""
    return WebChat(chat)


async def test_another_time_another_main_worker_and_undo(web: WebChat) -> None:
    await guide.walk(web)
    await changing.change_everything(web)

    assert await web.form("Agathe") == ""


async def test_the_time_is_kept(web: WebChat) -> None:
    await guide.walk(web)
    await changing.keep_the_time(web)

    assert await web.form("ecoute") == ""
