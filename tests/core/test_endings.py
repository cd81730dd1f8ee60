"""Cancel, delete, Undo: what others see before and after (rule 6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer, Appointment, EndingKind
from core.errors import BadText, Ended, NotAllowed, NotFound, SlotTaken, Stale, Started, TextTooLong, TooLateToUndo
from core.notices import NoticeKind
from core.people import Worker
from core.views import view_appointment, view_case
from tests.builders import between, unsent
from tests.core.world import World

N = NoticeKind


@pytest.fixture
async def booked(world: World) -> Appointment:
    """The guide's appointment by Agathe, whose cards are out."""
    appointment = await world.book(world.guide.agathe)
    await world.quiet()
    return appointment


async def ended(world: World, viewer: Worker, appointment: Appointment) -> EndingKind | None:
    return (await world.view(viewer, appointment)).ended


async def listed(world: World, viewer: Worker) -> list[int]:
    view = await world.db.read(lambda tx: view_case(tx, viewer, 1285, world.clock.now()))
    return [a.appointment.id for a in view.appointments]


async def test_a_cancellation_is_seen_by_others_when_it_settles(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    cancelled = await world.cancel(guide.agathe, booked, "  malade ")
    assert await world.find(booked) == cancelled
    assert cancelled.ending is not None
    assert (cancelled.ending.kind, cancelled.ending.by_id, cancelled.ending.reason) == (
        EndingKind.CANCELLED, guide.agathe.id, "malade",
    )  # fmt: skip
    others = (guide.seforme, guide.ecoute)
    assert await ended(world, guide.agathe, booked) is EndingKind.CANCELLED
    assert [await ended(world, w, booked) for w in others] == [None, None]
    assert [(await world.view(w, booked)).ended_by for w in others] == [None, None]
    assert await world.waiting(guide.ecoute) == 1
    assert await world.refreshed() == ["Agathe"]
    world.clock.advance(world.rules.undo)
    assert [await ended(world, w, booked) for w in others] == [EndingKind.CANCELLED] * 2
    assert (await world.view(guide.ecoute, booked)).ended_by == guide.agathe
    assert await world.waiting(guide.ecoute) == 0
    sent = await world.deliver()
    assert world.aloud(sent) == [(N.CANCELLED, "ecoute"), (N.CANCELLED, "seforme")]
    assert {(n.kind, n.recipient_id) for n in sent if n.kind is not N.CANCELLED} == {
        (N.SETTLED, guide.agathe.id), (N.REFRESH, guide.seforme.id), (N.REFRESH, guide.ecoute.id),
    }  # fmt: skip
    assert booked.id in await listed(world, guide.ecoute), "a cancelled appointment stays in the case"


async def test_a_deletion_takes_it_out_of_sight_and_keeps_the_audit(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    await world.delete(guide.agathe, booked)
    assert await listed(world, guide.agathe) == []
    assert await listed(world, guide.ecoute) == [booked.id]
    assert (
        await world.db.read(lambda tx: view_appointment(tx, guide.ecoute, booked.id, world.clock.now()))
    ).ended is None
    assert await world.told() == []
    assert await world.told(seconds=10) == [(N.DELETED, "ecoute"), (N.DELETED, "seforme")]
    assert await listed(world, guide.ecoute) == []
    for worker in guide.workers:
        with pytest.raises(Ended):
            await world.db.read(
                lambda tx, worker=worker: view_appointment(tx, worker, booked.id, world.clock.now())  # type: ignore[misc]
            )
    audit = [action for _, action, _, _ in await world.db.read(lambda tx: tx.audit.of(booked.id))]
    assert audit == ["booked", "deleted"]


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_an_undo_leaves_no_trace_with_others(every_world: World, how: str) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    await world.quiet()
    await (world.cancel(guide.agathe, booked) if how == "cancel" else world.delete(guide.agathe, booked))
    world.clock.advance(world.rules.undo - timedelta(microseconds=1))
    restored = await world.undo(guide.agathe, booked)
    assert restored.ending is None
    assert await world.find(booked) == restored
    assert await world.refreshed() == ["Agathe"]
    assert await world.told(minutes=1) == []
    for worker in guide.workers[:3]:
        assert await ended(world, worker, booked) is None
    with pytest.raises(SlotTaken):
        await world.book(guide.ecoute, parties=(guide.gisele.ref,))
    assert (await world.answer(guide.ecoute, booked, Answer.ACCEPTED)).version > restored.version


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_undo_comes_too_late_when_it_has_settled(world: World, booked: Appointment, how: str) -> None:
    agathe = world.guide.agathe
    await (world.cancel(agathe, booked) if how == "cancel" else world.delete(agathe, booked))
    world.clock.advance(world.rules.undo)
    with pytest.raises(TooLateToUndo):
        await world.undo(agathe, booked)


async def test_only_who_ended_it_may_undo(world: World, booked: Appointment) -> None:
    await world.cancel(world.guide.agathe, booked)
    for worker in (world.guide.seforme, world.guide.ecoute):
        with pytest.raises(TooLateToUndo):
            await world.undo(worker, booked)
    with pytest.raises(NotFound):
        await world.undo(world.guide.agathe, replace(booked, id=404))


async def test_there_is_nothing_to_undo_while_it_stands(world: World, booked: Appointment) -> None:
    with pytest.raises(TooLateToUndo):
        await world.undo(world.guide.agathe, booked)


async def test_who_cancels_twice_is_told_of_once(world: World, booked: Appointment) -> None:
    agathe = world.guide.agathe
    await world.cancel(agathe, booked)
    world.clock.advance(seconds=2)
    await world.undo(agathe, booked)
    world.clock.advance(seconds=2)
    await world.cancel(agathe, booked)
    assert await world.told(minutes=5) == [(N.CANCELLED, "ecoute"), (N.CANCELLED, "seforme")], "even by a slow sender"


async def test_deleting_what_was_cancelled_tells_nobody_again(world: World, booked: Appointment) -> None:
    agathe, ecoute = world.guide.agathe, world.guide.ecoute
    await world.cancel(agathe, booked)
    await world.told(seconds=10)
    deleted = await world.delete(agathe, booked)
    assert deleted.ending is not None
    assert deleted.ending.was_cancelled
    assert await ended(world, ecoute, booked) is EndingKind.CANCELLED
    assert await ended(world, agathe, booked) is EndingKind.DELETED
    assert await world.told(minutes=1) == []
    assert await ended(world, ecoute, booked) is EndingKind.DELETED


async def test_undoing_that_deletion_leaves_the_cancellation_as_it_was(world: World, booked: Appointment) -> None:
    agathe, seforme = world.guide.agathe, world.guide.seforme
    await world.cancel(agathe, booked, "malade")
    await world.told(seconds=10)
    await world.delete(seforme, booked)
    await world.undo(seforme, booked)
    for worker in world.guide.workers[:3]:
        view = await world.view(worker, booked)
        assert view.ended is EndingKind.CANCELLED
        assert view.ended_by == agathe, "it was she who had cancelled it"
        assert view.appointment.ending is not None
        assert view.appointment.ending.reason == "malade"
    with pytest.raises(TooLateToUndo):
        await world.undo(agathe, booked)
    assert await world.told(minutes=1) == []


async def test_a_cancellation_is_told_although_it_was_deleted_before_the_sender_came(
    world: World, booked: Appointment
) -> None:
    await world.cancel(world.guide.agathe, booked)
    world.clock.advance(seconds=20)
    await world.delete(world.guide.agathe, booked)
    assert await world.told(minutes=5) == [(N.CANCELLED, "ecoute"), (N.CANCELLED, "seforme")]


async def test_deleting_while_the_cancellation_can_be_undone_tells_of_the_deletion(
    world: World, booked: Appointment
) -> None:
    agathe = world.guide.agathe
    await world.cancel(agathe, booked)
    world.clock.advance(seconds=5)
    deleted = await world.delete(agathe, booked)
    assert deleted.ending is not None
    assert not deleted.ending.was_cancelled
    assert await world.told(seconds=5) == []
    assert await world.told(seconds=5) == [(N.DELETED, "ecoute"), (N.DELETED, "seforme")]


async def test_deleting_what_is_over_tells_nobody(world: World, booked: Appointment) -> None:
    world.clock.set(booked.during.end)
    await world.quiet()
    await world.delete(world.guide.agathe, booked)
    assert await world.told(minutes=1) == []
    assert await ended(world, world.guide.ecoute, booked) is EndingKind.DELETED


async def test_who_had_declined_is_not_told_of_the_end(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.ecoute.ref, guide.stranger.ref))
    await world.answer(guide.ecoute, booked, Answer.DECLINED)
    await world.told(minutes=1)
    await world.cancel(guide.seforme, booked)
    world.clock.advance(world.rules.undo)
    sent = await world.deliver()
    assert world.aloud(sent) == [(N.CANCELLED, "Agathe"), (N.CANCELLED, "Étienne")]
    assert (N.REFRESH, guide.ecoute.id) in [(n.kind, n.recipient_id) for n in sent]


async def test_an_organiser_who_had_declined_is_told_of_the_end(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.agathe.ref, guide.gisele.ref))
    declined = await world.answer(guide.agathe, booked, Answer.DECLINED)
    await world.told(minutes=1)
    await world.cancel(guide.seforme, declined)
    assert await world.told(minutes=1) == [(N.CANCELLED, "Agathe")]


