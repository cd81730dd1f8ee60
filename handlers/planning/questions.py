"""What a smaller availability leaves outside: listed in the form, before anything is changed (docs/adr/0005)."""

from collections.abc import Callable, Collection
from dataclasses import replace
from hashlib import blake2s

from core.appointments import Appointment
from core.stranding import Strands
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.draft import Draft
from handlers.ui import Element, Field, Notice, YesNo

MOST_SHOWN = 400
"""More than somebody has in a year; what is past these is counted."""


def over_those_shown(draft: Draft, change: Callable[[Collection[int]], None]) -> None:
    """Carry out a change, over exactly those appointments that the form has shown as left outside. Raises Strands."""
    try:
        change(())
    except Strands as question:
        if not (draft.confirm and _name(question) == draft.opening.asked):
            raise
        change([a.id for a in question.appointments])


def asking(draft: Draft, question: Strands) -> Draft:
    """Return the draft as it asks this."""
    return replace(draft, confirm=False, opening=replace(draft.opening, asked=_name(question)))


def stranded_parts(question: Strands, label: str, texts: Texts) -> tuple[Field | Element, ...]:
    """Return what would lie outside, and the box to tick, which is called `label`."""
    shown = question.appointments[:MOST_SHOWN]
    lines = [texts.t("These appointments would lie outside your availability:"), *(line_of(a, texts) for a in shown)]
    more = len(question.appointments) - len(shown)
    if more:
        lines.append(texts.n("and {count} more", "and {count} more", more))
    return (Notice("\n".join(lines), "warning"), YesNo(fields.CONFIRM, label))


def line_of(appointment: Appointment, texts: Texts) -> str:
    """Return when it is and of which case: no name."""
    time = moment(appointment.during, texts)
    return texts.t("{time}, case no. {number}", time=time, number=appointment.case_number)


def _name(question: Strands) -> str:
    """Return a short name of these appointments, for the form to carry."""
    return blake2s(".".join(str(a.id) for a in question.appointments).encode(), digest_size=8).hexdigest()
