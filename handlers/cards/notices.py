"""The short messages that tell of an answer, a change, an ending, or that the time draws near."""

from datetime import datetime, timedelta

from core.appointments import Answer
from core.message import N_
from core.notices import Notice, NoticeKind
from core.people import Worker
from core.views import AppointmentView
from handlers import actions
from handlers.cards.appointment import appointment_card
from handlers.cards.words import client_names, moment, neutral_line
from handlers.i18n import Texts
from handlers.ui import Button, Card, Facts
from handlers.ui import Notice as Said

_ANSWERED = {
    Answer.PENDING: N_("{name} has taken the answer back."),
    Answer.ACCEPTED: N_("{name} accepts the invitation."),
    Answer.DECLINED: N_("{name} declines the invitation."),
    Answer.TENTATIVE: N_("{name} accepts the invitation tentatively."),
}
_SOON = 90
_DAYS = 48 * 60


def notice_card(notice: Notice, view: AppointmentView, about: Worker | None, texts: Texts, now: datetime) -> Card:
    """Return what the recipient is told; `about` is the worker that the notice speaks of.

    The kinds that show the whole appointment give its card. A view that is `removed` is told without names.
    """
    name = about.name if about else texts.t("Someone")
    number = view.appointment.case_number
    match notice.kind:
        case NoticeKind.INVITED | NoticeKind.SHOWN | NoticeKind.REFRESH | NoticeKind.SETTLED:
            return appointment_card(view, texts, now)
        case NoticeKind.REMOVED:
            text = texts.t("You are no longer part of an appointment of case no. {number}.", number=number)
            title = texts.t("Appointment – case no. {number}", number=number)
            return Card(title, (Said(text, "warning"),), () if view.removed else (_show(view, texts),), neutral=title)
        case NoticeKind.DELETED:
            text = texts.t("{name} has deleted this appointment.", name=name)
            return _card(texts.t("Appointment deleted"), Said(text, "warning"), view, texts, now, opens=False)
        case NoticeKind.CANCELLED:
            text = texts.t("{name} has cancelled this appointment.", name=name)
            return _card(texts.t("Appointment cancelled"), Said(text, "warning"), view, texts, now)
        case NoticeKind.ANSWERED:
            text = texts.t(_ANSWERED[_answer(view, notice)], name=name)
            return _card(texts.t("Answer to an invitation"), Said(text), view, texts, now)
        case NoticeKind.MOVED | NoticeKind.REASSIGNED | NoticeKind.CHANGED:
            return _changed_card(notice, view, name, texts, now)
        case NoticeKind.REMINDER:
            text = texts.t("Your appointment is in {time}.", time=_until(view.appointment.during.start - now, texts))
            return _card(texts.t("Reminder"), Said(text), view, texts, now)
        case (
            NoticeKind.OPENING_ASKED
            | NoticeKind.OPENING_REFUSED
            | NoticeKind.COUNTER_PROPOSED
            | NoticeKind.COUNTER_REFUSED
            | NoticeKind.SUMMARY
            | NoticeKind.SHARED
        ):
            raise ValueError("it tells a person nothing of an appointment")


def _changed_card(notice: Notice, view: AppointmentView, name: str, texts: Texts, now: datetime) -> Card:
    if notice.kind is NoticeKind.MOVED:
        text = texts.t("{name} has moved this appointment. Here is its new time.", name=name)
        return _card(texts.t("Appointment moved"), Said(text, "warning"), view, texts, now)
    if notice.kind is NoticeKind.REASSIGNED:
        return _card(texts.t("Appointment reassigned"), Said(_given(notice, view, name, texts)), view, texts, now)
    text = texts.t("{name} has changed this appointment. Its time stays the same.", name=name)
    return _card(texts.t("Appointment changed"), Said(text), view, texts, now)


def _card(title: str, said: Said, view: AppointmentView, texts: Texts, now: datetime, *, opens: bool = True) -> Card:
    neutral = f"{title} – {neutral_line(view, texts)}"
    if view.removed:
        return Card(title, (said,), neutral=neutral)
    a = view.appointment
    cancelled = a.ending if a.ending is not None and view.ended is not None else None
    pairs = (
        (texts.t("Date"), moment(a.during, texts)),
        (texts.t("Kind of appointment"), a.kind),
        (texts.t("Main worker"), view.main_worker.label),
        (texts.t("Clients"), client_names(view.clients, texts, now)),
        (texts.t("Place"), view.place.label if view.place else ""),
        (texts.t("Case"), texts.t("no. {number}", number=a.case_number)),
        (texts.t("Reason"), cancelled.reason if cancelled else ""),
    )
    facts = Facts(tuple((label, value) for label, value in pairs if value))
    return Card(title, (said, facts), (_show(view, texts),) if opens else (), neutral)


def _show(view: AppointmentView, texts: Texts) -> Button:
    a = view.appointment
    return Button(actions.ref(actions.OPEN, a.id, a.revision), texts.t("Show the appointment"))


def _given(notice: Notice, view: AppointmentView, name: str, texts: Texts) -> str:
    """Say whose it is now, by who gave it: `name`."""
    if view.main_worker.id == notice.recipient_id:
        return texts.t("{name} has given you this appointment.", name=name)
    if view.main_worker.id == notice.about_id:
        return texts.t("{name} has taken over this appointment.", name=name)
    return texts.t("{name} has given this appointment to {main}.", name=name, main=view.main_worker.name)


def _answer(view: AppointmentView, notice: Notice) -> Answer:
    return next((answer for worker, answer in view.workers if worker.id == notice.about_id), Answer.PENDING)


def _until(left: timedelta, texts: Texts) -> str:
    """Say how long is left when it is said, so that a late reminder says no wrong time."""
    minutes = max(round(left / timedelta(minutes=1)), 1)
    if minutes == 60:  # noqa: PLR2004 - an hour
        return texts.n("{count} hour", "{count} hours", 1)
    if minutes < _SOON:
        return texts.n("{count} minute", "{count} minutes", minutes)
    if minutes < _DAYS:
        return texts.n("{count} hour", "{count} hours", round(minutes / 60))
    return texts.n("{count} day", "{count} days", round(minutes / (24 * 60)))
