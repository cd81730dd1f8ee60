"""Cards of any appointment: always made, neutral where others read, silent where nothing may be read."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Right
from core.appointments import Answer, Appointment, Ending, EndingKind, Invitation
from core.cases import CaseKind, Place, SupportCase
from core.notices import Notice, NoticeKind
from core.people import Client, PersonalContact, ProfessionalContact, Worker
from core.times import Interval
from core.views import AppointmentView, CaseView, InvitationsView
from handlers import ui
from handlers.actions import ANSWERS
from handlers.cards.appointment import appointment_card
from handlers.cards.case import case_card
from handlers.cards.invitations import invitations_card
from handlers.cards.notes import note_card, stranger_card
from handlers.cards.notices import notice_card
from handlers.codec import decode, encode
from handlers.i18n import Texts
from handlers.router import ACTIONS
from tests.builders import at, make_worker
from tests.clock import START
from tests.handlers.desk import buttons, labels, text_of

FR = Texts("fr", "Europe/Brussels")
ids = st.integers(1, 2**31 - 1)
words = st.text(min_size=1, max_size=20)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SECRET = "Zzyzx"
workers = st.builds(
    Worker,
    ids,
    words,
    words,
    words,
    words,
    words,
    zone=st.just("Europe/Brussels"),
    locale=st.sampled_from(["fr", "en"]),
)
clients = st.builds(Client, ids, words, st.just(SECRET), st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)))
personal = st.builds(PersonalContact, ids, words, st.just(SECRET), words)
professional = st.builds(ProfessionalContact, ids, words, words, words)
intervals = st.builds(Interval.lasting, instants, st.timedeltas(timedelta(minutes=1), timedelta(hours=12)))
endings = st.builds(Ending, st.sampled_from(EndingKind), ids, st.text(max_size=500), instants, st.booleans())
appointments = st.builds(
    Appointment,
    id=ids,
    case_number=ids,
    main_worker_id=ids,
    creator_id=ids,
    during=intervals,
    zone=st.just("Europe/Brussels"),
    place_id=st.none() | ids,
    comment=st.text(max_size=50),
    parties=st.just(()),
    invitations=st.lists(st.builds(Invitation, ids, st.sampled_from(Answer)), max_size=4).map(tuple),
    created_at=instants,
    revision=ids,
    version=ids,
    ending=st.none() | endings,
)
views = st.builds(
    AppointmentView,
    appointment=appointments,
    viewer_id=ids,
    ended=st.none() | st.sampled_from(EndingKind),
    main_worker=workers,
    creator=workers,
    clients=st.lists(clients, max_size=3).map(tuple),
    personal_contacts=st.lists(personal, max_size=3).map(tuple),
    professional_contacts=st.lists(professional, max_size=3).map(tuple),
    workers=st.lists(st.tuples(workers, st.sampled_from(Answer)), max_size=3).map(tuple),
    place=st.none() | st.builds(Place, ids, words, st.text(max_size=10)),
    rights=st.frozensets(st.sampled_from(Right)),
    own_answer=st.none() | st.sampled_from(Answer),
    own_sequence=st.integers(0, 2**31 - 1),
    ended_by=st.none() | workers,
    removed=st.booleans(),
)
texts = st.builds(Texts, st.sampled_from(["fr", "en"]), st.sampled_from(["Europe/Brussels", "Pacific/Apia"]))
of_others = {
    NoticeKind.OPENING_ASKED,
    NoticeKind.OPENING_REFUSED,
    NoticeKind.COUNTER_PROPOSED,
    NoticeKind.COUNTER_REFUSED,
    NoticeKind.SHARED,
    NoticeKind.SUMMARY,
}
of_appointments = st.sampled_from([kind for kind in NoticeKind if kind not in of_others])
notices = st.builds(Notice, ids, ids, of_appointments, ids, instants, minutes=ids, about_id=st.none() | ids)


def check(card: ui.Card) -> None:
    assert card.title
    assert card.neutral
    assert SECRET.upper() not in card.neutral.upper()
    assert SECRET.upper() not in card.title.upper()
    assert decode(encode(card)) == card
    assert all(len(b.ref.encode()) <= 64 and b.ref.name in ACTIONS for b in buttons(card))
    assert all(b.label for b in buttons(card))


@given(views, texts, instants)
def test_every_appointment_has_a_card(view: AppointmentView, texts: Texts, now: datetime) -> None:
    card = appointment_card(view, texts, now)
    check(card)
    if view.removed or view.ended is EndingKind.DELETED:
        assert SECRET.upper() not in json.dumps(encode(card)).upper()
    if view.removed:
        assert buttons(card) == []
    if not view.removed and view.ended is None and Right.ANSWER in view.rights and view.own_answer is not None:
        assert {b.ref.name for b in buttons(card)} & set(ANSWERS)


@given(notices, views, st.none() | workers, texts, instants)
def test_every_notice_has_a_card(
    notice: Notice, view: AppointmentView, about: Worker | None, texts: Texts, now: datetime
) -> None:
    card = notice_card(notice, view, about, texts, now)
    check(card)
    if view.removed:
        assert SECRET.upper() not in json.dumps(encode(card)).upper()


@pytest.mark.slow
@given(st.lists(views, max_size=8).map(tuple), st.integers(0, 100), st.booleans(), texts, instants)
def test_every_list_has_a_card(
    found: tuple[AppointmentView, ...], page: int, more: bool, texts: Texts, now: datetime
) -> None:
    check(invitations_card(InvitationsView(found, len(found), page, more), texts, now))
    lead = make_worker("seforme", id=1)
    case = SupportCase(1285, CaseKind.REGULAR, 1, ("Sociale",), urgent=more, confidential=more)
    check(case_card(CaseView(case, lead, (), found, page, more), texts, now))


def a_view(**changes: object) -> AppointmentView:
    """An appointment in seforme's agenda, made by Agathe, as ecoute sees it."""
    agathe, seforme, ecoute = (make_worker(h, id=n) for n, h in enumerate(("Agathe", "seforme", "ecoute"), 1))
    during = Interval.lasting(at("2026-01-27 10:00"), timedelta(hours=2))
    appointment = Appointment(7, 1285, 2, 1, during, "Europe/Brussels", 1, "", (), (Invitation(3),), START)
    whole = AppointmentView(
        appointment, 3, None, seforme, agathe, (Client(1, "Gisèle", "Lafraise", date(1999, 5, 4)),), (), (),
        ((ecoute, Answer.ACCEPTED),), Place(1, "Gembloux", "Implantations"), frozenset({Right.ANSWER}), Answer.PENDING,
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]


