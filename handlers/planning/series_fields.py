"""Which occurrences of a series are meant: the fields that editing and deleting share."""

from datetime import date
from itertools import islice

from core.availability import AvailabilityRange
from core.errors import NotFound
from core.message import N_
from core.ports import Transaction
from core.series import Scope, days_of
from handlers.cards.repetition import range_words
from handlers.context import Context
from handlers.forms import day
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.draft import Draft
from handlers.ui import ChoiceField, DateField, Element, Field, Option, OptionGroup, Text

SCOPES = {
    Scope.ONE: N_("This one only"),
    Scope.FOLLOWING: N_("This one and the following"),
    Scope.ALL: N_("The whole series, past days too"),
}
_NEAREST = 3


def own_range(tx: Transaction, ctx: Context, range_id: int) -> AvailabilityRange:
    """Return the actor's own range. Raises NotFound."""
    found = next((r for r in tx.agendas.ranges(ctx.actor.id) if r.id == range_id), None)
    if found is None:
        raise NotFound
    return found


def first_to_come(r: AvailabilityRange, today: date) -> date:
    """Return the day of a range that comes next, its first one if it is over."""
    return next(days_of(r, today), r.first_day)


def occurrence_of(r: AvailabilityRange, draft: Draft) -> date | None:
    """Return the day of the range that is meant; None if it is not one of its days."""
    if not r.rule:
        return r.first_day
    chosen = day(draft.occurrence)
    return chosen if chosen and next(days_of(r, chosen), None) == chosen else None


def not_an_occurrence(r: AvailabilityRange, draft: Draft, today: date, texts: Texts) -> str:
    """Say that the chosen day is none of the series, and which are."""
    coming = list(islice(days_of(r, day(draft.occurrence) or today), _NEAREST))
    if not coming:
        return texts.t("The series does not take place on that day, nor later.")
    days = texts.listed(texts.short_day(found) for found in coming)
    return texts.t("The series does not take place on that day. The next ones: {days}.", days=days)


def series_parts(
    tx: Transaction, r: AvailabilityRange, draft: Draft, how_much: str, texts: Texts
) -> tuple[Field | Element, ...]:
    """Return the range in words; for a series, which day, and below the label `how_much` what part of it."""
    words = range_words(r, {p.id: p for p in tx.places.all()}, texts)
    said = Text(words[:1].upper() + words[1:])
    if not r.rule:
        return (said,)
    scopes = tuple(Option(scope, texts.t(label)) for scope, label in SCOPES.items())
    label, hint = texts.t("Which day of the series"), texts.t("It stands for “this one” below.")
    return (
        said,
        DateField(fields.OCCURRENCE, label, draft.occurrence, hint, required=True, refreshes=True),
        ChoiceField(
            fields.SCOPE,
            how_much,
            (OptionGroup("", scopes),),
            draft.scope or Scope.ONE,
            required=True,
            refreshes=True,
        ),
    )
