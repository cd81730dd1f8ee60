"""Notices are sent once, to the right place, as things stand when they are sent (rule 7)."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.outbox import OutboxSender
from bot.ports import TryAgain, Undeliverable
from core.appointments import Answer
from core.people import Worker
from core.ports import Transaction
from storage.memory import MemoryDatabase
from tests.bot.messengers import Sent
from tests.bot.office import Office
from tests.builders import between

T = TypeVar("T")


def of(sent: list[Sent], worker: Worker) -> list[str]:
    return [s.how for s in sent if s.account.worker_id == worker.id]


async def test_booking_posts_one_card_to_each(office: Office) -> None:
    appointment = await office.book()

    await office.send_all()

    sent = office.web.taken()
    people = (office.guide.agathe, office.guide.seforme, office.guide.ecoute)
    assert [of(sent, worker) for worker in people] == [["post"]] * 3
    for worker in people:
        (copy,) = await office.copies(appointment, worker)
        assert copy.version == appointment.version
    assert await office.send_all() == 0


async def test_answer_replaces_every_copy_and_tells_the_organiser(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    appointment = await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()

    sent = office.web.taken()
    assert of(sent, office.guide.ecoute) == ["replace"]
    assert of(sent, office.guide.seforme) == ["replace"]
    assert sorted(of(sent, office.guide.agathe)) == ["post", "replace"]
    assert sent[0].account.worker_id == office.guide.ecoute.id, "the clicked copy goes first"


async def test_copies_on_every_platform_follow(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    slack = await office.join(office.guide.ecoute, "slack", current=True)
    await office.db.write(lambda tx: tx.outbox.save_copy(appointment.id, slack.id, ("m1",), appointment.version))
    office.web.taken()

    await office.answer(appointment, Answer.TENTATIVE)
    await office.send_all()

    assert of(office.slack.taken(), office.guide.ecoute) == ["replace"]
    assert of(office.web.taken(), office.guide.ecoute) == ["replace"]


async def test_refreshes_that_wait_are_merged(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    for sequence, answer in enumerate((Answer.ACCEPTED, Answer.TENTATIVE, Answer.ACCEPTED)):
        await office.answer(appointment, answer, sequence)
    await office.send_all()

    assert of(office.web.taken(), office.guide.seforme) == ["replace"]


async def test_cancellation_reaches_the_others_only_when_it_settles(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    await office.cancel(appointment)
    await office.send_all()
    at_once = office.web.taken()
    await office.send_all(seconds=11)
    settled = office.web.taken()

    assert [s.account.worker_id for s in at_once] == [office.guide.agathe.id]
    assert of(settled, office.guide.agathe) == ["replace"], "Undo goes from the card"
    assert sorted(of(settled, office.guide.ecoute)) == ["post", "replace"]


async def test_cancellation_taken_back_tells_nobody(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    appointment = await office.cancel(appointment)
    await office.undo(appointment)
    await office.send_all(seconds=11)

    assert {s.how for s in office.web.taken()} == {"replace"}


async def test_copy_refreshed_before_the_settling_is_refreshed_after_it(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    appointment = await office.cancel(appointment)
    ecoute = office.guide.ecoute
    await office.db.write(
        lambda tx: tx.outbox.refresh_again(appointment.id, ecoute.id, appointment.version, office.clock.now())
    )
    await office.send_all(seconds=1)
    early = office.web.taken()[-1]
    await office.send_all(seconds=10)

    last = [s for s in office.web.taken() if s.account.worker_id == ecoute.id and s.how == "replace"]
    assert len(last) == 1
    assert last[0].card != early.card


async def test_reminder_comes_once_and_never_after_a_cancellation(office: Office) -> None:
    kept = await office.book()
    dropped = await office.book(during=between("2026-01-28 10:00", "12:00"))
    await office.send_all()
    await office.cancel(dropped)
    await office.send_all(seconds=11)
    office.web.taken()

    office.clock.set(kept.during.start)
    await office.send_all(hours=-23)
    first = office.web.taken()
    await office.send_all()
    office.clock.set(dropped.during.start)
    await office.send_all(minutes=-30)

    assert sorted(s.account.worker_id for s in first) == sorted([office.guide.seforme.id, office.guide.ecoute.id])
    assert office.web.taken() == []


async def test_reminder_expires_at_the_start(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    office.clock.set(appointment.during.start)
    handled = await office.send_all()

    assert handled == 4, "two reminders for each of two people"
    assert office.web.taken() == []


async def test_reminder_of_a_moved_appointment_follows_it(office: Office) -> None:
    old = await office.book()
    await office.send_all()
    new = await office.change(old, during=between("2026-01-29 10:00", "12:00"))
    await office.send_all()
    office.web.taken()

    office.clock.set(old.during.start)
    await office.send_all()
    at_old_time = office.web.taken()
    office.clock.set(new.during.start)
    await office.send_all(minutes=-59)

    assert at_old_time == []
    assert len(office.web.taken()) == 4


async def test_who_declined_is_not_reminded(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    await office.answer(appointment, Answer.DECLINED)
    await office.send_all(seconds=11)
    office.web.taken()

    office.clock.set(appointment.during.start)
    await office.send_all(hours=-1)

    assert {s.account.worker_id for s in office.web.taken()} == {office.guide.seforme.id}


async def test_message_that_is_gone_is_posted_anew(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    (old,) = await office.copies(appointment, office.guide.ecoute)
    office.web.gone.update(old.messages)
    office.web.taken()

    await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()

    (new,) = await office.copies(appointment, office.guide.ecoute)
    assert of(office.web.taken(), office.guide.ecoute) == ["post"]
    assert new.messages != old.messages


async def test_message_that_is_gone_is_forgotten_when_nothing_stands(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    (old,) = await office.copies(appointment, office.guide.ecoute)
    office.web.gone.update(old.messages)
    await office.cancel(appointment)
    await office.send_all(seconds=11)

    assert await office.copies(appointment, office.guide.ecoute) == []


@pytest.mark.parametrize("fault", [TryAgain("busy"), RuntimeError("secret content")])
async def test_failing_row_waits_and_stops_no_other(
    office: Office, fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    await office.book()
    office.web.faults = [fault]

    await office.send_all()
    first = office.web.taken()
    await office.send_all(seconds=6)

    assert len(first) == 2
    assert len(office.web.taken()) == 1
    assert await office.failed() == []
    assert "secret content" not in "".join(capsys.readouterr())


async def test_retry_after_is_obeyed(office: Office) -> None:
    await office.book()
    office.web.faults = [TryAgain("slow down", after=90.0)]

    await office.send_all()
    await office.send_all(seconds=89)
    before = len(office.web.taken())
    await office.send_all(seconds=1)

    assert (before, len(office.web.taken())) == (2, 1)


async def test_row_that_never_succeeds_is_set_aside_and_reported(office: Office) -> None:
    await office.book()
    office.web.faults = [TryAgain("no_such_thing")] * 1000

    for _ in range(40):
        await office.send_all(minutes=20)

    assert await office.failed() == ["try again: no_such_thing"] * 3
    office.web.faults = []
    office.web.taken()
    assert await office.send_all() == 0


async def test_unreachable_account_is_set_aside_at_once(office: Office) -> None:
    await office.book()
    office.web.faults = [Undeliverable("account_inactive")]

    await office.send_all()

    assert await office.failed() == ["undeliverable: web: account_inactive"]
    assert len(office.web.taken()) == 2


async def test_other_account_is_tried_when_one_is_unreachable(office: Office) -> None:
    await office.join(office.guide.agathe, "slack", current=True)
    await office.book()
    office.slack.faults = [Undeliverable("account_inactive")]

    await office.send_all()

    assert of(office.web.taken(), office.guide.agathe) == ["post"]
    assert await office.failed() == []


async def test_one_unreachable_copy_keeps_no_other_from_its_update(office: Office) -> None:
    slack = await office.join(office.guide.ecoute, "slack", current=False)
    appointment = await office.book()
    await office.send_all()
    await office.db.write(lambda tx: tx.outbox.save_copy(appointment.id, slack.id, ("m1",), appointment.version))
    office.web.taken()
    office.slack.faults = [Undeliverable("gone")]

    await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()

    assert of(office.web.taken(), office.guide.ecoute) == ["replace"]


async def test_notices_follow_the_account_last_used(office: Office) -> None:
    await office.join(office.guide.ecoute, "slack", current=True)
    await office.book()
    await office.send_all()

    assert of(office.slack.taken(), office.guide.ecoute) == ["post"]
    assert of(office.web.taken(), office.guide.ecoute) == []


async def test_worker_who_never_spoke_is_looked_up(office: Office) -> None:
    zoe = await office.db.write(lambda tx: tx.people.save_worker(_newcomer(office)))
    office.slack = type(office.slack)("slack", knows={zoe.handle: "U777"})
    await office.book(parties=(office.guide.gisele.ref, zoe.ref))

    await office.send_all()

    assert [s.account.external_id for s in office.slack.taken()] == ["U777"]
    (account,) = await office.db.read(lambda tx: tx.accounts.of_worker(zoe.id))
    assert (account.platform, account.tenant, account.current) == ("slack", "T1", True)


async def test_worker_without_any_account_is_tried_again(office: Office) -> None:
    zoe = await office.db.write(lambda tx: tx.people.save_worker(_newcomer(office)))
    await office.book(parties=(office.guide.gisele.ref, zoe.ref))
    await office.send_all()
    await office.join(zoe, "web", current=True)

    await office.send_all(seconds=10)

    assert of(office.web.taken(), zoe) == ["post"]


async def test_change_while_a_card_is_on_its_way_is_caught_up(office: Office) -> None:
    appointment = await office.book()

    async def ecoute_answers() -> None:
        await office.answer(appointment, Answer.ACCEPTED)

    office.web.meanwhile = ecoute_answers
    await office.send_all()

    (copy,) = await office.copies(appointment, office.guide.agathe)
    assert copy.version == appointment.version + 1


async def test_running_sender_sends_what_it_is_woken_for_and_stops(office: Office) -> None:
    sender = office.sender
    running = asyncio.create_task(sender.run())
    everything = asyncio.Event()

    async def posted() -> None:
        office.web.meanwhile = posted
        if len(office.web.sent) == 2:
            everything.set()

    office.web.meanwhile = posted
    await office.book()
    sender.wake()
    await everything.wait()
    await sender.stop(running)

    assert len(office.web.taken()) == 3
    assert running.done()
    assert await office.send_all() == 0


async def test_sender_outlives_a_database_that_is_away(office: Office) -> None:
    sender = OutboxSender(AwayOnce(office.db), {"web": office.web}, office.clock)
    running = asyncio.create_task(sender.run())
    await office.book()
    while len(office.web.sent) < 3:
        sender.wake()
        await asyncio.sleep(0)
    await sender.stop(running)

    assert len(office.web.taken()) == 3


class AwayOnce:
    """A database whose first write fails."""

    def __init__(self, db: MemoryDatabase) -> None:
        self._db = db
        self._away = True
        self.read = db.read
        self.close = db.close

    async def write(self, work: Callable[[Transaction], T]) -> T:
        if self._away:
            self._away = False
            raise ConnectionError
        return await self._db.write(work)


def _newcomer(office: Office) -> Worker:
    return Worker(0, "zoe", "Zoé", "Psychologue", "Principal", "zoe@example.org", zone=office.guide.agathe.zone)
