"""Where an open form lies: its row in the database, and the one message of the chat that shows it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.platform import Deps
from bot.ports import MessageGone
from bot.telegram.chats import Chats
from bot.telegram.inbound import Who
from bot.telegram.keyboards import Rows
from bot.telegram.questions import screen
from bot.telegram.state import Saved, State, drop, load, save, was_closed
from core.ports import Transaction
from handlers.cards.notes import note_card
from handlers.i18n import Texts
from handlers.ui import Card, Notice


class Desk:
    """Keeps and shows the forms of all private chats. What is shown was committed before."""

    def __init__(self, deps: Deps, chats: Chats) -> None:
        self._db = deps.db
        self._clock = deps.clock
        self._chats = chats

    async def find(self, chat: int, delivery: str = "") -> Saved:
        """Return how the form of that chat stands, and whether `delivery` was acted on."""
        return await self._db.read(lambda tx: load(tx, chat, delivery))

    async def put(self, who: Who, chat: int, seen: Saved, state: State, delivery: str = "") -> bool:
        """Store the state in the place of the one `seen`, then show it; False if another was faster."""
        now = self._clock.now()
        stored = await self._db.write(lambda tx: save(tx, chat, seen, state, delivery, now))
        if stored:
            await self.show(who, chat, state)
        return stored

    async def show(self, who: Who, chat: int, state: State, view: str = "") -> None:
        """Show the question where it stands, or below everything else; what it takes the place of goes."""
        texts = texts_of(who)
        shown = screen(state, texts, texts.local(self._clock.now()).date(), view)
        messages = await self._replace(chat, state.messages, shown.card, shown.rows)
        if messages != state.messages or state.stale:
            await self._settle(chat, state, messages)

    async def look(self, who: Who, chat: int, seen: Saved, state: State, pictures: Card, delivery: str) -> bool:
        """Show the pictures of a form, the question again below them; False if another was faster."""
        messages = await self._chats.post(chat, pictures)
        stale = (*state.stale, *state.messages, *state.pictures)
        if await self.put(who, chat, seen, replace(state, pictures=messages, messages=(), stale=stale), delivery):
            return True
        await self._chats.delete(messages)
        return False

    async def outdated(self, who: Who, chat: int, seen: Saved, state: State, message: str) -> None:
        """Say in a message that its question is an old one, and show the present one below."""
        said = texts_of(who).t("This question is an old one: here is where you are now.")
        with suppress(MessageGone):
            await self._chats.replace(chat, (message,), Card("", (Notice(said),)))
        stale = (*state.stale, *state.messages)
        await self.put(who, chat, seen, replace(state, messages=(), stale=stale))

    async def close(self, who: Who, chat: int, state: State, said: str = "") -> None:
        """Take the form away, and say something in its place; then let go of it, so that none of this is lost."""
        goes = (*state.stale, *state.pictures)
        if said:
            texts = texts_of(who)
            await self._replace(chat, state.messages, note_card(said, "info", texts))
        else:
            goes = (*goes, *state.messages)
        await self._chats.delete(goes)
        now = self._clock.now()
        await self._db.write(lambda tx: drop(tx, chat, state, now))

    async def was_closed(self, chat: int, mark: str) -> bool:
        """Tell whether a form was closed at this question."""
        return await self._db.read(lambda tx: was_closed(tx, chat, mark))

    async def tell(self, chat: int, card: Card) -> None:
        """Say something where no form is open."""
        await self._chats.post(chat, card)

    async def _replace(self, chat: int, messages: tuple[str, ...], card: Card, rows: Rows = ()) -> tuple[str, ...]:
        """Put a card in the place of messages, or below everything else if there are none any more."""
        if messages:
            with suppress(MessageGone):
                return await self._chats.replace(chat, messages, card, rows=rows)
        return await self._chats.post(chat, card, rows=rows)

    async def _settle(self, chat: int, state: State, messages: tuple[str, ...]) -> None:
        """Keep which messages show the question; those of one that was overtaken meanwhile go."""
        now = self._clock.now()
        while True:
            seen = await self.find(chat)
            found = seen.state
            if found is None or found.mark != state.mark or found.messages not in {state.messages, messages}:
                kept = (*state.messages, *(found.messages if found else ()))
                await self._chats.delete([m for m in messages if m not in kept])
                return
            settled = replace(found, messages=messages, stale=())
            if await self._db.write(_saving(chat, seen, settled, now)):
                await self._chats.delete([m for m in (*found.stale, *state.messages) if m not in messages])
                return


def texts_of(who: Who) -> Texts:
    """Return how one speaks to him."""
    return Texts(who[1].locale, who[1].zone)


def _saving(chat: int, seen: Saved, state: State, now: datetime) -> Callable[[Transaction], bool]:
    return lambda tx: save(tx, chat, seen, state, "", now)
