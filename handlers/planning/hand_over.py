"""Handing over what falls in an absence: each appointment in a transaction of its own, and what came of each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from core.absences import falling_in
from core.access import access_appointment
from core.appointments import Appointment
from core.availability import Busy
from core.conflicts import NeedsConfirmation
from core.errors import NotFound, RdvError, Stale
from core.handover import hand_over, move_to
from core.ports import Transaction
from handlers import actions
from handlers.booking.agendas import busy_words
from handlers.booking.questions import asked_of, over_shown
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import form_key, new_nonce
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.absence_form import own_absence
from handlers.planning.hand_over_form import NO_SLOT, HandOver, hand_over_form, read_hand_over
from handlers.planning.listing import planning
from handlers.planning.questions import line_of
from handlers.ui import (
    ActionClick,
    CloseForm,
    FieldErrors,
    Form,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Option,
    OptionGroup,
    Options,
    OptionSearch,
    Outcome,
    Reply,
    UpdateForm,
)

_MOST_FOUND = 20


class _NoSlot(Exception):
    """Leaves the transaction with nothing done: no time was proposed."""


@dataclass
class _Result:
    """What came of a form: lines to be read, what is left, and what is asked about it (`asked_of`)."""

    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def fail(self, appointment_id: int, lines: Iterable[str]) -> None:
        """Note an appointment that stays where it is, and why."""
        self.left.append(appointment_id)
        self.failed += lines

    def said(self, texts: Texts) -> list[Notice]:
        """Return what is to be read."""
        notices = []
        if self.done:
            notices.append(Notice("\n".join([texts.t("Done:"), *self.done]), "success"))
        if self.failed:
            notices.append(Notice("\n".join([texts.t("Not possible:"), *self.failed]), "warning"))
        return notices


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form from the entry of an absence."""
    absence_id = actions.number(click.ref.token)

    def look(tx: Transaction) -> Outcome:
        absence = own_absence(tx, ctx, absence_id)
        if not falling_in(tx, ctx.actor.id, absence.during, ctx.now()):
            return Reply(planning(tx, ctx, Notice(ctx.texts.t("No appointment falls in this absence any more."))))
        return OpenForm(hand_over_form(tx, ctx, absence, HandOver(absence_id, new_nonce())))

    return await ctx.read(look)


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice; another page begins with everything ticked."""
    state = read_hand_over(event.context, event.nonce, event.values)
    if event.changed == fields.PAGE:
        state = replace(state, chosen=None)
    return await ctx.read(lambda tx: UpdateForm(_form(tx, ctx, state)))


async def search(ctx: Context, event: OptionSearch) -> Outcome:
    """Return the colleagues who match."""
    found = await ctx.read(lambda tx: tx.people.search_workers(event.query, _MOST_FOUND))
    options = tuple(Option(str(w.id), w.label) for w in found if w.id != ctx.actor.id)
    return Options((OptionGroup("", options),) if options else ())


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Carry out what is ticked, each once for this opening of the form; then show what is left."""
    state, t = read_hand_over(event.context, event.nonce, event.values), ctx.texts.t
    if not state.chosen:
        return FieldErrors(((fields.CHOSEN, t("Tick at least one appointment.")),))
    if not state.how:
        return FieldErrors(((fields.HOW, t("Choose what to do.")),))
    if state.shown != state.how:  # a platform that shows nothing anew after a choice
        said = t("Choose a colleague.") if state.how == fields.GIVE else t("Look at the proposed times.")
        return await ctx.read(lambda tx: UpdateForm(_form(tx, ctx, state, Notice(said))))
    if state.how == fields.GIVE and state.colleague is None:
        return FieldErrors(((fields.COLLEAGUE, t("Choose a colleague.")),))
    lines = await ctx.read(lambda tx: _lines(tx, ctx, state.chosen or {}))
    result = _Result()
    for appointment_id, line in lines.items():
        await _carry_out(ctx, state, appointment_id, line, result)
    return await ctx.read(lambda tx: _after(tx, ctx, state, result))


