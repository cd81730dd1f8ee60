"""An appointment that was declined, and another time proposed for it: what tests of that start from."""

from typing import Any

from core.appointments import Answer, Appointment
from core.availability import Slot
from core.counterproposals import CounterProposal
from core.people import Worker
from core.times import Interval
from tests.builders import between
from tests.core.world import World

THURSDAY = between("2026-01-29 00:00", "2026-01-30 00:00")
THURSDAY_AT_TEN = between("2026-01-29 10:00", "12:00")
FRIDAY_AT_TEN = between("2026-01-30 10:00", "12:00")


async def declined(world: World, *decliners: Worker, **changes: Any) -> Appointment:
    """Return an appointment that these have declined; its refusals can no longer be taken back, all is told."""
    guide = world.guide
    seen = await world.book(guide.agathe, **changes)
    for worker in decliners or (guide.ecoute,):
        seen = await world.answer(worker, seen, Answer.DECLINED)
    world.clock.advance(minutes=1)
    await world.quiet()
    return seen


def slot(world: World, during: Interval = THURSDAY_AT_TEN) -> Slot:
    """Return that time as it is offered: at the place of the main worker's range."""
    return Slot(during, world.guide.gembloux.id)


async def proposed(world: World, seen: Appointment, actor: Worker | None = None) -> CounterProposal:
    return await world.propose(actor or world.guide.ecoute, seen, slot(world))


async def stored(world: World, proposal: CounterProposal) -> CounterProposal:
    found = await world.db.read(lambda tx: tx.counterproposals.find(proposal.id))
    assert found is not None
    return found
