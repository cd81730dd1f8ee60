"""One's own settings in Slack, over signed HTTP and over Socket Mode."""

import pytest

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import guide, settings


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_settings(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    await settings.settle_in(chat)
