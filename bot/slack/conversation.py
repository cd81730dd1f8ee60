"""Each delivery is handed to the dispatcher; what comes of it goes into the acknowledgement, or follows it."""

import asyncio
from dataclasses import replace
from typing import Literal, assert_never

import structlog

from bot.background import Background
from bot.copies import post_live
from bot.dispatcher import may_notify
from bot.patience import patiently
from bot.platform import Deps
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import Api, Refused
from bot.slack.authors import author_of
from bot.slack.blocks import Block
from bot.slack.directory import Directory
from bot.slack.files import Files, downloads, needs_upload
from bot.slack.forms import errors, with_error
from bot.slack.home import REST
from bot.slack.homes import Homes
from bot.slack.inbound import HomeOpened, Incoming, Origin
from bot.slack.members import Members
from bot.slack.messenger import SlackMessenger
from bot.slack.modals import Modals
from bot.slack.options import found_choices
from bot.slack.render import render
from bot.slack.replies import Replies, ephemeral
from core.errors import RdvError
from core.people import Account, Worker
from core.ports import Transaction
from handlers.cards.help import channel_card
from handlers.cards.notes import note_card
from handlers.i18n import Texts
from handlers.ui import (
    AboutMessage,
    ActionClick,
    Button,
    Card,
    CloseForm,
    CommandCall,
    FieldErrors,
    Form,
    FormChange,
    FormSubmit,
    Greeting,
    Live,
    Notice,
    OpenForm,
    Options,
    OptionSearch,
    Outcome,
    PopForm,
    PushForm,
    Refreshed,
    ReplaceCard,
    Reply,
    Text,
    UpdateForm,
)

Who = tuple[Account, Worker]
Ack = Block
UNTIL_WRITTEN = 2
"""Turns of the loop until a call to Slack is on its way (aiohttp begins it in one, and writes it in the next): whoever
waits for a form waits longer for it than Slack does for its acknowledgement."""
NOTHING: Ack = {}
NO_OPTIONS: Ack = {"options": []}

log = structlog.get_logger()


