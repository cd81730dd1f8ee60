"""The form of an absence: why (which stays one's own), from which day to which, or some hours of one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.absences import whole_days
from core.availability import Absence, AbsenceKind
from core.errors import InvalidTime, NotFound, SkippedTime
from core.ports import Transaction
from core.times import Interval, spoken_interval
from handlers import forms
from handlers.cards.planning import ABSENCE_WORDS
from handlers.cards.words import stretch
from handlers.context import Context
from handlers.forms import one
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.wrong import WrongFields
from handlers.ui import (
    ChoiceField,
    DateField,
    Element,
    Field,
    Form,
    Notice,
    Option,
    OptionGroup,
    Text,
    TimeField,
    Value,
)

_ALWAYS = timedelta(days=366 * 10)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AbsenceDraft:
    """The form's values as they were typed; `absence_id` is 0 for a new one."""

    absence_id: int = 0
    nonce: str = ""
    kind: AbsenceKind | None = None
    first: str = ""
    last: str = ""
    starts: str = ""
    ends: str = ""


def read_absence(absence_id: int, nonce: str, values: Mapping[str, Value]) -> AbsenceDraft:
    """Return what a form sent."""
    kind = one(values, fields.KIND)
    return AbsenceDraft(
        absence_id=absence_id,
        nonce=nonce,
        kind=AbsenceKind(kind) if kind in set(AbsenceKind) else None,
        first=one(values, fields.FIRST),
        last=one(values, fields.LAST),
        starts=one(values, fields.FROM),
        ends=one(values, fields.UNTIL),
    )


def draft_of(absence: Absence, texts: Texts) -> AbsenceDraft:
    """Return the form's values for an absence that is there."""
    first, last = (
        at.astimezone(ZoneInfo(absence.zone)).date() for at in (absence.during.start, absence.during.end - _INSTANT)
    )
    if absence.during == whole_days(first, last, absence.zone):
        return AbsenceDraft(absence.id, kind=absence.kind, first=first.isoformat(), last=last.isoformat())
    starts, ends = texts.local(absence.during.start), texts.local(absence.during.end)
    times = f"{starts:%H:%M}", f"{ends:%H:%M}"
    return AbsenceDraft(absence.id, "", absence.kind, starts.date().isoformat(), "", *times)


def absence_form(draft: AbsenceDraft, texts: Texts, *said: Notice) -> Form:
    """Return the form as the draft stands, below what was `said`."""
    t = texts.t
    kinds = tuple(Option(kind, t(label)) for kind, label in ABSENCE_WORDS.items())
    parts: tuple[Field | Element, ...] = (
        *said,
        ChoiceField(
            fields.KIND,
            t("Reason of the absence"),
            (OptionGroup("", kinds),),
            draft.kind or "",
            t("Only you see it: the others read that you are away."),
            required=True,
        ),
        DateField(fields.FIRST, t("First day"), draft.first, required=True),
        DateField(fields.LAST, t("Last day"), draft.last, t("Leave it empty for one day.")),
        Text(t("For some hours of one day only, say from when to when; leave both empty otherwise.")),
        TimeField(fields.FROM, t("From"), draft.starts),
        TimeField(fields.UNTIL, t("Until"), draft.ends),
    )
    title = t("Edit absence") if draft.absence_id else t("New absence")
    return Form(fields.ABSENCE_FORM, title, parts, t("Save"), str(draft.absence_id), draft.nonce)


def absence_of(draft: AbsenceDraft, texts: Texts) -> tuple[AbsenceKind, Interval]:
    """Return why and when. Raises WrongFields with everything that is wrong."""
    errors: list[tuple[str, str]] = []
    if draft.kind is None:
        errors.append((fields.KIND, texts.t("Choose one. Only you see it.")))
    first, last = forms.day(draft.first), forms.day(draft.last) if draft.last else forms.day(draft.first)
    if first is None:
        errors.append((fields.FIRST, texts.t("Give the day.")))
    elif last is None:
        errors.append((fields.LAST, texts.t("Give the day.")))
    during = _during(draft, first, last, texts, errors) if first and last else None
    if errors or draft.kind is None or during is None:
        raise WrongFields(errors)
    return draft.kind, during


def own_absence(tx: Transaction, ctx: Context, absence_id: int) -> Absence:
    """Return the actor's own absence, unless it is over. Raises NotFound."""
    coming = tx.agendas.absences([ctx.actor.id], Interval.lasting(ctx.now(), _ALWAYS))
    found = next((a for a in coming if a.id == absence_id), None)
    if found is None:
        raise NotFound
    return found


def absence_words(absence: Absence, texts: Texts) -> str:
    """Return why and when."""
    kind = texts.t(ABSENCE_WORDS[absence.kind])
    return texts.t("{kind}: {time}", kind=kind, time=stretch(absence.during, texts))


def _during(
    draft: AbsenceDraft, first: date, last: date, texts: Texts, errors: list[tuple[str, str]]
) -> Interval | None:
    zone = texts.zone.key
    if not draft.starts and not draft.ends:
        try:
            return whole_days(first, last, zone)
        except InvalidTime as refusal:
            errors.append((fields.LAST, texts.error(refusal)))
            return None
    starts, ends = forms.clock(draft.starts), forms.clock(draft.ends)
    if last != first:
        errors.append((fields.FROM, texts.t("Hours can be given for one day only: empty them, or the last day.")))
    elif starts is None or ends is None:
        field = fields.FROM if starts is None else fields.UNTIL
        errors.append((field, texts.t("Give a time such as 14:15.")))
    else:
        try:
            return spoken_interval(first, starts, ends, zone)
        except SkippedTime as refusal:
            errors.append((fields.FROM if refusal.time == f"{starts:%H:%M}" else fields.UNTIL, texts.error(refusal)))
        except InvalidTime as refusal:
            errors.append((fields.UNTIL, texts.error(refusal)))
    return None
