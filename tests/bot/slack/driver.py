"""The scenarios' chat in Slack: typed commands, clicks and modals of people in the workspace."""

from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import Message
from tests.bot.slack.screen import labels, modal_text, text_of


class SlackChat:
    """Drives an office."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def command(self, who: str, text: str) -> None:
        """Type a slash command, or a message."""
        person = self.office[who]
        await (person.command(text) if text.startswith("/") else person.say(text))
        await self.office.answered()

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Click a button."""
        found = next(m for m in self._newest_first(who) if label in labels(m.blocks) and about in text_of(m.blocks))
        await self.office[who].click(found, label)
        await self.office.answered()

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in a field."""
        await self._person(who).choose(field, *options)
        await self.office.answered()

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a field."""
        await self._person(who).write(field, text)
        await self.office.answered()

    async def submit(self, who: str) -> None:
        """Send the form."""
        await self._person(who).submit()
        await self.office.answered()

    async def settle(self, **later: float) -> None:
        """Let everything be sent."""
        await self.office.settle(**later)

    async def cards(self, who: str) -> list[str]:
        """Return what is on the screen."""
        return [text_of(m.blocks) for m in self.office.screen(who)]

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the buttons of a card."""
        return labels(next(m.blocks for m in self._newest_first(who) if about in text_of(m.blocks)))

    async def form(self, who: str) -> str:
        """Return what the modal says."""
        modal = self.office.slack.modal_of(self.office[who].user)
        return modal_text(modal.view) if modal else ""

    def _newest_first(self, who: str) -> list[Message]:
        return self.office.screen(who)[::-1]

    def _person(self, who: str) -> Person:
        return self.office[who]
