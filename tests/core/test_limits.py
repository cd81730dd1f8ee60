"""What stands in the way beside other appointments: absences, public holidays, limits, kinds (rule 3)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.absences import add_absence, falling_in
from core.appointments import Answer, Appointment
from core.availability import AbsenceKind, BusyKind, Limits
from core.booking import NewPlace
from core.conflicts import NeedsConfirmation
from core.errors import Away, OutsideAvailability
from core.notices import NoticeKind
from core.ports import Transaction
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, at, between, make_range
from tests.core.occupied import CONFIRMED_KINDS, EVENING, HOUR, MAY_DAY, occupy
from tests.core.world import World, shown


async def test_a_colleague_is_not_booked_while_he_is_away(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.absent(guide.seforme, between("2026-01-27 11:30", "2026-01-28 00:00"))
    with pytest.raises(Away) as refusal:
        await world.book(guide.agathe, confirmed=frozenset({"anything"}))
    assert refusal.value.worker_id == guide.seforme.id
    with pytest.raises(Away):
        await world.book(guide.agathe, during=EVENING)
    assert (await world.book(guide.agathe, during=between("2026-01-27 10:00", "11:30"))).id > 0


async def test_over_ones_own_absence_one_is_asked(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.absent(guide.seforme, TUESDAY_AT_TEN)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.seforme)
    [conflict] = question.value.conflicts
    assert (conflict.worker_id, conflict.kind, conflict.during) == (guide.seforme.id, BusyKind.ABSENCE, TUESDAY_AT_TEN)
    assert (await world.book(guide.seforme, confirmed=shown(question.value))).id > 0


async def test_a_public_holiday_is_an_absence_that_everyone_knows(world: World) -> None:
    guide = world.guide
    with pytest.raises(Away):
        await world.book(guide.agathe, during=MAY_DAY)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.seforme, during=MAY_DAY, parties=(guide.gisele.ref,))
    [conflict] = question.value.conflicts
    assert conflict.kind is BusyKind.PUBLIC_HOLIDAY
    assert conflict.during == between("2026-05-01 00:00", "2026-05-02 00:00")
    assert (
        await world.book(guide.seforme, during=MAY_DAY, confirmed=shown(question.value), parties=(guide.gisele.ref,))
    ).id


async def test_public_holidays_are_those_of_the_workers_own_region(world: World) -> None:
    guide, second = world.guide, between("2026-01-02 10:00", "12:00")  # a holiday in Switzerland's Bern, not in Belgium
    world.clock.set(at("2026-01-01 08:00"))
    ranges = [make_range(guide.seforme, first_day=second.start.date())]
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, ranges))
    request = {"during": second, "parties": (guide.gisele.ref,)}
    await world.store(lambda tx: tx.people.save_worker(replace(guide.seforme, region="CH-BE")))
    with pytest.raises(Away):
        await world.book(guide.agathe, **request)
    await world.store(lambda tx: tx.people.save_worker(replace(guide.seforme, region="")))
    assert (await world.book(guide.agathe, **request)).id > 0


async def test_an_absence_is_told_before_the_availability(world: World) -> None:
    """Whoever is away cannot be asked to open the time either."""
    guide = world.guide
    await world.absent(guide.seforme, EVENING)
    with pytest.raises(Away):
        await world.book(guide.agathe, during=EVENING)


@pytest.mark.parametrize("kind", [BusyKind.ABSENCE, BusyKind.HOLD])
async def test_a_required_invitee_who_is_away_or_being_booked_is_asked_about(
    every_world: World, kind: BusyKind
) -> None:
    world, guide = every_world, every_world.guide
    await occupy(world, guide.ecoute, kind)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe)
    assert [(c.worker_id, c.kind) for c in question.value.conflicts] == [(guide.ecoute.id, kind)]
    assert (await world.book(guide.agathe, confirmed=shown(question.value))).id > 0


async def test_the_public_holiday_of_an_invitee_is_asked_about(world: World) -> None:
    guide = world.guide
    await world.store(lambda tx: tx.people.save_worker(replace(guide.seforme, region="FR")))
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe, during=between("2026-07-21 10:00", "12:00"))
    assert [(c.worker_id, c.kind) for c in question.value.conflicts] == [(guide.ecoute.id, BusyKind.PUBLIC_HOLIDAY)]


@pytest.mark.parametrize("kind", [*CONFIRMED_KINDS, BusyKind.APPOINTMENT, BusyKind.ABSENCE, BusyKind.HOLD])
async def test_an_optional_invitee_stands_in_no_way(every_world: World, kind: BusyKind) -> None:
    world, guide = every_world, every_world.guide
    await occupy(world, guide.ecoute, kind)
    booked = await world.book(guide.agathe, optional=frozenset({guide.ecoute.id}))
    assert [(i.worker_id, i.answer, i.optional) for i in booked.invitations] == [
        (guide.ecoute.id, Answer.PENDING, True)
    ]
    assert await world.find(booked) == booked


NEAR = between("2026-01-27 12:30", "13:30")
LIMITS = [
    (BusyKind.NOTICE, Limits(notice=timedelta(days=8)), TUESDAY_AT_TEN),
    (BusyKind.BUFFER, Limits(before=HOUR), NEAR),
    (BusyKind.BUFFER, Limits(after=HOUR), between("2026-01-27 09:00", "09:30")),
    (BusyKind.TRAVEL, Limits(travel=HOUR), NEAR),
    (BusyKind.FULL_DAY, Limits(daily=1), between("2026-01-27 15:00", "16:00")),
]


async def limited(world: World, limits: Limits) -> None:
    """seforme wants that, and has an appointment on Tuesday at ten in Namur."""
    guide = world.guide
    await world.limit(guide.seforme, limits)
    if not limits.notice:
        made = guide.appointment(
            parties=(guide.gisele.ref,), place_id=await world.store(lambda tx: tx.places.add("Namur", "").id)
        )
        await world.store(lambda tx: tx.appointments.add(made))


@pytest.mark.parametrize(("kind", "limits", "during"), LIMITS)
async def test_a_colleagues_limits_are_asked_about(
    every_world: World, kind: BusyKind, limits: Limits, during: Interval
) -> None:
    world, guide = every_world, every_world.guide
    await limited(world, limits)
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe, during=during)
    assert [(c.worker_id, c.kind) for c in question.value.conflicts] == [(guide.seforme.id, kind)]
    world.clock.advance(minutes=1)  # what is confirmed is the limit, not the minute at which it was read
    assert (await world.book(guide.agathe, during=during, confirmed=shown(question.value))).during == during


@pytest.mark.parametrize(("kind", "limits", "during"), LIMITS)
async def test_ones_own_limits_are_ones_own_business(
    world: World, kind: BusyKind, limits: Limits, during: Interval
) -> None:
    await limited(world, limits)
    assert (await world.book(world.guide.seforme, during=during)).during == during, kind


@pytest.mark.parametrize(("kind", "limits", "during"), LIMITS)
async def test_the_limits_of_an_invitee_count_for_nothing(
    world: World, kind: BusyKind, limits: Limits, during: Interval
) -> None:
    guide = world.guide
    await limited(world, limits)
    booked = await world.book(guide.agathe, main_worker_id=guide.ecoute.id, parties=(guide.seforme.ref,), during=during)
    assert booked.during == during, kind


async def test_the_organisations_limits_hold_for_who_has_none(world: World) -> None:
    guide = world.guide
    world.rules = replace(world.rules, limits=Limits(notice=timedelta(days=30)))
    with pytest.raises(NeedsConfirmation):
        await world.book(guide.agathe)
    await world.limit(guide.seforme, Limits())
    assert (await world.book(guide.agathe)).id > 0


async def test_of_many_who_book_at_once_none_passes_the_daily_maximum_unasked(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    await world.limit(guide.seforme, Limits(daily=1))
    people = (guide.agathe, guide.ecoute, guide.stranger)
    await asyncio.gather(*(world.waiting(worker) for worker in people))  # so many connections, open before the race
    outcomes = await asyncio.gather(
        *(
            world.book(worker, during=between(f"2026-01-27 {hour}:00", f"{hour}:45"), parties=(guide.gisele.ref,))
            for hour, worker in enumerate(people, start=10)
        ),
        return_exceptions=True,
    )
    assert sorted(type(o).__name__ for o in outcomes) == ["Appointment", "NeedsConfirmation", "NeedsConfirmation"]


async def test_who_books_while_the_other_becomes_absent_is_refused_or_listed(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    day = between("2026-01-27 00:00", "2026-01-28 00:00")

    async def leave() -> list[Appointment]:
        def work(tx: Transaction) -> list[Appointment]:
            add_absence(tx, guide.seforme, AbsenceKind.LEAVE, day, world.clock.now())
            return falling_in(tx, guide.seforme.id, day, world.clock.now())

        return await world.store(work)

    booked, listed = await asyncio.gather(world.book(guide.agathe), leave(), return_exceptions=True)
    assert isinstance(booked, Away) if listed == [] else [booked] == listed


async def test_a_new_place_is_far_from_every_other(world: World) -> None:
    guide = world.guide
    await limited(world, Limits(travel=HOUR))
    with pytest.raises(NeedsConfirmation) as question:
        await world.book(guide.agathe, during=NEAR, place=NewPlace("Dinant"))
    assert [c.kind for c in question.value.conflicts] == [BusyKind.TRAVEL]
    assert (await world.book(guide.agathe, during=NEAR, place=NewPlace("Namur"))).id > 0


async def test_the_limits_that_a_move_breaks_are_asked_about(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    await world.limit(guide.seforme, Limits(daily=1, before=HOUR))
    same_day = await world.change(guide.agathe, booked, during=between("2026-01-27 12:00", "13:00"))
    assert same_day.revision == 2, "itself is neither too near nor one too many"
    await world.book(guide.seforme, during=between("2026-01-28 10:00", "11:00"), parties=(guide.gisele.ref,))
    with pytest.raises(NeedsConfirmation) as question:
        await world.change(guide.agathe, same_day, during=between("2026-01-28 11:30", "12:30"))
    assert {c.kind for c in question.value.conflicts} == {BusyKind.FULL_DAY, BusyKind.BUFFER}


async def test_editing_asks_nothing_about_the_time_that_stands(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    await world.limit(guide.seforme, Limits(notice=timedelta(days=30), daily=1))
    await world.absent(guide.seforme, TUESDAY_AT_TEN)
    await world.absent(guide.ecoute, TUESDAY_AT_TEN)
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, []))
    edited = await world.change(guide.agathe, booked, comment="Premier étage")
    assert edited.comment == "Premier étage"


async def test_the_way_to_a_new_place_is_asked_about(world: World) -> None:
    guide = world.guide
    await limited(world, Limits(travel=HOUR, daily=9))
    booked = await world.book(guide.agathe, during=NEAR, place=NewPlace("Namur"))
    with pytest.raises(NeedsConfirmation) as question:
        await world.change(guide.agathe, booked, place=guide.gembloux.id)
    assert [c.kind for c in question.value.conflicts] == [BusyKind.TRAVEL]
    moved = await world.change(guide.agathe, booked, place=guide.gembloux.id, confirmed=shown(question.value))
    assert moved.place_id == guide.gembloux.id
    assert (await world.change(guide.seforme, moved, place=NewPlace("Dinant"))).revision == 3


async def test_who_becomes_required_is_asked_about(world: World) -> None:
    guide = world.guide
    await occupy(world, guide.ecoute, BusyKind.EXTERNAL)
    booked = await world.book(guide.agathe, optional=frozenset({guide.ecoute.id}))
    edited = await world.change(guide.agathe, booked, comment="x")
    assert edited.invitations[0].optional
    with pytest.raises(NeedsConfirmation) as question:
        await world.change(guide.agathe, edited, optional=frozenset())
    assert [c.worker_id for c in question.value.conflicts] == [guide.ecoute.id]
    required = await world.change(guide.agathe, edited, optional=frozenset(), confirmed=shown(question.value))
    assert not required.invitations[0].optional
    assert await world.find(required) == required
    assert (await world.change(guide.agathe, required, optional=booked.worker_ids)).invitations[0].optional


@pytest.mark.parametrize(
    ("kinds", "kind", "open_"),
    [
        ((), "", True),
        ((), "Permanence", True),
        (("Permanence",), "Permanence", True),
        (("Permanence", "Visite à domicile"), "visite a  DOMICILE", True),
        (("Permanence",), "Visite à domicile", False),
        (("Permanence",), "", False),
    ],
)
async def test_a_range_for_kinds_is_open_for_those_alone(
    every_world: World, kinds: tuple[str, ...], kind: str, open_: bool
) -> None:
    world, guide = every_world, every_world.guide
    only = make_range(guide.seforme, kinds=frozenset(kinds))
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [only]))
    if open_:
        booked = await world.book(guide.agathe, kind=kind)
        assert booked.kind == kind
        assert await world.find(booked) == booked
    else:
        with pytest.raises(OutsideAvailability):
            await world.book(guide.agathe, kind=kind)
    own = await world.book(guide.seforme, kind=kind, during=EVENING)
    assert own.kind == kind


async def test_a_new_kind_must_be_open_and_is_only_told(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    only = make_range(guide.seforme, kinds=frozenset({"Permanence", "Bilan"}))
    await world.store(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [only]))
    booked = await world.answer(guide.ecoute, await world.book(guide.agathe, kind="Bilan"), Answer.ACCEPTED)
    await world.quiet()
    with pytest.raises(OutsideAvailability):
        await world.change(guide.agathe, booked, kind="Visite")
    changed = await world.change(guide.agathe, booked, kind="Permanence")
    assert (changed.kind, changed.invitations) == ("Permanence", booked.invitations)
    assert await world.find(changed) == changed
    assert await world.told() == [(NoticeKind.CHANGED, "ecoute"), (NoticeKind.CHANGED, "seforme")]
    assert (await world.change(guide.seforme, changed, kind="Visite")).kind == "Visite", "his own agenda"
