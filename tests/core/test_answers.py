"""Answering an invitation (rule 4; guide, steps 8 and 9)."""

import asyncio
from datetime import timedelta

import pytest

from core.appointments import Answer, Appointment
from core.errors import Ended, NotFound, NotInvited, Stale, Started, TooLateToUndo
from core.invitations import answer_invitation
from core.notices import NoticeKind
from core.people import Worker
from tests.builders import between
from tests.core.world import World

N = NoticeKind
SAID = [Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE]


@pytest.fixture
async def booked(world: World) -> Appointment:
    """The guide's appointment by Agathe, whose cards are out."""
    appointment = await world.book(world.guide.agathe)
    await world.quiet()
    return appointment


async def seen(world: World, viewer: Worker, appointment: Appointment) -> Answer:
    [(_, answer)] = (await world.view(viewer, appointment)).workers
    return answer


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.TENTATIVE])
async def test_an_answer_shows_to_all_and_is_told_to_the_organiser(every_world: World, answer: Answer) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    answered = await world.answer(guide.ecoute, booked, answer)
    assert await world.find(booked) == answered
    for worker in (guide.agathe, guide.seforme, guide.ecoute):
        assert await seen(world, worker, booked) is answer
    sent = await world.deliver()
    assert world.aloud(sent) == [(N.ANSWERED, "Agathe")]
    assert (sent[0].kind, sent[0].recipient_id) == (N.REFRESH, guide.ecoute.id), "the clicked copy comes first"
    assert {n.recipient_id for n in sent if n.kind is N.REFRESH} == {
        guide.agathe.id, guide.seforme.id, guide.ecoute.id,
    }  # fmt: skip
    assert [n.about_id for n in sent if n.kind is N.ANSWERED] == [guide.ecoute.id]
    assert await world.waiting(guide.ecoute) == 0
    assert await world.told(days=1) == []


async def test_a_decline_is_told_when_it_can_no_longer_be_undone(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    await world.answer(guide.ecoute, booked, Answer.DECLINED)
    assert await seen(world, guide.ecoute, booked) is Answer.DECLINED
    assert await seen(world, guide.agathe, booked) is Answer.PENDING
    assert await world.refreshed() == ["ecoute"]
    world.clock.advance(world.rules.undo)
    assert await seen(world, guide.agathe, booked) is Answer.DECLINED
    sent = await world.deliver()
    assert world.aloud(sent) == [(N.ANSWERED, "Agathe")]
    assert {(n.kind, n.recipient_id) for n in sent if n.kind is not N.ANSWERED} == {
        (N.SETTLED, guide.ecoute.id),
        (N.REFRESH, guide.agathe.id),
        (N.REFRESH, guide.seforme.id),
    }


@pytest.mark.parametrize("before", [Answer.PENDING, Answer.ACCEPTED, Answer.TENTATIVE])
async def test_a_decline_that_is_undone_was_never_told(every_world: World, before: Answer) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    if before is not Answer.PENDING:
        booked = await world.answer(guide.ecoute, booked, before)
    await world.quiet()
    declined = await world.answer(guide.ecoute, booked, Answer.DECLINED)
    restored = await world.undo_decline(guide.ecoute, declined)
    assert restored.invitations[0].answer is before
    assert restored.invitations[0].settles_at is None
    assert await world.refreshed() == ["ecoute"]
    assert await world.told(minutes=1) == []
    assert await seen(world, guide.agathe, booked) is before
    kept = [a for _, a, _ in await world.db.read(lambda tx: tx.appointments.answers(booked.id))]
    assert kept[-2:] == ["declined", before]


async def test_after_an_undo_the_invitation_is_answered_as_ever(world: World, booked: Appointment) -> None:
    ecoute = world.guide.ecoute
    restored = await world.undo_decline(ecoute, await world.answer(ecoute, booked, Answer.DECLINED))
    answered = await world.answer(ecoute, restored, Answer.ACCEPTED)
    assert answered.invitations[0].sequence == 3
    assert await world.told(minutes=1) == [(N.ANSWERED, "Agathe")]


async def test_undo_comes_too_late_when_the_decline_has_settled(world: World, booked: Appointment) -> None:
    declined = await world.answer(world.guide.ecoute, booked, Answer.DECLINED)
    world.clock.advance(world.rules.undo)
    with pytest.raises(TooLateToUndo):
        await world.undo_decline(world.guide.ecoute, declined)


async def test_undo_on_an_old_card_is_refused(world: World, booked: Appointment) -> None:
    ecoute = world.guide.ecoute
    declined = await world.answer(ecoute, booked, Answer.DECLINED)
    await world.answer(ecoute, declined, Answer.TENTATIVE)
    with pytest.raises(Stale):
        await world.undo_decline(ecoute, declined)


async def test_there_is_nothing_to_undo_in_an_acceptance(world: World, booked: Appointment) -> None:
    accepted = await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)
    with pytest.raises(TooLateToUndo):
        await world.undo_decline(world.guide.ecoute, accepted)


