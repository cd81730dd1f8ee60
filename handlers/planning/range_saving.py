"""From the form of a range to the use case, or to what is wrong beside each field."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from core.availability import AvailabilityRange
from core.booking import place_of
from core.errors import (
    BadText,
    EndsBeforeItStarts,
    InvalidTime,
    OutOfYears,
    RangeTooLong,
    RdvError,
    SkippedTime,
    TextTooLong,
    TooManyKinds,
    UnknownRule,
)
from core.planning import add_range, change_range
from core.ports import Transaction
from core.range_drafts import RangeDraft, check_years
from core.series import Scope
from handlers import forms
from handlers.cards.repetition import last_day
from handlers.context import Context
from handlers.forms import whole
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.draft import Draft
from handlers.planning.questions import over_those_shown
from handlers.planning.range_form import is_one_of_series, kept_rule, with_repetition
from handlers.planning.repeating import NEVER, is_choice, rule_of, value_of
from handlers.planning.series_fields import not_an_occurrence, occurrence_of, own_range
from handlers.planning.wrong import WrongFields

_LONGEST_OVER_MIDNIGHT = timedelta(hours=12)
_FIELDS: tuple[tuple[type[RdvError], str], ...] = (
    (SkippedTime, fields.FROM),
    (EndsBeforeItStarts, fields.UNTIL),
    (RangeTooLong, fields.UNTIL),
    (UnknownRule, fields.REPEATS),
    (InvalidTime, fields.DAY),
    (TooManyKinds, fields.KINDS),
    (BadText, fields.KINDS),
    (TextTooLong, fields.KINDS),
)


def save(tx: Transaction, ctx: Context, draft: Draft) -> None:
    """Add or change what the form says. Raises WrongFields, Strands, NotFound, TooManyRanges."""
    old = own_range(tx, ctx, draft.opening.range_id) if draft.opening.range_id else None
    draft = with_repetition(draft, old)
    wanted = _range_draft(tx, ctx, draft, old)
    try:
        if old is None:
            add_range(tx, ctx.actor, wanted, ctx.now())
            return
        over_those_shown(draft, lambda accepted: _change(tx, ctx, draft, old, wanted, accepted))
    except tuple(kind for kind, _ in _FIELDS) as refusal:
        field = next(field for kind, field in _FIELDS if isinstance(refusal, kind))
        raise WrongFields([(field, ctx.texts.error(refusal))]) from refusal


def wall_length(starts: time, ends: time) -> timedelta:
    """Return how long a range lasts on the clock; until 00:00 is until midnight.

    Raises EndsBeforeItStarts if the end lies before the start and is no end of a night.
    """
    begins, stops = datetime.combine(date.min, starts, UTC), datetime.combine(date.min, ends, UTC)  # wall time
    if stops > begins:
        return stops - begins
    lasts = stops + timedelta(days=1) - begins
    if ends != forms.MIDNIGHT and (ends == starts or lasts > _LONGEST_OVER_MIDNIGHT):
        raise EndsBeforeItStarts
    return lasts


def _change(
    tx: Transaction, ctx: Context, draft: Draft, old: AvailabilityRange, wanted: RangeDraft, accepted: Collection[int]
) -> None:
    day = occurrence_of(old, draft) or old.first_day
    scope = (draft.scope or Scope.ONE) if old.rule else Scope.ALL
    change_range(tx, ctx.actor, old.id, day, scope, wanted, ctx.now(), accepted=accepted)


def _range_draft(tx: Transaction, ctx: Context, draft: Draft, old: AvailabilityRange | None) -> RangeDraft:
    """Return what the form asks for. Raises WrongFields with everything that is wrong."""
    texts, t = ctx.texts, ctx.texts.t
    errors: list[tuple[str, str]] = []
    found, starts, ends = forms.day(draft.day), forms.clock(draft.starts), forms.clock(draft.ends)
    if old and occurrence_of(old, draft) is None:
        today = texts.local(ctx.now()).date()
        errors.append((fields.OCCURRENCE, not_an_occurrence(old, draft, today, texts)))
    if found is None:
        errors.append((fields.DAY, t("Give the day.")))
    if starts is None:
        errors.append((fields.FROM, t("Give a time such as 14:15.")))
    if ends is None:
        errors.append((fields.UNTIL, t("Give a time such as 14:15.")))
    lasts = timedelta(0)
    if starts is not None and ends is not None:
        try:
            lasts = wall_length(starts, ends)
        except EndsBeforeItStarts as refusal:
            errors.append((fields.UNTIL, texts.error(refusal)))
    one_of_series = is_one_of_series(old, draft)
    errors += [] if one_of_series else _bad_repetition(draft, found, old, texts)
    if errors or found is None or starts is None:
        raise WrongFields(errors)
    return RangeDraft(
        first_day=found,
        starts=starts,
        lasts=lasts,
        place_id=place_of(tx, whole(draft.place)),
        kinds=frozenset(kind for kind in draft.kinds.split(",") if kind.strip()),
        rule="" if one_of_series else _rule(old, draft, found),
        zone=old.zone if old else ctx.actor.zone,
    )


def _bad_repetition(
    draft: Draft, found: date | None, old: AvailabilityRange | None, texts: Texts
) -> list[tuple[str, str]]:
    end = forms.day(draft.end)
    if not is_choice(draft.repeats, kept_rule(old)):
        return [(fields.REPEATS, texts.t("Choose how it repeats."))]
    if draft.end and end is None:
        return [(fields.END, texts.t("Give the day."))]
    if end is None:
        return []
    if draft.repeats == NEVER:
        return [(fields.REPEATS, texts.t("A last day is given: choose how it repeats, or empty the last day."))]
    try:
        check_years(end)
    except OutOfYears as refusal:
        return [(fields.END, texts.error(refusal))]
    if found and end < found:
        return [(fields.END, texts.t("The last day lies before the first one."))]
    return []


def _rule(old: AvailabilityRange | None, draft: Draft, found: date) -> str:
    """Return the rule that is meant: the range's own, as it is written, if nothing of it has changed."""
    end = forms.day(draft.end)
    occurrence = occurrence_of(old, draft) if old else None
    if old and occurrence and occurrence.weekday() == found.weekday():
        same = draft.repeats == value_of(old.rule, old.first_day) and end == last_day(old.rule)
        if same:
            return old.rule
    return rule_of(draft.repeats, end, kept_rule(old))
