"""The form that proposes another time: a week, and its times in which everyone concerned is free."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.appointments import Appointment
from core.availability import Slot
from core.countering import may_propose, offer, own_proposal
from core.ports import Transaction
from core.times import Interval
from core.views import view_of
from handlers import actions
from handlers.booking.draft import monday, slot_value
from handlers.booking.scene import WEEKS, weeks_from, window_of
from handlers.booking.times import by_day, week_field
from handlers.cards.appointment import appointment_facts
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import day, one
from handlers.i18n import Texts
from handlers.ui import Form, Notice, SlotField, Value

FORM = "propose"
WEEK = "week"
SLOT = "slot"
_BEFORE = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Proposing:
    """The form's values: the appointment as it was seen at `revision`, the first day of a week, `slot_value`."""

    appointment_id: int
    revision: int
    nonce: str
    week: date | None = None
    slot: str = ""


def read_proposing(context: str, nonce: str, values: Mapping[str, Value]) -> Proposing:
    """Return what a form sent. Raises NotFound if the context is not one of ours."""
    appointment_id, revision = actions.numbers(context, 2)
    return Proposing(appointment_id, revision, nonce, monday(day(one(values, WEEK))), one(values, SLOT))


def proposing_form(tx: Transaction, ctx: Context, state: Proposing, *said: Notice) -> Form:
    """Return the form as its values stand, below what was `said`. Raises as `core.countering.offer`."""
    texts, now = ctx.texts, ctx.now()
    appointment = may_propose(tx, ctx.actor, state.appointment_id, now)
    weeks = _weeks(appointment, ctx)
    offered = offer(tx, ctx.actor, appointment.id, _over(weeks, texts), now, ctx.rules)
    week = state.week if state.week in weeks else _week_with_slots(offered, weeks, appointment, texts)
    slots = [s for s in offered if _week_of(s.during, texts) == week]
    places = {place.id: place for place in tx.places.all()}
    values = {slot_value(s) for s in slots}
    hint = "" if slots else texts.t("There is no time that week at which everyone is free: choose another week.")
    parts = (
        *said,
        *_proposed_already(tx, ctx, appointment),
        appointment_facts(view_of(tx, ctx.actor, appointment, now), texts, now),
        week_field(weeks, week, texts),
        SlotField(
            SLOT,
            texts.t("Times at which everyone is free"),
            by_day(slots, places, texts),
            state.slot if state.slot in values else "",
            hint,
            required=True,
        ),
    )
    context = f"{appointment.id}.{state.revision}"
    return Form(FORM, texts.t("Propose another time"), parts, texts.t("Send the proposal"), context, state.nonce)


def _proposed_already(tx: Transaction, ctx: Context, appointment: Appointment) -> tuple[Notice, ...]:
    earlier = own_proposal(tx, ctx.actor, appointment.id)
    if earlier is None:
        return ()
    time = moment(earlier.during, ctx.texts)
    return (Notice(ctx.texts.t("You propose {time} already: what you choose here takes its place.", time=time)),)


def _weeks(appointment: Appointment, ctx: Context) -> list[date]:
    """Return the coming weeks; for an appointment later than that, those around it."""
    weeks, own = weeks_from(ctx.now(), ctx.texts), _week_of(appointment.during, ctx.texts)
    if own <= weeks[-1]:
        return weeks
    return [own - _BEFORE + timedelta(weeks=n) for n in range(WEEKS)]


def _over(weeks: list[date], texts: Texts) -> Interval:
    first, last = window_of(weeks[0], texts), window_of(weeks[-1], texts)
    return replace(first, end=last.end)


def _week_with_slots(offered: list[Slot], weeks: list[date], appointment: Appointment, texts: Texts) -> date:
    """Return the first week with a time from the appointment's own on, else the first with one at all."""
    own = _week_of(appointment.during, texts)
    found = [_week_of(s.during, texts) for s in offered]
    return next((week for week in found if week >= own), found[0] if found else weeks[0])


def _week_of(during: Interval, texts: Texts) -> date:
    first = texts.local(during.start).date()
    return first - timedelta(days=first.weekday())