async def test_who_declines_and_then_accepts_is_told_once(world: World, booked: Appointment) -> None:
    declined = await world.answer(world.guide.ecoute, booked, Answer.DECLINED)
    await world.answer(world.guide.ecoute, declined, Answer.ACCEPTED)
    assert await world.told() == [(N.ANSWERED, "Agathe")]
    assert await seen(world, world.guide.agathe, booked) is Answer.ACCEPTED
    assert await world.told(minutes=1) == []


async def test_who_declines_and_goes_back_by_himself_is_not_told(world: World, booked: Appointment) -> None:
    ecoute = world.guide.ecoute
    accepted = await world.answer(ecoute, booked, Answer.ACCEPTED)
    await world.quiet()
    declined = await world.answer(ecoute, accepted, Answer.DECLINED)
    await world.answer(ecoute, declined, Answer.ACCEPTED)
    assert await world.told(minutes=1) == []


async def test_a_second_decline_after_a_change_of_mind_is_told_when_it_settles(
    world: World, booked: Appointment
) -> None:
    ecoute, agathe = world.guide.ecoute, world.guide.agathe
    once = await world.answer(ecoute, booked, Answer.DECLINED)
    tentative = await world.answer(ecoute, once, Answer.TENTATIVE)
    await world.answer(ecoute, tentative, Answer.DECLINED)
    assert await seen(world, agathe, booked) is Answer.TENTATIVE
    world.clock.advance(world.rules.undo)
    assert await seen(world, agathe, booked) is Answer.DECLINED
    assert world.aloud(await world.deliver()) == [(N.ANSWERED, "Agathe")]


async def test_a_mind_may_change_until_the_start_and_every_answer_is_kept(world: World, booked: Appointment) -> None:
    now = world.clock.now()
    for answer in (*SAID, Answer.ACCEPTED):
        booked = await world.answer(world.guide.ecoute, booked, answer)
        world.clock.advance(hours=1)
    kept = await world.db.read(lambda tx: tx.appointments.answers(booked.id))
    assert [(a, int((at - now) / timedelta(hours=1))) for _, a, at in kept] == [
        ("accepted", 0), ("declined", 1), ("tentative", 2), ("accepted", 3),
    ]  # fmt: skip
    audit = [action for _, action, _, _ in await world.db.read(lambda tx: tx.audit.of(booked.id))]
    assert audit == ["booked", "accepted", "declined", "tentative", "accepted"]


@pytest.mark.parametrize("answer", SAID)
async def test_the_same_answer_again_does_nothing(world: World, booked: Appointment, answer: Answer) -> None:
    once = await world.answer(world.guide.ecoute, booked, answer)
    await world.told(minutes=1)
    assert await world.answer(world.guide.ecoute, once, answer) == once
    assert await world.find(booked) == once
    assert await world.deliver() == []


