"""Calls to the Bot API, and an answer to each of its errors (core.telegram.org/bots/api#making-requests)."""

import json
import logging
import os
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram import User as BotUser
from telegram.constants import ChatMemberStatus
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.ports import AccountGone, MessageGone, NotYet, TryAgain, Undeliverable
from bot.telegram.keyboards import Key, Rows
from bot.telegram.pace import Pace
from bot.telegram.rich import Rich

CONNECTING: Final = 5.0
TIMEOUT: Final = 10.0
UPLOADING: Final = 20.0
CONNECTIONS: Final = 64
TOKEN_REFUSED: Final = 120.0
"""Seconds to wait when our token is refused: somebody has to mend it."""
_SAME = "message is not modified"
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message_id_invalid",
    "message identifier is not specified",
)
"""The card is posted anew."""
_OTHER_KIND = (
    "there is no text in the message",
    "there is no caption in the message",
    "there is no media in the message",
)
_NOBODY = ("user is deactivated", "user_deactivated")
"""The account is not tried again while its worker has another."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")
log = structlog.get_logger()


class Refused(Exception):
    """Telegram refused a call for a reason that only its caller can judge."""


class OtherKind(Exception):
    """A message of one kind does not become one of the other by an edit: a picture no text."""


class Elsewhere(TryAgain):
    """Updates go elsewhere: to a webhook, or to somebody else who fetches them."""


class Moved(Undeliverable):
    """The group has become a supergroup; `to` is its id now (core.telegram.org/bots/api#responseparameters)."""

    def __init__(self, to: int) -> None:
        super().__init__("the group has moved")
        self.to = to


class Api:
    """One bot's API. Raises the errors of `bot.ports`, and Refused; whatever sends or edits is counted in the pace."""

    def __init__(self, token: str, url: str, pace: Pace) -> None:
        _quieten()
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # the SDK warns at each 429 of how it told the time before
        self.pace = pace
        base = url.rstrip("/")
        self._sending = _request(CONNECTIONS)
        self._polling = _request(1)
        self._bot = Bot(token, f"{base}/bot", request=self._sending, get_updates_request=self._polling)

    async def close(self) -> None:
        """Close the connections."""
        await self.pace.counted()
        await self._sending.shutdown()
        await self._polling.shutdown()

    # --- messages

    async def send_text(self, chat: int, rich: Rich, rows: Rows, *, silent: bool) -> int:
        """Send a text; return the message's id."""
        sent = await self._paced(
            chat,
            self._bot.send_message(
                chat,
                rich.text,
                entities=_entities(rich),
                reply_markup=_keyboard(rows),
                disable_notification=silent,
                link_preview_options=_NO_PREVIEW,
            ),
        )
        return sent.message_id

    async def send_photo(self, chat: int, png: bytes, rich: Rich, rows: Rows, *, silent: bool) -> int:
        """Send a picture with its caption."""
        sent = await self._paced(
            chat,
            self._bot.send_photo(
                chat,
                InputFile(png, "agenda.png"),
                caption=rich.text,
                caption_entities=_entities(rich),
                reply_markup=_keyboard(rows),
                disable_notification=silent,
            ),
        )
        return sent.message_id

    async def send_document(self, chat: int, name: str, content: bytes, rich: Rich, rows: Rows, *, silent: bool) -> int:
        """Send a file with its caption."""
        sent = await self._paced(
            chat,
            self._bot.send_document(
                chat,
                InputFile(content, name),
                caption=rich.text,
                caption_entities=_entities(rich),
                reply_markup=_keyboard(rows),
                disable_notification=silent,
                disable_content_type_detection=True,
            ),
        )
        return sent.message_id

    async def edit_text(self, chat: int, message: int, rich: Rich, rows: Rows) -> None:
        """Put a text in the place of another. Raises MessageGone if none is there, OtherKind if that is no text."""
        await self._edited(
            chat,
            self._bot.edit_message_text(
                rich.text,
                chat,
                message,
                entities=_entities(rich),
                reply_markup=_keyboard(rows),
                link_preview_options=_NO_PREVIEW,
            ),
        )

    async def edit_photo(self, chat: int, message: int, png: bytes, rich: Rich, rows: Rows) -> None:
        """Put a picture in the place of another. Raises MessageGone if none is there."""
        media = InputMediaPhoto(png, rich.text, caption_entities=_entities(rich), filename="agenda.png")
        await self._edited(chat, self._bot.edit_message_media(media, chat, message, reply_markup=_keyboard(rows)))

    async def strip(self, chat: int, message: int) -> None:
        """Take the buttons of a message away."""
        await self._edited(chat, self._bot.edit_message_reply_markup(chat, message, reply_markup=None))

    async def delete(self, chat: int, message: int) -> None:
        """Delete a message. Raises Refused if it is older than 48 hours (core.telegram.org/bots/api#deletemessage)."""
        await _answered(self._bot.delete_message(chat, message))

    async def toast(self, query: str, text: str = "") -> None:
        """Answer a press, with a short word if there is one. One that is too old for it is let go."""
        with suppress(Refused, TryAgain, Undeliverable, MessageGone):
            await _answered(self._bot.answer_callback_query(query, text or None))

    # --- groups

    async def is_member(self, chat: int, user: int) -> bool:
        """Tell whether somebody is in a group."""
        try:
            member = await _answered(self._bot.get_chat_member(chat, user))
        except Refused:
            return False
        if member.status == ChatMemberStatus.RESTRICTED:
            return bool(getattr(member, "is_member", False))
        return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}

    # --- the bot itself

    async def me(self) -> BotUser:
        """Return who the bot is."""
        return await _answered(self._bot.get_me())

    async def set_webhook(self, url: str, secret: str, updates: Sequence[str]) -> None:
        """Let Telegram send those kinds of updates to an address."""
        await _answered(self._bot.set_webhook(url, secret_token=secret, allowed_updates=updates))

    async def delete_webhook(self) -> None:
        """Let updates wait until they are fetched."""
        await _answered(self._bot.delete_webhook())

    async def set_commands(self, commands: Iterable[tuple[str, str]], language: str, scope: BotCommandScope) -> None:
        """Set the menu for people whose Telegram speaks that language, "" for all others."""
        menu = [BotCommand(name, description) for name, description in commands]
        await _answered(self._bot.set_my_commands(menu, scope=scope, language_code=language or None))

    async def updates(self, offset: int, seconds: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Wait so long for updates from that number on; Telegram forgets those before it."""
        begin = {"offset": offset} if offset else {}
        asked = {"timeout": seconds, "allowed_updates": json.dumps(list(kinds)), **begin}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        # As they are sent, and as the webhook has them: the SDK's own method stops at one that it cannot read.
        found = await _answered(self._polling.post(url, read_timeout=seconds + TIMEOUT))
        return found if isinstance(found, list) else []

    # --- errors

    async def _paced(self, chat: int, call: Awaitable[T]) -> T:
        self.pace.called(chat)
        try:
            return await _answered(call)
        except NotYet as fault:
            await self.pace.hold_off(chat, fault.after)
            raise
        except Refused as fault:
            raise Undeliverable(str(fault)) from fault

    async def _edited(self, chat: int, call: Awaitable[Any]) -> None:
        try:
            await self._paced(chat, call)
        except Undeliverable as fault:
            if _SAME not in str(fault).lower():
                raise


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=TIMEOUT,
        write_timeout=TIMEOUT,
        connect_timeout=CONNECTING,
        pool_timeout=TIMEOUT,
        media_write_timeout=UPLOADING,
    )


async def _answered(call: Awaitable[T]) -> T:
    """Return what a call answers. Raises Refused, OtherKind, MessageGone, Undeliverable, TryAgain."""
    try:
        return await call
    except TelegramError as fault:
        raise _translated(fault) from fault


def _translated(fault: TelegramError) -> Exception:
    """Return the fault in our words; Telegram's own say what is wrong, and never with what."""
    match fault:
        case RetryAfter():
            return NotYet("too many requests", _seconds(fault))
        case ChatMigrated():
            return Moved(fault.new_chat_id)
        case Forbidden():
            return (AccountGone if _is(fault, _NOBODY) else Undeliverable)(str(fault))
        case BadRequest():  # before NetworkError, which it is one of
            return _refused(fault)
        case InvalidToken():
            log.error("telegram_refuses_the_token")
            return NotYet("the token is refused", TOKEN_REFUSED)
        case Conflict():
            return Elsewhere("somebody else has the updates")
        case NetworkError():
            return TryAgain(type(fault.__cause__ or fault).__name__)
        case _:
            return Refused(str(fault))


def _refused(fault: BadRequest) -> Exception:
    if _is(fault, _GONE):
        return MessageGone(str(fault))
    if _is(fault, _OTHER_KIND):
        return OtherKind(str(fault))
    return AccountGone(str(fault)) if _is(fault, _NOBODY) else Refused(str(fault))


def _quieten() -> None:
    """Keep libraries from logging addresses, which hold the token, and answers, which hold what people wrote."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _is(fault: TelegramError, words: Iterable[str]) -> bool:
    said = fault.message.lower()
    return any(word in said for word in words)


def _seconds(fault: RetryAfter) -> float:
    after = fault.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def _entities(rich: Rich) -> list[MessageEntity]:
    return [MessageEntity(e.style, e.offset, e.length) for e in rich.entities]


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in rows])


def _button(key: Key) -> InlineKeyboardButton:
    if key.url:
        return InlineKeyboardButton(key.label, url=key.url)
    return InlineKeyboardButton(key.label, callback_data=key.data, style=None if key.style == "plain" else key.style)
