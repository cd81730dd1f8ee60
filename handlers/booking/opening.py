"""The ways into the booking form: /rdv, "Créer", "Créer pour le référent", and editing."""

from dataclasses import replace

from core.access import Right, access_appointment, access_case, require
from core.appointments import Appointment
from core.errors import CaseNotFound, SlotTaken, Stale
from core.people import PartyKind, PartyRef
from core.ports import Transaction
from handlers import actions
from handlers.booking import fields
from handlers.booking.draft import Draft, Mode, Opening, monday
from handlers.booking.form import build
from handlers.booking.holding import carrying, chosen_hold, hold, taken_meanwhile
from handlers.booking.scene import Scene, set_scene
from handlers.booking.spoken import quick
from handlers.cases import choose_case, find_cases, not_found
from handlers.commands import case_number
from handlers.context import Context
from handlers.forms import new_nonce
from handlers.refreshing import opened
from handlers.ui import AboutMessage, ActionClick, Form, OpenForm, Outcome


async def command(ctx: Context, text: str) -> Outcome:
    """Open the form at once, with the case that was typed if it is one, or filled in from words."""
    if not text:
        return await _new(ctx, None)
    number = case_number(text)
    if number is None:
        spoken = await quick(ctx, text)
        if spoken is not None:
            return spoken
        found, more = await find_cases(ctx, text)
        if len(found) != 1:
            return await choose_case(ctx, text, found, more=more)
        number = found[0].number
    try:
        return await _new(ctx, number)
    except CaseNotFound as refusal:
        return await not_found(ctx, refusal)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form without a case, in the agenda of the worker that the button names, one's own if it names none."""
    named = actions.people(click.ref.token)
    return await _open(ctx, Draft(main=named[0] if named else ctx.actor.id))


async def create(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form from a case, its creator proposed as main worker."""
    number = actions.number(click.ref.token)
    return await _open(ctx, Draft(Opening(Mode.NEW, number), case=number, main=ctx.actor.id))


async def create_for_lead(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form from a case, its lead as main worker."""
    number = actions.number(click.ref.token)
    case = await ctx.read(lambda tx: access_case(tx, ctx.actor, number))
    return await _open(ctx, Draft(Opening(Mode.NEW, number), case=number, main=case.lead_id))


async def about_message(ctx: Context, event: AboutMessage) -> Outcome:
    """Open the form with the author of a message invited, unless it is one's own, and its link as the comment."""
    author = event.author_id if event.author_id != ctx.actor.id else None
    invited = (PartyRef(PartyKind.WORKER, author),) if author else ()
    comment = ctx.texts.t("About this message: {link}", link=event.link) if event.link else ""
    return await _open(ctx, Draft(main=ctx.actor.id, parties=invited, comment=comment))


async def edit(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form with an appointment in it."""
    appointment_id, revision = actions.numbers(click.ref.token, 2)

    def look(tx: Transaction) -> Outcome:
        appointment = access_appointment(tx, ctx.actor, appointment_id, ctx.now())
        require(tx, ctx.actor, appointment, Right.EDIT, ctx.now())
        if appointment.revision != revision:
            raise Stale
        return _form(tx, ctx, _draft_of(ctx, appointment))

    return await opened(ctx, appointment_id, look)


async def with_slot_held(ctx: Context, draft: Draft) -> Form:
    """Return the form with the draft's slot chosen, and held for the person. Raises SlotTaken, Held."""

    def look(tx: Transaction) -> tuple[Scene, Form]:
        scene = set_scene(tx, ctx.actor, _named(draft), ctx.now(), ctx.rules)
        return scene, build(tx, scene, ctx.texts)

    scene, form = await ctx.read(look)
    wanted = chosen_hold(scene, form)
    if wanted is None:
        raise await ctx.read(lambda tx: taken_meanwhile(tx, scene)) or SlotTaken(draft.main or 0)
    if taken := await ctx.db.write(lambda tx: hold(tx, ctx, wanted)):
        raise taken
    return carrying(form, wanted)


async def _new(ctx: Context, number: int | None) -> Outcome:
    return await _open(ctx, Draft(case=number, main=ctx.actor.id))


async def _open(ctx: Context, draft: Draft) -> Outcome:
    return await ctx.read(lambda tx: _form(tx, ctx, draft))


def _form(tx: Transaction, ctx: Context, draft: Draft) -> Outcome:
    """Return the form, opened. Raises CaseNotFound for a case that the person may not open, and as `set_scene`."""
    scene = set_scene(tx, ctx.actor, _named(draft), ctx.now(), ctx.rules)
    if draft.case is not None and scene.case is None:
        access_case(tx, ctx.actor, draft.case)
    return OpenForm(build(tx, scene, ctx.texts))


def _named(draft: Draft) -> Draft:
    return replace(draft, nonce=new_nonce())


def _draft_of(ctx: Context, a: Appointment) -> Draft:
    return Draft(
        opening=Opening(Mode.EDIT, a.case_number, a.id, a.revision, seen_case=a.case_number),
        case=a.case_number,
        main=a.main_worker_id,
        parties=a.parties,
        optional=frozenset(i.worker_id for i in a.invitations if i.optional),
        kind=a.kind,
        place=str(a.place_id) if a.place_id else fields.NO_PLACE,
        duration=a.during.duration,
        week=monday(ctx.texts.local(a.during.start).date()),
        slot=fields.SAME_START,
        comment=a.comment,
    )
