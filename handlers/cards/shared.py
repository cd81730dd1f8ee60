"""An appointment's card in a channel, for everybody there: no client's name (rule 9)."""

from core.appointments import EndingKind
from core.sharing import SharedView
from handlers import actions
from handlers.cards.words import answer_line, moment
from handlers.i18n import Texts
from handlers.ui import Button, Card, Element, Facts, Notice


def shared_card(view: SharedView, locale: str) -> Card:
    """Return the card in the sharer's language, with the times of where the appointment takes place.

    Its one button is answered to the person who clicks it alone, after the rights check.
    """
    texts = Texts(locale, view.zone)
    title, neutral = _titles(view, texts)
    if view.ended is EndingKind.DELETED:
        return Card(title, (Notice(texts.t("This appointment was deleted."), "warning"),), neutral=title)
    open_button = Button(actions.ref(actions.OPEN, view.appointment_id, view.revision), texts.t("Open"))
    return Card(title, (*_state(view, texts), _facts(view, texts)), (open_button,), neutral)


def _titles(view: SharedView, texts: Texts) -> tuple[str, str]:
    """Return the card's title and the line of its notification; a confidential case keeps its number to itself."""
    day, time = texts.short_day(view.during.start), texts.clock(view.during.start)
    number = view.case_number
    if number is None:
        return texts.t("Appointment"), texts.t("Appointment, {day} {time}", day=day, time=time)
    return (
        texts.t("Appointment – case no. {number}", number=number),
        texts.t("Appointment – case no. {number}, {day} {time}", number=number, day=day, time=time),
    )


def _state(view: SharedView, texts: Texts) -> tuple[Element, ...]:
    if view.ended is EndingKind.CANCELLED:
        return (Notice(texts.t("This appointment is cancelled."), "warning"),)
    return ()


def _facts(view: SharedView, texts: Texts) -> Facts:
    invited = (answer_line(worker, answer, texts, optional=optional) for worker, answer, optional in view.workers)
    pairs = (
        (texts.t("Date"), moment(view.during, texts)),
        (texts.t("Duration"), texts.duration(view.during.duration)),
        (texts.t("Kind of appointment"), view.kind),
        (texts.t("Main worker"), view.main_worker.label),
        (texts.t("Workers"), "\n".join(invited)),
        (texts.t("Place"), view.place),
    )
    return Facts(tuple((label, value) for label, value in pairs if value))