@pytest.mark.parametrize(
    ("who", "allowed"), [("agathe", True), ("seforme", True), ("ecoute", False), ("stranger", False)]
)
@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_who_may_end_it(world: World, booked: Appointment, who: str, allowed: bool, how: str) -> None:
    worker: Worker = getattr(world.guide, who)
    end = world.cancel if how == "cancel" else world.delete
    if allowed:
        assert (await end(worker, booked)).ending is not None
    else:
        with pytest.raises(NotAllowed):
            await end(worker, booked)
        assert await world.find(booked) == booked


async def test_the_lead_of_the_case_may_end_it(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, main_worker_id=guide.agathe.id)
    assert (await world.cancel(guide.seforme, booked)).ending is not None


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_a_confidential_one_is_not_there_for_others(world: World, how: str) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, case_number=1290, parties=(guide.gisele.ref,))
    with pytest.raises(NotFound):
        await (world.cancel if how == "cancel" else world.delete)(guide.ecoute, booked)


async def test_what_has_begun_is_deleted_and_not_cancelled(world: World, booked: Appointment) -> None:
    world.clock.set(booked.during.start)
    with pytest.raises(Started):
        await world.cancel(world.guide.agathe, booked)
    assert (await world.delete(world.guide.agathe, booked)).ending is not None


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_an_old_card_ends_nothing(world: World, booked: Appointment, how: str) -> None:
    changed = await world.change(world.guide.seforme, booked, comment="x")
    with pytest.raises(Stale):
        await (world.cancel if how == "cancel" else world.delete)(world.guide.agathe, booked)
    assert await world.find(booked) == changed