def _lines(tx: Transaction, ctx: Context, chosen: Iterable[int]) -> dict[int, str]:
    """Return what is said of each appointment; of one that the actor may not see, nothing."""
    lines = {}
    for appointment_id in chosen:
        try:
            lines[appointment_id] = line_of(access_appointment(tx, ctx.actor, appointment_id, ctx.now()), ctx.texts)
        except RdvError:
            lines[appointment_id] = ctx.texts.t("Appointment")
    return lines


async def _carry_out(ctx: Context, state: HandOver, appointment_id: int, line: str, result: _Result) -> None:
    """Move or give one appointment, once for this opening of the form, and note what came of it."""
    delivery = form_key(state.nonce) or ctx.delivery_key
    key = f"{delivery}:{appointment_id}" if delivery else ""

    def work(tx: Transaction) -> Outcome:
        found = access_appointment(tx, ctx.actor, appointment_id, ctx.now())
        if found.revision != (state.chosen or {})[found.id]:
            raise Stale
        return CloseForm((_give if state.how == fields.GIVE else _move)(tx, ctx, state, found, line))

    try:
        outcome = await ctx.write(work, key)
    except NeedsConfirmation as question:
        result.asked |= {*asked_of(question.conflicts)}
        result.fail(appointment_id, (_conflict_line(line, c, ctx.texts) for c in question.conflicts))
    except _NoSlot:
        result.fail(appointment_id, [f"{line} – {ctx.texts.t(NO_SLOT)}"])
    except RdvError as refusal:
        result.fail(appointment_id, [f"{line} – {ctx.texts.error(refusal)}"])
    else:
        result.done.append(outcome.notice if isinstance(outcome, CloseForm) else line)


def _give(tx: Transaction, ctx: Context, state: HandOver, appointment: Appointment, line: str) -> str:
    to_id = state.colleague or 0

    def give(confirmed: Collection[str]) -> Appointment:
        return hand_over(tx, ctx.actor, appointment.id, to_id, ctx.now(), ctx.rules, confirmed=confirmed)

    over_shown(give, state.asked, confirm=state.confirm)
    return ctx.texts.t("{appointment}: given to {name}.", appointment=line, name=tx.people.worker(to_id).name)


def _move(tx: Transaction, ctx: Context, state: HandOver, appointment: Appointment, line: str) -> str:
    slot = state.offered.get(appointment.id)
    if slot is None:
        raise _NoSlot
    moved = move_to(tx, ctx.actor, appointment.id, slot, ctx.now(), ctx.rules)
    return ctx.texts.t("{appointment}: moved to {time}.", appointment=line, time=moment(moved.during, ctx.texts))


def _after(tx: Transaction, ctx: Context, state: HandOver, result: _Result) -> Outcome:
    """Return what is left to be done, those first that were not possible; the list of availability if nothing is."""
    said = result.said(ctx.texts)
    try:
        absence = own_absence(tx, ctx, state.absence_id)
    except NotFound:  # deleted meanwhile
        return Reply(planning(tx, ctx, *said))
    if not falling_in(tx, ctx.actor.id, absence.during, ctx.now()):
        return Reply(planning(tx, ctx, *said))
    ticked = {number: (state.chosen or {})[number] for number in result.left} or None
    again = replace(state, chosen=ticked, confirm=False, asked=frozenset(result.asked))
    return UpdateForm(hand_over_form(tx, ctx, absence, again, *said))


def _form(tx: Transaction, ctx: Context, state: HandOver, *said: Notice) -> Form:
    return hand_over_form(tx, ctx, own_absence(tx, ctx, state.absence_id), state, *said)


def _conflict_line(line: str, conflict: Busy, texts: Texts) -> str:
    return f"{line} – {busy_words(conflict, texts)}, {moment(conflict.during, texts)}"
