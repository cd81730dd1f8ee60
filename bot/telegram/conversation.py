"""Each update is handed to the dispatcher, and what comes of it follows, in the person's private chat."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, assert_never

import structlog

from bot.background import Background
from bot.copies import post_live, shown_in_place
from bot.dispatcher import may_notify
from bot.patience import patiently
from bot.platform import Deps
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.telegram.chats import Chats, parts
from bot.telegram.forms import FormOutcome, Forms
from bot.telegram.groups import Groups
from bot.telegram.inbound import PLATFORM, Incoming, Press, Who
from bot.telegram.keyboards import FORM, HEADING, decode
from bot.telegram.messenger import HIDDEN, TelegramMessenger
from core.errors import RdvError
from core.message import N_
from core.ports import Transaction
from handlers.accounts import code_in
from handlers.cards.help import channel_card
from handlers.cards.notes import note_card
from handlers.i18n import Texts
from handlers.ui import (
    ActionClick,
    Card,
    CloseForm,
    FileReceived,
    Inbound,
    LinkButton,
    Live,
    Notice,
    Options,
    Outcome,
    Refreshed,
    ReplaceCard,
    Reply,
)

_ELSEWHERE: Final = N_("It is in our private conversation.")
_NOT_OPEN: Final = N_("I answer you in private: open our conversation first.")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press: its button waits for it, and `said` is shown for a moment."""

    query: str
    said: str


