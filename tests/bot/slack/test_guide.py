"""The guide's scenario in Slack, over signed HTTP and over Socket Mode."""

import pytest

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import guide

SOCKET = pytest.param("socket", marks=pytest.mark.slow)
BOTH = pytest.mark.parametrize("office", ["http", SOCKET], indirect=True)


@BOTH
async def test_the_walk_through_the_guide(office: Office) -> None:
    await guide.walk(SlackChat(office))
    assert office.slack.called("views.open")
    assert not [c for c in office.slack.calls if c.method == "chat.postMessage" and "LAFRAISE" in c.arguments["text"]]


@BOTH
async def test_a_reminder_follows(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    await guide.remind(chat)
    assert len(office.slack.called("auth.test")) == 1


@BOTH
async def test_moving_and_cancelling(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    await guide.move_and_cancel(chat)
    assert len(office.slack.called("auth.test")) == 1


@BOTH
async def test_a_place_is_created_while_booking(office: Office) -> None:
    await guide.create_a_place(SlackChat(office))
    assert len(office.slack.called("views.push")) == 1
