"""Forms, asked one question a message. How one stands is in the database: any process goes on with it."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace

from bot.platform import Deps
from bot.telegram import marked
from bot.telegram.answers import Unread, give
from bot.telegram.answers import typed as answer
from bot.telegram.asking import FormAnswer, after_outcome, answered
from bot.telegram.chats import Chats
from bot.telegram.clicks import Turn, after_click
from bot.telegram.desk import Desk, texts_of
from bot.telegram.groups import Groups
from bot.telegram.inbound import Who
from bot.telegram.state import Layer, Saved, State, pictures_in
from handlers.cards.notes import note_card
from handlers.ui import (
    Card,
    ChannelField,
    CloseForm,
    DateField,
    FieldErrors,
    FileField,
    FormChange,
    FormSubmit,
    Inbound,
    OpenForm,
    OptionGroup,
    Options,
    OptionSearch,
    Outcome,
    PopForm,
    PushForm,
    SearchField,
    Text,
    TextField,
    TimeField,
    UpdateForm,
)

TypedField = TextField | SearchField | DateField | TimeField
FormOutcome = OpenForm | UpdateForm | PushForm | PopForm | FieldErrors | CloseForm
Ask = Callable[[Who, Inbound], Awaitable[Outcome]]
CarryOut = Callable[[Who, int, Inbound, str], Awaitable[None]]

_TRIES = 5
_sending: ContextVar[str] = ContextVar("sending", default="")
"""The mark of the question from which a form is being sent: whoever follows the same click later finds another one."""


class Forms:
    """The open forms of all private chats."""

    def __init__(self, deps: Deps, chats: Chats, groups: Groups, ask: Ask, carry_out: CarryOut) -> None:
        """Let `ask` handle what is looked up, and `carry_out` what is sent, with all that comes of it."""
        self._clock = deps.clock
        self._desk = Desk(deps, chats)
        self._groups = groups
        self._ask = ask
        self._carry_out = carry_out

    # --- what people do

    async def clicked(self, who: Who, chat: int, message: str, data: str, key: str) -> bool:
        """Follow a click; False when no form is open. A button of an earlier question only leads to the present one.

        One that is pressed twice, or that Telegram repeats, may be the one that closed its form: what that said stays.
        """
        mark, what = marked.read(data)
        for _ in range(_TRIES):
            seen = await self._desk.find(chat, key)
            state = seen.state
            if state is None:
                return await self._desk.was_closed(chat, mark)
            if state.is_over(self._clock.now()):
                said = texts_of(who).t("This form was left open for too long. Nothing was sent: begin again.")
                await self._desk.close(who, chat, state, said)
            elif seen.repeated or (mark != state.mark and message in state.messages):
                await self._desk.show(who, chat, state)
            elif mark != state.mark and not await self._desk.was_closed(chat, mark):
                await self._desk.outdated(who, chat, seen, state, message)
            elif mark == state.mark and not await self._follow(who, chat, seen, state, what, key):
                continue
            break
        return True

    async def typed(self, who: Who, chat: int, text: str, key: str) -> bool:
        """Take a typed text as the answer to the open question; False when it is none."""
        for _ in range(_TRIES):
            seen = await self._desk.find(chat, key)
            state = seen.state
            if state is None or state.is_over(self._clock.now()):
                return seen.repeated
            field = state.top.question
            if seen.repeated or (isinstance(field, TypedField) and not state.messages):
                await self._desk.show(who, chat, state)  # nobody answers what he has not seen
                return True
            if not isinstance(field, TypedField):
                return False
            if await self._type(who, chat, seen, state, field, text, key):
                break
        return True

    async def received(self, who: Who, chat: int, name: str, file_id: str, key: str) -> bool:
        """Take a file as the answer to the open question; False when it is none."""
        for _ in range(_TRIES):
            seen = await self._desk.find(chat, key)
            state = seen.state
            if state is None or state.is_over(self._clock.now()):
                return seen.repeated
            if seen.repeated:
                await self._desk.show(who, chat, state)
                return True
            field = state.top.question
            if not isinstance(field, FileField):
                return False
            turn = Turn(give(state.top, field, file_id, name), field)
            if await self._go_on(who, chat, seen, state.below(), turn, key):
                break
        return True

    # --- what comes of it

    async def show(self, who: Who, chat: int, outcome: FormOutcome, key: str = "") -> None:
        """Do what an outcome asks of a form: the open one, if it comes of it; once for each delivery."""
        mark = _sending.get()
        for _ in range(_TRIES):
            seen = await self._desk.find(chat, key)
            state = seen.state
            if mark and (state is None or state.mark != mark):
                return  # somebody has followed the same click already
            if isinstance(outcome, CloseForm):
                await self._close(who, chat, state, outcome.notice)
                return
            if seen.repeated:
                if state is not None:
                    await self._desk.show(who, chat, state)
                return
            if isinstance(outcome, FieldErrors) and state is None:
                said = "\n".join(message for _, message in outcome.errors)
                await self._desk.tell(chat, note_card(said, "error", texts_of(who)))
                return
            after = self._after(state, outcome, sent=bool(mark))
            if await self._desk.put(who, chat, seen, await self._prepared(who, after), key):
                return

    def _after(self, state: State | None, outcome: FormAnswer, *, sent: bool) -> State:
        """Return how the form stands then; `sent` when it is the answer to the open one."""
        now = self._clock.now()
        if state is not None and (sent or not isinstance(outcome, OpenForm | UpdateForm)):
            return state.asking(after_outcome(state.layers, outcome), now)
        stale = (*state.stale, *state.messages, *state.pictures) if state is not None else ()
        return State(after_outcome((), outcome), now, stale=stale)

    async def _close(self, who: Who, chat: int, state: State | None, notice: str) -> None:
        if state is not None:
            await self._desk.close(who, chat, state, notice)
        elif notice:
            await self._desk.tell(chat, note_card(notice, "info", texts_of(who)))

    async def _follow(self, who: Who, chat: int, seen: Saved, state: State, what: str, key: str) -> bool:
        """Do what a button of the present question asks for; False if another click was faster."""
        match what[:1]:
            case marked.VIEW | marked.NOTHING:
                await self._desk.show(who, chat, state, what[1:])
            case marked.LOOK:
                return await self._desk.look(who, chat, seen, state, await self._pictures(who, state.top), key)
            case marked.SEND:
                form = state.top.form
                event = FormSubmit(form.id, form.context, form.nonce, state.top.values)
                await self._send(who, chat, state, event, f"telegram:form:{chat}:{form.nonce}:{state.mark}")
            case marked.GIVE_UP if len(state.layers) > 1:
                return await self._turn(who, chat, seen, state, state.layers[:-1], key)
            case marked.GIVE_UP:
                await self._desk.close(who, chat, state, texts_of(who).t("The form is closed. Nothing was sent."))
            case _:
                turn = after_click(state, what)
                if turn is not None:
                    return await self._go_on(who, chat, seen, state, turn, key)
                await self._desk.show(who, chat, state)
        return True

    async def _type(
        self, who: Who, chat: int, seen: Saved, state: State, field: TypedField, text: str, key: str
    ) -> bool:
        """Take what was typed; False if something else was faster."""
        state, texts = state.below(), texts_of(who)
        if isinstance(field, SearchField):
            return await self._turn(who, chat, seen, state, state.layers, key, query=text.strip())
        try:
            top = answer(state.top, field, text, texts, texts.local(self._clock.now()).date())
        except Unread as wrong:
            said = replace(state.top, errors=((field.id, str(wrong)),))
            return await self._turn(who, chat, seen, state, (*state.layers[:-1], said), key)
        return await self._go_on(who, chat, seen, state, Turn(top, field), key)

    async def _go_on(self, who: Who, chat: int, seen: Saved, state: State, turn: Turn, key: str) -> bool:
        """Go on from an answer, or to another question; False if something else was faster."""
        top, field = turn.top, turn.changed
        layers = (*state.layers[:-1], top)
        if field is None or not getattr(field, "refreshes", False):
            after = (*layers[:-1], answered(top)) if field is not None else layers
            return await self._turn(who, chat, seen, state, after, key)
        event = FormChange(top.form.id, top.form.context, top.form.nonce, top.values, field.id)
        outcome = await self._ask(who, event)
        if isinstance(outcome, FormAnswer):
            after = after_outcome(layers, outcome, ticked=True)
            return await self._turn(who, chat, seen, state, after, key)
        await self._send(who, chat, state, event, key)
        return True

    async def _turn(
        self, who: Who, chat: int, seen: Saved, state: State, layers: tuple[Layer, ...], key: str, *, query: str = ""
    ) -> bool:
        """Ask the next question; False if something else was faster."""
        after = replace(state.asking(layers, self._clock.now()), query=query)
        return await self._desk.put(who, chat, seen, await self._prepared(who, after), key)

    async def _send(self, who: Who, chat: int, state: State, event: FormSubmit | FormChange, key: str) -> None:
        """Let the event be carried out. It may be sent again: its outcome is that of the first time."""
        token = _sending.set(state.mark)
        try:
            await self._carry_out(who, chat, event, key)
        finally:
            _sending.reset(token)

    async def _prepared(self, who: Who, state: State) -> State:
        """Return the state with what its question offers: what a search finds, the groups there are."""
        top, field = state.top, state.top.question
        match field:
            case SearchField():
                search = OptionSearch(top.form.id, field.id, state.query, top.form.context, top.values)
                outcome = await self._ask(who, search)
                return replace(state, found=outcome.groups if isinstance(outcome, Options) else ())
            case ChannelField():
                groups = await self._groups.of(who)
                return replace(state, found=(OptionGroup("", groups),) if groups else ())
            case _:
                return state

    async def _pictures(self, who: Who, top: Layer) -> Card:
        """Return the pictures of a form as they are now; where it cannot be asked anew, what they say in words."""
        form = top.form
        outcome = await self._ask(who, FormChange(form.id, form.context, form.nonce, top.values, ""))
        if isinstance(outcome, UpdateForm):
            return Card("", pictures_in(outcome.form), neutral=form.title)
        return Card("", tuple(Text(picture.alt) for picture in pictures_in(form)), neutral=form.title)
