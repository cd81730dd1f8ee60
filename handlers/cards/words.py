"""Phrases that several cards share."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.appointments import Answer
from core.cases import SupportCase
from core.message import N_
from core.people import Client, Worker
from core.times import Interval
from core.views import AppointmentView
from handlers.forms import MIDNIGHT
from handlers.i18n import Texts, from_to

ANSWER_WORDS = {
    Answer.PENDING: N_("no answer yet"),
    Answer.ACCEPTED: N_("accepted"),
    Answer.DECLINED: N_("declined"),
    Answer.TENTATIVE: N_("tentatively accepted"),
}

ANSWER_VERBS = {
    Answer.ACCEPTED: N_("Accept"),
    Answer.DECLINED: N_("Decline"),
    Answer.TENTATIVE: N_("Accept tentatively"),
}


def moment(during: Interval, texts: Texts) -> str:
    """Return day and hours: "27/01/2026 10:00 – 12:00"."""
    return f"{texts.short_day(during.start)} {texts.hours(during)}"


def stretch(during: Interval, texts: Texts) -> str:
    """Return a stretch of time as `moment` does; whole days on the reader's clock as days."""
    first, end = texts.local(during.start), texts.local(during.end)
    if first.time() != MIDNIGHT or end.time() != MIDNIGHT:
        return moment(during, texts)
    last = end.date() - timedelta(days=1)
    days = [texts.short_day(first), texts.short_day(last)]
    return days[0] if first.date() == last else from_to(*days)


def client_name(client: Client, texts: Texts, now: datetime) -> str:
    """Return name and age on the reader's present day: "Gisèle LAFRAISE (26 ans)"."""
    age = client.age_on(texts.local(now).date())
    if age is None:
        return client.label
    return texts.n("{name} ({count} year)", "{name} ({count} years)", age, name=client.label)


def client_names(clients: Iterable[Client], texts: Texts, now: datetime) -> str:
    """Return clients with their ages, by commas."""
    return ", ".join(client_name(c, texts, now) for c in clients)


def case_name(case: SupportCase, texts: Texts, now: datetime) -> str:
    """Return number and clients: only for a private view, after a rights check (rule 9)."""
    number = texts.t("Case no. {number}", number=case.number)
    return f"{number} – {client_names(case.clients, texts, now)}" if case.clients else number


def answer_lines(view: AppointmentView, texts: Texts) -> list[str]:
    """Return the invited workers with their answers, and who of them may be missing."""
    optional = {i.worker_id for i in view.appointment.invitations if i.optional}
    return [answer_line(w, answer, texts, optional=w.id in optional) for w, answer in view.workers]


def answer_line(worker: Worker, answer: Answer, texts: Texts, *, optional: bool) -> str:
    """Return an invited worker with his answer."""
    name = texts.t("{name} (optional)", name=worker.label) if optional else worker.label
    return texts.t("{name} – {answer}", name=name, answer=texts.t(ANSWER_WORDS[answer]))


def topic_path(case: SupportCase) -> str:
    """Return the topic as a path: "Sociale > Logement"."""
    return " > ".join(case.topic)


def neutral_line(view: AppointmentView, texts: Texts) -> str:
    """Return what anyone may read over a shoulder: case number and time, no name (rule 9)."""
    if view.removed:
        return texts.t("Appointment")
    a = view.appointment
    return texts.t(
        "Appointment – case no. {number}, {day} {time}",
        number=a.case_number,
        day=texts.short_day(a.during.start),
        time=texts.clock(a.during.start),
    )
