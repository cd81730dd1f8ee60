"""An appointment in a channel: who may share it, and that no name is read there (rule 9)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appointments import Answer, Appointment, Ending, EndingKind
from core.cases import SupportCase
from core.errors import Ended, NotFound
from core.notices import NoticeKind
from core.people import Client, PersonalContact, ProfessionalContact, Worker
from core.shares import Share
from core.sharing import SharedView, share_appointment, view_shared
from core.text import fold
from handlers.cards.shared import shared_card
from handlers.codec import encode
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import Guide, kinds, store_guide, unsent
from tests.clock import START
from tests.core.world import World


async def share(world: World, actor: Worker, booked: Appointment, channel: str = "C1") -> Share:
    now = world.clock.now()
    return await world.db.write(lambda tx: share_appointment(tx, actor, booked.id, "slack", "T1", channel, now))


async def seen(world: World, booked: Appointment) -> SharedView:
    def look(tx: MemoryTransaction) -> SharedView:
        found = tx.appointments.find(booked.id)
        assert found is not None
        return view_shared(tx, found, world.clock.now())

    return await world.db.read(look)  # type: ignore[arg-type]


async def test_who_may_see_it_may_share_it(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    for number, worker in enumerate(guide.workers):
        shared = await share(world, worker, booked, f"C{number}")
        assert shared == Share(shared.id, booked.id, "slack", "T1", f"C{number}", worker.id)
    wanted = await unsent(world.db, world.clock.now())
    assert kinds(wanted, NoticeKind.SHARED) == [(NoticeKind.SHARED, w.id) for w in guide.workers]
    lines = await world.db.read(lambda tx: tx.audit.of(booked.id))
    assert [(actor, what, detail) for actor, what, _, detail in lines[1:]] == [
        (worker.id, "shared", f"slack C{number}") for number, worker in enumerate(guide.workers)
    ]


async def test_nobody_else_may(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe, case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    for stranger in (guide.stranger, guide.ecoute):
        with pytest.raises(NotFound):
            await share(world, stranger, booked)
    assert await world.db.read(lambda tx: tx.shares.of(booked.id)) == []


async def test_a_deleted_one_is_shared_no_more_not_even_by_who_may_still_undo(world: World) -> None:
    agathe = world.guide.agathe
    booked = await world.book(agathe)
    await world.delete(agathe, booked)
    for later in (timedelta(), world.rules.undo):
        world.clock.advance(later)
        for worker in (agathe, world.guide.seforme):
            with pytest.raises(Ended):
                await share(world, worker, booked)


async def test_sharing_again_in_the_same_channel_is_the_same_share(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    booked = await world.book(guide.agathe)
    first = await share(world, guide.agathe, booked)
    world.clock.advance(timedelta(seconds=1))
    assert await share(world, guide.ecoute, booked) == first
    wanted = [n for n in await unsent(world.db, world.clock.now()) if n.kind is NoticeKind.SHARED]
    assert [(n.recipient_id, n.version, n.about_id) for n in wanted] == [
        (guide.agathe.id, first.id, guide.agathe.id),
        (guide.agathe.id, first.id, guide.ecoute.id),
    ]


async def test_a_channel_learns_of_an_answer_and_an_ending_when_they_settle(world: World) -> None:
    guide = world.guide
    booked = await world.book(guide.agathe)
    await world.answer(guide.ecoute, booked, Answer.DECLINED)
    assert (await seen(world, booked)).workers == ((guide.ecoute, Answer.PENDING, False),)
    world.clock.advance(world.rules.undo)
    assert (await seen(world, booked)).workers == ((guide.ecoute, Answer.DECLINED, False),)
    await world.cancel(guide.agathe, booked)
    assert (await seen(world, booked)).ended is None
    world.clock.advance(world.rules.undo)
    assert (await seen(world, booked)).ended is EndingKind.CANCELLED


async def test_a_confidential_case_keeps_its_number_to_itself(world: World) -> None:
    guide = world.guide
    number = guide.confidential.number
    booked = await world.book(guide.agathe, case_number=number, parties=(guide.gisele.ref,))
    view = await seen(world, booked)
    assert view.case_number is None
    assert str(number) not in encode(shared_card(view, "fr"))
    open_to_all = await seen(world, await world.book(guide.agathe, during=_next_week(booked)))
    assert open_to_all.case_number == guide.case.number
    assert open_to_all.place == guide.gembloux.label


_letters = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=2, max_size=8)
_names = _letters.map(lambda text: f"Xq{text}")
_homes = st.sampled_from(
    ["{given}", "Chez {family}", "Maison {given} {family}", "rue du Lac (chez-{family})", "{partner}", "{aunt} !"]
)


@given(
    names=st.lists(_names, min_size=5, max_size=5),
    home=_homes,
    locale=st.sampled_from(["fr", "en"]),
    ending=st.none() | st.sampled_from(EndingKind),
    confidential=st.booleans(),
    answer=st.sampled_from(Answer),
)
def test_no_name_no_comment_and_no_reason_is_ever_read_there(
    *, names: list[str], home: str, locale: str, ending: EndingKind | None, confidential: bool, answer: Answer
) -> None:
    given, family, aunt, uncle, partner = names
    tx = MemoryTransaction(State())
    guide = store_guide(tx)
    client = tx.people.save_client("c", Client(0, given, family))
    contact = tx.people.save_personal_contact("p", PersonalContact(0, aunt, uncle, "tante"))
    colleague = tx.people.save_professional_contact("q", ProfessionalContact(0, partner, "CPAS"))
    case = SupportCase(7, guide.case.kind, guide.seforme.id, (), confidential=confidential, clients=(client,))
    tx.cases.save(case)
    place = tx.places.add(home.format(given=given, family=family.upper(), aunt=aunt, partner=partner), "")
    booked = tx.appointments.add(
        guide.appointment(
            case_number=case.number,
            place_id=place.id,
            comment=" ".join(names),
            kind=f"Visite chez {family}",
            parties=(client.ref, contact.ref, colleague.ref, guide.ecoute.ref),
            ending=Ending(ending, guide.agathe.id, " ".join(names), START) if ending else None,
        )
    )
    booked = _answered(booked, answer)
    read = fold(encode(shared_card(view_shared(tx, booked, START), locale)))
    assert "xq" not in read
    assert ("seforme" in read) is (ending is not EndingKind.DELETED)
    assert ('"7"' in read or " 7" in read.replace("\\u00a0", " ")) or confidential


def _answered(booked: Appointment, answer: Answer) -> Appointment:
    return replace(booked, invitations=tuple(replace(i, answer=answer) for i in booked.invitations))


def _next_week(booked: Appointment) -> object:
    week = timedelta(days=7)
    return replace(booked.during, start=booked.during.start + week, end=booked.during.end + week)


def test_a_place_that_names_nobody_is_shown() -> None:
    tx = MemoryTransaction(State())
    guide: Guide = store_guide(tx)
    client = tx.people.save_client("c", Client(0, "Rose", "de la Tour"))
    booked = tx.appointments.add(guide.appointment(parties=(client.ref,), place_id=None))
    for name, shown in {
        "Rue de la Gare": True,
        "Tourbière": True,
        "Rosemont": True,
        "Jardin (Rose)": False,
        "Chez DE LA TOUR": False,
        "Tour de la paix": False,
    }.items():
        place = tx.places.add(name, "")
        view = view_shared(tx, replace(booked, place_id=place.id), START)
        assert bool(view.place) is shown, name
