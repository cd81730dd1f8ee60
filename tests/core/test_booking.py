"""Booking: who, when, where, with whom (guide, steps 3 to 7)."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest

from core.appointments import Answer
from core.booking import NewPlace
from core.errors import (
    BadText,
    CaseNotFound,
    InThePast,
    MissingChoice,
    NotFound,
    SlotTaken,
    TextTooLong,
    TooFarAhead,
    TooLong,
)
from core.notices import NoticeKind
from core.people import Client, PartyKind, PartyRef, PersonalContact, Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, at, between, make_worker, unsent
from tests.clock import START
from tests.core.world import World

SHOWN, INVITED = NoticeKind.SHOWN, NoticeKind.INVITED


async def test_the_guides_appointment(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe, comment="  Apporter le bail ")
    assert (booked.case_number, booked.main_worker_id, booked.creator_id) == (1285, guide.seforme.id, guide.agathe.id)
    assert (booked.during, booked.zone, booked.place_id) == (TUESDAY_AT_TEN, "Europe/Brussels", guide.gembloux.id)
    assert booked.parties == (guide.gisele.ref, guide.ecoute.ref)
    assert [(i.worker_id, i.answer, i.sequence) for i in booked.invitations] == [(guide.ecoute.id, Answer.PENDING, 0)]
    assert (booked.comment, booked.created_at, booked.revision, booked.version) == ("Apporter le bail", START, 1, 1)
    assert await world.find(booked) == booked
    assert await world.db.read(lambda tx: tx.audit.of(booked.id)) == [(guide.agathe.id, "booked", START, "")]


async def test_each_gets_his_card_and_the_invited_one_the_question(every_world: World) -> None:
    await every_world.book(every_world.guide.agathe)
    assert await every_world.told() == [(INVITED, "ecoute"), (SHOWN, "Agathe"), (SHOWN, "seforme")]
    assert every_world.sent[0].recipient_id == every_world.guide.agathe.id, "the creator's card comes first"
    assert await every_world.told() == []


async def test_who_books_himself_gets_one_card(world: World) -> None:
    await world.book(world.guide.seforme)
    assert await world.told() == [(INVITED, "ecoute"), (SHOWN, "seforme")]


async def test_a_creator_among_the_workers_has_accepted_and_is_sent_no_invitation(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.gisele.ref, guide.agathe.ref, guide.ecoute.ref))
    assert [(i.worker_id, i.answer) for i in booked.invitations] == [
        (guide.agathe.id, Answer.ACCEPTED),
        (guide.ecoute.id, Answer.PENDING),
    ]
    assert await world.told() == [(INVITED, "ecoute"), (SHOWN, "Agathe"), (SHOWN, "seforme")]
    assert await world.waiting(guide.agathe) == 0
    assert await world.waiting(guide.ecoute) == 1


async def test_the_main_worker_is_not_among_his_own_invited(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, parties=(guide.seforme.ref, guide.gisele.ref, guide.gisele.ref))
    assert booked.parties == (guide.gisele.ref,)
    assert booked.invitations == ()


@pytest.mark.parametrize("kinds", [c for n in range(1, 5) for c in itertools.combinations(PartyKind, n)])
async def test_every_combination_of_parties(world: World, kinds: tuple[PartyKind, ...]) -> None:
    guide = world.guide
    people = {p.ref.kind: p for p in (guide.gisele, guide.aunt, guide.partner, guide.ecoute)}
    booked = await world.book(guide.agathe, parties=tuple(people[k].ref for k in kinds))
    view = await world.view(guide.agathe, booked)
    assert view.clients == ((guide.gisele,) if PartyKind.CLIENT in kinds else ())
    assert view.personal_contacts == ((guide.aunt,) if PartyKind.PERSONAL_CONTACT in kinds else ())
    assert view.professional_contacts == ((guide.partner,) if PartyKind.PROFESSIONAL_CONTACT in kinds else ())
    assert view.workers == (((guide.ecoute, Answer.PENDING),) if PartyKind.WORKER in kinds else ())


@pytest.mark.parametrize("only_main", [False, True])
async def test_an_appointment_concerns_someone(world: World, only_main: bool) -> None:
    with pytest.raises(MissingChoice):
        await world.book(world.guide.agathe, parties=(world.guide.seforme.ref,) if only_main else ())


@pytest.mark.parametrize("kind", list(PartyKind))
async def test_a_party_that_does_not_exist_is_refused(world: World, kind: PartyKind) -> None:
    with pytest.raises(NotFound):
        await world.book(world.guide.agathe, parties=(world.guide.gisele.ref, PartyRef(kind, 404)))
    assert await unsent(world.db) == []


async def test_who_has_left_can_be_neither_booked_nor_invited(world: World) -> None:
    gone = await world.store(lambda tx: tx.people.save_worker(make_worker("gone", active=False)))
    with pytest.raises(NotFound):
        await world.book(world.guide.agathe, parties=(gone.ref,))
    with pytest.raises(NotFound):
        await world.book(world.guide.agathe, main_worker_id=gone.id)


async def test_a_client_or_relative_of_another_case_cannot_be_slipped_in(world: World) -> None:
    """A forged form would else show a name that its sender may not read."""
    client = await world.store(lambda tx: tx.people.save_client("x", Client(0, "Secret", "Personne")))
    aunt = await world.store(lambda tx: tx.people.save_personal_contact("x", PersonalContact(0, "Secrète", "Tante")))
    for stranger in (client, aunt):
        with pytest.raises(NotFound):
            await world.book(world.guide.agathe, parties=(world.guide.gisele.ref, stranger.ref))


@pytest.mark.parametrize("number", [404, 1290])
async def test_a_case_that_is_not_the_bookers_does_not_exist_for_him(world: World, number: int) -> None:
    with pytest.raises(CaseNotFound) as refusal:
        await world.book(world.guide.ecoute, case_number=number)
    assert str(number) in refusal.value.message.format(**vars(refusal.value))


@pytest.mark.parametrize(
    ("during", "refusal"),
    [
        (Interval(START - timedelta(minutes=1), START + timedelta(hours=1)), InThePast),
        (between("2025-01-27 10:00", "12:00"), InThePast),
        (between("2026-01-27 08:00", "20:01"), TooLong),
        (between("2026-01-27 08:00", "2026-01-29 08:00"), TooLong),
        (between("2027-01-22 10:00", "12:00"), TooFarAhead),
        (between("9998-01-27 10:00", "12:00"), TooFarAhead),
    ],
)
@pytest.mark.parametrize("main", ["agathe", "seforme"])
async def test_times_that_cannot_be_booked(world: World, main: str, during: Interval, refusal: type[Exception]) -> None:
    worker: Worker = getattr(world.guide, main)
    with pytest.raises(refusal):
        await world.book(world.guide.agathe, main_worker_id=worker.id, during=during)
    assert await unsent(world.db) == []


@pytest.mark.parametrize(
    "during",
    [
        Interval.lasting(START, timedelta(minutes=1)),
        Interval.lasting(START, timedelta(hours=12)),
        between("2026-01-27 23:30", "2026-01-28 00:30"),
        between("2027-01-21 09:00", "10:00"),
        Interval.lasting(at("2026-03-29 01:30"), timedelta(hours=12)),
        Interval.lasting(at("2026-10-25 01:30"), timedelta(hours=12)),
    ],
)
async def test_times_that_can_be_booked_in_ones_own_agenda(world: World, during: Interval) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, main_worker_id=guide.agathe.id, during=during)
    assert booked.during == during


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"comment": "x" * 10_000}, TextTooLong),
        ({"comment": "a\x00b"}, BadText),
        ({"comment": "a\u202eb"}, BadText),
        ({"place": NewPlace("x" * 201)}, TextTooLong),
        ({"place": NewPlace("Namur", "\x07")}, BadText),
        ({"place": 404}, NotFound),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await world.book(world.guide.agathe, **changes)
    assert await unsent(world.db) == []
    assert await world.db.read(lambda tx: len(tx.places.all())) == 1
    assert await world.db.read(lambda tx: tx.appointments.of_case(1285, 0, START, limit=5)) == []


@pytest.mark.parametrize("comment", ["👍 مرحبا <!channel> *_~ <b>", "x" * 2_000, "a\n\tb"])
async def test_a_comment_is_kept_as_it_was_typed(every_world: World, comment: str) -> None:
    booked = await every_world.book(every_world.guide.agathe, comment=comment)
    assert (await every_world.find(booked)).comment == comment


async def test_a_place_is_created_with_the_booking(every_world: World) -> None:
    guide = every_world.guide
    booked = await every_world.book(guide.agathe, place=NewPlace("  Namur ", "Bureau"))
    view = await every_world.view(guide.agathe, booked)
    assert view.place is not None
    assert (view.place.name, view.place.kind) == ("Namur", "Bureau")
    assert view.place in await every_world.db.read(lambda tx: tx.places.all())


async def test_a_new_place_that_exists_is_that_place(world: World) -> None:
    booked = await world.book(world.guide.agathe, place=NewPlace("GEMBLOUX", "implantations"))
    assert booked.place_id == world.guide.gembloux.id


@pytest.mark.parametrize("place", [None, NewPlace("  ", "Bureau")])
async def test_an_appointment_may_have_no_place(world: World, place: NewPlace | None) -> None:
    booked = await world.book(world.guide.agathe, place=place)
    assert booked.place_id is None
    assert await world.db.read(lambda tx: len(tx.places.all())) == 1


async def test_of_many_who_book_one_time_one_gets_it(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    people = (guide.agathe, guide.seforme, guide.ecoute, guide.stranger) * 3
    outcomes = await asyncio.gather(
        *(world.book(worker, parties=(guide.gisele.ref,)) for worker in people), return_exceptions=True
    )
    refused = [o for o in outcomes if isinstance(o, BaseException)]
    assert len(refused) == len(people) - 1
    assert all(isinstance(o, SlotTaken) and o.worker_id == guide.seforme.id for o in refused)
    assert len(await world.db.read(lambda tx: tx.appointments.of_case(1285, 0, START, limit=50))) == 1


async def test_of_many_overlapping_bookings_none_overlap(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    times = [
        Interval.lasting(at("2026-01-27 09:00") + n * timedelta(minutes=20), timedelta(minutes=45)) for n in range(15)
    ]
    await asyncio.gather(
        *(world.book(guide.agathe, during=during, parties=(guide.gisele.ref,)) for during in times),
        return_exceptions=True,
    )
    found = await world.db.read(lambda tx: tx.appointments.of_case(1285, 0, START, limit=50))
    booked = sorted(a.during for a in found)
    assert len(booked) >= 4
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(booked))
