"""A request to open a time outside someone's availability: the question, its outcome, and its refusal (rule 2)."""

from datetime import datetime

from core.opening_views import OpeningView
from core.openings import OpeningState
from core.people import Person, Worker
from handlers import actions
from handlers.cards.words import client_name, moment
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Facts, Notice


def opening_card(view: OpeningView, texts: Texts, now: datetime, said: Notice | None = None) -> Card:
    """Return the question to the owner of the agenda, or what became of it; `said` tells why a click did nothing."""
    during = view.opening.during
    title = texts.t("Open {hours} on {day}?", hours=texts.hours(during), day=texts.day(during.start))
    body: tuple[Element, ...] = (_state(view, texts, now), _facts(view, texts, now))
    return Card(title, (said, *body) if said else body, _actions(view, texts, now), _neutral(view, texts))


def opening_refused_card(view: OpeningView, texts: Texts, now: datetime) -> Card:
    """Return what tells the asker that the time stays closed, with a way on."""
    during = view.opening.during
    said = texts.t("{name} leaves this time closed: {time}.", name=view.owner.name, time=moment(during, texts))
    workers = [w.id for w in view.others if isinstance(w, Worker)]
    find = Button(actions.people_ref(actions.FIND, view.owner.id, *workers), texts.t("Find a time"), opens_form=True)
    body = (Notice(said, "warning"), _facts(view, texts, now))
    return Card(texts.t("The time stays closed"), body, (find,), _neutral(view, texts))


def _state(view: OpeningView, texts: Texts, now: datetime) -> Notice:
    match view.opening.state:
        case OpeningState.OPENED:
            return Notice(texts.t("You opened this time, and the appointment is booked."), "success")
        case OpeningState.REFUSED:
            return Notice(texts.t("You left this time closed; {name} is told.", name=view.asker.name), "warning")
        case OpeningState.ASKED if view.opening.during.start <= now:
            return Notice(texts.t("This time has passed: there is nothing left to answer."), "warning")
        case OpeningState.ASKED:
            asked = texts.t(
                "{name} asks you to open this time, outside your availability, for one appointment.",
                name=view.asker.name,
            )
            return Notice(asked)


def _facts(view: OpeningView, texts: Texts, now: datetime) -> Facts:
    opening = view.opening
    number = texts.t("no. {number}", number=view.case_number) if view.case_number is not None else ""
    pairs = (
        (texts.t("Date"), moment(opening.during, texts)),
        (texts.t("Duration"), texts.duration(opening.during.duration)),
        (texts.t("Kind of appointment"), opening.kind),
        (texts.t("Asked by"), view.asker.label),
        (texts.t("Case"), number),
        (texts.t("Clients"), "\n".join(client_name(c, texts, now) for c in view.clients)),
        (texts.t("Also concerned"), "\n".join(_name(p, view, texts) for p in view.others)),
        (texts.t("Place"), view.place.label if view.place else ""),
        (texts.t("Comment"), opening.comment),
    )
    return Facts(tuple((label, value) for label, value in pairs if value))


def _name(person: Person, view: OpeningView, texts: Texts) -> str:
    if isinstance(person, Worker) and person.id in view.opening.optional:
        return texts.t("{name} (optional)", name=person.label)
    return person.label


def _actions(view: OpeningView, texts: Texts, now: datetime) -> tuple[Action, ...]:
    opening = view.opening
    if view.appointment is not None:
        show = actions.ref(actions.OPEN, view.appointment.id, view.appointment.revision)
        return (Button(show, texts.t("Show the appointment")),)
    if opening.state is not OpeningState.ASKED or opening.during.start <= now:
        return ()
    return (
        Button(actions.ref(actions.OPENING_ACCEPT, opening.id), texts.t("Open and book"), "primary"),
        Button(actions.ref(actions.OPENING_REFUSE, opening.id), texts.t("Decline")),
    )


def _neutral(view: OpeningView, texts: Texts) -> str:
    """Return what a preview may show: the time, nobody's name and no case (rule 9)."""
    return texts.t("Request to open a time: {time}", time=moment(view.opening.during, texts))
