"""A new time asks everyone again; anything else only tells (rule 5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.appointments import Answer, Appointment
from core.booking import NewPlace
from core.errors import CaseNotFound, Ended, InThePast, MissingChoice, NotAllowed, NotFound, Stale, Started, TooLong
from core.notices import NoticeKind
from core.people import Client, Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, between, unsent
from tests.core.world import World

LATER = between("2026-01-28 10:00", "12:00")
N = NoticeKind


@pytest.fixture
async def booked(world: World) -> Appointment:
    """The guide's appointment by Agathe, whose cards are out."""
    appointment = await world.book(world.guide.agathe)
    await world.quiet()
    return appointment


async def test_a_new_time_asks_every_invitee_again(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    parties = (guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref)
    booked = await world.book(guide.agathe, parties=parties)
    booked = await world.answer(guide.ecoute, booked, Answer.ACCEPTED)
    booked = await world.answer(guide.stranger, booked, Answer.DECLINED)
    await world.told(minutes=1)
    moved = await world.change(guide.agathe, booked, during=LATER)
    assert (moved.during, moved.revision, moved.version) == (LATER, 2, booked.version + 1)
    assert [(i.answer, i.sequence, i.settles_at) for i in moved.invitations] == [(Answer.PENDING, 2, None)] * 2
    assert await world.find(moved) == moved
    assert await world.told() == [(N.INVITED, "ecoute"), (N.INVITED, "Étienne"), (N.MOVED, "seforme")]
    assert await world.waiting(guide.ecoute) == 1
    kept = await world.db.read(lambda tx: tx.appointments.answers(booked.id))
    assert [answer for _, answer, _ in kept] == ["accepted", "declined", "pending", "pending"]


async def test_who_may_be_missing_is_asked_again_too_and_may_still_be_missing(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe, optional=frozenset({guide.ecoute.id}))
    booked = await world.answer(guide.ecoute, booked, Answer.ACCEPTED)
    await world.quiet()
    moved = await world.change(guide.agathe, booked, during=LATER)
    assert [(i.answer, i.optional) for i in moved.invitations] == [(Answer.PENDING, True)]
    assert await world.find(moved) == moved
    assert (N.INVITED, "ecoute") in await world.told()


async def test_who_becomes_optional_is_told_and_not_asked_again(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.answer(guide.ecoute, await world.book(guide.agathe), Answer.ACCEPTED)
    await world.quiet()
    changed = await world.change(guide.agathe, booked, optional=frozenset({guide.ecoute.id}))
    assert [(i.answer, i.optional) for i in changed.invitations] == [(Answer.ACCEPTED, True)]
    assert await world.find(changed) == changed
    assert await world.told() == [(N.CHANGED, "ecoute"), (N.CHANGED, "seforme")]


async def test_a_new_length_is_a_new_time(world: World, booked: Appointment) -> None:
    await world.change(world.guide.agathe, booked, during=between("2026-01-27 10:00", "12:15"))
    assert (N.INVITED, "ecoute") in await world.told()


async def test_a_creator_who_is_invited_is_not_asked_about_his_own_move(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.agathe.ref, guide.ecoute.ref))
    await world.quiet()
    moved = await world.change(guide.agathe, booked, during=LATER)
    assert [(i.worker_id, i.answer) for i in moved.invitations] == [
        (guide.agathe.id, Answer.ACCEPTED),
        (guide.ecoute.id, Answer.PENDING),
    ]
    assert await world.told() == [(N.INVITED, "ecoute"), (N.MOVED, "seforme")]


async def test_the_organiser_hears_of_anothers_move(world: World, booked: Appointment) -> None:
    await world.change(world.guide.seforme, booked, during=LATER)
    assert await world.told() == [(N.INVITED, "ecoute"), (N.MOVED, "Agathe")]


@pytest.mark.parametrize("changes", [{"comment": "Premier étage"}, {"place": None}, {"place": NewPlace("Namur")}])
async def test_a_new_place_or_comment_only_tells(every_world: World, changes: dict[str, Any]) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.answer(guide.ecoute, await world.book(guide.agathe), Answer.ACCEPTED)
    await world.quiet()
    changed = await world.change(guide.agathe, booked, **changes)
    assert changed.invitations == booked.invitations
    assert changed.revision == 2
    assert await world.find(changed) == changed
    assert await world.told() == [(N.CHANGED, "ecoute"), (N.CHANGED, "seforme")]
    assert await world.waiting(guide.ecoute) == 0


async def test_every_copy_is_refreshed_by_a_change(world: World, booked: Appointment) -> None:
    await world.change(world.guide.agathe, booked, comment="Premier étage")
    assert await world.refreshed() == ["Agathe", "ecoute", "seforme"]


async def test_two_changes_before_the_first_is_told_tell_once(world: World, booked: Appointment) -> None:
    once = await world.change(world.guide.agathe, booked, comment="a")
    await world.change(world.guide.agathe, once, comment="b")
    assert await world.told() == [(N.CHANGED, "ecoute"), (N.CHANGED, "seforme")]


async def test_two_moves_before_the_first_is_told_tell_once(world: World, booked: Appointment) -> None:
    once = await world.change(world.guide.agathe, booked, during=LATER)
    await world.change(world.guide.agathe, once, during=between("2026-01-29 10:00", "12:00"))
    assert await world.told() == [(N.INVITED, "ecoute"), (N.MOVED, "seforme")]


async def test_sending_the_form_unchanged_does_nothing(world: World, booked: Appointment) -> None:
    before = await unsent(world.db)
    assert await world.change(world.guide.agathe, booked) == booked
    assert await world.find(booked) == booked
    assert await unsent(world.db) == before


async def test_an_added_worker_is_invited_and_the_others_told(world: World, booked: Appointment) -> None:
    guide = world.guide
    changed = await world.change(guide.agathe, booked, parties=(*booked.parties, guide.stranger.ref))
    assert [(i.worker_id, i.answer) for i in changed.invitations] == [
        (guide.ecoute.id, Answer.PENDING),
        (guide.stranger.id, Answer.PENDING),
    ]
    assert await world.told() == [(N.CHANGED, "ecoute"), (N.CHANGED, "seforme"), (N.INVITED, "Étienne")]


async def test_a_removed_worker_is_told_and_asked_nothing_more(world: World, booked: Appointment) -> None:
    guide = world.guide
    changed = await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    assert changed.invitations == ()
    told = await world.deliver()
    assert world.aloud(told) == [(N.CHANGED, "seforme"), (N.REMOVED, "ecoute")]
    assert (N.REFRESH, guide.ecoute.id) in [(n.kind, n.recipient_id) for n in told], (
        "his old card is brought up to date"
    )
    assert await world.waiting(guide.ecoute) == 0


async def test_a_removed_worker_gets_no_reminder(world: World, booked: Appointment) -> None:
    guide = world.guide
    await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    await world.quiet()
    world.clock.set(TUESDAY_AT_TEN.start - timedelta(hours=1))
    assert {name for _, name in await world.told()} == {"seforme"}


async def test_who_comes_back_is_asked_anew_and_reminded_once(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.answer(guide.ecoute, await world.book(guide.agathe), Answer.ACCEPTED)
    alone = await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    back = await world.change(guide.agathe, alone, parties=booked.parties)
    assert [(i.answer, i.sequence) for i in back.invitations] == [(Answer.PENDING, 0)]
    assert (N.INVITED, "ecoute") in await world.told()
    world.clock.set(TUESDAY_AT_TEN.start - timedelta(hours=24))
    assert await world.told() == [(N.REMINDER, "ecoute"), (N.REMINDER, "seforme")]
    world.clock.set(TUESDAY_AT_TEN.start - timedelta(hours=1))
    assert await world.told() == [(N.REMINDER, "ecoute"), (N.REMINDER, "seforme")]


async def test_who_comes_back_cannot_answer_with_his_old_card(world: World, booked: Appointment) -> None:
    guide = world.guide
    alone = await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    await world.change(guide.agathe, alone, parties=booked.parties)
    with pytest.raises(Stale):
        await world.answer(guide.ecoute, booked, Answer.ACCEPTED)


async def test_a_new_main_worker_is_shown_it_and_everyone_asked_again(world: World, booked: Appointment) -> None:
    guide = world.guide
    moved = await world.change(
        guide.agathe, booked, main_worker_id=guide.stranger.id, parties=(*booked.parties, guide.seforme.ref)
    )
    assert [(i.worker_id, i.answer) for i in moved.invitations] == [
        (guide.ecoute.id, Answer.PENDING),
        (guide.seforme.id, Answer.PENDING),
    ]
    assert await world.told() == [(N.INVITED, "ecoute"), (N.INVITED, "seforme"), (N.SHOWN, "Étienne")]


async def test_an_invited_worker_who_becomes_the_main_one_is_told(world: World, booked: Appointment) -> None:
    guide = world.guide
    moved = await world.change(guide.agathe, booked, main_worker_id=guide.ecoute.id)
    assert moved.parties == (guide.gisele.ref,)
    assert moved.invitations == ()
    assert await world.told() == [(N.REASSIGNED, "ecoute"), (N.REMOVED, "seforme")]


async def test_the_main_worker_hands_over_and_is_out_of_it(world: World, booked: Appointment) -> None:
    guide = world.guide
    await world.change(guide.seforme, booked, main_worker_id=guide.stranger.id)
    assert await world.told() == [(N.INVITED, "ecoute"), (N.REASSIGNED, "Agathe"), (N.SHOWN, "Étienne")]


async def test_a_new_time_and_main_worker_are_told_as_a_move(world: World, booked: Appointment) -> None:
    guide = world.guide
    await world.change(guide.seforme, booked, main_worker_id=guide.stranger.id, during=LATER)
    assert await world.told() == [(N.INVITED, "ecoute"), (N.MOVED, "Agathe"), (N.SHOWN, "Étienne")]


async def test_given_on_twice_before_it_is_told_tells_once(world: World, booked: Appointment) -> None:
    guide = world.guide
    once = await world.change(guide.seforme, booked, main_worker_id=guide.stranger.id)
    await world.change(guide.stranger, once, main_worker_id=guide.seforme.id)
    assert (await world.told()).count((N.REASSIGNED, "Agathe")) == 1


async def test_reminders_follow_a_move(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.change(guide.agathe, booked, during=LATER)
    await world.quiet()
    world.clock.set(TUESDAY_AT_TEN.start)
    assert [k for k, _ in await world.told()] == [N.REMINDER] * 2, "the day before the new time"
    world.clock.set(LATER.start - timedelta(hours=1))
    assert await world.told() == [(N.REMINDER, "ecoute"), (N.REMINDER, "seforme")]


async def test_a_move_away_and_back_reminds_once(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    away = await world.change(guide.agathe, booked, during=LATER)
    back = await world.change(guide.agathe, away, during=TUESDAY_AT_TEN)
    await world.quiet()
    reminders = [n for n in await unsent(world.db) if n.kind is N.REMINDER]
    assert sorted((n.recipient_id, n.minutes) for n in reminders) == [
        (worker.id, minutes) for worker in (guide.seforme, guide.ecoute) for minutes in (60, 1440)
    ]
    assert {n.expires_at for n in reminders} == {back.during.start}
    assert {n.version for n in reminders} == {back.revision}


async def test_a_comment_leaves_reminders_as_they_are(world: World, booked: Appointment) -> None:
    before = [n for n in await unsent(world.db) if n.kind is N.REMINDER]
    await world.change(world.guide.agathe, booked, comment="Premier étage")
    assert [n for n in await unsent(world.db) if n.kind is N.REMINDER] == before


@pytest.mark.parametrize(
    ("actor", "allowed"), [("agathe", True), ("seforme", True), ("ecoute", False), ("stranger", False)]
)
async def test_who_may_change_it(world: World, booked: Appointment, actor: str, allowed: bool) -> None:
    worker: Worker = getattr(world.guide, actor)
    if allowed:
        assert (await world.change(worker, booked, comment="x")).comment == "x"
    else:
        with pytest.raises(NotAllowed):
            await world.change(worker, booked, comment="x")


async def test_the_lead_of_the_case_may_change_what_concerns_him_not(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, main_worker_id=guide.agathe.id)
    changed = await world.change(guide.seforme, booked, comment="par le référent")
    assert changed.comment == "par le référent"
    await world.quiet()
    with pytest.raises(NotAllowed):
        await world.change(guide.stranger, changed, comment="x")


async def test_a_confidential_appointment_is_not_there_for_others(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, case_number=1290, parties=(guide.gisele.ref,))
    with pytest.raises(NotFound):
        await world.change(guide.stranger, booked, comment="x")


async def test_a_change_of_an_old_card_is_refused(world: World, booked: Appointment) -> None:
    changed = await world.change(world.guide.agathe, booked, comment="new")
    with pytest.raises(Stale):
        await world.change(world.guide.seforme, booked, comment="old")
    assert await world.find(booked) == changed


async def test_an_answer_in_between_makes_no_form_stale(world: World, booked: Appointment) -> None:
    await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)
    changed = await world.change(world.guide.agathe, booked, comment="new")
    assert changed.invitations[0].answer is Answer.ACCEPTED


async def test_what_has_begun_cannot_be_changed(world: World, booked: Appointment) -> None:
    world.clock.set(booked.during.start)
    with pytest.raises(Started):
        await world.change(world.guide.agathe, booked, during=LATER)


async def test_what_is_cancelled_cannot_be_changed(world: World, booked: Appointment) -> None:
    await world.cancel(world.guide.agathe, booked)
    with pytest.raises(Ended):
        await world.change(world.guide.agathe, booked, comment="x")


async def test_what_another_is_cancelling_cannot_be_changed(world: World, booked: Appointment) -> None:
    """Both would else lose: the change is told, and then the cancellation."""
    await world.cancel(world.guide.agathe, booked)
    with pytest.raises(Ended):
        await world.change(world.guide.seforme, booked, during=LATER)
    await world.undo(world.guide.agathe, booked)
    assert (await world.change(world.guide.seforme, booked, during=LATER)).during == LATER


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"during": between("2026-01-19 10:00", "12:00")}, InThePast),
        ({"during": between("2026-01-28 08:00", "20:30")}, TooLong),
        ({"parties": ()}, MissingChoice),
        ({"case_number": 404}, CaseNotFound),
        ({"place": 404}, NotFound),
        ({"main_worker_id": 404}, NotFound),
    ],
)
async def test_a_refused_change_changes_nothing(
    world: World, booked: Appointment, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    before = await unsent(world.db)
    with pytest.raises(refusal):
        await world.change(world.guide.agathe, booked, **changes)
    assert await world.find(booked) == booked
    assert await unsent(world.db) == before


async def test_what_was_booked_long_ago_may_keep_its_hour_while_it_is_edited(world: World) -> None:
    """The hour is checked when it changes: a comment on what lasts too long by today's rules is no booking."""
    guide = world.guide
    long = guide.appointment(main_worker_id=guide.agathe.id, during=between("2026-01-27 06:00", "20:00"))
    stored = await world.store(lambda tx: tx.appointments.add(long))
    assert (await world.change(guide.agathe, stored, comment="x")).comment == "x"


async def test_who_has_left_since_stays_until_he_is_taken_off(world: World, booked: Appointment) -> None:
    guide = world.guide
    for worker in (guide.ecoute, guide.seforme):
        await world.store(lambda tx, worker=worker: tx.people.save_worker(replace(worker, active=False)))  # type: ignore[misc]
    changed = await world.change(guide.agathe, booked, comment="x")
    assert changed.worker_ids == (guide.ecoute.id,)


async def test_a_client_who_has_left_the_case_stays_until_he_is_taken_off(world: World, booked: Appointment) -> None:
    guide = world.guide
    brother = await world.store(lambda tx: tx.people.save_client("b", Client(0, "Marc", "Lafraise")))
    await world.store(lambda tx: tx.cases.save(replace(guide.case, clients=(brother,))))
    changed = await world.change(guide.agathe, booked, parties=(*booked.parties, brother.ref))
    assert changed.parties == (*booked.parties, brother.ref)


async def test_the_zone_follows_the_hour(world: World, booked: Appointment) -> None:
    edited = await world.change(world.guide.agathe, booked, comment="x", zone="America/New_York")
    assert edited.zone == booked.zone
    moved = await world.change(world.guide.agathe, edited, during=LATER, zone="America/New_York")
    assert moved.zone == "America/New_York"


async def test_a_reminder_already_due_after_a_move_is_not_made(world: World, booked: Appointment) -> None:
    soon = Interval.lasting(world.clock.now() + timedelta(hours=2), timedelta(hours=1))
    await world.change(world.guide.seforme, booked, during=soon)
    reminders = [n for n in await unsent(world.db) if n.kind is N.REMINDER]
    assert {n.minutes for n in reminders} == {60}
