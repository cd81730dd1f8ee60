"""Cards in chats: sent, edited in place, taken away. A message's id is "chat:number"."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2s
from typing import Final

import structlog

from bot.pictures import Pictures
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.telegram.api import Api, OtherKind, Refused
from bot.telegram.inbound import message_id
from bot.telegram.keyboards import DATA, KEPT, Key, Row, Rows
from bot.telegram.render import Message, in_words, render
from core.ports import Database, Transaction
from core.times import Clock
from handlers.ui import Card
from storage.drafts import find_draft, save_draft

SIDE: Final = 8_000
"""Pixels of a picture: width and height are 10,000 at most together (core.telegram.org/bots/api#sendphoto)."""

log = structlog.get_logger()


class Chats:
    """What the bot says, in whichever chat. Raises Undeliverable, TryAgain, MessageGone, as messengers do."""

    def __init__(self, api: Api, db: Database, clock: Clock, pictures: Pictures) -> None:
        self._api = api
        self._db = db
        self._clock = clock
        self._pictures = pictures

    async def post(self, chat: int, card: Card, *, rows: Rows = (), silent: bool = True) -> tuple[str, ...]:
        """Send a card, `rows` of buttons below its own; what was sent is taken back when the rest cannot be."""
        return await self.send(chat, render(card, rows), silent=silent)

    async def replace(self, chat: int, messages: tuple[str, ...], card: Card, *, rows: Rows = ()) -> tuple[str, ...]:
        """Put a card in the place of messages; a picture that becomes a text, or the reverse, is sent anew."""
        return await self.put(chat, messages, render(card, rows))

    async def send(self, chat: int, found: Sequence[Message], *, silent: bool) -> tuple[str, ...]:
        """Send messages that are rendered already, all or none."""
        sent: list[str] = []
        try:
            for message in found:
                if sent:
                    await self._api.pace.another(chat)
                sent.append(await self._send(chat, message, silent=silent or bool(sent)))
        except (TryAgain, Undeliverable):
            await self.delete(sent)
            raise
        await self._remember(sent)
        return tuple(sent)

    async def put(self, chat: int, messages: tuple[str, ...], found: Sequence[Message]) -> tuple[str, ...]:
        """Put rendered messages in the place of others; the ones that cannot be edited go."""
        edited: list[str] = []
        fresh: list[str] = []
        try:
            for n, message in enumerate(found):
                if n:
                    await self._api.pace.another(chat)
                if not fresh and n < len(messages) and await self._edit(messages[n], message):
                    edited.append(messages[n])
                else:  # and all that comes after it, which would stand above it
                    fresh.append(await self._send(chat, message, silent=True))
        except MessageGone:
            await self.delete([*messages, *fresh])
            raise
        except (TryAgain, Undeliverable):
            await self.delete(fresh)
            raise
        await self.delete(messages[len(edited) :])
        shown = (*edited, *fresh)
        if shown != messages:
            await self._remember(shown)
        return shown

    async def delete(self, messages: Sequence[str]) -> None:
        """Delete messages; one that is too old for it loses its buttons. One left behind harms less than a fault."""
        for message in messages:
            chat, number = parts(message)
            with suppress(Refused, MessageGone, Undeliverable, TryAgain):
                try:
                    await self._api.delete(chat, number)
                except Refused:
                    await self._api.strip(chat, number)

    async def whole(self, message: str) -> tuple[str, ...]:
        """Return all messages of the card that this one is a part of."""
        kept = await self._db.read(lambda tx: find_draft(tx, _together(message)))
        return tuple(json.loads(kept.payload)) if kept is not None else (message,)

    async def data_of(self, data: str) -> str:
        """Return what a button stands for: itself, or what was too long for it."""
        if not data.startswith(f"{KEPT}:"):
            return data
        return await self._db.read(lambda tx: tx.deliveries.find(_long(data))) or data

    # --- one message

    async def _send(self, chat: int, message: Message, *, silent: bool) -> str:
        rows = await self._fitting(message.rows)
        if message.file is not None:
            content = message.file.content.encode()
            sent = self._api.send_document(chat, message.file.name, content, message.rich, rows, silent=silent)
            return message_id(chat, await sent)
        png = await self._drawn(message)
        if png is not None:
            return message_id(chat, await self._api.send_photo(chat, png, message.rich, rows, silent=silent))
        rich = in_words(message).rich
        return message_id(chat, await self._api.send_text(chat, rich, rows, silent=silent))

    async def _edit(self, old: str, message: Message) -> bool:
        """Edit a message; False if it is of another kind, and has to be sent anew."""
        chat, number = parts(old)
        if message.kind == "document":
            return False
        rows = await self._fitting(message.rows)
        png = await self._drawn(message)
        try:
            if png is not None:
                await self._api.edit_photo(chat, number, png, message.rich, rows)
            else:
                await self._api.edit_text(chat, number, in_words(message).rich, rows)
        except OtherKind:
            return False
        return True

    async def _drawn(self, message: Message) -> bytes | None:
        if message.picture is None:
            return None
        try:
            return await self._pictures.png_within(str(message.picture.svg), SIDE)
        except Exception as fault:  # whatever it is: the words stand beside it
            log.warning("telegram_picture_not_drawn", fault=type(fault).__name__)
            return None

    # --- what is kept

    async def _remember(self, messages: Sequence[str]) -> None:
        """Keep which messages make one card: a press tells of one of them."""
        if len(messages) <= 1:
            return
        payload, now = json.dumps(list(messages)), self._clock.now()

        def work(tx: Transaction) -> None:
            for message in messages:
                kept = find_draft(tx, _together(message))
                save_draft(tx, _together(message), payload, kept.version if kept else 0, now)

        await self._db.write(work)

    async def _fitting(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Return the rows; what is too long for a button is kept, and sent by a name."""
        long = {key.data: _name(key.data) for row in rows for key in row if len(key.data.encode()) > DATA}
        if not long:
            return tuple(rows)
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            for data, name in long.items():
                if tx.deliveries.find(_long(name)) is None:
                    tx.deliveries.add(_long(name), data, now)

        await self._db.write(work)
        return tuple(tuple(_named(key, long) for key in row) for row in rows)


def parts(message: str) -> tuple[int, int]:
    """Return the chat and the number of a message."""
    chat, _, number = message.rpartition(":")
    return int(chat), int(number)


def _named(key: Key, names: dict[str, str]) -> Key:
    return replace(key, data=names.get(key.data, key.data))


def _name(data: str) -> str:
    return f"{KEPT}:{blake2s(data.encode(), digest_size=16).hexdigest()}"


def _long(name: str) -> str:
    return f"telegram:data:{name}"


def _together(message: str) -> str:
    return f"telegram:card:{message}"
