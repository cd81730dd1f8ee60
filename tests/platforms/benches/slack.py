"""Slack's bench: a workspace on loopback."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import aiohttp

from bot.ports import Messenger
from bot.slack.actions import read_action
from bot.slack.app import SlackPlatform, build
from core.people import Account
from core.ports import Database
from core.rules import Rules
from tests.bot.slack.client import SECRET, HttpLine, Person, signed
from tests.bot.slack.conftest import IDS, Office, settings_for, the_workspace
from tests.bot.slack.driver import SlackChat
from tests.bot.slack.fake_api import FakeSlack, Message
from tests.bot.slack.fake_state import TEAM
from tests.bot.slack.screen import Block, elements, offered, plain, strings
from tests.clock import SetClock
from tests.hall import Hall, running
from tests.platforms.expected import Way
from tests.platforms.harness import WAIT, WHO, Fault, Screen
from tests.platforms.scripted import Scripted, scripted_deps

FAULTS: Final = {
    Fault.BLOCKED: ("cannot_dm_bot", 200),
    Fault.NOBODY: ("user_disabled", 200),
    Fault.FORBIDDEN: ("restricted_action", 200),
    Fault.CONFLICT: ("fatal_error", 200),
    Fault.BUSY: ("ratelimited", 429),
    Fault.BROKEN: ("<html>Bad gateway</html>", 502),
}
SENDING: Final = ("chat.postMessage", "chat.update")
IMPATIENCE: Final = 0.05


class SlackBench:
    """See `Bench`."""

    name = "slack"

    def __init__(self, hall: Hall, script: Scripted, slack: FakeSlack, account: Account) -> None:
        (platform,) = hall.platforms
        assert isinstance(platform, SlackPlatform)
        self.hall = hall
        self.script = script
        self.account = account
        self._slack = slack
        self._platform = platform
        self._line = HttpLine(hall.http)
        people = {handle: Person(user, slack, self._line) for handle, user in IDS.items()}
        self._office = Office(hall.deps, hall.guide, hall.clock, slack, platform, hall.http, self._line, people)
        self.chat = SlackChat(self._office)

    @property
    def messenger(self) -> Messenger:
        """The workspace's."""
        return self._platform.messenger

    async def screen(self) -> Screen:
        """Return what stands in the conversation."""
        shown = self._messages()
        everything = [e for m in shown for block in m.blocks for e in elements(block)]
        found = [read_action(sent) for element in everything for sent in _clicks(element)]
        ways = [(way[0].encode(), way[1]) for way in found if way is not None]
        text = plain("".join(strings([m.blocks for m in shown])))
        pictures = sum(block["type"] == "image" for m in shown for block in m.blocks)
        return Screen(text, tuple(ways), pictures, tuple(m.text for m in shown))

    async def clear(self) -> None:
        """Empty the conversation."""
        await self.hall.answered()
        self._slack.messages.clear()
        self._slack.modals.clear()

    async def press(self, way: Way) -> None:
        """Press what asks for this."""
        person = self._office[WHO]
        for message in reversed(self._messages()):
            for block in message.blocks:
                for sent in (sent for element in elements(block) for sent in _clicks(element)):
                    read = read_action(sent)
                    if read is not None and (read[0].encode(), read[1]) == way:
                        body = person.click_body(message, block, {"text": {}, **sent})
                        body["actions"][0] |= sent
                        await self._line.interact(body)
                        await self.hall.answered()
                        return
        raise AssertionError(f"nothing asks for {way}")

    async def form(self) -> str:
        """Return all that the modal says, what is typed in it too."""
        modal = self._slack.modal_of(IDS[WHO])
        if modal is None:
            return ""
        view = modal.view
        typed = [element.get("initial_value", "") for block in view["blocks"] for element in elements(block)]
        return "\n".join([plain("".join(strings([view["title"], view["submit"], view["blocks"]]))), *typed])

    async def submit(self) -> str:
        """Send the form; return what is wrong with it."""
        answer = await self._office[WHO].submit()
        await self.hall.answered()
        return "\n".join([*answer.get("errors", {}).values(), await self.form()])

    @asynccontextmanager
    async def failing(self, fault: Fault, *, times: int = 1) -> AsyncIterator[None]:
        """Let the next calls fail."""
        if fault is Fault.SILENT:
            async with self._silence():
                yield
            return
        error, status = FAULTS[fault]
        after = WAIT if fault is Fault.BUSY else None
        for method in SENDING:
            self._slack.fail(method, error, times=times, status=status, after=after)
        try:
            yield
        finally:
            self._slack.faults.clear()

    async def delete_everything(self) -> None:
        """Delete the messages."""
        self._slack.messages.clear()

    def refused(self) -> list[str]:
        """Return what Slack would have refused."""
        found, self._slack.violations = self._slack.violations, []
        return found

    async def send(self, body: bytes, *, trusted: bool = True) -> int:
        """Send bytes to Slack's route."""
        headers = {**signed(body, secret=SECRET if trusted else "another"), "content-type": "application/json"}
        return (await self._line.post(body, headers)).status_code

    @asynccontextmanager
    async def _silence(self) -> AsyncIterator[None]:
        gates = [self._slack.hold(method) for method in SENDING]
        workspace = the_workspace(self._platform)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=IMPATIENCE)) as impatient:
            before = workspace.api._session
            workspace.use(impatient)
            try:
                yield
            finally:
                workspace.use(before)
                _open(gates)
                self._slack.gates.clear()

    def _messages(self) -> list[Message]:
        return self._slack.screen(IDS[WHO])


def _open(gates: list[asyncio.Event]) -> None:
    for gate in gates:
        gate.set()


def _clicks(element: Block) -> Iterator[Block]:
    """Yield what Slack may send of an element."""
    sent = {k: element[k] for k in ("action_id", "type", "value") if k in element}
    options = offered(element)
    if element["type"] == "checkboxes":
        yield from (sent | {"selected_options": chosen} for chosen in ([], options))
    elif options:
        yield from (sent | {"selected_option": o} for o in options)
    else:
        yield sent


@contextmanager
def _at_once() -> Iterator[None]:
    """Let nobody wait for a Slack that takes a while to work on a file."""
    from bot.slack import files  # noqa: PLC0415

    before, files.PAUSES = files.PAUSES, (0.0,) * 5  # type: ignore[misc]
    try:
        yield
    finally:
        files.PAUSES = before  # type: ignore[misc]


@asynccontextmanager
async def opened(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[SlackBench]:
    """Open the bench."""
    slack = FakeSlack()
    for handle, user in IDS.items():
        slack.add_user(user, f"{handle.casefold()}@example.org")
    await slack.start()
    deps, script = scripted_deps(db, clock, rules)
    try:
        with _at_once():
            async with running(deps, clock, lambda deps: build(deps, settings_for(slack, "http"))) as hall:
                worker = hall.guide.agathe
                account = await db.write(lambda tx: tx.accounts.link(worker.id, "slack", TEAM, IDS[WHO], current=True))
                yield SlackBench(hall, script, slack, account)
    finally:
        await slack.stop()
