"""The form that gives an appointment to another main worker, with what keeps him from taking it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.appointments import Appointment
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.reassigning import hindrances, reassignable
from core.views import view_of
from handlers import actions
from handlers.cards.appointment import appointment_facts
from handlers.cards.reasons import names_in, why_notice
from handlers.context import Context
from handlers.forms import one, whole
from handlers.ui import Element, Form, Notice, Option, SearchField, Value, YesNo

FORM = "reassign"
COLLEAGUE = "colleague"
CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Reassigning:
    """The form's values: the appointment as it was seen at `revision`, and who is to take it.

    The form carries, beside its values and never trusted, digests of the conflicts that it `asked` to confirm.
    """

    appointment_id: int
    revision: int
    nonce: str
    colleague: int | None = None
    confirm: bool = False
    asked: frozenset[str] = frozenset()

    def context(self) -> str:
        """Return what the form carries."""
        return f"{self.appointment_id}.{self.revision}/{'.'.join(sorted(self.asked))}"


def read_reassigning(context: str, nonce: str, values: Mapping[str, Value]) -> Reassigning:
    """Return what a form sent. Raises NotFound if the context is not one of ours."""
    seen, _, asked = context.partition("/")
    appointment_id, revision = actions.numbers(seen, 2)
    return Reassigning(
        appointment_id,
        revision,
        nonce,
        colleague=whole(one(values, COLLEAGUE)),
        confirm=one(values, CONFIRM) == "yes",
        asked=frozenset(digest for digest in asked.split(".") if digest),
    )


def reassigning_form(tx: Transaction, ctx: Context, state: Reassigning, *said: Notice) -> Form:
    """Return the form as its values stand, below what was `said`. Raises as `core.reassigning.reassignable`."""
    t, now = ctx.texts.t, ctx.now()
    appointment = reassignable(tx, ctx.actor, state.appointment_id, state.revision, now)
    colleague = colleague_of(tx, state)
    hint = t("Whoever has the appointment now is told, and everyone concerned is asked again.")
    chosen = (Option(str(colleague.id), colleague.label),) if colleague else ()
    parts = (
        *said,
        appointment_facts(view_of(tx, ctx.actor, appointment, now), ctx.texts, now),
        SearchField(COLLEAGUE, t("New main worker"), chosen, hint=hint, required=True, refreshes=True),
        *(() if said or colleague is None else _hindrances(tx, ctx, appointment, colleague)),
        *((YesNo(CONFIRM, t("Reassign all the same")),) if state.asked else ()),
    )
    return Form(FORM, t("Reassign the appointment"), parts, t("Reassign"), state.context(), state.nonce)


def colleague_of(tx: Transaction, state: Reassigning) -> Worker | None:
    """Return who is to take the appointment, if he is there."""
    ref = PartyRef(PartyKind.WORKER, state.colleague or 0)
    found = tx.people.find([ref]).get(ref)
    return found if isinstance(found, Worker) and found.active else None


def why_not(tx: Transaction, ctx: Context, appointment: Appointment, colleague: Worker) -> Notice | None:
    """Return why this colleague is not free then; None if nothing keeps him."""
    reasons = hindrances(tx, ctx.actor, appointment, colleague.id, ctx.now(), ctx.rules)
    return why_notice(reasons, names_in(tx, [colleague], reasons), ctx.texts) if reasons else None


def _hindrances(tx: Transaction, ctx: Context, appointment: Appointment, colleague: Worker) -> tuple[Element, ...]:
    """Return why this colleague is not free, or that he is."""
    free = ctx.texts.t("{name} is available at this time.", name=colleague.name)
    return (why_not(tx, ctx, appointment, colleague) or Notice(free),)
