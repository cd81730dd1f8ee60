"""Appointments as they are stored, changed, answered and listed."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.appointments import Answer, Appointment, Ending, EndingKind, Invitation
from core.errors import VersionConflict
from core.people import PartyKind, Worker
from core.ports import Database
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, answered, between
from tests.clock import START

SETTLED = START + timedelta(seconds=10)
LATER = START + timedelta(minutes=5)


async def add(database: Database, appointment: Appointment) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(appointment))


async def find(database: Database, appointment: Appointment) -> Appointment | None:
    return await database.read(lambda tx: tx.appointments.find(appointment.id))


async def answers(database: Database, appointment: Appointment) -> list[tuple[int, str, datetime]]:
    return await database.read(lambda tx: tx.appointments.answers(appointment.id))


def on(day: int) -> Interval:
    return between(f"2026-01-{day} 10:00", "12:00")


async def test_an_appointment_keeps_every_field(database: Database, guide: Guide) -> None:
    parties = (guide.aunt.ref, guide.ecoute.ref, guide.partner.ref, guide.gisele.ref, guide.agathe.ref)
    whole = guide.appointment(
        zone="America/New_York",
        comment="Apporter le bail\n\tet l’état des lieux 👍 مرحبا",
        parties=parties,
        invitations=(
            Invitation(guide.ecoute.id, Answer.DECLINED, Answer.TENTATIVE, 3, 1, SETTLED),
            answered(guide.agathe, Answer.ACCEPTED, optional=True),
        ),
        created_at=START + timedelta(microseconds=123456),
        place_id=None,
        kind="Suivi de l’été",
    )
    stored = await add(database, whole)
    assert stored.id > 0
    assert stored == replace(whole, id=stored.id)
    assert await find(database, stored) == stored
    assert await database.read(lambda tx: tx.appointments.find(404)) is None


@pytest.mark.parametrize("kinds", [c for n in range(5) for c in itertools.combinations(PartyKind, n)])
async def test_every_combination_of_parties_is_kept(
    database: Database, guide: Guide, kinds: tuple[PartyKind, ...]
) -> None:
    refs = {p.ref.kind: p.ref for p in (guide.ecoute, guide.gisele, guide.aunt, guide.partner)}
    stored = await add(database, guide.appointment(parties=tuple(refs[k] for k in kinds)))
    assert stored.parties == tuple(refs[k] for k in kinds)
    assert await find(database, stored) == stored
    found = await database.read(lambda tx: tx.appointments.of_case(1285, guide.agathe.id, START, limit=5))
    assert found == [stored]


async def test_a_replacement_keeps_every_field_and_raises_the_version(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    new = replace(
        stored,
        case_number=1290,
        main_worker_id=guide.stranger.id,
        during=on(28),
        zone="Europe/London",
        place_id=None,
        comment="changed",
        parties=(guide.agathe.ref, guide.partner.ref),
        invitations=(Invitation(guide.agathe.id, Answer.TENTATIVE, Answer.PENDING, 1, 7, SETTLED, optional=True),),
        revision=9,
        kind="Accueil",
        ending=Ending(EndingKind.CANCELLED, guide.agathe.id, "malade", SETTLED, was_cancelled=False),
    )
    changed = await database.write(lambda tx: tx.appointments.replace(stored, new, START))
    assert changed == replace(new, version=stored.version + 1)
    assert await find(database, stored) == changed
    cleared = replace(changed, ending=None, parties=(guide.gisele.ref,), invitations=())
    again = await database.write(lambda tx: tx.appointments.replace(changed, cleared, START))
    assert await find(database, stored) == again == replace(cleared, version=stored.version + 2)


async def test_a_replacement_of_an_old_version_is_refused(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    newer = await database.write(lambda tx: tx.appointments.replace(stored, replace(stored, comment="1"), START))
    with pytest.raises(VersionConflict):
        await database.write(lambda tx: tx.appointments.replace(stored, replace(stored, comment="2"), START))
    assert await find(database, stored) == newer


async def test_an_answer_touches_one_invitation(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment(parties=(guide.ecoute.ref, guide.agathe.ref)))
    said = Invitation(guide.ecoute.id, Answer.DECLINED, Answer.PENDING, sequence=1, settles_at=SETTLED)
    result = await database.write(lambda tx: tx.appointments.answer(stored, said, START))
    assert result == replace(stored, version=2, invitations=(replace(said, version=2), stored.invitations[1]))
    assert await find(database, stored) == result
    assert result.revision == stored.revision


async def test_an_answer_leaves_it_optional(database: Database, guide: Guide) -> None:
    invited = Invitation(guide.ecoute.id, optional=True)
    stored = await add(database, guide.appointment(invitations=(invited,)))
    said = replace(invited, answer=Answer.ACCEPTED, sequence=1)
    result = await database.write(lambda tx: tx.appointments.answer(stored, said, START))
    assert result.invitations == (replace(said, version=2),)
    assert await find(database, stored) == result
    required = replace(result, invitations=(replace(said, version=2, optional=False),))
    changed = await database.write(lambda tx: tx.appointments.replace(result, required, START))
    assert await find(database, stored) == changed == replace(required, version=3)


async def test_an_answer_returns_the_appointment_as_stored(database: Database, guide: Guide) -> None:
    """Another's answer that came in between is in it, and is not lost."""
    stored = await add(database, guide.appointment(parties=(guide.ecoute.ref, guide.agathe.ref)))
    first = answered(guide.agathe, Answer.ACCEPTED, sequence=1)
    await database.write(lambda tx: tx.appointments.answer(stored, first, START))
    second = answered(guide.ecoute, Answer.TENTATIVE, sequence=1)
    result = await database.write(lambda tx: tx.appointments.answer(stored, second, START))
    assert [(i.answer, i.version) for i in result.invitations] == [(Answer.TENTATIVE, 3), (Answer.ACCEPTED, 2)]
    assert result.version == 3
    assert await find(database, stored) == result


