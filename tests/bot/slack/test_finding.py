"""Finding a time and asking for one in Slack: one modal takes the place of another."""

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import finding


async def test_a_time_is_found_and_booked(office: Office) -> None:
    await finding.find_and_book(SlackChat(office))
    assert len(office.slack.called("views.open")) == 1, "the booking form came in the place of the first one"


async def test_a_colleague_opens_a_time(office: Office) -> None:
    await finding.ask_to_open(SlackChat(office))
    assert not [c for c in office.slack.calls if c.method == "chat.postMessage" and "LAFRAISE" in c.arguments["text"]]
