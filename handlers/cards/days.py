"""One's own appointments as entries of a list, each short: for the home and the daily summary."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.appointments import Answer
from core.days import Listed
from core.views import AppointmentView
from handlers import actions
from handlers.cards.words import ANSWER_WORDS, client_name
from handlers.i18n import Texts
from handlers.ui import Button, Item, ItemList

_NAMED = 3
"""How many clients an entry names; the card of the appointment names all."""
_UNSURE = {Answer.PENDING, Answer.TENTATIVE}


def entries(
    listed: Listed, texts: Texts, now: datetime, title: Callable[[AppointmentView], str], rest: Button
) -> ItemList:
    """Return an entry for each, with what to click; `rest` leads to those that are not shown."""
    items = tuple(
        Item(title(view), (*entry_lines(view, texts, now), *_answer(view, texts)), (open_button(view, texts),))
        for view in listed.views
    )
    return ItemList((*items, *more(listed.more, texts, rest)))


def more(count: int, texts: Texts, rest: Button) -> tuple[Item, ...]:
    """Return the entry that says how many are not shown and leads to them; nothing if all are."""
    return (Item(texts.n("… and {count} more", "… and {count} more", count), actions=(rest,)),) if count else ()


def entry_lines(view: AppointmentView, texts: Texts, now: datetime) -> tuple[str, ...]:
    """Return whom it is about, whose it is and where; only for a private view (rule 9)."""
    a = view.appointment
    case = texts.t("Case no. {number}", number=a.case_number)
    names = _names([client_name(c, texts, now) for c in view.clients], texts)
    lines = (
        f"{case} – {names}" if names else case,
        a.kind,
        "" if view.main_worker.id == view.viewer_id else texts.t("Main worker: {name}", name=view.main_worker.label),
        view.place.label if view.place else "",
    )
    return tuple(line for line in lines if line)


def open_button(view: AppointmentView, texts: Texts) -> Button:
    """Return the button that shows the whole appointment."""
    return Button(actions.ref(actions.OPEN, view.appointment.id, view.appointment.revision), texts.t("Open"))


def waiting_words(count: int, texts: Texts) -> str:
    """Return how many invitations wait."""
    return texts.n("{count} invitation awaits your answer.", "{count} invitations await your answer.", count)


def invitations_button(count: int, texts: Texts) -> Button:
    """Return the button that lists all that waits."""
    return Button(actions.ref(actions.INVITATIONS), texts.t("My invitations ({count})", count=count))


def agenda_button(texts: Texts) -> Button:
    """Return the button that shows the reader's own agenda of this week."""
    return Button(actions.ref(actions.AGENDA), texts.t("My agenda"))


def _answer(view: AppointmentView, texts: Texts) -> tuple[str, ...]:
    own = view.own_answer
    return (texts.t("Your answer: {answer}", answer=texts.t(ANSWER_WORDS[own])),) if own in _UNSURE else ()


def _names(names: Sequence[str], texts: Texts) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    first = ", ".join(names[:_NAMED])
    return texts.n("{names} and {count} other", "{names} and {count} others", len(names) - _NAMED, names=first)
