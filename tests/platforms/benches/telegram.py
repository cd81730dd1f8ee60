"""Telegram's bench: a Bot API on loopback, updates at the webhook."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import httpx

from bot.ports import Messenger
from bot.telegram.app import TelegramPlatform
from bot.telegram.keyboards import FORM, HEADING, KEPT, decode
from core.people import Account
from core.ports import Database
from core.rules import Rules
from tests.bot.telegram.client import SECRET_HEADER, WEBHOOK, Person
from tests.bot.telegram.conftest import IDS, PUBLIC, builder, link_everybody
from tests.bot.telegram.driver import TelegramChat, is_form, plain
from tests.bot.telegram.fake_api import FakeTelegram, Message
from tests.clock import SetClock
from tests.hall import Hall, running
from tests.platforms.expected import Way
from tests.platforms.harness import WAIT, WHO, Fault, Screen
from tests.platforms.scripted import Scripted, scripted_deps

FAULTS: Final = {
    Fault.BLOCKED: (403, "Forbidden: bot was blocked by the user"),
    Fault.NOBODY: (403, "Forbidden: user is deactivated"),
    Fault.FORBIDDEN: (403, "Forbidden: bot can't initiate conversation with a user"),
    Fault.CONFLICT: (409, "Conflict: terminated by other getUpdates request"),
    Fault.BUSY: (429, "Too Many Requests: retry after 30"),
    Fault.BROKEN: (502, "Bad Gateway"),
}
SENDING: Final = ("sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageMedia")
IMPATIENCE: Final = 0.05


class TelegramBench:
    """See `Bench`."""

    name = "telegram"

    def __init__(self, hall: Hall, script: Scripted, telegram: FakeTelegram, account: Account) -> None:
        (platform,) = hall.platforms
        assert isinstance(platform, TelegramPlatform)
        self.hall = hall
        self.script = script
        self.account = account
        self._telegram = telegram
        self._platform = platform
        self.chat = TelegramChat(hall, telegram)

    @property
    def messenger(self) -> Messenger:
        """The bot's."""
        return self._platform.messenger

    async def screen(self) -> Screen:
        """Return what stands in the conversation."""
        shown = self._messages()
        ways = [way for message in shown for way, _ in await self._ways(message)]
        pictures = sum(message.kind == "photo" for message in shown)
        heard = [m.text for m in shown if not m.silent]
        return Screen(plain("\n".join(text for m in shown for text in _read(m))), tuple(ways), pictures, tuple(heard))

    async def clear(self) -> None:
        """Empty the conversation."""
        await self.hall.answered()
        self._telegram.shown.clear()

    async def press(self, way: Way) -> None:
        """Press what asks for this."""
        for message in reversed(self._messages()):
            for found, data in await self._ways(message):
                if found == way:
                    await self._person.deliver(self._person.pressed(message, data))
                    return
        raise AssertionError(f"nothing asks for {way}")

    async def form(self) -> str:
        """Return all that the questions say, one after another, and the summary."""
        if not any(is_form(m) for m in self._person.screen):
            return ""
        return await self.chat.form_of(WHO).leaf(self._everything)

    async def submit(self) -> str:
        """Send the form; return what is then asked."""
        await self.chat.submit(WHO)
        return self._everything()

    @asynccontextmanager
    async def failing(self, fault: Fault, *, times: int = 1) -> AsyncIterator[None]:
        """Let the next calls fail."""
        if fault is Fault.SILENT:
            with self._silence():
                yield
            return
        code, description = FAULTS[fault]
        for method in SENDING:
            self._telegram.fail(method, code, description, times=times, after=WAIT if fault is Fault.BUSY else None)
        try:
            yield
        finally:
            self._telegram.faults.clear()

    async def delete_everything(self) -> None:
        """Delete the messages."""
        self._telegram.shown.clear()

    def refused(self) -> list[str]:
        """Return what Telegram would have refused."""
        found, self._telegram.violations = self._telegram.violations, []
        return found

    async def send(self, body: bytes, *, trusted: bool = True) -> int:
        """Send bytes to the webhook."""
        secret = self._telegram.webhook["secret_token"] if trusted else "another"
        headers = {SECRET_HEADER: secret, "content-type": "application/json"}
        return (await self.hall.http.post(WEBHOOK, content=body, headers=headers)).status_code

    @contextmanager
    def _silence(self) -> Iterator[None]:
        gates = [self._telegram.hold(method) for method in SENDING]
        client = self._client()
        before, client.timeout = client.timeout, httpx.Timeout(IMPATIENCE)
        try:
            yield
        finally:
            client.timeout = before
            for gate in gates:
                gate.set()
            self._telegram.gates.clear()

    def _client(self) -> httpx.AsyncClient:
        client = self._platform._api._sending._client
        assert isinstance(client, httpx.AsyncClient)
        return client

    @property
    def _person(self) -> Person:
        return self.chat.people[WHO]

    def _everything(self) -> str:
        """Return what stands on the screen, the question among it."""
        return plain("\n".join(text for m in self._person.screen for text in _read(m)))

    def _messages(self) -> list[Message]:
        return [m for m in self._person.screen if not is_form(m)]

    async def _ways(self, message: Message) -> list[tuple[Way, str]]:
        """Return what a message's buttons ask for, as Telegram sends it and as it is read."""
        found: list[tuple[Way, str]] = []
        for key in (key for row in message.keys for key in row if "callback_data" in key):
            data = str(key["callback_data"])
            if data.startswith((f"{FORM}:", f"{HEADING}:")):
                continue
            ref, value = decode(await self._whole(data))
            found.append(((ref.encode(), value), data))
        return found

    async def _whole(self, data: str) -> str:
        if not data.startswith(f"{KEPT}:"):
            return data
        kept = await self.hall.deps.db.read(lambda tx: tx.deliveries.find(f"telegram:data:{data}"))
        assert kept is not None
        return kept


def _read(message: Message) -> list[str]:
    """Return what is read of a message, and where its links lead."""
    keys = [key for row in message.keys for key in row]
    name = [message.document[0]] if message.document else []
    return [message.text, *(key["text"] for key in keys), *(key["url"] for key in keys if "url" in key), *name]


@asynccontextmanager
async def opened(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[TelegramBench]:
    """Open the bench."""
    telegram = FakeTelegram()
    telegram.started |= set(IDS.values())
    await telegram.start()
    deps, script = scripted_deps(db, clock, rules, public_url=PUBLIC)
    try:
        async with running(deps, clock, builder(telegram)) as hall:
            await db.write(link_everybody)
            found = await db.read(lambda tx: tx.accounts.find("telegram", "telegram", str(IDS[WHO])))
            assert found is not None
            yield TelegramBench(hall, script, telegram, found[0])
    finally:
        await telegram.stop()
