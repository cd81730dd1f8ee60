"""Asking a colleague to open a time, and his one click (rule 2)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Right
from core.appointments import Answer
from core.asking import ask_opening, open_and_book
from core.availability import AbsenceKind, AvailabilityRange, BusyKind, ExternalEvent, Limits
from core.booking import NewPlace
from core.errors import (
    AskerGone,
    Away,
    BadText,
    CaseNotFound,
    DecidedAlready,
    Held,
    InThePast,
    MissingChoice,
    NotAllowed,
    NotFound,
    SlotTaken,
    TextTooLong,
    TooManyRanges,
)
from core.notices import Notice, NoticeKind
from core.notifying import opening_still_holds, still_holds
from core.openings import Opening, OpeningState
from core.people import PartyKind, PartyRef
from core.ranges import open_ranges
from core.rules import MOST_RANGES, Rules
from core.slots import within_availability
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import TUESDAY_AT_TEN, ZONE, at, between, make_range, store_guide, unsent
from tests.clock import START
from tests.core.world import World

EVENING = between("2026-01-27 18:00", "19:00")
N = NoticeKind


async def ranges_of(world: World) -> list[AvailabilityRange]:
    return await world.db.read(lambda tx: tx.agendas.ranges(world.guide.seforme.id))


async def found(world: World, opening: Opening) -> Opening:
    stored = await world.db.read(lambda tx: tx.openings.find(opening.id))
    assert stored is not None
    return stored


async def test_the_owner_is_asked_and_nothing_is_claimed(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING, comment=" Urgent ", kind="Visite", place=NewPlace("Namur"))
    assert await found(world, opening) == opening
    assert (opening.asker_id, opening.main_worker_id, opening.case_number) == (guide.agathe.id, guide.seforme.id, 1285)
    assert (opening.during, opening.zone, opening.comment, opening.kind) == (EVENING, ZONE, "Urgent", "Visite")
    assert (opening.parties, opening.state, opening.created_at) == (
        (guide.gisele.ref, guide.ecoute.ref),
        OpeningState.ASKED,
        START,
    )
    namur = await world.db.read(lambda tx: tx.places.named("namur", ""))
    assert namur is not None
    assert opening.place_id == namur.id
    assert await world.db.read(lambda tx: tx.agendas.busy([guide.seforme.id], EVENING, START)) == []
    [notice] = await world.deliver()
    assert (notice.kind, notice.recipient_id, notice.about_id) == (N.OPENING_ASKED, guide.seforme.id, guide.agathe.id)
    assert (notice.opening_id, notice.appointment_id, notice.expires_at) == (opening.id, 0, EVENING.start)


async def test_one_click_opens_the_time_and_books(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    before = await ranges_of(world)
    optional = frozenset({guide.ecoute.id, guide.stranger.id})
    opening = await world.ask(guide.agathe, during=EVENING, comment="Urgent", kind="Visite", optional=optional)
    assert opening.optional == {guide.ecoute.id}
    await world.quiet()
    booked = await world.open(guide.seforme, opening)
    assert (booked.creator_id, booked.main_worker_id, booked.during) == (guide.agathe.id, guide.seforme.id, EVENING)
    assert (booked.comment, booked.kind, booked.place_id) == ("Urgent", "Visite", guide.gembloux.id)
    assert [(i.worker_id, i.answer, i.optional) for i in booked.invitations] == [
        (guide.ecoute.id, Answer.PENDING, True)
    ]
    assert await world.find(booked) == booked
    [added] = [r for r in await ranges_of(world) if r not in before]
    assert (added.first_day, added.rule, added.place_id) == (EVENING.start.date(), "", guide.gembloux.id)
    assert (added.kinds, added.zone) == (frozenset({"Visite"}), ZONE)
    assert [r.during for r in open_ranges([added], between("2026-01-01 00:00", "2027-01-01 00:00"))] == [EVENING]
    assert await found(world, opening) == replace(opening, state=OpeningState.OPENED, appointment_id=booked.id)
    assert await world.told() == [(N.INVITED, "ecoute"), (N.SHOWN, "Agathe"), (N.SHOWN, "seforme")]
    audit = await world.db.read(lambda tx: tx.audit.of(booked.id))
    assert [line[:2] for line in audit] == [(guide.agathe.id, "booked"), (guide.seforme.id, "opened")]
    assert Right.CANCEL in (await world.view(guide.agathe, booked)).rights


async def test_what_is_open_already_is_not_opened_again(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    before = await ranges_of(world)
    late = await world.ask(guide.agathe, during=between("2026-01-27 16:00", "18:00"))
    await world.open(guide.seforme, late)
    [added] = [r for r in await ranges_of(world) if r not in before]
    assert (added.starts.hour, added.lasts) == (17, timedelta(hours=1))
    inside = await world.ask(guide.agathe, during=TUESDAY_AT_TEN)
    await world.open(guide.seforme, inside)
    assert len(await ranges_of(world)) == len(before) + 1


async def test_a_range_for_another_kind_opens_nothing(world: World) -> None:
    guide = world.guide
    only = make_range(guide.seforme, kinds=frozenset({"Permanence"}))
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [only]))
    opening = await world.ask(guide.agathe, kind="Visite")
    await world.open(guide.seforme, opening)
    [_, added] = await ranges_of(world)
    assert added.kinds == {"Visite"}


async def test_the_owner_refuses_and_the_asker_is_told(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    await world.quiet()
    refused = await world.refuse(guide.seforme, opening)
    assert refused == await found(world, opening) == replace(opening, state=OpeningState.REFUSED)
    [notice] = await world.deliver()
    assert (notice.kind, notice.recipient_id, notice.opening_id) == (N.OPENING_REFUSED, guide.agathe.id, opening.id)
    assert notice.about_id == guide.seforme.id


async def test_only_the_owner_decides(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    for other in (guide.agathe, guide.ecoute):
        with pytest.raises(NotAllowed):
            await world.open(other, opening)
        with pytest.raises(NotAllowed):
            await world.refuse(other, opening)
    for doing in (world.open, world.refuse):
        with pytest.raises(NotFound):
            await doing(guide.seforme, replace(opening, id=404))
    assert (await found(world, opening)).state is OpeningState.ASKED


@pytest.mark.parametrize("first", ["open", "refuse"])
async def test_a_decision_is_made_once(every_world: World, first: str) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    await (world.open(guide.seforme, opening) if first == "open" else world.refuse(guide.seforme, opening))
    decided, ranges = await found(world, opening), await ranges_of(world)
    for again in (world.open, world.refuse):
        with pytest.raises(DecidedAlready):
            await again(guide.seforme, opening)
    assert (await found(world, opening), await ranges_of(world)) == (decided, ranges)


async def test_of_two_clicks_at_once_one_counts(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    outcomes = await asyncio.gather(*(world.open(guide.seforme, opening) for _ in range(4)), return_exceptions=True)
    refused = [o for o in outcomes if isinstance(o, BaseException)]
    assert len(refused) == 3
    assert all(isinstance(o, DecidedAlready) for o in refused)
    assert len(await ranges_of(world)) == 2
    assert len(await world.db.read(lambda tx: tx.appointments.of_case(1285, 0, START, limit=9))) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"case_number": 404}, CaseNotFound),
        ({"parties": ()}, MissingChoice),
        ({"parties": (PartyRef(PartyKind.WORKER, 404),)}, NotFound),
        ({"place": 404}, NotFound),
        ({"during": between("2026-01-19 18:00", "19:00")}, InThePast),
        ({"comment": "a\x00b"}, BadText),
        ({"kind": "x" * 61}, TextTooLong),
        ({"main_worker_id": 1}, NotAllowed),
    ],
)
async def test_what_cannot_be_booked_is_not_asked_for(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await world.ask(world.guide.agathe, **{"during": EVENING, **changes})
    assert await unsent(world.db) == []


async def test_what_no_click_would_open_is_not_asked_for(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.hold(guide.ecoute, guide.seforme, EVENING)
    with pytest.raises(Held):
        await world.ask(guide.agathe, during=EVENING)
    own = await world.book(guide.seforme, during=between("2026-01-28 18:00", "19:00"))
    with pytest.raises(SlotTaken):
        await world.ask(guide.agathe, during=own.during)
    await world.absent(guide.seforme, between("2026-01-29 00:00", "2026-01-30 00:00"))
    with pytest.raises(Away):
        await world.ask(guide.agathe, during=between("2026-01-29 18:00", "19:00"))
    with pytest.raises(Away):
        await world.ask(guide.agathe, during=between("2026-05-01 18:00", "19:00"))


async def test_what_the_asker_held_is_let_go(world: World) -> None:
    guide = world.guide
    await world.hold(guide.agathe, guide.seforme, EVENING)
    await world.ask(guide.agathe, during=EVENING)
    assert await world.held(guide.seforme, EVENING) == []


async def test_the_click_confirms_what_may_be_confirmed(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.limit(guide.seforme, Limits(notice=timedelta(days=30), daily=1, before=timedelta(hours=2)))
    await world.book(guide.seforme, during=between("2026-01-27 16:00", "17:00"), parties=(guide.gisele.ref,))
    for worker in (guide.seforme, guide.ecoute):
        event = ExternalEvent(worker.id, "uid", "", EVENING, "Dentiste")
        await world.store(lambda tx, event=event: tx.agendas.replace_external_events(event.worker_id, [event]))  # type: ignore[misc]
    await world.absent(guide.ecoute, EVENING, AbsenceKind.SICKNESS)
    opening = await world.ask(guide.agathe, during=EVENING)
    assert (await world.open(guide.seforme, opening)).during == EVENING


async def test_a_click_that_comes_too_late_changes_nothing(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    ranges = await ranges_of(world)
    own = await world.book(guide.seforme, during=EVENING)
    with pytest.raises(SlotTaken):
        await world.open(guide.seforme, opening)
    await world.delete(guide.seforme, own)
    world.clock.advance(minutes=1)
    await world.hold(guide.ecoute, guide.seforme, EVENING)
    with pytest.raises(Held):
        await world.open(guide.seforme, opening)
    world.clock.advance(minutes=10)
    away = await world.absent(guide.seforme, EVENING)
    with pytest.raises(Away):
        await world.open(guide.seforme, opening)
    await world.store(lambda tx: tx.agendas.delete_absence(guide.seforme.id, away.id))
    world.clock.set(EVENING.start + timedelta(seconds=1))
    with pytest.raises(InThePast):
        await world.open(guide.seforme, opening)
    assert await ranges_of(world) == ranges
    assert await found(world, opening) == opening


async def test_what_the_two_of_them_hold_of_that_time_is_no_obstacle(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    await world.hold(guide.seforme, guide.seforme, between("2026-01-27 18:30", "19:30"))
    await world.hold(guide.agathe, guide.seforme, between("2026-01-27 17:30", "18:30"))
    assert (await world.open(guide.seforme, opening)).id > 0


async def test_what_the_asker_holds_in_another_form_stays_his(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    await world.hold(guide.agathe, guide.ecoute, TUESDAY_AT_TEN)
    await world.open(guide.seforme, opening)
    assert await world.held(guide.ecoute, TUESDAY_AT_TEN) == [("Agathe", TUESDAY_AT_TEN)]


async def test_who_asked_must_still_be_allowed(world: World) -> None:
    guide = world.guide
    secret = await world.ask(guide.agathe, during=EVENING, case_number=1290, parties=(guide.gisele.ref,))
    opening = await world.ask(guide.agathe, during=EVENING)
    await world.store(lambda tx: tx.cases.save(replace(guide.confidential, worker_ids=frozenset())))
    with pytest.raises(AskerGone):
        await world.open(guide.seforme, secret)
    await world.store(lambda tx: tx.people.save_worker(replace(guide.ecoute, active=False)))
    with pytest.raises(AskerGone):
        await world.open(guide.seforme, opening)
    await world.store(lambda tx: tx.people.save_worker(guide.ecoute))
    await world.store(lambda tx: tx.people.save_worker(replace(guide.agathe, active=False)))
    with pytest.raises(AskerGone):
        await world.open(guide.seforme, opening)
    await world.store(lambda tx: tx.people.save_worker(guide.agathe))
    assert (await world.open(guide.seforme, opening)).id > 0


async def test_an_agenda_that_is_full_of_ranges_is_not_opened(world: World) -> None:
    guide = world.guide
    opening = await world.ask(guide.agathe, during=EVENING)
    many = [make_range(guide.seforme)] * MOST_RANGES
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, many))
    with pytest.raises(TooManyRanges):
        await world.open(guide.seforme, opening)
    assert (await found(world, opening)).state is OpeningState.ASKED


def notice_of(opening: Opening, kind: NoticeKind) -> Notice:
    return Notice(0, 1, kind, 1, START, expires_at=opening.during.start, opening_id=opening.id)


async def test_a_notice_of_an_opening_holds_while_it_is_true(world: World) -> None:
    opening = await world.ask(world.guide.agathe, during=EVENING)
    asked, refused = notice_of(opening, N.OPENING_ASKED), notice_of(opening, N.OPENING_REFUSED)
    states = {state: replace(opening, state=state) for state in OpeningState}
    for state, decided in states.items():
        assert opening_still_holds(asked, decided, START) is (state is OpeningState.ASKED)
        assert opening_still_holds(refused, decided, START) is (state is OpeningState.REFUSED)
    assert not opening_still_holds(asked, None, START)
    assert not opening_still_holds(asked, opening, EVENING.start)
    assert not opening_still_holds(refused, states[OpeningState.REFUSED], EVENING.start)
    assert not still_holds(asked, world.guide.appointment(id=1), START)


async def test_a_question_that_was_answered_is_not_asked_any_more(world: World) -> None:
    guide = world.guide
    opened, refused = [await world.ask(guide.agathe, during=EVENING) for _ in range(2)]
    await world.refuse(guide.seforme, refused)
    await world.open(guide.seforme, opened)
    assert [n.kind for n in await world.deliver() if n.opening_id] == [N.OPENING_REFUSED]


ZONES = st.sampled_from(["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
NIGHTS = st.sampled_from(
    ["2026-03-28", "2026-03-29", "2026-04-04", "2026-10-24", "2026-10-25", "2026-11-01", "2026-06-10"]
)


@given(
    zone=ZONES,
    night=NIGHTS,
    quarter=st.integers(0, 4 * 30),
    length=st.integers(1, 4 * 12),
    open_=st.lists(st.tuples(st.integers(0, 23), st.integers(1, 12)), max_size=3),
)
def test_what_was_opened_is_open_at_any_hour_of_any_zone(
    zone: str, night: str, quarter: int, length: int, open_: list[tuple[int, int]]
) -> None:
    """Also over a clock change, for which a range of wall time may have to cover more than was asked."""
    tx = MemoryTransaction(State())
    guide = store_guide(tx)
    owner = tx.people.save_worker(replace(guide.seforme, zone=zone, region="XX"))
    during = Interval.lasting(
        at(f"{night} 00:00", zone) + quarter * timedelta(minutes=15), length * timedelta(minutes=15)
    )
    first = during.start.date()
    ranges = [
        make_range(
            owner,
            first_day=first,
            starts=make_range(owner).starts.replace(hour=hour),
            lasts=timedelta(hours=n),
            zone=zone,
            rule="",
        )
        for hour, n in open_
    ]
    tx.agendas.replace_ranges(owner.id, ranges)
    opening = ask_opening(tx, guide.agathe, guide.request(during=during), START, Rules())
    booked = open_and_book(tx, owner, opening.id, START, Rules())
    assert booked.during == during
    assert within_availability(tx, owner.id, during, lock=False)
    claims = tx.agendas.busy([owner.id], during, START)
    assert [b.appointment_id for b in claims if b.kind is BusyKind.APPOINTMENT] == [booked.id]
    added = tx.agendas.ranges(owner.id)[len(ranges) :]
    window = Interval(during.start - timedelta(days=2), during.end + timedelta(days=2))
    covered = [r.during for r in open_ranges(added, window)]
    assert sum((c.duration for c in covered), timedelta(0)) <= during.duration + timedelta(hours=2 * len(added))