@pytest.mark.parametrize("sequence", [0, 2, 3])
async def test_an_answer_that_is_not_the_next_is_refused(database: Database, guide: Guide, sequence: int) -> None:
    stored = await add(database, guide.appointment())
    with pytest.raises(VersionConflict):
        await database.write(
            lambda tx: tx.appointments.answer(stored, answered(guide.ecoute, Answer.ACCEPTED, sequence=sequence), START)
        )
    assert await find(database, stored) == stored
    assert await answers(database, stored) == []


async def test_an_answer_of_someone_not_invited_is_refused(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    with pytest.raises(VersionConflict):
        await database.write(
            lambda tx: tx.appointments.answer(stored, answered(guide.stranger, Answer.ACCEPTED, sequence=1), START)
        )
    assert await find(database, stored) == stored


async def test_every_answer_is_kept_in_order(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    said = (Answer.TENTATIVE, Answer.DECLINED, Answer.ACCEPTED)
    for number, answer in enumerate(said, 1):
        invitation = answered(guide.ecoute, answer, sequence=number)
        stored = await database.write(
            lambda tx, stored=stored, invitation=invitation, number=number: tx.appointments.answer(  # type: ignore[misc]
                stored, invitation, START + timedelta(minutes=number)
            )
        )
    assert await answers(database, stored) == [
        (guide.ecoute.id, answer, START + timedelta(minutes=n)) for n, answer in enumerate(said, 1)
    ]


async def test_the_answers_that_a_replacement_changes_are_kept(database: Database, guide: Guide) -> None:
    invitations = (Invitation(guide.ecoute.id), answered(guide.agathe, Answer.ACCEPTED))
    stored = await add(
        database, guide.appointment(parties=(guide.ecoute.ref, guide.agathe.ref), invitations=invitations)
    )
    assert await answers(database, stored) == [(guide.agathe.id, "accepted", START)]
    asked_again = replace(
        stored,
        parties=(guide.ecoute.ref, guide.agathe.ref, guide.stranger.ref),
        invitations=(
            Invitation(guide.ecoute.id, sequence=1),
            Invitation(guide.agathe.id, sequence=1),
            answered(guide.stranger, Answer.ACCEPTED),
        ),
    )
    await database.write(lambda tx: tx.appointments.replace(stored, asked_again, LATER))
    assert await answers(database, stored) == [
        (guide.agathe.id, "accepted", START),
        (guide.agathe.id, "pending", LATER),
        (guide.stranger.id, "accepted", LATER),
    ]


async def test_the_answers_of_a_removed_worker_stay(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment(invitations=(answered(guide.ecoute, Answer.ACCEPTED),)))
    alone = replace(stored, parties=(guide.gisele.ref,), invitations=())
    await database.write(lambda tx: tx.appointments.replace(stored, alone, LATER))
    assert await answers(database, stored) == [(guide.ecoute.id, "accepted", START)]


async def test_the_appointments_of_a_case_come_latest_first_in_pages(database: Database, guide: Guide) -> None:
    for day in (27, 29, 28):
        await add(database, guide.appointment(during=on(day)))
    await add(database, guide.appointment(during=on(30), case_number=1290))

    async def days(limit: int, offset: int = 0) -> list[int]:
        found = await database.read(
            lambda tx: tx.appointments.of_case(1285, guide.agathe.id, START, limit=limit, offset=offset)
        )
        return [a.during.start.day for a in found]

    assert await days(10) == [29, 28, 27]
    assert await days(2) == [29, 28]
    assert await days(2, 2) == [27]
    assert await days(2, 3) == []


@pytest.mark.parametrize(
    ("kind", "was_cancelled", "actor_sees", "others_see_before"),
    [
        (EndingKind.CANCELLED, False, True, True),
        (EndingKind.DELETED, False, False, True),
        (EndingKind.DELETED, True, False, True),
    ],
)
async def test_a_deletion_hides_from_others_when_it_settles(
    database: Database,
    guide: Guide,
    kind: EndingKind,
    was_cancelled: bool,
    actor_sees: bool,
    others_see_before: bool,
) -> None:
    stored = await add(database, guide.appointment())
    ending = Ending(kind, guide.agathe.id, "", SETTLED, was_cancelled=was_cancelled)
    await database.write(lambda tx: tx.appointments.replace(stored, replace(stored, ending=ending), START))

    async def sees(viewer: Worker, now: datetime) -> bool:
        found = await database.read(lambda tx: tx.appointments.of_case(1285, viewer.id, now, limit=5))
        return [a.id for a in found] == [stored.id]

    assert await sees(guide.agathe, START) is actor_sees
    assert await sees(guide.seforme, SETTLED - timedelta(microseconds=1)) is others_see_before
    assert await sees(guide.seforme, SETTLED) is (kind is EndingKind.CANCELLED)
    assert await sees(guide.agathe, SETTLED) is (kind is EndingKind.CANCELLED)


async def test_a_page_is_full_although_something_is_hidden(database: Database, guide: Guide) -> None:
    hidden = await add(database, guide.appointment(during=on(29)))
    shown = [await add(database, guide.appointment(during=on(day))) for day in (28, 27)]
    ending = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED)
    await database.write(lambda tx: tx.appointments.replace(hidden, replace(hidden, ending=ending), START))
    found = await database.read(lambda tx: tx.appointments.of_case(1285, guide.agathe.id, START, limit=2))
    assert found == shown


async def test_invitations_that_await_an_answer_come_by_start_in_pages(database: Database, guide: Guide) -> None:
    ecoute = guide.ecoute
    for day in (29, 27, 28):
        await add(database, guide.appointment(during=on(day)))
    await add(database, guide.appointment(during=on(30), parties=(guide.agathe.ref,)))
    for hour, answer in enumerate((Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED), 13):
        during = between(f"2026-01-27 {hour}:00", f"{hour}:30")
        await add(database, guide.appointment(during=during, invitations=(answered(ecoute, answer),)))

    async def days(limit: int, offset: int = 0) -> list[int]:
        found = await database.read(lambda tx: tx.appointments.invited(ecoute.id, START, limit=limit, offset=offset))
        return [a.during.start.day for a in found]

    assert await days(10) == [27, 28, 29]
    assert await days(2) == [27, 28]
    assert await days(2, 2) == [29]
    assert await database.read(lambda tx: tx.appointments.count_invited(ecoute.id, START)) == 3
    assert await database.read(lambda tx: tx.appointments.count_invited(guide.stranger.id, START)) == 0


async def test_an_invitation_to_what_has_started_waits_no_longer(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    start, before = TUESDAY_AT_TEN.start, TUESDAY_AT_TEN.start - timedelta(seconds=1)
    ecoute = guide.ecoute.id
    assert await database.read(lambda tx: tx.appointments.invited(ecoute, before, limit=5)) == [stored]
    assert await database.read(lambda tx: tx.appointments.invited(ecoute, start, limit=5)) == []
    assert await database.read(lambda tx: tx.appointments.count_invited(ecoute, before)) == 1
    assert await database.read(lambda tx: tx.appointments.count_invited(ecoute, start)) == 0


@pytest.mark.parametrize("kind", list(EndingKind))
async def test_an_invitation_waits_until_anothers_ending_settles(
    database: Database, guide: Guide, kind: EndingKind
) -> None:
    stored = await add(database, guide.appointment(parties=(guide.ecoute.ref, guide.agathe.ref)))
    ending = Ending(kind, guide.agathe.id, "", SETTLED)
    await database.write(lambda tx: tx.appointments.replace(stored, replace(stored, ending=ending), START))

    async def count(worker: Worker, now: datetime) -> int:
        found = await database.read(lambda tx: tx.appointments.invited(worker.id, now, limit=5))
        assert await database.read(lambda tx: tx.appointments.count_invited(worker.id, now)) == len(found)
        return len(found)

    assert await count(guide.ecoute, SETTLED - timedelta(microseconds=1)) == 1
    assert await count(guide.ecoute, SETTLED) == 0
    assert await count(guide.agathe, START) == 0


async def test_deleting_what_was_cancelled_brings_no_invitation_back(database: Database, guide: Guide) -> None:
    stored = await add(database, guide.appointment())
    ending = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED, was_cancelled=True)
    await database.write(lambda tx: tx.appointments.replace(stored, replace(stored, ending=ending), START))
    assert await database.read(lambda tx: tx.appointments.count_invited(guide.ecoute.id, START)) == 0
