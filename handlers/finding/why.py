"""« Pourquoi pas à cette heure ? », of the people who are meant: the fields of the time, and the reasons against it."""

from datetime import datetime

from core.people import Worker
from core.ports import Transaction
from core.reasons import reasons_against
from core.rules import Rules
from core.times import Interval
from handlers.booking.chosen import Misread, spoken_time
from handlers.booking.times import other_time
from handlers.cards.reasons import names_in, why_notice
from handlers.finding.wanted import People, Wanted
from handlers.i18n import Texts
from handlers.ui import Element, Field, Notice


def asked_time(wanted: Wanted, texts: Texts) -> Interval | Misread:
    """Return the time that is asked about."""
    return spoken_time(wanted.day, wanted.starts, wanted.ends, texts)


def answer(
    tx: Transaction, viewer: Worker, wanted: Wanted, people: People, texts: Texts, now: datetime, rules: Rules
) -> Notice | None:
    """Return the reasons against the time that is asked about; None until the person and the time are known."""
    during = asked_time(wanted, texts)
    if people.main is None or not isinstance(during, Interval):
        return None
    reasons = reasons_against(
        tx,
        people.main.id,
        during,
        now,
        rules,
        kind=wanted.kind,
        invitees=[w.id for w in people.required],
        viewer_id=viewer.id,
    )
    return why_notice(reasons, names_in(tx, people.all, reasons), texts)


def why_parts(
    tx: Transaction, viewer: Worker, wanted: Wanted, people: People, texts: Texts, now: datetime, rules: Rules
) -> tuple[Field | Element, ...]:
    """Return the fields of the time, and below them the reasons."""
    reasons = answer(tx, viewer, wanted, people, texts, now, rules)
    fields = other_time(texts, wanted.day, wanted.starts, wanted.ends, required=False)
    return (*fields, reasons) if reasons else fields
