"""The slot chosen in an open form is held for the person, moved with his choice, and let go when it is dropped."""

from dataclasses import dataclass, replace

from core.appointments import Appointment
from core.availability import BusyKind
from core.errors import Held, SlotTaken
from core.holding import hold_slot
from core.ports import Transaction
from core.times import Interval, without
from handlers.booking import draft as drafts
from handlers.booking.draft import Opening, held_value
from handlers.booking.scene import Scene
from handlers.context import Context
from handlers.ui import Form, SlotField


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in the main worker's agenda; `old` is the appointment being moved."""

    worker_id: int
    during: Interval
    old: Appointment | None = None

    @property
    def value(self) -> str:
        """As the form's context carries it."""
        return held_value(self.worker_id, self.during)


def chosen_hold(scene: Scene, form: Form) -> Hold | None:
    """Return what the form shows as chosen, None where it is no offered slot: typed times are not held."""
    value = next((part.value for part in form.parts if isinstance(part, SlotField)), "")
    found = drafts.slot(value)
    return Hold(scene.main.id, found.during, scene.old) if found and scene.main else None


def is_held(tx: Transaction, scene: Scene, wanted: Hold) -> bool:
    """Tell whether the actor still holds exactly this time, as `hold_slot` does."""
    own = wanted.old.during if wanted.old and wanted.old.main_worker_id == wanted.worker_id else None
    pieces = without(wanted.during, [own] if own else [])
    busy = tx.agendas.busy([wanted.worker_id], wanted.during, scene.now) if pieces else []
    held = [b.during for b in busy if b.kind is BusyKind.HOLD and b.held_by == scene.actor.id]
    return held == pieces[-1:]


def taken_meanwhile(tx: Transaction, scene: Scene) -> SlotTaken | None:
    """Return what took the slot that the person has chosen, or just chose: a booking, or a colleague's open form."""
    found = drafts.slot(scene.draft.slot)
    if found is None or scene.main is None:
        return None
    busy = [
        b
        for b in tx.agendas.busy([scene.main.id], found.during, scene.now)
        if scene.ignoring is None or b.appointment_id != scene.ignoring
    ]
    if any(b.kind is BusyKind.APPOINTMENT for b in busy):
        return SlotTaken(scene.main.id)
    if any(b.kind is BusyKind.HOLD and b.held_by != scene.actor.id for b in busy):
        return Held(scene.main.id)
    return None


def hold(tx: Transaction, ctx: Context, wanted: Hold | None) -> SlotTaken | None:
    """Hold what is chosen, and let go of what was; return what refuses it, if another was faster."""
    if wanted is None:
        tx.agendas.release(ctx.actor.id)
        return None
    try:
        hold_slot(tx, ctx.actor, wanted.worker_id, wanted.during, ctx.now(), ctx.rules, old=wanted.old)
    except SlotTaken as refusal:
        return refusal
    return None


def carrying(form: Form, held: Hold | None) -> Form:
    """Return the form with what it holds in its context."""
    opening = replace(Opening.decode(form.context), held=held.value if held else "")
    return replace(form, context=opening.encode())