async def test_a_second_click_on_the_same_card_is_stale(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    answered = await world.answer(guide.ecoute, booked, Answer.ACCEPTED)
    for answer in SAID:
        with pytest.raises(Stale):
            await world.answer(guide.ecoute, booked, answer)
    assert await world.find(booked) == answered


async def test_of_many_clicks_at_once_one_acts(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    clicks = [world.answer(guide.ecoute, booked, SAID[n % 3]) for n in range(9)]
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(o, Appointment) for o in outcomes) == 1
    assert sum(isinstance(o, Stale) for o in outcomes) == 8
    assert len(await world.db.read(lambda tx: tx.appointments.answers(booked.id))) == 1
    assert len(await world.told(minutes=1)) == 1


async def test_answers_of_different_people_at_once_are_all_kept(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe, parties=(guide.ecoute.ref, guide.stranger.ref))
    await asyncio.gather(
        world.answer(guide.ecoute, booked, Answer.ACCEPTED), world.answer(guide.stranger, booked, Answer.TENTATIVE)
    )
    found = await world.find(booked)
    assert [i.answer for i in found.invitations] == [Answer.ACCEPTED, Answer.TENTATIVE]
    assert found.version == booked.version + 2


async def test_a_card_from_before_a_move_is_stale(world: World, booked: Appointment) -> None:
    moved = await world.change(world.guide.agathe, booked, during=between("2026-01-28 10:00", "12:00"))
    with pytest.raises(Stale):
        await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)
    assert await world.find(booked) == moved


async def test_a_card_from_before_a_change_of_place_is_stale(world: World, booked: Appointment) -> None:
    await world.change(world.guide.agathe, booked, place=None)
    with pytest.raises(Stale):
        await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)


@pytest.mark.parametrize(("revision", "sequence"), [(0, 0), (2, 0), (1, 1), (1, -1)])
async def test_a_made_up_token_is_stale(world: World, booked: Appointment, revision: int, sequence: int) -> None:
    with pytest.raises(Stale):
        await world.store(
            lambda tx: answer_invitation(
                tx, world.guide.ecoute, booked.id, revision, sequence, Answer.ACCEPTED, world.clock.now(), world.rules
            )
        )


@pytest.mark.parametrize("who", ["agathe", "seforme", "stranger"])
async def test_only_the_invited_person_answers(world: World, booked: Appointment, who: str) -> None:
    worker: Worker = getattr(world.guide, who)
    with pytest.raises(NotInvited):
        await world.answer(worker, booked, Answer.ACCEPTED)
    assert await world.find(booked) == booked


async def test_an_unknown_appointment_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.answer(world.guide.ecoute, world.guide.appointment(id=404), Answer.ACCEPTED)


async def test_what_has_begun_is_not_answered(world: World, booked: Appointment) -> None:
    world.clock.set(booked.during.start - timedelta(microseconds=1))
    accepted = await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)
    world.clock.set(booked.during.start)
    with pytest.raises(Started):
        await world.answer(world.guide.ecoute, accepted, Answer.DECLINED)


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_what_has_ended_is_not_answered(world: World, booked: Appointment, how: str) -> None:
    agathe, ecoute = world.guide.agathe, world.guide.ecoute
    await (world.cancel(agathe, booked) if how == "cancel" else world.delete(agathe, booked))
    accepted = await world.answer(ecoute, booked, Answer.ACCEPTED)  # for him it still stands
    world.clock.advance(world.rules.undo)
    with pytest.raises(Ended):
        await world.answer(ecoute, accepted, Answer.DECLINED)
    assert await world.told() == [
        (N.CANCELLED if how == "cancel" else N.DELETED, name) for name in ("ecoute", "seforme")
    ]


async def test_a_removed_worker_can_no_longer_answer(world: World, booked: Appointment) -> None:
    await world.change(world.guide.agathe, booked, parties=(world.guide.gisele.ref,))
    with pytest.raises(NotInvited):
        await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)


async def test_the_creators_own_answer_is_told_to_nobody(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.agathe.ref, guide.gisele.ref))
    await world.quiet()
    await world.answer(guide.agathe, booked, Answer.TENTATIVE)
    assert await world.told(minutes=1) == []


async def test_an_answer_overtaken_by_a_move_is_not_told(world: World, booked: Appointment) -> None:
    answered = await world.answer(world.guide.ecoute, booked, Answer.ACCEPTED)
    await world.change(world.guide.seforme, answered, during=between("2026-01-28 10:00", "12:00"))
    assert N.ANSWERED not in [kind for kind, _ in await world.told()]


async def test_an_answer_followed_by_a_comment_is_told(world: World, booked: Appointment) -> None:
    declined = await world.answer(world.guide.ecoute, booked, Answer.DECLINED)
    await world.change(world.guide.agathe, declined, comment="x")
    world.clock.advance(world.rules.undo)
    assert (N.ANSWERED, "Agathe") in await world.told()
