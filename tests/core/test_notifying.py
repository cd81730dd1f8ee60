"""Reminders, and whether a notice still holds when it is sent (rule 7)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.appointments import Answer, Appointment, Ending, EndingKind, Invitation
from core.notices import Notice, NoticeKind
from core.notifying import booked_notices, ended_notices, still_holds
from core.reminding import reminded
from core.rules import Rules
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, between, make_notice, unsent
from tests.clock import START
from tests.core.world import World

N = NoticeKind
SETTLED = START + timedelta(seconds=10)
ENDINGS = {N.CANCELLED, N.DELETED}
OF_NO_APPOINTMENT = {N.OPENING_ASKED, N.OPENING_REFUSED, N.COUNTER_PROPOSED, N.COUNTER_REFUSED, N.SUMMARY}
OF_APPOINTMENTS = [k for k in N if k not in OF_NO_APPOINTMENT]
TELLING = [k for k in OF_APPOINTMENTS if k not in {N.REFRESH, N.SETTLED, N.REMOVED, N.SHARED, *ENDINGS}]


@pytest.fixture
def people(world: World) -> Guide:
    return world.guide


@pytest.fixture
def appointment(people: Guide) -> Appointment:
    return people.appointment(id=7)


def notice(kind: NoticeKind, appointment: Appointment, people: Guide) -> Notice:
    """Return a notice of that kind that holds while the appointment stands."""
    recipient = {
        N.ANSWERED: people.agathe,
        N.MOVED: people.seforme,
        N.REASSIGNED: people.seforme,
        N.SHOWN: people.seforme,
        N.REMOVED: people.stranger,
    }
    expires_at = appointment.during.start if kind is N.REMINDER else None
    return make_notice(
        appointment.id,
        recipient.get(kind, people.ecoute),
        kind,
        version=0 if kind is N.ANSWERED else 1,
        about_id=people.ecoute.id,
        expires_at=expires_at,
    )


def end(appointment: Appointment, people: Guide, kind: EndingKind, *, was_cancelled: bool = False) -> Appointment:
    return replace(appointment, ending=Ending(kind, people.agathe.id, "", SETTLED, was_cancelled))


@pytest.mark.parametrize("kind", list(N))
def test_of_what_is_not_there_nothing_holds(kind: NoticeKind, appointment: Appointment, people: Guide) -> None:
    assert not still_holds(notice(kind, appointment, people), None, START)


@pytest.mark.parametrize("kind", OF_APPOINTMENTS)
def test_a_notice_holds_while_the_appointment_is_as_it_was(
    kind: NoticeKind, appointment: Appointment, people: Guide
) -> None:
    assert still_holds(notice(kind, appointment, people), appointment, START) is (kind not in ENDINGS)


@pytest.mark.parametrize("kind", OF_APPOINTMENTS)
def test_a_notice_expires(kind: NoticeKind, appointment: Appointment, people: Guide) -> None:
    found = replace(notice(kind, appointment, people), expires_at=TUESDAY_AT_TEN.start)
    assert not still_holds(found, appointment, TUESDAY_AT_TEN.start)
    assert not still_holds(found, appointment, TUESDAY_AT_TEN.start + timedelta(seconds=1))


@pytest.mark.parametrize("kind", TELLING)
@pytest.mark.parametrize("ending", list(EndingKind))
def test_an_ending_silences_the_rest_when_it_settles(
    kind: NoticeKind, ending: EndingKind, appointment: Appointment, people: Guide
) -> None:
    found, ended = notice(kind, appointment, people), end(appointment, people, ending)
    for_actor = found.recipient_id == people.agathe.id
    assert still_holds(found, ended, SETTLED - timedelta(seconds=1)) is not for_actor
    assert not still_holds(found, ended, SETTLED)


@pytest.mark.parametrize("kind", [N.REFRESH, N.SETTLED])
@pytest.mark.parametrize("ending", list(EndingKind))
def test_cards_are_brought_up_to_date_whatever_happened(
    kind: NoticeKind, ending: EndingKind, appointment: Appointment, people: Guide
) -> None:
    assert still_holds(notice(kind, appointment, people), end(appointment, people, ending), SETTLED)


def test_an_ending_is_told_when_it_has_settled_and_if_it_stands(appointment: Appointment, people: Guide) -> None:
    cancelled, deleted = (notice(kind, appointment, people) for kind in (N.CANCELLED, N.DELETED))
    cancellation, deletion = (end(appointment, people, kind) for kind in EndingKind)
    late_deletion = end(appointment, people, EndingKind.DELETED, was_cancelled=True)
    assert still_holds(cancelled, cancellation, SETTLED)
    assert still_holds(deleted, deletion, SETTLED)
    assert not still_holds(cancelled, cancellation, START)
    assert not still_holds(deleted, deletion, START)
    assert not still_holds(cancelled, deletion, SETTLED)
    assert not still_holds(deleted, cancellation, SETTLED)
    assert still_holds(cancelled, late_deletion, START)
    assert still_holds(cancelled, late_deletion, SETTLED), "who was never told of the cancellation is told of it now"


def test_a_reminder_is_for_the_time_it_was_made_for(appointment: Appointment, people: Guide) -> None:
    reminder = notice(N.REMINDER, appointment, people)
    assert not still_holds(reminder, replace(appointment, during=between("2026-01-27 10:15", "12:00")), START)
    assert still_holds(reminder, replace(appointment, during=between("2026-01-27 10:00", "13:00")), START)


@pytest.mark.parametrize(
    ("answer", "reminded"),
    [(Answer.PENDING, True), (Answer.ACCEPTED, True), (Answer.TENTATIVE, True), (Answer.DECLINED, False)],
)
def test_who_declined_is_not_reminded(answer: Answer, reminded: bool, appointment: Appointment, people: Guide) -> None:
    reminder = notice(N.REMINDER, appointment, people)
    said = replace(appointment, invitations=(Invitation(people.ecoute.id, answer),))
    assert still_holds(reminder, said, START) is reminded


@pytest.mark.parametrize("kind", [N.REMINDER, N.INVITED, N.CHANGED])
def test_who_was_removed_hears_no_more(kind: NoticeKind, appointment: Appointment, people: Guide) -> None:
    alone = replace(appointment, parties=(people.gisele.ref,), invitations=())
    assert not still_holds(notice(kind, appointment, people), alone, START)


def test_who_came_back_is_not_told_that_he_was_removed(appointment: Appointment, people: Guide) -> None:
    removed = make_notice(appointment.id, people.ecoute, N.REMOVED)
    assert not still_holds(removed, appointment, START)
    assert still_holds(removed, replace(appointment, parties=(people.gisele.ref,), invitations=()), START)


def test_only_the_last_answer_is_told(appointment: Appointment, people: Guide) -> None:
    told = make_notice(appointment.id, people.agathe, N.ANSWERED, version=2, about_id=people.ecoute.id)
    current = replace(appointment, version=2, invitations=(Invitation(people.ecoute.id, Answer.ACCEPTED, version=2),))
    newer = replace(appointment, version=3, invitations=(Invitation(people.ecoute.id, Answer.TENTATIVE, version=3),))
    assert still_holds(told, current, START)
    assert still_holds(told, replace(current, version=9), START)
    assert not still_holds(told, newer, START)
    assert not still_holds(told, replace(current, invitations=()), START)


def due_reminders(appointment: Appointment, now: datetime, rules: Rules) -> list[Notice]:
    wanted = dict.fromkeys(reminded(appointment), rules.reminders)
    return [n for n in booked_notices(appointment, now, wanted) if n.kind is N.REMINDER]


def reminders(appointment: Appointment, now: datetime, rules: Rules) -> Counter[int]:
    return Counter(n.minutes for n in due_reminders(appointment, now, rules))


@pytest.mark.parametrize(
    ("before", "made"),
    [
        (timedelta(hours=24, seconds=1), {1440: 2, 60: 2}),
        (timedelta(hours=24), {60: 2}),
        (timedelta(hours=2), {60: 2}),
        (timedelta(hours=1), {}),
        (timedelta(minutes=5), {}),
        (timedelta(0), {}),
    ],
)
def test_a_reminder_that_was_due_at_booking_is_not_made(
    before: timedelta, made: dict[int, int], appointment: Appointment, rules: Rules
) -> None:
    assert reminders(appointment, appointment.during.start - before, rules) == made


def test_the_organisation_chooses_its_reminders(appointment: Appointment) -> None:
    chosen = Rules(reminders=(timedelta(days=2), timedelta(minutes=15)))
    assert reminders(appointment, START, chosen) == {2880: 2, 15: 2}
    assert reminders(appointment, START, Rules(reminders=())) == {}


def test_a_reminder_falls_due_by_elapsed_time_over_a_clock_change(people: Guide, rules: Rules) -> None:
    sunday = people.appointment(id=7, during=between("2026-03-29 10:00", "12:00"))
    due = {n.minutes: n.due_at for n in due_reminders(sunday, START, rules)}
    assert due[1440] == sunday.during.start - timedelta(hours=24)


async def test_reminders_go_to_the_main_worker_and_those_who_did_not_decline(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe, parties=(guide.ecoute.ref, guide.stranger.ref, guide.gisele.ref))
    await world.answer(guide.stranger, booked, Answer.DECLINED)
    await world.told(minutes=1)
    for before in (timedelta(hours=24), timedelta(hours=1)):
        world.clock.set(TUESDAY_AT_TEN.start - before)
        assert await world.told() == [(N.REMINDER, "ecoute"), (N.REMINDER, "seforme")]
    assert await world.told(days=3) == []


async def test_a_late_sender_reminds_before_the_start_and_not_after(world: World) -> None:
    await world.book(world.guide.agathe)
    await world.quiet()
    world.clock.set(TUESDAY_AT_TEN.start - timedelta(hours=23))
    assert len(await world.told()) == 2
    world.clock.set(TUESDAY_AT_TEN.start)
    assert await world.told() == []


async def test_no_two_notices_are_the_same(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.agathe.ref, guide.ecoute.ref, guide.stranger.ref))
    moved = await world.change(guide.seforme, booked, main_worker_id=guide.ecoute.id, parties=(guide.seforme.ref,))
    await world.answer(guide.seforme, moved, Answer.DECLINED)
    await world.cancel(guide.agathe, moved)
    waiting = await unsent(world.db)
    keys = Counter((n.appointment_id, n.recipient_id, n.kind, n.version, n.minutes) for n in waiting)
    assert max(keys.values()) == 1


def test_an_ending_without_one_cannot_be_told(appointment: Appointment, people: Guide) -> None:
    with pytest.raises(ValueError, match="no ending"):
        ended_notices(appointment, people.agathe.id, START, told=True)


def test_a_short_appointment_reminds_as_a_long_one(people: Guide, rules: Rules) -> None:
    short = people.appointment(id=7, during=Interval.lasting(TUESDAY_AT_TEN.start, timedelta(minutes=1)))
    assert reminders(short, START, rules) == {1440: 2, 60: 2}
