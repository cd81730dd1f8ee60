"""The scenarios' chat on Telegram: typed commands, buttons, and forms asked one question a message."""

import re
from typing import Any

from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS
from tests.bot.telegram.fake_api import FakeTelegram, Message
from tests.bot.telegram.form_driver import Form, Pressed, Seen, seen
from tests.hall import Hall

REVEAL = {"Afficher", "Show"}
FORM = "f:"
_NUMBER = re.compile(r"^\d+\. ")


class TelegramChat:
    """Drives the people who are on Telegram, as they would themselves: what is hidden they have shown."""

    def __init__(self, hall: Hall, telegram: FakeTelegram) -> None:
        self.hall = hall
        self.telegram = telegram
        self.people = {handle: Person(hall, telegram, user, handle) for handle, user in IDS.items()}

    async def command(self, who: str, text: str) -> None:
        """Type a command, or a message."""
        await self.people[who].say(text)

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Press a button."""
        for message in (await self._messages(who))[::-1]:
            found = [name for name in message.labels if named(name) == label]
            if found and about in read(message):
                await self.people[who].press(message, _about(found, message, about))
                return
        raise AssertionError(f"no button {label!r}")

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in a field."""
        await self.form_of(who).choose(field, *options)

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a field."""
        await self.form_of(who).write(field, text)

    async def submit(self, who: str) -> None:
        """Send the form."""
        await self.form_of(who).submit()

    async def settle(self, **later: float) -> None:
        """Let everything be sent."""
        await self.hall.settle(**later)

    async def cards(self, who: str) -> list[str]:
        """Return what the bot's messages say, and their buttons."""
        return [read(m) for m in await self._messages(who)]

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the buttons of a card."""
        found = next(m for m in (await self._messages(who))[::-1] if about in read(m))
        return [named(label) for label in found.labels]

    async def form(self, who: str) -> str:
        """Return what the question and the summary say."""
        return await self.form_of(who).read()

    def form_of(self, who: str) -> Form:
        """Return the form that somebody goes through."""
        person = self.people[who]

        def asked() -> list[Message]:
            return [m for m in person.screen if is_form(m)]

        def look() -> Seen | None:
            found = asked()
            if not found:
                return None
            keys = [(k["text"], k["callback_data"]) for row in found[-1].keys for k in row if _asks(k)]
            texts, first = [m.text for m in person.screen], person.screen.index(found[0])
            return seen("\n".join(texts[first:]), keys, "\n".join(texts[:first]))

        async def press(key: Pressed) -> None:
            await person.deliver(person.pressed(asked()[-1], key.data))

        async def type_(text: str) -> None:
            await person.say(text)

        return Form(look, press, type_)

    async def _messages(self, who: str) -> list[Message]:
        """Return the bot's messages but for the open form, each shown whole."""
        person = self.people[who]
        while hidden := [(m, label) for m in person.screen for label in m.labels if label in REVEAL]:
            await person.press(*hidden[0])
        return [m for m in person.screen if not is_form(m)]


def is_form(message: Message) -> bool:
    """Tell whether a message asks something of an open form."""
    return any(_asks(key) for row in message.keys for key in row)


def _asks(key: dict[str, Any]) -> bool:
    return str(key.get("callback_data", "")).startswith(FORM)


def named(label: str) -> str:
    """Return what a button says without the number of the entry that it belongs to."""
    return _NUMBER.sub("", label)


def _about(labels: list[str], message: Message, about: str) -> str:
    """Return the one of these buttons that belongs to the entry that says `about`, else the first."""
    before = plain(message.text).partition(about)[0] if about else ""
    numbers = re.findall(r"^(\d+\. )", f"{before}{about}", re.MULTILINE)
    return next((label for label in labels if numbers and label.startswith(numbers[-1])), labels[0])


def read(message: Message) -> str:
    """Return all that a message says."""
    return plain("\n".join([message.text, *map(named, message.labels)]))


def plain(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2003", " ")