def told(kind: NoticeKind, view: AppointmentView, now: datetime = START) -> ui.Card:
    notice = Notice(7, 1, kind, 1, START, minutes=1440, about_id=3)
    return notice_card(notice, view, make_worker("ecoute", id=3), FR, now)


def test_an_answer_is_told_with_its_name() -> None:
    card = told(NoticeKind.ANSWERED, a_view())
    assert "ecoute accepte l’invitation." in text_of(card)
    assert labels(card) == ["Afficher le rendez-vous"]


def test_an_invitation_after_a_change_says_so() -> None:
    assert "Vous avez une invitation à ce rendez-vous." in text_of(appointment_card(a_view(), FR, START))
    again = text_of(appointment_card(a_view(asked_again=True), FR, START))
    assert "Ce rendez-vous a été déplacé ou réattribué. Que répondez-vous maintenant ?" in again


def test_a_reminder_says_how_long_is_left_and_where() -> None:
    view = a_view()
    for before, said in (
        (timedelta(hours=24), "dans 24 heures."),
        (timedelta(hours=23, minutes=59, seconds=30), "dans 24 heures."),
        (timedelta(hours=1), "dans 1 heure."),
        (timedelta(minutes=25), "dans 25 minutes."),
        (timedelta(days=3), "dans 3 jours."),
        (timedelta(seconds=5), "dans 1 minute."),
    ):
        card = told(NoticeKind.REMINDER, view, view.appointment.during.start - before)
        assert f"Votre rendez-vous est {said}" in text_of(card)
        assert "Localisation: Gembloux (Implantations)" in text_of(card)
        assert card.neutral.replace("\u00a0", " ") == "Rappel – Rendez-vous – parcours n° 1285, 27/01/2026 10:00"


def test_a_cancellation_is_told_with_its_reason() -> None:
    view = a_view(ended=EndingKind.CANCELLED)
    ended = replace(
        view, appointment=replace(view.appointment, ending=Ending(EndingKind.CANCELLED, 3, "Malade", START))
    )
    card = told(NoticeKind.CANCELLED, ended)
    assert "ecoute a annulé ce rendez-vous." in text_of(card)
    assert "Motif: Malade" in text_of(card)
    assert "Motif" not in text_of(told(NoticeKind.MOVED, replace(ended, ended=None)))


def test_whose_appointment_it_is_now_is_told() -> None:
    view = a_view(main_worker=make_worker("Étienne", id=1))
    assert "ecoute vous a confié ce rendez-vous." in text_of(told(NoticeKind.REASSIGNED, view))
    other = told(NoticeKind.REASSIGNED, replace(view, main_worker=make_worker("Étienne", id=9)))
    assert other.title == "Rendez-vous réattribué"
    assert "ecoute a confié ce rendez-vous à Étienne." in text_of(other)
    taken = told(NoticeKind.REASSIGNED, replace(view, main_worker=make_worker("ecoute", id=3)))
    assert "ecoute a repris ce rendez-vous." in text_of(taken)


def test_who_is_removed_reads_nothing_of_it() -> None:
    card = appointment_card(a_view(removed=True), FR, START)
    assert text_of(card) == "Rendez-vous\nCe rendez-vous ne vous concerne plus."
    assert labels(told(NoticeKind.REMOVED, a_view(removed=True))) == []
    of_the_case = told(NoticeKind.REMOVED, a_view())
    assert "LAFRAISE" not in text_of(of_the_case)
    assert labels(of_the_case) == ["Afficher le rendez-vous"], "who may see the case finds out which one it was"


def test_flags_and_unknown_age_show_on_the_case() -> None:
    client = Client(1, "Gisèle", "Lafraise")
    case = SupportCase(1285, CaseKind.OCCASIONAL, 2, (), urgent=True, confidential=True, clients=(client,))
    card = case_card(CaseView(case, make_worker("seforme", id=2), (), (), 0, more=False), FR, START)
    assert "URGENT – CONFIDENTIEL" in text_of(card)
    assert "Usagers du parcours: Gisèle LAFRAISE\nType: ponctuel" in text_of(card)


def test_a_stranger_is_told_whom_to_ask() -> None:
    assert "Marie, poste 12" in text_of(stranger_card("Marie, poste 12", FR))
    assert "la personne qui s’occupe de rdv" in text_of(stranger_card("", FR))
    assert labels(note_card("Non.", "error", FR)) == ["Que puis-je faire ici ?".replace(" ?", "\u202f?")]
