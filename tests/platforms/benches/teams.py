"""Teams' bench: a connector on loopback, activities signed as the Bot Service signs them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import httpx

from bot.ports import Messenger
from bot.teams.actions import REF, VALUE, decode_value
from bot.teams.app import TeamsPlatform
from core.people import Account
from core.ports import Database
from core.rules import Rules
from tests.bot.teams.client import PATH, Person
from tests.bot.teams.conftest import HANDLES, PUBLIC, builder, install_for_everybody
from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import TENANT, Json, Message
from tests.bot.teams.fake_state import Fault as Answer
from tests.bot.teams.screen import actions, inputs, is_form, plain, text_of
from tests.clock import SetClock
from tests.hall import Hall, running
from tests.platforms.expected import Way
from tests.platforms.harness import WAIT, WHO, Fault, Screen
from tests.platforms.scripted import Scripted, scripted_deps

FAULTS: Final = {
    Fault.BLOCKED: Answer(403, "ConversationBlockedByUser"),
    Fault.NOBODY: Answer(404, "ConversationNotFound"),
    Fault.FORBIDDEN: Answer(403, "BotDisabledByAdmin"),
    Fault.CONFLICT: Answer(412, "PreconditionFailed"),
    Fault.BUSY: Answer(429, "TooManyRequests", WAIT),
    Fault.BROKEN: Answer(502, "BadGateway"),
    Fault.SILENT: Answer(0),
}
SENDING: Final = ("send", "update")
IMPATIENCE: Final = 0.05


class TeamsBench:
    """See `Bench`."""

    name = "teams"

    def __init__(self, hall: Hall, script: Scripted, teams: FakeTeams, account: Account) -> None:
        (platform,) = hall.platforms
        assert isinstance(platform, TeamsPlatform)
        self.hall = hall
        self.script = script
        self.account = account
        self._teams = teams
        self._platform = platform
        self.chat = TeamsChat(hall, teams)

    @property
    def messenger(self) -> Messenger:
        """The bot's."""
        return self._platform.messenger

    async def screen(self) -> Screen:
        """Return what stands in the conversation, and what was said in passing."""
        shown = [(m.number, self._person.content(m)) for m in self._messages()]
        read = [(number, text_of(content)) for number, content in shown]
        links = [action["url"] for _, content in shown for action in actions(content) if "url" in action]
        told = [text for _, text in sorted([*read, *self._person.said], key=lambda found: found[0])]
        text = plain("\n".join([*told, *links]))  # where links lead stands apart: a text may go on in the next message
        ways = [way for _, content in shown for way, _ in _ways(content)]
        pictures = sum(node["type"] == "Image" for _, content in shown for node in _nodes(content))
        return Screen(text, tuple(ways), pictures, tuple(m.summary for m in self._messages()))

    async def clear(self) -> None:
        """Empty the conversation."""
        await self.hall.answered()
        self._teams.messages.clear()
        self._person.said.clear()
        self._person.views.clear()
        self._person.dialog = None

    async def press(self, way: Way) -> None:
        """Press what asks for this."""
        for message in reversed(self._messages()):
            for found, data in _ways(self._person.content(message)):
                if found == way:
                    activity = self._clicked(message, data)
                    self._person.take(activity, await self._person.deliver(activity), message)
                    return
        raise AssertionError(f"nothing asks for {way}")

    async def form(self) -> str:
        """Return all that the dialog, or the card, says."""
        found = self._person.form
        links = [action["url"] for action in actions(found[1]) if "url" in action] if found else []
        return "\n".join([self._person.form_text, *links])

    async def submit(self) -> str:
        """Send the form; return what it says then."""
        await self.chat.submit(WHO)
        return "\n".join([await self.form(), *(words for _, words in self._person.said)])

    @asynccontextmanager
    async def failing(self, fault: Fault, *, times: int = 1) -> AsyncIterator[None]:
        """Let the next calls fail."""
        for name in SENDING:
            self._teams.faults[name] = [FAULTS[fault]] * times
        try:
            with self._impatience() if fault is Fault.SILENT else _nothing():
                yield
        finally:
            self._teams.faults.clear()

    async def delete_everything(self) -> None:
        """Delete the messages."""
        self._teams.messages.clear()

    def refused(self) -> list[str]:
        """Return what Teams would have refused."""
        found, self._teams.violations = self._teams.violations, []
        return found

    async def send(self, body: bytes, *, trusted: bool = True) -> int:
        """Send bytes to the messaging endpoint."""
        token = self._teams.token() if trusted else self._teams.token(aud="another-bot")
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        return (await self.hall.http.post(PATH, content=body, headers=headers)).status_code

    @contextmanager
    def _impatience(self) -> Iterator[None]:
        client: httpx.AsyncClient = self._platform.api._client.http
        before, client.timeout = client.timeout, httpx.Timeout(IMPATIENCE)
        try:
            yield
        finally:
            client.timeout = before

    @property
    def _person(self) -> Person:
        return self.chat.people[WHO]

    def _messages(self) -> list[Message]:
        return [m for m in self._person.screen if not is_form(self._person.content(m))]

    def _clicked(self, message: Message, pressed: Json) -> Json:
        place = self._teams.open_private(self._person.member)
        data, reply = pressed["data"], {"replyToId": message.id}
        if pressed["type"] == "Action.Execute":
            value = {"action": {"type": "Action.Execute", "verb": pressed["verb"], "data": data}, "trigger": "manual"}
            return self._person.activity("invoke", place, name="adaptiveCard/action", value=value, **reply)
        fetched = {"data": data, "context": {"theme": "default"}}
        return self._person.activity("invoke", place, name="task/fetch", value=fetched, **reply)


def _ways(content: Json) -> list[tuple[Way, Json]]:
    """Return what the buttons of a card ask for, with the button as it is pressed; of a choice, each option."""
    found: list[tuple[Way, Json]] = []
    for action in actions(content):
        data = action.get("data") or {}
        if REF not in data:
            continue
        source = data.get("from")
        if source is None:
            found.append(((data[REF], data.get(VALUE, "")), action))
            continue
        (choice,) = (field for field in inputs(content) if field["id"] == source)
        for option in choice["choices"]:
            pressed = action | {"data": {**data, source: option["value"]}}
            found.append(((data[REF], decode_value(option["value"])), pressed))
    return found


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@asynccontextmanager
async def opened(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[TeamsBench]:
    """Open the bench."""
    teams = FakeTeams()
    for handle in HANDLES:
        teams.add_member(handle, f"{handle.casefold()}@example.org")
    await teams.start()
    deps, script = scripted_deps(db, clock, rules, public_url=PUBLIC)
    try:
        async with running(deps, clock, builder(teams)) as hall:
            await install_for_everybody(hall, teams)
            found = await db.read(lambda tx: tx.accounts.find("teams", TENANT, teams.members[WHO].object_id))
            assert found is not None
            yield TeamsBench(hall, script, teams, found[0])
    finally:
        await teams.stop()
