"""An invitee proposes another time while he or somebody else does something about the same appointment."""

import asyncio
from collections.abc import Callable
from threading import Thread

import pytest

import storage
from core.appointments import Answer, Appointment
from core.availability import Slot
from core.booking import book
from core.countering import propose
from core.handover import move_to
from core.invitations import answer_invitation
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from core.withdrawing import open_proposals
from tests.builders import Guide, store_guide
from tests.clock import START
from tests.core.countered import FRIDAY_AT_TEN, THURSDAY_AT_TEN

RULES = Rules()
LONG_ENOUGH = 0.5
"""For an act that nothing holds up, in seconds; one that waits as it should only makes the test last so long."""

Act = Callable[[Transaction, Guide, Appointment], object]


def proposing(during: Interval) -> Act:
    def act(tx: Transaction, guide: Guide, seen: Appointment) -> object:
        slot = Slot(during, guide.gembloux.id)
        return propose(tx, guide.ecoute, seen.id, seen.revision, slot, START, RULES)

    return act


def accepting(tx: Transaction, guide: Guide, seen: Appointment) -> object:
    own = seen.invitation_of(guide.ecoute.id)
    assert own is not None
    return answer_invitation(tx, guide.ecoute, seen.id, seen.revision, own.sequence, Answer.ACCEPTED, START, RULES)


def moving(tx: Transaction, guide: Guide, seen: Appointment) -> object:
    return move_to(tx, guide.seforme, seen.id, Slot(FRIDAY_AT_TEN, guide.gembloux.id), START, RULES)


async def elsewhere(url: str, guide: Guide, seen: Appointment, act: Act) -> None:
    """Do it as another process would."""
    database = storage.open_database(url)
    await database.write(lambda tx: act(tx, guide, seen))
    await database.close()


@pytest.mark.parametrize(
    ("meanwhile", "left"), [(proposing(FRIDAY_AT_TEN), [FRIDAY_AT_TEN]), (accepting, []), (moving, [])]
)
async def test_no_proposal_stays_open_that_another_act_closes(
    stored: Database, url: str, meanwhile: Act, left: list[Interval]
) -> None:
    guide = await stored.write(store_guide)

    def decline(tx: Transaction) -> Appointment:
        seen = book(tx, guide.seforme, guide.request(), START, RULES)
        return answer_invitation(tx, guide.ecoute, seen.id, seen.revision, 0, Answer.DECLINED, START, RULES)

    seen = await stored.write(decline)
    other = Thread(target=lambda: asyncio.run(elsewhere(url, guide, seen, meanwhile)))

    def work(tx: Transaction) -> None:
        proposing(THURSDAY_AT_TEN)(tx, guide, seen)
        if other.ident is None:
            other.start()
            other.join(LONG_ENOUGH)

    await stored.write(work)
    await asyncio.to_thread(other.join)
    found = await stored.read(lambda tx: open_proposals(tx, seen.id))
    assert [p.during for p in found] == left