class Conversations:
    """Answers people. What was done is committed before `take` returns; what is said follows."""

    def __init__(
        self, deps: Deps, chats: Chats, groups: Groups, messenger: TelegramMessenger, background: Background
    ) -> None:
        self._deps = deps
        self._chats = chats
        self._groups = groups
        self._messenger = messenger
        self._background = background
        self._texts = Texts(deps.locale, deps.zone)
        self._forms = Forms(deps, chats, groups, self._ask, self._carry_out)

    async def take(self, incoming: Incoming) -> Toast | None:
        """Do what an update asks for; return what a press is to be answered with, now that what it did is committed.

        Faults of Telegram's are noted, one of ours is said. Raises TryAgain when it cannot even be said: Telegram is to
        send the update again.
        """
        try:
            await self._take(incoming)
        except (TryAgain, Undeliverable, MessageGone) as fault:
            log.warning("telegram_answer_failed", fault=type(fault).__name__, reason=str(fault))
        except Exception as fault:
            log.warning("telegram_update_failed", fault=type(fault).__name__)
            with suppress(Undeliverable):
                await self._chats.post(_private_chat(incoming), self._sorry(self._texts))
        if incoming.press is None:
            return None
        return Toast(incoming.press.query, "" if incoming.private else self._texts.t(_ELSEWHERE))

    async def _take(self, incoming: Incoming) -> None:
        if not incoming.private:
            await self._in_a_group(incoming)
        if incoming.standing is not None:
            return
        who = await self._deps.dispatcher.known(incoming.sender, incoming.event, private=incoming.private)
        if who is None:
            self._background.run(self._stranger(incoming))
        elif incoming.press is not None:
            await self._press(who, incoming, incoming.press)
        elif incoming.file is not None:
            file, chat = incoming.file, incoming.chat
            if not await self._forms.received(who, chat, file.name, file.id, incoming.key):
                await self._handle(who, incoming, FileReceived(file.name, b""))
        elif incoming.event is not None and not (
            incoming.private
            and incoming.text
            and not code_in(incoming.event)  # it is never an answer, which would be stored
            and await self._forms.typed(who, incoming.chat, incoming.text, incoming.key)
        ):
            await self._handle(who, incoming, incoming.event)

    async def _in_a_group(self, incoming: Incoming) -> None:
        """Keep what a group tells of itself; one that the bot came into is greeted."""
        if incoming.standing is None:
            await self._groups.heard(incoming)
            return
        await self._groups.changed(incoming, incoming.standing)
        if incoming.standing.came and await self._first_time(incoming.key):
            self._background.run(self._greet(incoming.chat))

    async def _greet(self, chat: int) -> None:
        await self._posted(chat, channel_card(self._texts))

    # --- what a person does

    async def _press(self, who: Who, incoming: Incoming, press: Press) -> None:
        data = await self._chats.data_of(press.data)
        if data.startswith(f"{HEADING}:"):
            return
        if data.startswith(f"{FORM}:"):
            if not incoming.private:  # forms are in private alone
                return
            if not await self._forms.clicked(who, _private(who), press.message, data, incoming.key):
                said = _texts(who).t("This form is no longer open.")
                await self._chats.replace(incoming.chat, (press.message,), Card("", (Notice(said),)))
            return
        try:
            ref, value = decode(data)
        except ValueError:
            return
        await self._handle(who, incoming, ActionClick(ref, value))

    async def _handle(self, who: Who, incoming: Incoming, event: Inbound) -> None:
        """Let the event be handled; what it leads to follows when the update is acknowledged."""
        outcome = await self._dispatched(who, event, incoming.key, private=incoming.private)
        self._background.run(self._followed(who, incoming, outcome))

    async def _dispatched(self, who: Who, event: Inbound, key: str, *, private: bool = True) -> Outcome:
        outcome = await self._deps.dispatcher.handle(who, event, delivery_key=key, private=private)
        if may_notify(event):
            self._deps.hurry(who[1].id)
        return outcome

    async def _ask(self, who: Who, event: Inbound) -> Outcome:
        return await self._deps.dispatcher.handle(who, event)

    async def _carry_out(self, who: Who, chat: int, event: Inbound, key: str) -> None:
        """Let a form be sent, and do what comes of it."""
        outcome = await self._dispatched(who, event, key)
        if not isinstance(outcome, FormOutcome):
            await self._forms.show(who, chat, CloseForm())
        await self._follow(who, outcome, key)

    # --- what comes of it

    async def _followed(self, who: Who, incoming: Incoming, outcome: Outcome) -> None:
        """Do what an outcome asks for; a fault of ours is said, one of Telegram's only noted."""
        clicked = incoming.press.message if incoming.press is not None else ""
        try:
            await self._follow(who, outcome, incoming.key, clicked)
            if not incoming.private and incoming.press is None:
                await self._point(incoming, _ELSEWHERE, _texts(who))
        except Undeliverable:
            if incoming.private:
                raise
            await self._point(incoming, _NOT_OPEN, _texts(who))
        except (TryAgain, MessageGone):
            raise
        except Exception:
            await self._posted(_private(who), self._sorry(_texts(who)))
            raise

    async def _follow(self, who: Who, outcome: Outcome, key: str, clicked: str = "") -> None:
        match outcome:
            case Reply(card, live):
                await self._reply(who, card, live, key)
            case ReplaceCard(card, live):
                await self._replace(who, card, live, key, clicked)
            case Refreshed(_, notice):
                await self._note(who, notice, "warning", key)
            case CloseForm() if not clicked:
                await self._forms.show(who, _private(who), outcome)
            case CloseForm(notice):
                await self._note(who, notice, "info", key)
            case Options():
                pass
            case _ if isinstance(outcome, FormOutcome):
                await self._forms.show(who, _private(who), outcome, f"{key}:told")
            case _:
                assert_never(outcome)

    async def _reply(self, who: Who, card: Card, live: Live | None, key: str) -> None:
        if not await self._first_time(key):
            return
        if live is None:
            await self._posted(_private(who), card)
        else:
            await self._posted_live(who, card, live)

    async def _replace(self, who: Who, card: Card, live: Live | None, key: str, clicked: str) -> None:
        """Put the card in the place of the one that was clicked; what a whole group reads is left alone."""
        if not clicked or parts(clicked)[0] != _private(who):
            await self._reply(who, card, live, key)
            return
        before = await self._chats.whole(clicked)
        try:
            messages = await patiently(lambda: self._chats.replace(_private(who), before, card))
        except MessageGone:
            messages = await self._posted(_private(who), card)
        if live is not None:
            known = (*before, *(f"{HIDDEN}{message}" for message in before))
            account = who[0]
            await self._deps.db.write(lambda tx: shown_in_place(tx, account, live, messages, known))
            self._deps.wake()

    async def _note(self, who: Who, text: str, kind: Literal["info", "warning"], key: str) -> None:
        if text and await self._first_time(key):
            await self._posted(_private(who), note_card(text, kind, _texts(who)))

    async def _posted(self, chat: int, card: Card) -> tuple[str, ...]:
        return await patiently(lambda: self._chats.post(chat, card))

    async def _posted_live(self, who: Who, card: Card, live: Live) -> None:
        deps, account = self._deps, who[0]
        await patiently(lambda: post_live(deps.db, self._messenger, account, card, live, deps.clock.now()))
        deps.wake()

    async def _point(self, incoming: Incoming, said: str, texts: Texts) -> None:
        """Say in a group where the answer is, with the way there; nothing of the answer."""
        if not await self._first_time(f"{incoming.key}:pointed"):
            return
        door = self._deps.doors.get(PLATFORM, "").partition("?")[0]
        way = (LinkButton(door, texts.t("Open our conversation")),) if door else ()
        await self._posted(incoming.chat, Card("", (Notice(texts.t(said)),), way))

    # --- strangers, and what goes wrong

    async def _stranger(self, incoming: Incoming) -> None:
        """Tell somebody unknown whom to ask: in private, whatever he asked for in a group."""
        if not await self._first_time(incoming.key):
            return
        try:
            await self._posted(_private_chat(incoming), self._deps.dispatcher.stranger())
        except Undeliverable:
            if incoming.private:
                raise
            await self._point(incoming, _NOT_OPEN, self._texts)

    def _sorry(self, texts: Texts) -> Card:
        return note_card(texts.error(RdvError()), "error", texts)

    async def _first_time(self, key: str) -> bool:
        """Claim the answering of a delivery: one that Telegram repeats is answered once."""
        name, now = f"{key}:told", self._deps.clock.now()

        def claim(tx: Transaction) -> bool:
            if tx.deliveries.find(name) is not None:
                return False
            tx.deliveries.add(name, "", now)
            return True

        return await self._deps.db.write(claim)


def _private(who: Who) -> int:
    """Return the private chat with somebody, which has the id of his account."""
    return int(who[0].external_id)


def _private_chat(incoming: Incoming) -> int:
    return int(incoming.sender.external_id)


def _texts(who: Who) -> Texts:
    return Texts(who[1].locale, who[1].zone)
