"""A platform sets the pace: what waits for its turn is sent as things stand then, and nothing is given up for it."""

import asyncio
from datetime import timedelta

from bot.outbox import ATTEMPTS, TO_ONE_PLACE, OutboxSender
from bot.ports import AccountGone, NotYet, Undeliverable
from core.appointments import Answer
from core.notices import NoticeKind
from core.people import Account
from handlers.codec import encode
from handlers.ui import Card
from tests.bot.messengers import RecordingMessenger
from tests.bot.office import Office
from tests.builders import make_notice, make_worker


async def test_whoever_is_told_to_come_back_burns_no_attempt(office: Office) -> None:
    await office.book()
    full = 3 * (ATTEMPTS + 1)
    office.web.turns = [NotYet("no room", 30)] * full
    for _ in range(ATTEMPTS + 1):
        assert await office.send_all(seconds=30) == 3
    assert office.web.taken() == []
    assert await office.send_all(seconds=30) == 3
    assert [s.how for s in office.web.taken()] == ["post"] * 3
    assert await office.failed() == []


async def test_a_little_patience_costs_no_row_its_place(office: Office) -> None:
    await office.book()
    office.web.faults = [NotYet("429", 3)]
    assert await office.send_all() == 3
    assert [s.how for s in office.web.taken()] == ["post"] * 3


async def test_no_reminder_goes_out_after_a_cancellation_that_happened_while_it_waited(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.web.taken()
    office.clock.set(appointment.during.start - timedelta(hours=24))
    await office.send_all()
    reminded = {s.account.worker_id for s in office.web.taken() if s.how == "post"}
    assert reminded == {office.guide.seforme.id, office.guide.ecoute.id}, "they would go out"

    async def cancelled_meanwhile() -> None:
        await office.cancel(appointment)
        office.clock.advance(seconds=20)

    office.clock.set(appointment.during.start - timedelta(hours=1))
    office.web.turns = [cancelled_meanwhile]
    await office.sender.sweep()
    assert [s for s in office.web.taken() if s.how == "post"] == []


async def test_the_newest_state_is_shown_and_not_sent_twice(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    appointment = await office.answer(appointment, Answer.ACCEPTED)
    office.web.taken()

    async def changes_his_mind() -> None:
        await office.answer(appointment, Answer.TENTATIVE, 1)

    office.web.turns = [changes_his_mind]
    await office.send_all()
    for worker in (office.guide.ecoute, office.guide.seforme):
        replaced = [s for s in office.web.sent if s.how == "replace" and s.account.worker_id == worker.id]
        assert len(replaced) == 1
        assert "tentative" in encode(replaced[0].card) or "provisoirement" in encode(replaced[0].card)


async def test_a_change_while_an_update_is_on_its_way_is_one_more_update(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    appointment = await office.answer(appointment, Answer.ACCEPTED)
    office.web.taken()

    async def changes_his_mind_twice() -> None:
        await office.answer(appointment, Answer.TENTATIVE, 1)
        await office.answer(appointment, Answer.ACCEPTED, 2)

    office.web.meanwhile = changes_his_mind_twice
    await office.send_all()
    to_ecoute = [s for s in office.web.sent if s.account.worker_id == office.guide.ecoute.id]
    assert [s.how for s in to_ecoute] == ["replace", "replace"]
    (copy,) = await office.copies(appointment, office.guide.ecoute)
    stored = await office.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert stored is not None
    assert copy.version == stored.version


async def test_what_was_updated_before_a_copy_has_to_wait_is_not_sent_again(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    slack = await office.join(office.guide.ecoute, "slack", current=True)
    await office.db.write(lambda tx: tx.outbox.save_copy(appointment.id, slack.id, ("m1",), appointment.version))
    office.web.taken()
    office.slack.turns = [NotYet("no room", 30)]
    await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()
    assert office.slack.taken() == []
    await office.send_all(seconds=30)
    own = [s.how for s in office.web.taken() if s.account.worker_id == office.guide.ecoute.id]
    assert own == ["replace"]
    assert [s.how for s in office.slack.taken()] == ["replace"]


async def test_a_workspace_that_is_full_keeps_no_other_waiting(office: Office) -> None:
    gate = asyncio.Event()

    class Slow(RecordingMessenger):
        async def post(self, account: Account, card: Card) -> tuple[str, ...]:
            await gate.wait()
            return await super().post(account, card)

    slow, now = Slow("slack"), office.clock.now()
    appointment = await office.book()
    await office.send_all()
    office.web.taken()

    def crowd(tx):  # type: ignore[no-untyped-def]
        people = [tx.people.save_worker(make_worker(f"p{n}")) for n in range(2 * TO_ONE_PLACE)]
        for worker in people:
            tx.accounts.link(worker.id, "slack", "T1", f"U{worker.id}", current=True)
        tx.outbox.add([make_notice(appointment.id, w, NoticeKind.REMOVED) for w in people], now)
        tx.outbox.add([make_notice(appointment.id, office.guide.agathe, NoticeKind.SHOWN, minutes=7)], now)

    await office.db.write(crowd)
    sender = OutboxSender(office.db, {"slack": slow, "web": office.web}, office.clock)
    running = asyncio.create_task(sender.run())
    sender.wake()
    async with asyncio.timeout(20):
        while not office.web.sent:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert len(slow.turned) == TO_ONE_PLACE
        gate.set()
        while len(slow.sent) < 2 * TO_ONE_PLACE:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await sender.stop(running)


async def test_an_account_that_nobody_is_behind_is_not_tried_again(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.faults = [AccountGone("user_disabled")]
    await office.book()
    await office.send_all()
    assert [s.account.worker_id for s in office.web.taken()].count(ecoute.id) == 1
    left = await office.db.read(lambda tx: tx.accounts.of_worker(ecoute.id))
    assert [(a.platform, a.current) for a in left] == [("web", True)]


async def test_the_only_account_stays_and_its_notice_is_set_aside(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    (web,) = [a for a in await office.db.read(lambda tx: tx.accounts.of_worker(ecoute.id)) if a.platform == "web"]
    await office.db.write(lambda tx: tx.accounts.unlink(web))
    office.slack.faults = [AccountGone("user_disabled")]
    await office.book()
    await office.send_all()
    assert await office.failed() == ["undeliverable: slack: user_disabled"]
    assert len(await office.db.read(lambda tx: tx.accounts.of_worker(ecoute.id))) == 1


async def test_another_account_is_tried_where_one_is_closed(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.faults = [Undeliverable("restricted_action")]
    await office.book()
    await office.send_all()
    assert [s.account.worker_id for s in office.web.taken()].count(ecoute.id) == 1
    assert len(await office.db.read(lambda tx: tx.accounts.of_worker(ecoute.id))) == 2


async def test_what_somebody_has_just_done_shows_before_what_waits_for_others(office: Office) -> None:
    """The morning's summaries fill the queue; the card that was clicked changes at once all the same."""
    appointment = await office.book()
    await office.send_all()
    await office.answer(appointment, Answer.ACCEPTED)
    office.web.taken()
    office.web.turns = [NotYet("a long queue", 600)] * 10
    sender = office.sender
    sender.ahead(office.guide.ecoute.id)
    await sender.stop(asyncio.create_task(sender.run()))
    assert [(s.how, s.account.worker_id) for s in office.web.taken()] == [("replace", office.guide.ecoute.id)]
    office.web.turns = []
    await office.send_all(seconds=600)
    others = [s.account.worker_id for s in office.web.taken() if s.how == "replace"]
    assert sorted(others) == sorted([office.guide.agathe.id, office.guide.seforme.id])