class Conversations:
    """Answers people; whatever must call Slack back runs after the acknowledgement."""

    def __init__(
        self,
        deps: Deps,
        api: Api,
        directory: Directory,
        messenger: SlackMessenger,
        files: Files,
        members: Members,
        background: Background,
        homes: Homes,
    ) -> None:
        self._deps = deps
        self._directory = directory
        self._messenger = messenger
        self._members = members
        self._replies = Replies(api, files)
        self._modals = Modals(api, files, deps.db, deps.clock)
        self._texts = Texts(deps.locale, deps.zone)
        self._background = background
        self._homes = homes

    async def take(self, incoming: Incoming) -> Ack:
        """Return the body of the acknowledgement; what was done is committed by then."""
        if isinstance(incoming.event, Greeting) and await self._was_told(incoming.key):
            return NOTHING
        if isinstance(incoming.event, FormChange):
            self._modals.arrived(incoming.origin)
        try:
            who = await self._deps.dispatcher.known(incoming.sender, incoming.event, private=incoming.private)
            if who is None or not await self._members.admits(who[0]):
                return self._unknown(incoming)
            outcome = await self._outcome(who, incoming)
            if isinstance(outcome, PushForm):
                await self._modals.keep_below(incoming.origin, outcome)
            answer = self._answered(who, incoming, outcome)
        except Exception as fault:
            log.warning("slack_event_failed", sent=type(incoming.event).__name__, fault=type(fault).__name__)
            return self._failed(incoming)
        if isinstance(outcome, OpenForm):
            for _ in range(UNTIL_WRITTEN):
                await asyncio.sleep(0)
        return answer

    def opened(self, home: HomeOpened) -> Ack:
        """Show somebody his home; nothing is asked of Slack before it is answered."""
        self._background.run(self._homes.enter(home, self._directory, self._members))
        return NOTHING

    async def _outcome(self, who: Who, incoming: Incoming) -> Outcome:
        event = incoming.event
        if isinstance(event, ActionClick) and event.ref.name == REST:
            return Reply(await self._homes.whole(who))
        if isinstance(event, AboutMessage) and incoming.author is not None:
            found = await author_of(incoming.author, self._deps.db, self._deps.dispatcher, self._directory)
            event = replace(event, author_id=found)
        outcome = await self._deps.dispatcher.handle(who, event, delivery_key=incoming.key, private=incoming.private)
        if incoming.origin.home:  # also where nothing was done: what was clicked in is out of date then
            self._background.run(self._homes.show(who[0]))
        if may_notify(event):
            self._deps.hurry(who[1].id)
        return outcome

    # --- from an outcome to the acknowledgement, and what follows it

    def _answered(self, who: Who, incoming: Incoming, outcome: Outcome) -> Ack:
        """Return the acknowledgement of an outcome."""
        form = incoming.origin.form
        sent = isinstance(incoming.event, FormSubmit)
        match outcome:
            case Reply(card, None) if incoming.slash and not needs_upload(card):
                first, *rest = render(card)
                if rest:
                    self._background.run(self._replies.send(incoming.origin, rest))
                return ephemeral(first)
            case UpdateForm(shown) | OpenForm(shown) if sent:
                return self._modals.answer(incoming.origin, shown)
            case PushForm(above, below) if sent:
                self._background.run(self._modals.show(incoming.origin, below))
                return self._modals.push_answer(above)
            case FieldErrors(found) if sent and form is not None:
                return self._wrong(incoming.origin, found)
            case Options(groups):
                return found_choices(groups) if isinstance(incoming.event, OptionSearch) else NOTHING
            case _:
                if isinstance(incoming.event, OptionSearch):
                    return NO_OPTIONS
                self._background.run(self._carried_out(who, incoming, outcome))
                return NOTHING

    def _wrong(self, origin: Origin, found: tuple[tuple[str, str], ...]) -> Ack:
        by_block = errors(origin.form, found) if origin.form else {}
        if by_block:
            return {"response_action": "errors", "errors": by_block}
        return {"response_action": "update", "view": with_error(origin.view, _together(found))}

    async def _carried_out(self, who: Who, incoming: Incoming, outcome: Outcome) -> None:
        """Do what an outcome asks for; a fault of ours is said, one of Slack's only noted."""
        try:
            await self._follow(who, incoming, outcome)
        except (Refused, TryAgain, Undeliverable, MessageGone):
            raise
        except Exception:
            await self._replies.tell(incoming.origin, self._sorry())
            raise

    async def _follow(self, who: Who, incoming: Incoming, outcome: Outcome) -> None:
        """Do what an outcome asks for, after the acknowledgement."""
        texts = Texts(who[1].locale, who[1].zone)
        match outcome:
            case Reply(card, live):
                await self._reply(who, incoming, card, live, texts)
            case ReplaceCard(card):
                await self._replace(who, incoming, card, texts)
            case Refreshed(_, notice):
                await self._note(incoming, notice, "warning", texts)
            case CloseForm(notice):
                await self._note(incoming, notice, "info", texts)
            case OpenForm() | UpdateForm() | PushForm() | PopForm() | FieldErrors():
                await self._in_modal(incoming, outcome, texts)
            case Options():
                pass
            case _:
                assert_never(outcome)

    async def _reply(self, who: Who, incoming: Incoming, card: Card, live: Live | None, texts: Texts) -> None:
        if live is None and not downloads(card):
            await self._tell(incoming, card)
        elif await self._first_time(incoming.key):
            await self._post(who, incoming.origin, card, live, texts)

    async def _replace(self, who: Who, incoming: Incoming, card: Card, texts: Texts) -> None:
        if downloads(card) or incoming.origin.home:
            await self._reply(who, incoming, card, None, texts)
        else:
            await self._replies.replace(incoming.origin, card)

    async def _note(self, incoming: Incoming, text: str, kind: Literal["info", "warning"], texts: Texts) -> None:
        if text:
            await self._tell(incoming, note_card(text, kind, texts))

    async def _tell(self, incoming: Incoming, card: Card) -> None:
        """Answer the person alone, once for each delivery; a greeting of a channel is for everybody there."""
        if not await self._first_time(incoming.key):
            return
        if isinstance(incoming.event, Greeting) and incoming.event.where == "channel":
            await self._replies.say(incoming.origin.channel, card)
        else:
            await self._replies.tell(incoming.origin, card)

    async def _post(self, who: Who, origin: Origin, card: Card, live: Live | None, texts: Texts) -> None:
        """Post a card that stays up to date, or that gives files, to the person's own conversation with the bot."""
        deps, account = self._deps, who[0]

        async def post() -> tuple[str, ...]:
            if live is None:
                return await self._messenger.post(account, card)
            return await post_live(deps.db, self._messenger, account, card, live, deps.clock.now())

        messages = await patiently(post)
        deps.wake()
        if origin.channel and not messages[0].startswith(f"{origin.channel}:"):
            where = texts.t("It is in our private conversation.")
            await self._replies.tell(origin, note_card(where, "info", texts))

    # --- modals

    async def _in_modal(
        self, incoming: Incoming, outcome: OpenForm | UpdateForm | PushForm | PopForm | FieldErrors, texts: Texts
    ) -> None:
        match outcome:
            case OpenForm(form):
                await self._open(incoming, form, texts)
            case UpdateForm(form):
                await self._show(incoming, form, texts)
            case PushForm(form, below):
                await self._push(incoming, form, below, texts)
            case PopForm(below):
                await self._modals.come_back(incoming.origin, below)
            case FieldErrors(found):
                await self._modals.blame(incoming.origin, _together(found))
            case _:
                assert_never(outcome)

    async def _open(self, incoming: Incoming, form: Form, texts: Texts) -> None:
        """Open the form; after a message, or a click that is too old for Slack by now, offer it by a button."""
        try:
            if incoming.origin.trigger_id:
                opened = await self._modals.open(incoming.origin, form)
                await self._first_time(incoming.key)  # only now: the form does not wait for the disk
                await self._modals.illustrate(opened, form)
                return
        except (Refused, TryAgain, Undeliverable, MessageGone) as fault:
            log.warning("slack_form_not_opened", reason=str(fault))
        await self._tell(incoming, _open_again(incoming, form, texts))

    async def _show(self, incoming: Incoming, form: Form, texts: Texts) -> None:
        if incoming.origin.form is None:
            await self._open(incoming, form, texts)
        else:
            await self._modals.show(incoming.origin, form)

    async def _push(self, incoming: Incoming, form: Form, below: Form, texts: Texts) -> None:
        """Open a form above the open one; when it does not open, the one below says how to go on."""
        try:
            await self._modals.open(incoming.origin, form)
        except (Refused, TryAgain, Undeliverable, MessageGone) as fault:
            log.warning("slack_form_not_opened", reason=str(fault))
            said = texts.t("Slack did not open the form in time. Nothing was lost: choose it again.")
            below = replace(below, parts=(Notice(said, "warning"), *below.parts))
        await self._modals.show(incoming.origin, below)

    # --- strangers, and what goes wrong

    def _unknown(self, incoming: Incoming) -> Ack:
        """Answer someone who was never here, after asking Slack who he is."""
        event = incoming.event
        if isinstance(event, OptionSearch):
            return NO_OPTIONS
        if isinstance(event, FormChange):
            return NOTHING
        if isinstance(event, FormSubmit):
            return self._wrong(incoming.origin, (("", self._texts.error(RdvError())),))
        self._background.run(self._meet(incoming))
        return NOTHING

    async def _meet(self, incoming: Incoming) -> None:
        to_channel = isinstance(incoming.event, Greeting) and incoming.event.where == "channel"
        try:
            who = await patiently(lambda: self._directory.identify(incoming.sender))
            if who is not None:
                await self._follow(who, incoming, await self._outcome(who, incoming))
            elif to_channel:
                await self._tell(incoming, channel_card(self._texts))
            elif await self._first_time(_refusal(incoming)):
                await self._replies.tell(incoming.origin, self._deps.dispatcher.stranger())
                if incoming.origin.home:  # it shows what a worker reads whom he no longer is
                    await self._homes.enter(HomeOpened(incoming.sender, None), self._directory, self._members)
        except TryAgain as fault:
            log.warning("slack_does_not_answer", reason=str(fault))
            await self._replies.tell(incoming.origin, self._sorry())

    def _failed(self, incoming: Incoming) -> Ack:
        """Say that nothing was changed; an event is sent again by Slack, so it is left unanswered."""
        match incoming.event:
            case OptionSearch():
                return NO_OPTIONS
            case FormSubmit():
                return self._wrong(incoming.origin, (("", self._texts.error(RdvError())),))
            case CommandCall() if incoming.slash:
                return ephemeral(render(self._sorry())[0])
            case _:
                if not incoming.origin.trigger_id:
                    raise Unanswered
                self._background.run(self._replies.tell(incoming.origin, self._sorry()))
                return NOTHING

    def _sorry(self) -> Card:
        return note_card(self._texts.error(RdvError()), "error", self._texts)

    # --- once for each delivery

    async def _was_told(self, key: str) -> bool:
        return await self._deps.db.read(lambda tx: tx.deliveries.find(_told(key)) is not None)

    async def _first_time(self, key: str) -> bool:
        """Claim the answering of a delivery: one that Slack repeats is answered once."""

        def claim(tx: Transaction) -> bool:
            if tx.deliveries.find(_told(key)) is not None:
                return False
            tx.deliveries.add(_told(key), "", self._deps.clock.now())
            return True

        return await self._deps.db.write(claim)


class Unanswered(Exception):
    """An event could not be handled: Slack is to send it again."""


def _told(key: str) -> str:
    return f"{key}:told"


def _refusal(incoming: Incoming) -> str:
    """Return the key of a stranger's refusal: he is greeted like anybody once he is known."""
    greeted = isinstance(incoming.event, Greeting)
    return f"{incoming.key}:refused" if greeted else incoming.key


def _together(found: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(message for _, message in found)


def _open_again(incoming: Incoming, form: Form, texts: Texts) -> Card:
    said = Notice(texts.t("Slack opens a form only at a click."))
    if incoming.origin.trigger_id:
        said = Notice(texts.t("Slack did not open the form in time. Nothing was lost: open it again."), "warning")
    again = (Button(incoming.again, texts.t("Open the form"), "primary", opens_form=True),) if incoming.again else ()
    lost = texts.t("These words do not fit a button: to keep them, type {command}", command=incoming.lost)
    return Card(form.title, (said, Text(lost)) if incoming.lost else (said,), again, neutral=form.title)
