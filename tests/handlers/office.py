"""Short ways to the states that tests of cards start from."""

from typing import Any

from core.appointments import Answer, Appointment
from core.booking import book
from core.invitations import answer_invitation
from core.ports import Transaction
from handlers import ui
from handlers.actions import ref
from tests.builders import Guide, at
from tests.handlers.desk import Desk, Filling

FAR = at("2030-01-01 00:00")


async def for_lead(desk: Desk) -> Filling:
    """Return the booking form as the case opens it for its lead, seforme."""
    return await desk.open_form(await desk.type("parcours 1285"), "Créer pour le référent")


async def own(desk: Desk) -> Filling:
    """Return the booking form as the case opens it for oneself."""
    return await desk.open_form(await desk.type("parcours 1285"), "Créer")


async def at_another_time(form: Filling, day: str, starts: str, ends: str) -> ui.Outcome:
    """Send the form with a time that is none of the slots."""
    await form.choose("slot", "other")
    form.values |= {"date": day, "from": starts, "until": ends}
    return await form.submit()


async def booked(desk: Desk, guide: Guide, **changes: Any) -> Appointment:
    """Return an appointment that the desk's worker has made in seforme's agenda, with ecoute invited."""
    request, now = guide.request(**changes), desk.clock.now()
    return await desk.db.write(lambda tx: book(tx, desk.worker, request, now, desk.rules))


async def answered(desk: Desk, appointment: Appointment, answer: Answer) -> Appointment:
    """Return the appointment after the desk's worker has answered what stands now."""

    def work(tx: Transaction) -> Appointment:
        found = tx.appointments.find(appointment.id)
        assert found is not None
        own = found.invitation_of(desk.worker.id)
        assert own is not None
        now, rules = desk.clock.now(), desk.rules
        return answer_invitation(tx, desk.worker, found.id, found.revision, own.sequence, answer, now, rules)

    return await desk.db.write(work)


async def with_copy(desk: Desk, appointment: Appointment) -> None:
    """Give the desk's worker a copy of the card, as the outbox leaves it behind."""

    def work(tx: Transaction) -> None:
        account = tx.accounts.link(desk.worker.id, "web", "local", desk.worker.handle, current=True)
        tx.outbox.save_copy(appointment.id, account.id, ("message",), appointment.version)

    await desk.db.write(work)


async def send_all(desk: Desk) -> None:
    """Mark everything in the outbox as sent, reminders too."""

    def work(tx: Transaction) -> None:
        while rows := tx.outbox.claim_due(FAR, FAR, 100):
            for row in rows:
                tx.outbox.done(row.id, desk.clock.now())

    await desk.db.write(work)


def click(name: str, *numbers: int) -> ui.ActionClick:
    """Return a click on a button of that name."""
    return ui.ActionClick(ref(name, *numbers))
