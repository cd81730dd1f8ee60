"""A card that is posted stays up to date, whatever happens while it is on its way."""

from datetime import datetime

from bot.copies import post_live
from core.appointments import Answer, Appointment
from core.people import Worker
from handlers.ui import Card, Live
from tests.bot.office import Office

CARD = Card("Appointment")


async def post(office: Office, appointment: Appointment, worker: Worker, now: datetime) -> None:
    (account,) = await office.db.read(lambda tx: tx.accounts.of_worker(worker.id))
    await post_live(office.db, office.web, account, CARD, Live(appointment.id, appointment.version), now)


async def settle_down(office: Office) -> None:
    await office.send_all()
    office.web.taken()


async def test_posted_card_is_kept_as_a_copy(office: Office) -> None:
    appointment = await office.book()
    await settle_down(office)

    await post(office, appointment, office.guide.agathe, office.clock.now())

    first, second = await office.copies(appointment, office.guide.agathe)
    assert (first.version, second.version) == (1, 1)
    assert await office.send_all() == 0


async def test_card_outdated_on_its_way_is_refreshed(office: Office) -> None:
    appointment = await office.book()
    await settle_down(office)

    async def meanwhile() -> None:
        await office.answer(appointment, Answer.ACCEPTED)
        await office.send_all()
        office.web.taken()

    office.web.meanwhile = meanwhile
    await post(office, appointment, office.guide.stranger, office.clock.now())
    office.web.taken()
    await office.send_all()

    assert [s.account.worker_id for s in office.web.taken()] == [office.guide.stranger.id]
    (copy,) = await office.copies(appointment, office.guide.stranger)
    assert copy.version == appointment.version + 1


async def test_card_made_before_a_cancellation_settles_is_refreshed_when_it_has(office: Office) -> None:
    appointment = await office.cancel(await office.book())
    await settle_down(office)

    await post(office, appointment, office.guide.ecoute, office.clock.now())
    office.web.taken()
    await office.send_all(seconds=11)

    replaced = [s for s in office.web.taken() if s.how == "replace" and s.account.worker_id == office.guide.ecoute.id]
    assert replaced
    assert {c.version for c in await office.copies(appointment, office.guide.ecoute)} == {appointment.version}


async def test_card_that_a_settling_overtook_is_refreshed(office: Office) -> None:
    appointment = await office.cancel(await office.book())
    await settle_down(office)
    made_at = office.clock.now()
    await office.send_all(seconds=11)
    office.web.taken()

    await post(office, appointment, office.guide.ecoute, made_at)
    office.web.taken()
    await office.send_all()

    assert {s.how for s in office.web.taken()} == {"replace"}
