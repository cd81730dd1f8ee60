"""The form of a range: its day and hours, its place, what it is for, how it repeats."""

from dataclasses import replace

from core.availability import AvailabilityRange
from core.ports import Transaction
from core.rules import KIND_LIMIT, MOST_KINDS
from core.series import Scope
from handlers.cards.repetition import last_day, repetition_words
from handlers.context import Context
from handlers.forms import day
from handlers.i18n import Texts
from handlers.placing import place_field
from handlers.planning import fields
from handlers.planning.draft import Draft
from handlers.planning.repeating import KEPT, NEVER, following, is_choice, options, value_of
from handlers.planning.series_fields import not_an_occurrence, occurrence_of, own_range, series_parts
from handlers.ui import (
    ChoiceField,
    DateField,
    Element,
    Field,
    Form,
    Notice,
    Option,
    OptionGroup,
    TextField,
    TimeField,
)

_Parts = tuple[Field | Element, ...]
_KINDS_LIMIT = (KIND_LIMIT + 2) * MOST_KINDS


def build(tx: Transaction, ctx: Context, draft: Draft, question: _Parts = ()) -> Form:
    """Return the form as the draft stands, below a `question` or a notice. Raises NotFound for another's range."""
    texts = ctx.texts
    old = own_range(tx, ctx, draft.opening.range_id) if draft.opening.range_id else None
    draft = with_repetition(draft, old)
    none = (Option(fields.NO_PLACE, texts.t("No place")),)
    parts = (
        *question,
        *(_of_series(tx, ctx, old, draft) if old else ()),
        DateField(fields.DAY, texts.t("Day"), draft.day, required=True, refreshes=True),
        TimeField(fields.FROM, texts.t("From"), draft.starts, required=True),
        TimeField(fields.UNTIL, texts.t("Until"), draft.ends, required=True),
        place_field(none, tx.places.all(), draft.place, texts),
        TextField(
            fields.KINDS,
            texts.t("Only for these kinds of appointment"),
            draft.kinds,
            texts.t("Separated by commas. Leave it empty for any kind."),
            limit=_KINDS_LIMIT,
        ),
        *_repetition(old, draft, texts),
    )
    return Form(
        id=fields.RANGE_FORM,
        title=texts.t("Edit range") if old else texts.t("New range"),
        parts=parts,
        submit=texts.t("Save"),
        context=draft.opening.encode(),
        nonce=draft.nonce,
    )


def is_one_of_series(old: AvailabilityRange | None, draft: Draft) -> bool:
    """Tell whether a single day of a series is changed, which repeats no more."""
    return old is not None and bool(old.rule) and (draft.scope or Scope.ONE) is Scope.ONE


def with_repetition(draft: Draft, old: AvailabilityRange | None) -> Draft:
    """Return the draft with the range's own repetition, where the form did not ask for one."""
    if draft.repeats:
        return draft
    if old is None:
        return replace(draft, repeats=NEVER)
    occurrence, found, last = occurrence_of(old, draft), day(draft.day), last_day(old.rule)
    moved = occurrence is not None and found is not None and occurrence.weekday() != found.weekday()
    own = value_of(old.rule, old.first_day)
    return replace(draft, repeats=following(own, found) if moved else own, end=last.isoformat() if last else "")


def kept_rule(old: AvailabilityRange | None) -> str:
    """Return the rule of the edited range if it is none of those that the form offers, else ""."""
    return old.rule if old and value_of(old.rule, old.first_day) == KEPT else ""


def _of_series(tx: Transaction, ctx: Context, old: AvailabilityRange, draft: Draft) -> _Parts:
    parts = series_parts(tx, old, draft, ctx.texts.t("What is changed"), ctx.texts)
    if occurrence_of(old, draft) is not None:
        return parts
    today = ctx.texts.local(ctx.now()).date()
    return (*parts, Notice(not_an_occurrence(old, draft, today, ctx.texts), "warning"))


def _repetition(old: AvailabilityRange | None, draft: Draft, texts: Texts) -> tuple[Field, ...]:
    if is_one_of_series(old, draft):
        return ()
    kept = kept_rule(old)
    words = repetition_words(kept, old.first_day, texts) if old and kept else ""
    chosen = draft.repeats if is_choice(draft.repeats, kept) else NEVER
    groups = (OptionGroup("", options(day(draft.day), chosen, words, texts)),)
    hint = texts.t("Leave it empty if it has no end.")
    return (
        ChoiceField(fields.REPEATS, texts.t("Repeats"), groups, chosen, required=True),
        DateField(fields.END, texts.t("Repeats until"), draft.end, hint),
    )
