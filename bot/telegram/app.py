"""Telegram on the server: the webhook, or long polling where there is no public address."""

import asyncio
import hashlib
import hmac
import json
from typing import Final

import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.background import Background
from bot.platform import Deps, Platform
from bot.ports import MessageGone, Messenger, TryAgain, Undeliverable
from bot.settings import TelegramSettings
from bot.telegram.api import Api, Refused
from bot.telegram.chats import Chats
from bot.telegram.conversation import Conversations, Toast
from bot.telegram.groups import Groups
from bot.telegram.inbound import PLATFORM, UPDATES, Malformed, Payload, read
from bot.telegram.menu import set_menu
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.pace import Pace
from bot.telegram.polling import Poller

PATH: Final = "/telegram/webhook"
SIGNED_BY: Final = "X-Telegram-Bot-Api-Secret-Token"
LARGEST: Final = 1024 * 1024
BAD_REQUEST, UNAUTHORIZED, LENGTH_REQUIRED, TOO_LARGE, FAILED = 400, 401, 411, 413, 500
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds until Telegram is asked again, which did not answer."""
SOON = 2.0
"""Seconds in which it most often has answered when the server starts."""

log = structlog.get_logger()


def build(deps: Deps, settings: TelegramSettings) -> Platform:
    """Return the platform: at the webhook where the server has a public address, else by long polling."""
    return TelegramPlatform(deps, settings)


class TelegramPlatform:
    """One bot."""

    name = PLATFORM
    messenger: Messenger

    def __init__(self, deps: Deps, settings: TelegramSettings) -> None:
        self._deps = deps
        self._secret = settings.webhook_secret or _made_of(settings.token)
        self._webhook = f"{deps.public_url}{PATH}" if deps.public_url.startswith("https://") else ""
        self.background = Background(PLATFORM, Refused)
        self._bot_id, self._bot_name = settings.token.partition(":")[0], ""
        self._api = Api(settings.token, settings.api_url, Pace(deps.db, deps.clock, self._bot_id, deps.sleep))
        chats = Chats(self._api, deps.db, deps.clock, deps.pictures)
        groups = Groups(self._api, deps.db, deps.clock)
        messenger = TelegramMessenger(self._api, chats, groups, deps.db)
        self.messenger = messenger
        self._conversations = Conversations(deps, chats, groups, messenger, self.background)
        self._poller = Poller(self._api, deps.db, deps.clock, self._bot_id, self._fetched)
        self._starting: asyncio.Task[None] | None = None
        self._polling: asyncio.Task[None] | None = None

    def mount(self, api: FastAPI) -> None:
        """Add the webhook."""
        if self._webhook:
            api.router.routes.insert(0, Route(PATH, self._updates, methods=["POST"]))

    async def start(self) -> None:
        """Tell Telegram where updates go, or fetch them; it may answer later than the server starts."""
        self._starting = asyncio.create_task(self._connect())
        await asyncio.wait([self._starting], timeout=SOON)

    def wake(self) -> None:
        """Nothing falls due here by itself."""

    def closing(self) -> None:
        """No request stays open by itself."""

    async def stop(self) -> None:
        """Take nothing more, finish what was begun, close the connections."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._polling is not None:
            await self._poller.stop(self._polling)
        await self.background.drain()
        await self._api.close()

    async def _connect(self) -> None:
        """Learn the bot's name, without which nothing in a group is for it; try again until Telegram answers."""
        wait = FIRST_WAIT
        while True:
            try:
                self._bot_name = (await self._api.me()).username or ""
                self._deps.doors[PLATFORM] = f"https://t.me/{self._bot_name}?start={{code}}"
                await set_menu(self._api, self._deps.locale, self._deps.zone)
                if self._webhook:
                    await self._api.set_webhook(self._webhook, self._secret, UPDATES)
                else:
                    self._polling = asyncio.create_task(self._poller.run())
            except (Refused, TryAgain, Undeliverable, MessageGone) as fault:
                log.warning("telegram_not_ready", reason=str(fault))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return

    async def _updates(self, request: Request) -> Response:
        """Take one update: nothing is read before the secret is known to be ours."""
        if not hmac.compare_digest(request.headers.get(SIGNED_BY, "").encode(), self._secret.encode()):
            return PlainTextResponse("", UNAUTHORIZED)
        length = request.headers.get("content-length", "")
        if not length.isdecimal():  # Telegram always says it
            return PlainTextResponse("", LENGTH_REQUIRED)
        if int(length) > LARGEST:
            return PlainTextResponse("", TOO_LARGE)
        try:
            toast = await self._take(json.loads(await request.body()))
        except (Malformed, ValueError, RecursionError):
            log.warning("telegram_update_malformed")
            return PlainTextResponse("", BAD_REQUEST)
        except Exception as fault:  # Telegram sends it again
            log.warning("telegram_update_failed", fault=type(fault).__name__)
            return PlainTextResponse("", FAILED)
        return JSONResponse(_answering(toast)) if toast is not None else PlainTextResponse("")

    async def _fetched(self, update: Payload) -> None:
        """Take one update that was fetched."""
        toast = await self._take(update)
        if toast is not None:
            self.background.run(self._api.toast(toast.query, toast.said))

    async def _take(self, update: Payload) -> Toast | None:
        incoming = read(update, self._bot_name, self._bot_id)
        return await self._conversations.take(incoming) if incoming is not None else None


def _answering(toast: Toast) -> dict[str, str]:
    """Return the call that answers a press, which Telegram takes from the answer to its update.

    core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    call = {"method": "answerCallbackQuery", "callback_query_id": toast.query}
    return call | ({"text": toast.said} if toast.said else {})


def _made_of(token: str) -> str:
    """Return a secret for the webhook that every process makes alike of the token."""
    return hashlib.sha256(f"webhook:{token}".encode()).hexdigest()
