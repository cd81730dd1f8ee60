"""One person's conversation: what he sends is handled, and what comes of it becomes messages or a form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from bot.copies import post_live
from bot.dispatcher import may_notify
from bot.platform import Deps
from bot.web.inbound import Click
from bot.web.messenger import TENANT, WebMessenger
from bot.web.render import Change
from bot.web.stream import Hub
from core.people import Account, Worker
from core.ports import Transaction
from handlers.accounts import without_code
from handlers.codec import encode
from handlers.ui import (
    Card,
    CloseForm,
    FieldErrors,
    FormChange,
    FormSubmit,
    Greeting,
    Inbound,
    Live,
    Notice,
    OpenForm,
    OptionGroup,
    Options,
    OptionSearch,
    Outcome,
    PopForm,
    PushForm,
    Refreshed,
    ReplaceCard,
    Reply,
    Text,
    TextReply,
    UpdateForm,
)
from storage.webchat import add_message, find_message, touch_message

Who = tuple[Account, Worker]


class Conversations:
    """Hands each event to the dispatcher and keeps its outcome in the conversation, once for each delivery."""

    def __init__(self, deps: Deps, messenger: WebMessenger, hub: Hub) -> None:
        self._deps = deps
        self._messenger = messenger
        self._hub = hub

    async def who(self, handle: str) -> Who | None:
        """Return the active worker of that handle with his account here, joined at his first visit."""

        def work(tx: Transaction) -> Who | None:
            worker = tx.people.worker_by_handle(handle)
            if worker is None or not worker.active:
                return None
            found = tx.accounts.find(WebMessenger.platform, TENANT, worker.handle)
            return found if found is not None and found[1].id == worker.id else None

        def join(tx: Transaction) -> Who | None:
            worker = tx.people.worker_by_handle(handle)
            if worker is None or not worker.active:
                return None
            return tx.accounts.link(worker.id, WebMessenger.platform, TENANT, worker.handle, current=True), worker

        return await self._deps.db.read(work) or await self._deps.db.write(join)

    async def greet(self, who: Who) -> None:
        """Say hello at the first opening."""
        key = f"web:greeting:{who[1].id}"
        if await self._deps.db.read(lambda tx: tx.deliveries.find(_told(key))) is None:
            await self.carry_out(who, Greeting("private"), key)

    async def say(self, who: Who, said: TextReply, key: str) -> Change:
        """Keep what was typed, but for a code, and answer it."""
        worker_id, now = who[1].id, self._deps.clock.now()

        def work(tx: Transaction) -> None:
            if tx.deliveries.find(key) is None:
                message_id = add_message(tx, worker_id, "in", encode(Card("", (Text(without_code(said.text)),))), now)
                tx.deliveries.add(key, str(message_id), now)

        await self._deps.db.write(work)
        self._hub.ring(worker_id)
        return await self.carry_out(who, said, f"{key}:answer")

    async def click(self, who: Who, click: Click) -> Change | None:
        """Act on a button of a message; None if this conversation has no such message."""
        worker_id = who[1].id
        if await self._deps.db.read(lambda tx: find_message(tx, worker_id, click.message_id)) is None:
            return None
        return await self.carry_out(who, click.event, click.key, clicked=click.message_id)

    async def search(self, who: Who, event: OptionSearch) -> tuple[OptionGroup, ...]:
        """Return what a search field offers."""
        outcome = await self._deps.dispatcher.handle(who, event)
        return outcome.groups if isinstance(outcome, Options) else ()

    async def carry_out(self, who: Who, event: Inbound, key: str = "", clicked: int | None = None) -> Change:
        """Let the event be handled, and do what its outcome asks for; messages are found by who reads the changes."""
        outcome: Outcome = await self._deps.dispatcher.handle(who, event, delivery_key=key)
        if may_notify(event):
            self._deps.wake()
        delivery = _Delivery(who, key, clicked)
        match outcome:
            case OpenForm() | UpdateForm() | PushForm() | PopForm() | FieldErrors() | Options():
                return _in_the_form(outcome)
            case Reply(card) if card.fleeting:
                return await self._shown_once(delivery, card)
            case Reply(card, live):
                await self._reply(delivery, card, live)
            case ReplaceCard(card):
                await self._replace(delivery, card)
            case Refreshed(_, notice):
                await self._note(delivery, notice, "warning")
            case CloseForm(notice):
                await self._note(delivery, notice, "info")
            case _:
                assert_never(outcome)
        return Change(close=isinstance(event, FormSubmit | FormChange))

    async def _shown_once(self, delivery: "_Delivery", card: Card) -> Change:
        """Show a card above the conversation, in which it is not kept."""
        now = self._deps.clock.now()
        await self._deps.db.write(lambda tx: _claim(tx, delivery, now))
        self._hub.ring(delivery.who[1].id)
        return Change(once=card)

    async def _note(self, delivery: "_Delivery", text: str, kind: Literal["warning", "info"]) -> None:
        if text:
            await self._reply(delivery, Card("", (Notice(text, kind),)))

    async def _replace(self, delivery: "_Delivery", card: Card) -> None:
        if delivery.clicked is None:
            await self._reply(delivery, card)
        else:
            await self._messenger.replace(delivery.who[0], (str(delivery.clicked),), card)

    async def _reply(self, delivery: "_Delivery", card: Card, live: Live | None = None) -> None:
        """Append a card to the conversation, once for each delivery."""
        account, worker = delivery.who
        now = self._deps.clock.now()

        def work(tx: Transaction) -> bool:
            first = _claim(tx, delivery, now)
            if first and live is None:
                add_message(tx, worker.id, "out", encode(card), now)
            return first

        first = await self._deps.db.write(work)
        if first and live is not None:
            await post_live(self._deps.db, self._messenger, account, card, live, now)
        self._hub.ring(worker.id)


def _in_the_form(outcome: OpenForm | UpdateForm | PushForm | PopForm | FieldErrors | Options) -> Change:
    match outcome:
        case OpenForm(form) | UpdateForm(form):
            return Change(form=form)
        case PushForm(form, below):
            return Change(form=form, below=below)
        case PopForm(below):
            return Change(form=below, popped=True)
        case FieldErrors(errors):
            return Change(errors=errors)
        case Options():
            return Change()
        case _:
            assert_never(outcome)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """Something one person sent, once or several times; `clicked` is the message whose button it was."""

    who: Who
    key: str
    clicked: int | None


def _claim(tx: Transaction, delivery: _Delivery, now: datetime) -> bool:
    """Tell whether this delivery has not been answered yet; the clicked card is then ready for a new click."""
    if not delivery.key:
        return True
    if tx.deliveries.find(_told(delivery.key)) is not None:
        return False
    tx.deliveries.add(_told(delivery.key), "", now)
    if delivery.clicked is not None:
        touch_message(tx, delivery.who[1].id, delivery.clicked)
    return True


def _told(key: str) -> str:
    return f"{key}:told"
