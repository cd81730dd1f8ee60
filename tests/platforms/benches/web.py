"""The web chat's bench: what a browser would show, without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import sqlalchemy as sa

from bot.ports import Messenger
from bot.web.app import WebPlatform, build
from bot.web.messenger import TENANT
from core.people import Account
from core.ports import Database, Transaction
from core.rules import Rules
from storage.tables import web_messages
from storage.transaction import SqlTransaction
from tests.bot.web.conftest import Chat
from tests.bot.web.dom import Node
from tests.bot.web.driver import WebChat
from tests.bot.web.window import FORM, Window, click_fields, form_fields
from tests.clock import SetClock
from tests.hall import Hall, running
from tests.platforms.expected import Way
from tests.platforms.harness import WHO, Fault, Screen
from tests.platforms.scripted import Scripted, scripted_deps


class WebBench:
    """See `Bench`. Nothing stands between the bot and the page: no fault of a vendor's can come."""

    name = "web"

    def __init__(self, hall: Hall, script: Scripted, account: Account) -> None:
        (platform,) = hall.platforms
        assert isinstance(platform, WebPlatform)
        self.hall = hall
        self.script = script
        self.account = account
        self._platform = platform
        self.chat = WebChat(Chat(hall.deps, hall.guide, hall.clock, platform, hall.api, hall.http))

    @property
    def messenger(self) -> Messenger:
        """The chat's."""
        return self._platform.messenger

    async def screen(self) -> Screen:
        """Return what stands in the conversation."""
        shown = await self._messages()
        ways = [way for message in shown for way in _ways(message)]
        found = [text for message in shown for text in _read(message)]
        pictures = sum(len(message.all("figure")) for message in shown)
        return Screen("\n".join(found), tuple(ways), pictures)

    async def clear(self) -> None:
        """Empty the conversation."""
        await self.hall.deps.db.write(_forget)
        self._window().close()
        self._window().close()

    async def press(self, way: Way) -> None:
        """Press what asks for this."""
        for message in reversed(await self._messages()):
            for button in message.all("button", data_ref=way[0]):
                fields = dict(click_fields(message, button)) | {"value": way[1]}
                if way in _ways(message):
                    await self._window().post("act", list(fields.items()))
                    return
        raise AssertionError(f"nothing asks for {way}")

    async def form(self) -> str:
        """Return all that the form says, what is typed in it too."""
        form = self._window().form
        if form is None:
            return ""
        typed = [n.attrs.get("value", "") for n in form.all("input") if n.attrs.get("type", "text") == "text"]
        groups = [n.attrs["label"] for n in form.all("optgroup")]
        return "\n".join([*_read(form), *typed, *groups])

    async def submit(self) -> str:
        """Send the form; return what is wrong with it."""
        form = self._window().form
        assert form is not None
        answer = await self._window().post("submit", form_fields(form))
        errors = [item.text for found in answer.all("ul", data_errors="") for item in found.all("li")]
        return "\n".join([*errors, await self.form()])

    @asynccontextmanager
    async def failing(self, fault: Fault, *, times: int = 1) -> AsyncIterator[None]:
        """There is nobody who could fail."""
        raise AssertionError((fault, times))
        yield

    async def delete_everything(self) -> None:
        """Delete the messages."""
        await self.hall.deps.db.write(_forget)

    def refused(self) -> list[str]:
        """Return nothing: pages are read by the parser that finds what is not closed."""
        return []

    async def send(self, body: bytes, *, trusted: bool = True) -> int:
        """Send bytes to the chat's route, from another site if they are not to be trusted."""
        origin = {} if trusted else {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        answer = await self.hall.http.post(f"/chat/{WHO}/act", content=body, headers={**FORM, **origin})
        return answer.status_code

    def _window(self) -> Window:
        return self.chat._window(WHO)

    async def _messages(self) -> list[Node]:
        return await self.chat._messages(WHO)


def _ways(message: Node) -> list[Way]:
    found: list[Way] = []
    for button in message.all("button", data_ref="..."):
        ref = button.attrs["data-ref"]
        picked = next((p for p in message.all("span", _class="pick") if button in list(p)), None)
        if picked is None:
            found.append((ref, button.attrs.get("data-value", "")))
        else:
            options = [o for o in picked.all("option") if o.text != "Choisir…"]
            found += [(ref, o.attrs["value"]) for o in options]
    return found


def _read(message: Node) -> list[str]:
    """Return what is read, and where the links lead, the names of files among it."""
    links = [a.attrs["href"] for a in message.all("a", href="...")]
    names = [a.attrs["download"] for a in message.all("a", download="...")]
    return [message.text, *(link for link in links if not link.startswith("data:")), *names]


def _forget(tx: Transaction) -> None:
    cast("SqlTransaction", tx).connection.execute(sa.delete(web_messages))


@asynccontextmanager
async def opened(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[WebBench]:
    """Open the bench."""
    deps, script = scripted_deps(db, clock, rules, demo=True)
    async with running(deps, clock, build) as hall:
        worker = hall.guide.agathe
        account = await db.write(
            lambda tx: tx.accounts.link(worker.id, WebPlatform.name, TENANT, worker.handle, current=True)
        )
        bench = WebBench(hall, script, account)
        await bench.chat.command(WHO, "/rdv aide")
        await bench.clear()
        script.heard.clear()
        yield bench
