"""Which function answers which event: explicit tables, no registration by side effect."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, assert_never

from core.errors import NotFound, TextTooLong
from core.rules import COMMENT_LIMIT
from handlers import (
    accounts,
    actions,
    agenda,
    appointments,
    booking,
    cases,
    endings,
    finding,
    help,  # noqa: A004 - a feature
    invitations,
    occupation,
    openings,
    placing,
    planning,
    proposing,
    reassigning,
    revealing,
    settings,
    sharing,
)
from handlers.booking import why
from handlers.commands import asks_for_help, find_command, parse
from handlers.context import Context
from handlers.placing.submitting import submit as create_place
from handlers.ui import (
    AboutMessage,
    ActionClick,
    CommandCall,
    FileReceived,
    FormChange,
    FormSubmit,
    Greeting,
    Inbound,
    Options,
    OptionSearch,
    Outcome,
    TextReply,
)

E = TypeVar("E")

COMMANDS: dict[str, Callable[[Context, str], Awaitable[Outcome]]] = {
    "rdv": finding.rdv,
    "agenda": agenda.command,
    "parcours": cases.command,
    "invitations": invitations.command,
    "dispo": planning.command,
}

ACTIONS: dict[str, Callable[[Context, ActionClick], Awaitable[Outcome]]] = {
    actions.HELP: help.click,
    actions.INVITATIONS: invitations.click,
    actions.INVITATIONS_PAGE: invitations.page,
    actions.CASES: cases.search,
    actions.SETTINGS: settings.click,
    actions.CASE: cases.click,
    actions.CASE_PAGE: cases.page,
    actions.BOOK: booking.click,
    actions.CREATE: booking.create,
    actions.CREATE_FOR_LEAD: booking.create_for_lead,
    actions.OPEN: appointments.show,
    actions.EDIT: booking.edit,
    actions.CANCEL: endings.open_cancel,
    actions.DELETE: endings.open_delete,
    actions.UNDO: endings.undo_ending,
    actions.UNDO_HERE: endings.undo_here,
    **dict.fromkeys(actions.ANSWERS, invitations.answer),
    actions.UNDO_DECLINE: invitations.undo,
    **dict.fromkeys(actions.LIST_ANSWERS, invitations.answer_in_list),
    actions.LIST_UNDO: invitations.undo_in_list,
    actions.AGENDA: agenda.click,
    actions.AGENDA_TURN: agenda.turn,
    actions.AGENDA_AVAILABILITY: agenda.switch,
    actions.AGENDA_EXTERNAL: agenda.switch,
    actions.FIND: finding.click,
    actions.WHY: why.click,
    actions.OCCUPATION: occupation.click,
    actions.OCCUPATION_PERIOD: occupation.period,
    actions.OCCUPATION_OTHER: occupation.other,
    actions.OCCUPATION_CSV: occupation.keep,
    actions.OPENING_ACCEPT: openings.accept,
    actions.OPENING_REFUSE: openings.refuse,
    actions.PROPOSE: proposing.click,
    actions.COUNTER_ACCEPT: proposing.accept,
    actions.COUNTER_REFUSE: proposing.refuse,
    actions.REASSIGN: reassigning.click,
    actions.SHARE: sharing.click,
    actions.REVEAL: revealing.notice,
    actions.REVEAL_COPY: revealing.copy,
    actions.ACCOUNTS: accounts.show,
    actions.LINK: accounts.click,
    actions.ACCOUNT_PREFER: accounts.prefer,
    actions.ACCOUNT_USUAL: accounts.usual,
    actions.ACCOUNT_MUTE: accounts.mute,
    actions.ACCOUNT_HEAR: accounts.hear,
    actions.ACCOUNT_UNLINK: accounts.ask_unlink,
    actions.ACCOUNT_UNLINK_SURE: accounts.unlink,
    actions.ACCOUNT_KEEP: accounts.keep,
    actions.PLANNING: planning.click,
    actions.PLANNING_PAGE: planning.page,
    actions.PLANNING_COPY: planning.copying.click,
    actions.PLANNING_LIMITS: planning.limits.click,
    actions.PLANNING_EXPORT: planning.exporting.click,
    actions.RANGE_ADD: planning.ranges.add,
    actions.RANGE_EDIT: planning.ranges.edit,
    actions.RANGE_REMOVE: planning.removing.open_range,
    actions.ABSENCE_ADD: planning.absences.add,
    actions.ABSENCE_EDIT: planning.absences.edit,
    actions.ABSENCE_REMOVE: planning.removing.open_absence,
    actions.HAND_OVER: planning.hand_over.click,
}

CHANGES: dict[str, Callable[[Context, FormChange], Awaitable[Outcome]]] = {
    booking.FORM: booking.change_form,
    finding.FORM: finding.change_form,
    why.FORM: why.change_form,
    proposing.FORM: proposing.change_form,
    reassigning.FORM: reassigning.change_form,
    planning.RANGE_FORM: planning.ranges.change_form,
    planning.RANGE_REMOVAL: planning.removing.change_range_form,
    planning.HAND_OVER_FORM: planning.hand_over.change_form,
    planning.COPY_FORM: planning.copying.change_form,
}

SUBMITS: dict[str, Callable[[Context, FormSubmit], Awaitable[Outcome]]] = {
    booking.FORM: booking.submit,
    finding.FORM: finding.submit,
    why.FORM: why.submit,
    proposing.FORM: proposing.submit,
    reassigning.FORM: reassigning.submit,
    endings.CANCEL_FORM: endings.submit_cancel,
    endings.DELETE_FORM: endings.submit_delete,
    occupation.FORM: occupation.submit,
    sharing.FORM: sharing.submit,
    placing.FORM: create_place,
    planning.RANGE_FORM: planning.ranges.submit,
    planning.RANGE_REMOVAL: planning.removing.submit_range,
    planning.ABSENCE_FORM: planning.absences.submit,
    planning.ABSENCE_REMOVAL: planning.removing.submit_absence,
    planning.HAND_OVER_FORM: planning.hand_over.submit,
    planning.COPY_FORM: planning.copying.submit,
    planning.LIMITS_FORM: planning.limits.submit,
    settings.FORM: settings.submit,
}

SEARCHES: dict[str, Callable[[Context, OptionSearch], Awaitable[Outcome]]] = {
    booking.FORM: booking.search,
    finding.FORM: finding.search,
    why.FORM: finding.search,
    reassigning.FORM: reassigning.search,
    planning.HAND_OVER_FORM: planning.hand_over.search,
    settings.FORM: settings.search,
}


async def handle(ctx: Context, event: Inbound) -> Outcome:
    """Return the outcome of one event. Raises RdvError for a refusal that no card or form explains better."""
    match event:
        case CommandCall():
            return await _command(ctx, event)
        case TextReply(text):
            return await _command(ctx, parse(text))
        case ActionClick(ref):
            return await _known(ACTIONS, ref.name)(ctx, event)
        case FormChange(form_id):
            return await _known(CHANGES, form_id)(ctx, event)
        case FormSubmit(form_id):
            return await _known(SUBMITS, form_id)(ctx, event)
        case OptionSearch(form_id):
            return await SEARCHES[form_id](ctx, event) if form_id in SEARCHES else Options(())
        case FileReceived():
            return await help.file_received(ctx)
        case AboutMessage():
            return await booking.about_message(ctx, event)
        case Greeting(where):
            return await help.greeting(ctx, where)
        case _:
            assert_never(event)


async def _command(ctx: Context, call: CommandCall) -> Outcome:
    if not call.name and call.text:
        call = parse(call.text)
    spec = find_command(call.name)
    if spec is None:
        unknown = " ".join(part for part in (call.name, call.text) if part) if call.name != "aide" else ""
        return await help.command(ctx, unknown)
    if asks_for_help(call.text):
        return await help.about(ctx, spec)
    if len(call.text) > COMMENT_LIMIT:  # what no command needs would be read word by word
        raise TextTooLong(limit=COMMENT_LIMIT, length=len(call.text))
    return await COMMANDS[spec.name](ctx, call.text)


def _known(
    table: dict[str, Callable[[Context, E], Awaitable[Outcome]]], name: str
) -> Callable[[Context, E], Awaitable[Outcome]]:
    if name not in table:
        raise NotFound
    return table[name]
