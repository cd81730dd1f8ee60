"""What occupies people in tests of rule 3."""

from datetime import timedelta

from core.appointments import Answer
from core.availability import BusyKind, ExternalEvent
from core.people import Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, answered, between
from tests.core.world import World

EVENING = between("2026-01-27 20:00", "21:00")
HOUR = timedelta(hours=1)
MAY_DAY = between("2026-05-01 10:00", "12:00")
"""A Friday, and a public holiday in Belgium."""
CONFIRMED_KINDS = (BusyKind.ACCEPTED, BusyKind.TENTATIVE, BusyKind.PENDING, BusyKind.EXTERNAL)


async def occupy(world: World, worker: Worker, kind: BusyKind, during: Interval = TUESDAY_AT_TEN) -> None:
    guide = world.guide
    other = guide.stranger if worker is not guide.stranger else guide.agathe
    match kind:
        case BusyKind.APPOINTMENT:
            made = guide.appointment(
                main_worker_id=worker.id, during=during, parties=(guide.gisele.ref,), invitations=()
            )
            await world.store(lambda tx: tx.appointments.add(made))
        case BusyKind.EXTERNAL:
            event = ExternalEvent(worker.id, "uid", "", during, "Dentiste")
            await world.store(lambda tx: tx.agendas.replace_external_events(worker.id, [event]))
        case BusyKind.ABSENCE:
            await world.absent(worker, during)
        case BusyKind.HOLD:
            await world.hold(other, worker, during)
        case _:
            invitation = answered(worker, Answer(str(kind)))
            made = guide.appointment(
                main_worker_id=other.id, during=during, parties=(worker.ref,), invitations=(invitation,)
            )
            await world.store(lambda tx: tx.appointments.add(made))
