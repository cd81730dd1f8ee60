"""Which function answers which event: explicit tables, no registration by side effect."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, assert_never

from core.errors import NotFound
from handlers import actions, appointments, booking, cases, endings, help, invitations  # noqa: A004 - `help` is a feature
from handlers.commands import asks_for_help, find_command, parse
from handlers.context import Context
from handlers.ui import (
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
    "rdv": booking.command,
    "parcours": cases.command,
    "invitations": invitations.command,
}

ACTIONS: dict[str, Callable[[Context, ActionClick], Awaitable[Outcome]]] = {
    actions.HELP: help.click,
    actions.INVITATIONS: invitations.click,
    actions.INVITATIONS_PAGE: invitations.page,
    actions.CASES: cases.search,
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
    **dict.fromkeys(actions.ANSWERS, invitations.answer),
    actions.UNDO_DECLINE: invitations.undo,
    **dict.fromkeys(actions.LIST_ANSWERS, invitations.answer_in_list),
    actions.LIST_UNDO: invitations.undo_in_list,
}

CHANGES: dict[str, Callable[[Context, FormChange], Awaitable[Outcome]]] = {booking.FORM: booking.change_form}

SUBMITS: dict[str, Callable[[Context, FormSubmit], Awaitable[Outcome]]] = {
    booking.FORM: booking.submit,
    endings.CANCEL_FORM: endings.submit_cancel,
    endings.DELETE_FORM: endings.submit_delete,
}

SEARCHES: dict[str, Callable[[Context, OptionSearch], Awaitable[Outcome]]] = {booking.FORM: booking.search}


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
        return help.about(ctx, spec)
    return await COMMANDS[spec.name](ctx, call.text)


def _known(
    table: dict[str, Callable[[Context, E], Awaitable[Outcome]]], name: str
) -> Callable[[Context, E], Awaitable[Outcome]]:
    if name not in table:
        raise NotFound
    return table[name]
