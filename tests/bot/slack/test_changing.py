"""Another time, another main worker and Undo in Slack, over signed HTTP and over Socket Mode."""

import pytest

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import changing, guide

SOCKET = pytest.param("socket", marks=pytest.mark.slow)
BOTH = pytest.mark.parametrize("office", ["http", SOCKET], indirect=True)


@BOTH
async def test_another_time_another_main_worker_and_undo(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    await changing.change_everything(chat)
    texts = [c.arguments["text"] for c in office.slack.calls if c.method in {"chat.postMessage", "chat.update"}]
    assert texts
    assert not [text for text in texts if "LAFRAISE" in text or "malade" in text]


@BOTH
async def test_the_time_is_kept(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    await changing.keep_the_time(chat)
    assert office.slack.called("chat.update")
