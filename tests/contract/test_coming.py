"""What is to come for a worker, what he may still take back, and the reminders of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer, Appointment, Ending, EndingKind, Invitation
from core.notices import Notice, NoticeKind
from core.people import Worker
from core.ports import Database, Transaction
from core.preferences import Preferences
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, answered, make_notice, unsent
from tests.clock import START

SOON = START + timedelta(seconds=10)
MINUTE = timedelta(minutes=1)


def on_day(number: int) -> Interval:
    return Interval(*(at + timedelta(days=number) for at in (TUESDAY_AT_TEN.start, TUESDAY_AT_TEN.end)))


async def add(database: Database, appointment: Appointment) -> int:
    return (await database.write(lambda tx: tx.appointments.add(appointment))).id


async def end(database: Database, appointment_id: int, ending: Ending) -> None:
    def work(tx: Transaction) -> None:
        stored = tx.appointments.find(appointment_id)
        assert stored is not None
        tx.appointments.replace(stored, replace(stored, ending=ending), START)

    await database.write(work)


async def coming(database: Database, worker: Worker) -> list[int]:
    return [a.id for a in await database.read(lambda tx: tx.appointments.coming(worker.id, START))]


async def unsettled(database: Database, worker: Worker) -> list[int]:
    return [a.id for a in await database.read(lambda tx: tx.appointments.unsettled(worker.id, START))]


async def test_what_is_to_come_is_the_main_workers_and_the_invited_ones(database: Database, guide: Guide) -> None:
    later = await add(database, guide.appointment(during=on_day(1)))
    declined = await add(database, guide.appointment(invitations=(answered(guide.ecoute, Answer.DECLINED),)))
    await add(database, guide.appointment(during=Interval(START, START + MINUTE)))
    await add(database, guide.appointment(during=on_day(2), main_worker_id=guide.stranger.id, invitations=()))
    for worker in (guide.seforme, guide.ecoute):
        assert await coming(database, worker) == [declined, later], worker
    assert await coming(database, guide.agathe) == [], "the creator is not there himself"


async def test_what_has_ended_is_to_come_until_that_settles(database: Database, guide: Guide) -> None:
    first, second = [await add(database, guide.appointment(during=on_day(n))) for n in range(2)]
    await end(database, first, Ending(EndingKind.CANCELLED, guide.agathe.id, "", SOON))
    await end(database, second, Ending(EndingKind.DELETED, guide.agathe.id, "", START))
    assert await coming(database, guide.seforme) == [first]


@pytest.mark.parametrize("kind", list(EndingKind))
async def test_who_ends_may_take_it_back_until_it_settles(database: Database, guide: Guide, kind: EndingKind) -> None:
    first, second = [await add(database, guide.appointment(during=on_day(n))) for n in range(2)]
    await end(database, first, Ending(kind, guide.agathe.id, "", SOON))
    await end(database, second, Ending(kind, guide.agathe.id, "", START))
    assert await unsettled(database, guide.agathe) == [first]
    assert await unsettled(database, guide.seforme) == []


async def test_who_declines_may_take_it_back_until_it_settles_or_begins(database: Database, guide: Guide) -> None:
    def declined(settles: timedelta) -> tuple[Invitation, ...]:
        return (answered(guide.ecoute, Answer.DECLINED, settles_at=START + settles),)

    his = await add(database, guide.appointment(invitations=declined(MINUTE)))
    await add(database, guide.appointment(during=on_day(1), invitations=declined(timedelta(0))))
    begun = Interval(START, START + MINUTE)
    await add(database, guide.appointment(during=begun, invitations=declined(MINUTE)))
    assert await unsettled(database, guide.ecoute) == [his]
    assert await unsettled(database, guide.seforme) == []


async def test_reminders_to_come_are_dropped_and_may_be_added_again(database: Database, guide: Guide) -> None:
    one, other = [await add(database, guide.appointment(during=on_day(n))) for n in range(2)]

    def reminder(appointment_id: int, worker: Worker, minutes: int) -> Notice:
        due_at = START + minutes * MINUTE
        return make_notice(appointment_id, worker, NoticeKind.REMINDER, minutes=minutes, due_at=due_at)

    due, dropped = reminder(one, guide.ecoute, 0), reminder(one, guide.ecoute, 5)
    kept = [due, reminder(one, guide.seforme, 5), reminder(other, guide.ecoute, 6)]
    another = make_notice(one, guide.ecoute, NoticeKind.CHANGED, due_at=START + 7 * MINUTE)
    await database.write(lambda tx: tx.outbox.add([*kept, dropped, another], START))
    await database.write(lambda tx: tx.outbox.drop_reminders(guide.ecoute.id, [one], START))
    await database.write(lambda tx: tx.outbox.drop_reminders(guide.ecoute.id, [], START))
    assert set(await unsent(database)) == {*kept, another}
    await database.write(lambda tx: tx.outbox.add([dropped], START))
    assert set(await unsent(database)) == {*kept, another, dropped}


async def test_places_are_found_together_by_name(database: Database, guide: Guide) -> None:
    arlon = await database.write(lambda tx: tx.places.add("Arlon", ""))
    found = await database.read(lambda tx: tx.places.find_all({guide.gembloux.id, arlon.id, 9_999}))
    assert found == [arlon, guide.gembloux]
    assert await database.read(lambda tx: tx.places.find_all(())) == []


async def test_preferences_are_read_under_a_lock_as_without(database: Database, guide: Guide) -> None:
    chosen = Preferences(reminders=(5 * MINUTE,))
    await database.write(lambda tx: tx.choices.save(guide.ecoute.id, chosen, None))
    ids = [guide.ecoute.id, guide.seforme.id]
    assert await database.write(lambda tx: tx.choices.lock(ids)) == dict(zip(ids, (chosen, Preferences()), strict=True))
    assert await database.write(lambda tx: tx.choices.lock([])) == {}