async def test_a_second_cancellation_is_refused(world: World, booked: Appointment) -> None:
    agathe, seforme = world.guide.agathe, world.guide.seforme
    await world.cancel(agathe, booked)
    for worker in (agathe, seforme):
        with pytest.raises(Ended):
            await world.cancel(worker, booked)
    world.clock.advance(world.rules.undo)
    for worker in (agathe, seforme):
        with pytest.raises(Ended):
            await world.cancel(worker, booked)


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_what_another_is_ending_is_left_to_him(world: World, booked: Appointment, how: str) -> None:
    """Else his Undo would be lost, or undo the end that another meant."""
    agathe, seforme = world.guide.agathe, world.guide.seforme
    cancelled = await world.cancel(agathe, booked)
    with pytest.raises(Ended):
        await (world.cancel if how == "cancel" else world.delete)(seforme, booked)
    assert await world.find(booked) == cancelled
    assert (await world.undo(agathe, booked)).ending is None


async def test_a_deleted_one_is_not_deleted_again(world: World, booked: Appointment) -> None:
    agathe = world.guide.agathe
    await world.delete(agathe, booked)
    with pytest.raises(Ended):
        await world.delete(agathe, booked)
    world.clock.advance(world.rules.undo)
    with pytest.raises(Ended):
        await world.delete(agathe, booked)


@pytest.mark.parametrize(("reason", "refusal"), [("x" * 501, TextTooLong), ("a\x00", BadText), ("\u202ea", BadText)])
async def test_a_reason_that_cannot_be_kept(
    world: World, booked: Appointment, reason: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await world.cancel(world.guide.agathe, booked, reason)
    assert await world.find(booked) == booked


async def test_the_audit_holds_no_reason(world: World, booked: Appointment) -> None:
    await world.cancel(world.guide.agathe, booked, "Gisèle est malade")
    *_, line = await world.db.read(lambda tx: tx.audit.of(booked.id))
    assert line[1] == "cancelled"
    assert "Gisèle" not in line[3]


async def test_reminders_stop_with_the_end_and_go_on_after_an_undo(world: World, booked: Appointment) -> None:
    agathe = world.guide.agathe
    world.clock.set(booked.during.start - timedelta(hours=24, seconds=5))
    await world.cancel(agathe, booked)
    await world.undo(agathe, booked)
    assert await world.told(seconds=5) == [(N.REMINDER, "ecoute"), (N.REMINDER, "seforme")]
    await world.cancel(agathe, booked)
    assert N.REMINDER not in [kind for kind, _ in await world.told(days=1)]


async def test_a_cancelled_time_may_be_moved_onto(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    first = await world.book(guide.agathe)
    second = await world.book(guide.agathe, during=between("2026-01-28 10:00", "12:00"))
    await world.cancel(guide.agathe, first)
    with pytest.raises(SlotTaken):
        await world.change(guide.agathe, second, during=first.during)
    world.clock.advance(world.rules.undo)
    assert (await world.change(guide.agathe, second, during=first.during)).during == first.during


async def test_nothing_is_left_to_tell_after_everything(world: World, booked: Appointment) -> None:
    await world.cancel(world.guide.agathe, booked)
    await world.told(days=30)
    assert await unsent(world.db) == []
