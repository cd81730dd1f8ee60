"""Each activity is handed to the dispatcher; what comes of it is the answer, or follows it."""

from dataclasses import replace
from typing import Any, Final, assert_never

import structlog

from bot.background import Background
from bot.copies import fresh_card
from bot.dispatcher import may_notify
from bot.platform import Deps
from bot.teams.answers import Answer, card_answer, closed, refused, said, searched, unknown
from bot.teams.calls import Call
from bot.teams.dialogs import Dialogs, FormOutcome
from bot.teams.directory import Directory, Who
from bot.teams.forms import CANCEL, card_form, dialog, fits_a_message, offer, opening
from bot.teams.hosted import Hosted
from bot.teams.inbound import AGAIN, Gone, Incoming, Unknown, Way, read
from bot.teams.render import NAMELESS, adaptive_cards
from bot.teams.replies import Replies
from bot.teams.views import own_view
from core.errors import RdvError
from handlers import actions
from handlers.cards.notes import note_card
from handlers.i18n import Texts
from handlers.ui import (
    ActionClick,
    Card,
    CloseForm,
    FieldErrors,
    Greeting,
    Inbound,
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

Json = dict[str, Any]
OK: Final = Answer()

log = structlog.get_logger()


class Conversations:
    """Answers people; what must call Teams back runs after the answer."""

    def __init__(
        self, deps: Deps, directory: Directory, replies: Replies, hosted: Hosted, background: Background
    ) -> None:
        self._deps = deps
        self._directory = directory
        self._replies = replies
        self._hosted = hosted
        self._dialogs = Dialogs(deps, hosted)
        self._background = background
        self._texts = Texts(deps.locale, deps.zone)

    async def take(self, activity: Json) -> Answer:
        """Return the answer; what was done is committed by then. Raises Malformed."""
        try:
            incoming = read(activity)
        except Unknown as fault:
            log.info("teams_unknown_invoke", name=str(fault))
            return unknown()
        if incoming is None:
            return OK
        if isinstance(incoming, Gone):
            await self._directory.forget(incoming.origin)
            return OK
        try:
            who = await self._who(incoming)
            if isinstance(incoming.event, Greeting) and not incoming.origin.private:
                return await self._greeted(incoming)
            return await (self._strange(incoming) if who is None else self._known(Call(who, incoming)))
        except Exception as fault:
            log.warning("teams_event_failed", sent=type(incoming.event).__name__, fault=type(fault).__name__)
            return self._failed(incoming)

    async def _greeted(self, incoming: Incoming) -> Answer:
        if not self._directory.lets_in(incoming.sender.tenant):
            return OK
        return await self._posted(incoming, lambda: self._replies.greet(incoming.origin, self._texts))

    # --- who it is

    async def _who(self, incoming: Incoming) -> Who | None:
        """Return the worker behind it, whom the directory admits. Raises TryAgain."""
        sender, origin = incoming.sender, incoming.origin
        if not sender.external_id or not self._directory.lets_in(sender.tenant):
            return None
        await self._directory.remember(origin, sender, joined=isinstance(incoming.event, Greeting))
        who = await self._deps.dispatcher.known(sender, incoming.event, private=origin.private)
        if who is not None and await self._directory.admits(who[0], origin):
            return who
        return await self._directory.identify(sender, origin)

    async def _strange(self, incoming: Incoming) -> Answer:
        """Answer somebody who is nobody's: whom to ask, and nothing else."""
        card = self._deps.dispatcher.stranger()
        words = "\n".join(part.text for part in card.body if isinstance(part, Notice | Text))
        match incoming.way:
            case Way.SEARCH:
                return searched(())
            case Way.FETCH | Way.SENT:
                return closed(words)
            case Way.EXECUTE | Way.VIEW:
                return said(words)
            case Way.MESSAGE:
                return await self._posted(incoming, lambda: self._replies.tell_stranger(incoming.origin, card))
            case _:
                assert_never(incoming.way)

    # --- what he wants

    async def _known(self, call: Call) -> Answer:
        match call.incoming.way:
            case Way.SEARCH:
                return await self._found(call)
            case Way.VIEW:
                return await self._view(call, "")
            case _:
                outcome = await self._outcome(call)
                return await self._answer(call, outcome)

    async def _outcome(self, call: Call) -> Outcome:
        state = call.incoming.form
        if state is None:
            assert call.incoming.event is not None  # noqa: S101 - `read` gives one or the other
            return await self._ask(call, call.incoming.event)
        if state.asked == CANCEL:
            return CloseForm(call.texts.t("The form is closed. Nothing was sent."))
        outcome = await self._dialogs.outcome(call.who[1].id, state, lambda event: self._ask(call, event), call.texts)
        return outcome or CloseForm(
            call.texts.t("This form was left open for too long. Nothing was sent: begin again.")
        )

    async def _ask(self, call: Call, event: Inbound) -> Outcome:
        key, private = call.incoming.key, call.incoming.origin.private
        outcome = await self._deps.dispatcher.handle(call.who, event, delivery_key=key, private=private)
        if may_notify(event):
            self._deps.hurry(call.who[1].id)
        return outcome

    async def _found(self, call: Call) -> Answer:
        event = call.incoming.event
        if not isinstance(event, OptionSearch):
            return searched(())
        outcome = await self._deps.dispatcher.handle(call.who, event)
        return searched(outcome.groups if isinstance(outcome, Options) else ())

    async def _view(self, call: Call, notice: str) -> Answer:
        """Answer with a shared card as this person sees it; nobody else's is touched by that."""
        event = call.incoming.event
        assert isinstance(event, ActionClick)  # noqa: S101 - `read` gives no other
        number, origin, now = actions.number(event.ref.token), call.incoming.origin, self._deps.clock.now()
        card = await self._deps.db.read(lambda tx: own_view(tx, call.who[1], number, origin, now))
        if card is None:
            return refused("NotFound", call.texts.t("This can no longer be found."))
        return card_answer(adaptive_cards(_with_notice(card, notice), {})[0])

    # --- what comes of it

    async def _answer(self, call: Call, outcome: Outcome) -> Answer:
        match outcome:
            case Reply(card, live):
                return await self._replied(call, card, live)
            case ReplaceCard(card):
                return await self._replaced(call, card)
            case Refreshed(appointment_id, notice):
                return await self._refreshed(call, appointment_id, notice)
            case CloseForm(notice):
                return await self._closed(call, notice)
            case OpenForm() | UpdateForm() | PushForm() | PopForm() | FieldErrors():
                return await self._form(call, outcome)
            case Options():
                return self._short(call, call.texts.t("Done."))
            case _:
                assert_never(outcome)

    async def _replied(self, call: Call, card: Card, live: Live | None) -> Answer:
        """Show a card that answers: in the place of the card form that was sent, else as a message."""
        incoming = call.incoming
        if incoming.way is Way.FETCH and live is None and _is_a_word(card):
            return closed(_gist(card))
        if incoming.in_place:
            await self._posted(incoming, lambda: self._replies.become(call, card, live))
            shows = live is None and incoming.way is Way.EXECUTE
            return card_answer(await self._first(card)) if shows else self._short(call, _gist(card))
        await self._posted(incoming, lambda: self._replies.tell(call, card, live))
        if incoming.way in {Way.FETCH, Way.SENT}:
            return closed(_gist(card))
        t, private = call.texts.t, incoming.origin.private
        return self._short(
            call, t("The answer is below.") if private else t("The answer is in our private conversation.")
        )

    async def _first(self, card: Card) -> Json:
        """Return the card as it takes the place of another; what one message does not hold follows."""
        return adaptive_cards(card, await self._hosted.of(card.body))[0]

    async def _replaced(self, call: Call, card: Card) -> Answer:
        """Put the card in the place of the one clicked: at once for who clicked, and in the message itself."""
        incoming = call.incoming
        if not incoming.origin.private or incoming.way not in {Way.EXECUTE, Way.MESSAGE} or not incoming.origin.clicked:
            return await self._replied(call, card, None)
        await self._posted(incoming, lambda: self._replies.put(call, card))
        return card_answer(await self._first(card)) if incoming.way is Way.EXECUTE else OK

    async def _refreshed(self, call: Call, appointment_id: int, notice: str) -> Answer:
        """Show what became of the appointment to who clicked; the message itself follows through the outbox."""
        incoming, now = call.incoming, self._deps.clock.now()
        if incoming.way is not Way.EXECUTE or incoming.form is not None:
            return await self._closed(call, notice)
        if not incoming.origin.private:
            token = actions.ref("", appointment_id).token
            ref = replace(incoming.event.ref, token=token) if isinstance(incoming.event, ActionClick) else None
            if ref is None:
                return self._short(call, notice or call.texts.t("Done."))
            return await self._view(call.about(ActionClick(ref)), notice)
        found = await self._deps.db.read(lambda tx: fresh_card(tx, call.who[1], appointment_id, now))
        if found is None:
            return said(notice or call.texts.t("This can no longer be found."))
        return card_answer(adaptive_cards(_with_notice(found[0], notice), {})[0])

    async def _closed(self, call: Call, notice: str) -> Answer:
        """Close a form: a dialog is gone by the answer, a card form gives its place to the word that is said."""
        incoming = call.incoming
        if incoming.way in {Way.FETCH, Way.SENT}:
            return closed(notice or call.texts.t("Done."))
        card = note_card(notice or call.texts.t("Done."), "info", call.texts)
        if incoming.in_place:
            await self._posted(incoming, lambda: self._replies.put(call, card))
            return card_answer(adaptive_cards(card, {})[0]) if incoming.way is Way.EXECUTE else OK
        if notice:
            await self._posted(incoming, lambda: self._replies.tell(call, card, None))
        return self._short(call, notice or call.texts.t("Done."))

    async def _form(self, call: Call, outcome: FormOutcome) -> Answer:
        """Show a form: in the dialog that opens or is open, else as a card of the private conversation."""
        incoming, texts = call.incoming, call.texts
        shown = await self._dialogs.shown(
            call.who[1].id,
            outcome,
            incoming.form,
            lambda event: self._ask(call, event),
            lambda: self._directory.channels(call.who, incoming.origin.user),
        )
        if shown is None:
            return await self._closed(call, _joined(outcome) or texts.error(RdvError()))
        if incoming.way in {Way.FETCH, Way.SENT}:
            return Answer(body=dialog(*shown[:1], texts, shown[1]))
        content = card_form(shown[0], texts, shown[1])
        if not fits_a_message(content):
            again = {AGAIN: incoming.again} if incoming.again else opening(shown[0], shown[1].below)
            content = offer(shown[0].title, again, texts)
        summary = shown[0].title
        if incoming.in_place:
            await self._posted(incoming, lambda: self._replies.put_content(call, content, summary))
            return card_answer(content) if incoming.way is Way.EXECUTE else OK
        await self._posted(incoming, lambda: self._replies.post_content(call, content, summary))
        private = incoming.origin.private
        where = texts.t("The form is below.") if private else texts.t("The form is in our private conversation.")
        return self._short(call, where)

    def _short(self, call: Call, words: str) -> Answer:
        """Answer an invoke with a word, a message with nothing: what follows it says all."""
        match call.incoming.way:
            case Way.FETCH | Way.SENT:
                return closed(words)
            case Way.EXECUTE | Way.VIEW | Way.SEARCH:
                return said(words)
            case Way.MESSAGE:
                return OK
            case _:
                assert_never(call.incoming.way)

    async def _posted(self, incoming: Incoming, post: Any) -> Answer:
        """Do what must call Teams back, once for each delivery, after the answer."""
        self._background.run(self._replies.once(incoming.key, post))
        return OK

    def _failed(self, incoming: Incoming) -> Answer:
        """Say that nothing was changed."""
        words = self._texts.error(RdvError())
        match incoming.way:
            case Way.SEARCH:
                return searched(())
            case Way.FETCH | Way.SENT:
                return closed(words)
            case Way.EXECUTE | Way.VIEW:
                return refused("Failed", words)
            case Way.MESSAGE:
                card = note_card(words, "error", self._texts)
                self._background.run(self._replies.tell_stranger(incoming.origin, card))
                return OK
            case _:
                assert_never(incoming.way)


def _with_notice(card: Card, notice: str) -> Card:
    return replace(card, body=(Notice(notice, "warning"), *card.body)) if notice else card


def _is_a_word(card: Card) -> bool:
    """Tell whether a card says one thing, and no more."""
    return len(card.body) == 1 and isinstance(card.body[0], Notice)


def _gist(card: Card) -> str:
    """Return the one sentence of a card that must be read, for where only one is: the card itself is a message."""
    said = [part.text for part in card.body if isinstance(part, Notice)]
    return next((text for text in (*said, card.title, card.neutral) if text.strip()), NAMELESS)


def _joined(outcome: FormOutcome) -> str:
    return "\n".join(said for _, said in outcome.errors) if isinstance(outcome, FieldErrors) else ""
