"""What one person may read and do (rule 9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.access import Right
from core.appointments import Answer
from core.errors import CaseNotFound, NotFound
from core.views import PAGE, view_appointment, view_case, view_invitations
from tests.builders import TUESDAY_AT_TEN, between
from tests.core.world import World


async def test_the_view_of_the_guides_appointment(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(
        guide.agathe, parties=(guide.gisele.ref, guide.aunt.ref, guide.partner.ref, guide.ecoute.ref)
    )
    view = await world.view(guide.ecoute, booked)
    assert (view.main_worker, view.creator, view.place) == (guide.seforme, guide.agathe, guide.gembloux)
    assert (view.clients, view.personal_contacts, view.professional_contacts) == (
        (guide.gisele,), (guide.aunt,), (guide.partner,),
    )  # fmt: skip
    assert view.workers == ((guide.ecoute, Answer.PENDING),)
    assert (view.own_answer, view.own_sequence, view.ended, view.ended_by, view.removed) == (
        Answer.PENDING, 0, None, None, False,
    )  # fmt: skip
    assert view.rights == {Right.ANSWER, Right.SHARE}
    main = await world.view(guide.seforme, booked)
    assert main.own_answer is None
    assert main.rights == {Right.EDIT, Right.CANCEL, Right.DELETE, Right.SHARE}


@pytest.mark.parametrize("hours", [0, 2, 200])
async def test_what_has_begun_may_only_be_deleted(world: World, hours: int) -> None:
    booked = await world.book(world.guide.agathe)
    world.clock.set(booked.during.start + timedelta(hours=hours))
    assert (await world.view(world.guide.agathe, booked)).rights == {Right.DELETE, Right.SHARE}
    assert (await world.view(world.guide.ecoute, booked)).rights == {Right.SHARE}


async def test_who_ended_it_may_undo_for_some_seconds(world: World) -> None:
    agathe, seforme = world.guide.agathe, world.guide.seforme
    booked = await world.book(agathe)
    await world.cancel(agathe, booked)
    assert (await world.view(agathe, booked)).rights == {Right.DELETE, Right.UNDO, Right.SHARE}
    assert (await world.view(seforme, booked)).rights == {Right.EDIT, Right.CANCEL, Right.DELETE, Right.SHARE}
    world.clock.advance(world.rules.undo)
    assert (await world.view(agathe, booked)).rights == {Right.DELETE, Right.SHARE}
    assert (await world.view(seforme, booked)).rights == {Right.DELETE, Right.SHARE}
    await world.delete(agathe, booked)
    assert (await world.view(agathe, booked)).rights == {Right.UNDO}
    world.clock.advance(world.rules.undo)
    assert (await world.view(agathe, booked)).rights == frozenset()


async def test_who_declined_may_undo_for_some_seconds(world: World) -> None:
    ecoute = world.guide.ecoute
    booked = await world.book(world.guide.agathe)
    await world.answer(ecoute, booked, Answer.DECLINED)
    assert (await world.view(ecoute, booked)).rights == {Right.ANSWER, Right.UNDO, Right.PROPOSE, Right.SHARE}
    assert Right.UNDO not in (await world.view(world.guide.agathe, booked)).rights
    world.clock.advance(world.rules.undo)
    assert (await world.view(ecoute, booked)).rights == {Right.ANSWER, Right.PROPOSE, Right.SHARE}


@pytest.mark.parametrize("answer", [None, Answer.ACCEPTED])
async def test_who_is_asked_again_is_told_that_it_changed(every_world: World, answer: Answer | None) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    if answer:
        booked = await world.answer(guide.ecoute, booked, answer)
    assert not (await world.view(guide.ecoute, booked)).asked_again
    moved = await world.change(guide.agathe, booked, during=between("2026-01-28 10:00", "12:00"))
    assert (await world.view(guide.ecoute, moved)).asked_again
    declined = await world.answer(guide.ecoute, moved, Answer.DECLINED)
    assert not (await world.view(guide.ecoute, declined)).asked_again


async def test_the_rights_of_a_removed_worker_end(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    view = await world.view(guide.ecoute, booked)
    assert view.rights == {Right.SHARE}
    assert not view.removed, "the case is open to him"


async def test_a_removed_worker_reads_nothing_more_of_a_confidential_case(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, case_number=1290)
    assert not (await world.view(guide.ecoute, booked)).removed, "he is invited to it"
    await world.change(guide.agathe, booked, parties=(guide.gisele.ref,))
    assert (await world.view(guide.ecoute, booked)).removed
    with pytest.raises(NotFound):
        await world.db.read(lambda tx: view_appointment(tx, guide.ecoute, booked.id, world.clock.now()))


@pytest.mark.parametrize(("who", "seen"), [("agathe", True), ("seforme", True), ("ecoute", False), ("stranger", False)])
async def test_a_confidential_case_is_seen_by_its_lead_and_who_is_named_on_it(
    every_world: World, who: str, seen: bool
) -> None:
    world, worker = every_world, getattr(every_world.guide, who)
    booked = await world.book(world.guide.agathe, case_number=1290, parties=(world.guide.gisele.ref,))
    if seen:
        case = await world.db.read(lambda tx: view_case(tx, worker, 1290, world.clock.now()))
        assert [a.appointment.id for a in case.appointments] == [booked.id]
        found = await world.db.read(lambda tx: view_appointment(tx, worker, booked.id, world.clock.now()))
        assert found.clients == (world.guide.gisele,)
    else:
        with pytest.raises(CaseNotFound):
            await world.db.read(lambda tx: view_case(tx, worker, 1290, world.clock.now()))
        with pytest.raises(NotFound):
            await world.db.read(lambda tx: view_appointment(tx, worker, booked.id, world.clock.now()))


async def test_what_is_not_there_and_what_is_hidden_are_refused_alike(world: World) -> None:
    messages = []
    for number in (404, 1290):
        with pytest.raises(CaseNotFound) as refusal:
            await world.db.read(lambda tx, number=number: view_case(tx, world.guide.ecoute, number, world.clock.now()))  # type: ignore[misc]
        messages.append(refusal.value.message.format(number="n"))
    assert messages[0] == messages[1]


async def test_an_open_case_is_seen_by_every_colleague(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    found = await world.db.read(lambda tx: view_appointment(tx, guide.stranger, booked.id, world.clock.now()))
    assert found.rights == {Right.SHARE}


async def test_the_case_shows_its_header_and_a_page_of_appointments(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    ids = []
    for day in range(1, PAGE + 4):
        during = between(f"2026-02-{day:02} 10:00", "11:00")
        made = guide.appointment(during=during, parties=(guide.gisele.ref,), invitations=())
        ids.append((await world.store(lambda tx, made=made: tx.appointments.add(made))).id)  # type: ignore[misc]
    first = await world.db.read(lambda tx: view_case(tx, guide.agathe, 1285, world.clock.now()))
    assert (first.case, first.lead) == (guide.case, guide.seforme)
    assert set(first.workers) == {guide.agathe, guide.ecoute}
    assert [a.appointment.id for a in first.appointments] == ids[: -PAGE - 1 : -1]
    assert (first.page, first.more) == (0, True)
    second = await world.db.read(lambda tx: view_case(tx, guide.agathe, 1285, world.clock.now(), 1))
    assert [a.appointment.id for a in second.appointments] == ids[:3][::-1]
    assert (second.page, second.more) == (1, False)


async def test_a_full_last_page_promises_no_other(world: World) -> None:
    guide = world.guide
    for day in range(1, PAGE + 1):
        made = guide.appointment(during=between(f"2026-02-{day:02} 10:00", "11:00"))
        await world.store(lambda tx, made=made: tx.appointments.add(made))  # type: ignore[misc]
    case = await world.db.read(lambda tx: view_case(tx, guide.agathe, 1285, world.clock.now()))
    waiting = await world.db.read(lambda tx: view_invitations(tx, guide.ecoute, world.clock.now()))
    assert (len(case.appointments), case.more) == (PAGE, False)
    assert (len(waiting.waiting), waiting.count, waiting.more) == (PAGE, PAGE, False)


async def test_the_invitations_that_wait_come_in_pages_with_their_count(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    ids = []
    for day in range(1, PAGE + 3):
        made = guide.appointment(during=between(f"2026-02-{day:02} 10:00", "11:00"))
        ids.append((await world.store(lambda tx, made=made: tx.appointments.add(made))).id)  # type: ignore[misc]
    first = await world.db.read(lambda tx: view_invitations(tx, guide.ecoute, world.clock.now()))
    second = await world.db.read(lambda tx: view_invitations(tx, guide.ecoute, world.clock.now(), 1))
    assert [v.appointment.id for v in first.waiting] == ids[:PAGE]
    assert [v.appointment.id for v in second.waiting] == ids[PAGE:]
    assert (first.count, first.more, second.count, second.more) == (PAGE + 2, True, PAGE + 2, False)
    assert all(Right.ANSWER in v.rights for v in first.waiting)


async def test_the_age_is_that_on_the_day(world: World) -> None:
    gisele = world.guide.gisele
    assert gisele.age_on(TUESDAY_AT_TEN.start.date()) == 26
    assert replace(gisele, birth_date=None).age_on(TUESDAY_AT_TEN.start.date()) is None
    assert gisele.birth_date is not None
    birthday = gisele.birth_date.replace(year=2026)
    assert gisele.age_on(birthday) == 27
    assert gisele.age_on(birthday - timedelta(days=1)) == 26


async def test_labels_are_written_as_the_guide_writes_them(world: World) -> None:
    guide = world.guide
    assert guide.seforme.label == "seforme (Travailleur-euse social) (Principal)"
    assert replace(guide.seforme, job="").label == "seforme (Principal)"
    assert guide.gisele.label == "Gisèle LAFRAISE"
    assert guide.aunt.label == "Odette LAFRAISE (tante)"
    assert guide.partner.label == "Zoé Maes (CPAS de Gembloux)"
    assert guide.gembloux.label == "Gembloux (Implantations)"
