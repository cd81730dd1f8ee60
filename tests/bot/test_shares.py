"""Cards in channels are posted once and follow their appointment, whatever happens meanwhile."""

import asyncio
from dataclasses import replace

from bot.ports import ChannelClosed, MessageGone, NotYet, TryAgain, Undeliverable
from core.appointments import Answer, Appointment
from core.endings import delete
from core.people import Worker
from core.ports import Transaction
from core.shares import Share
from core.sharing import share_appointment
from handlers.ui import Card, Notice
from tests.bot.office import RULES, Office
from tests.builders import between


async def share(office: Office, appointment: Appointment, worker: Worker | None = None) -> Share:
    """Have it shared by a colleague, by default one who is not the organiser."""
    actor, now = worker or office.guide.ecoute, office.clock.now()
    return await office.db.write(lambda tx: share_appointment(tx, actor, appointment.id, "slack", "T1", "C1", now))


async def settled(office: Office) -> Appointment:
    """Return an appointment whose cards are out."""
    appointment = await office.book()
    await office.send_all()
    office.web.taken()
    return appointment


async def stored(office: Office, appointment: Appointment) -> list[Share]:
    return await office.db.read(lambda tx: tx.shares.of(appointment.id))


def posted(office: Office) -> list[tuple[str, ...]]:
    """Which messages each call meant to replace."""
    return [share.messages for share, _ in office.slack.shared]


def says(card: Card) -> str:
    """The notice that a card begins with."""
    first = card.body[0]
    assert isinstance(first, Notice)
    return first.text


async def test_it_is_posted_once_and_who_shared_it_is_told(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)
    await office.send_all()
    assert posted(office) == [()]
    [told] = office.web.taken()
    assert told.account.worker_id == office.guide.ecoute.id
    assert says(told.card).startswith("Le rendez-vous est maintenant dans le canal")
    [kept] = await stored(office, appointment)
    assert (kept.messages, kept.version) == (("slack-1",), appointment.version)
    assert await office.send_all() == 0


async def test_a_change_while_it_is_on_its_way_follows(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)

    async def meanwhile() -> None:
        await office.answer(appointment, Answer.ACCEPTED)
        await office.send_all()

    office.slack.meanwhile = meanwhile
    await office.send_all()
    assert posted(office) == [(), ("slack-1",)]
    [kept] = await stored(office, appointment)
    assert kept.version == appointment.version + 1
    assert "accepté" in str(office.slack.shared[-1][1])


async def test_every_change_reaches_it_even_when_the_organiser_has_left(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)
    await office.send_all()
    await office.db.write(lambda tx: tx.people.save_worker(replace(office.guide.agathe, active=False)))
    await office.answer(appointment, Answer.TENTATIVE)
    await office.send_all()
    assert "accepté provisoirement" in str(office.slack.shared[-1][1])
    assert len(posted(office)) == 2


async def test_a_card_that_is_brought_up_to_date_ahead_of_others_leaves_its_channel_to_follow(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)
    await office.send_all()
    await office.change(appointment, comment="another")
    office.web.taken()
    sender = office.sender
    sender.ahead(office.guide.agathe.id)
    await sender.stop(asyncio.create_task(sender.run()))
    assert [(s.how, s.account.worker_id) for s in office.web.taken()] == [("replace", office.guide.agathe.id)]
    assert posted(office) == [()]
    await office.send_all()
    assert posted(office) == [(), ("slack-1",)]


async def test_an_answer_is_shown_once_it_can_no_longer_be_taken_back(office: Office) -> None:
    appointment = await settled(office)
    await office.answer(appointment, Answer.DECLINED)
    await share(office, appointment)
    await office.send_all()
    assert "pas encore de réponse" in str(office.slack.shared[-1][1])
    await office.send_all(minutes=1)
    assert "refusé" in str(office.slack.shared[-1][1])
    assert posted(office) == [(), ("slack-1",)]


async def test_a_channel_that_must_wait_keeps_no_card_from_its_update(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)
    await office.send_all()
    office.web.taken()
    office.slack.faults = [TryAgain("500"), NotYet("full", 30)]
    changed = await office.change(appointment, during=between("2026-01-27 14:00", "15:00"))
    await office.send_all()
    assert office.guide.agathe.id in {s.account.worker_id for s in office.web.taken() if s.how == "replace"}
    assert posted(office) == [()]
    for _ in range(3):
        await office.send_all(minutes=1)
    assert posted(office) == [(), ("slack-1",)]
    [kept] = await stored(office, appointment)
    assert kept.version == changed.version
    assert not [s for s in office.web.taken() if s.how == "replace"], "the person's own card was up to date"


async def test_what_cannot_be_kept_up_to_date_is_forgotten(office: Office) -> None:
    for fault in (ChannelClosed("is_archived", "…"), Undeliverable("no such workspace"), MessageGone("deleted")):
        appointment = await settled(office)
        await share(office, appointment)
        await office.send_all()
        office.slack.faults = [fault]
        await office.answer(appointment, Answer.ACCEPTED)
        await office.send_all()
        assert await stored(office, appointment) == []
        assert await office.failed() == []
        await office.cancel(appointment)
        await office.send_all(minutes=1)


async def test_who_shares_hears_why_it_cannot_be(office: Office) -> None:
    appointment = await settled(office)
    for fault, said in (
        (ChannelClosed("is_archived", "There are no channels here."), "Il n’y a pas de canaux ici."),
        (Undeliverable("no such workspace"), "n’a pas pu être publié dans ce canal"),
    ):
        office.slack.faults = [fault]
        await share(office, appointment)
        await office.send_all()
        [told] = office.web.taken()
        assert said in says(told.card)
        assert await stored(office, appointment) == []
    assert posted(office) == []


async def test_who_cannot_be_told_at_once_is_told_later(office: Office) -> None:
    appointment = await settled(office)
    office.slack.faults = [ChannelClosed("is_archived", "…")] * 2
    office.web.faults = [TryAgain("away")]
    await share(office, appointment)
    await office.send_all()
    assert len(await stored(office, appointment)) == 1
    await office.send_all(minutes=1)
    assert len(office.web.taken()) == 1
    assert await stored(office, appointment) == []


async def test_the_card_in_the_channel_is_not_posted_again_because_nobody_could_be_told(office: Office) -> None:
    appointment = await settled(office)
    office.web.faults = [TryAgain("away")]
    await share(office, appointment)
    await office.send_all()
    await office.send_all(minutes=10)
    assert posted(office) == [()]
    assert await office.failed() == []


async def test_a_message_that_is_gone_is_posted_anew_when_somebody_shares_it_again(office: Office) -> None:
    appointment = await settled(office)
    first = await share(office, appointment)
    await office.send_all()
    office.slack.gone = {"slack-1"}
    office.clock.advance(minutes=1)
    assert (await share(office, appointment, office.guide.agathe)).id == first.id
    await office.send_all()
    assert posted(office) == [(), ()]
    [kept] = await stored(office, appointment)
    assert kept.messages == ("slack-2",)
    assert office.web.taken()[-1].account.worker_id == office.guide.agathe.id


async def test_what_was_deleted_before_it_was_posted_is_not_posted(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)

    def forget(tx: Transaction) -> None:
        [share] = tx.shares.of(appointment.id)
        tx.shares.delete(share.id)

    await office.db.write(forget)
    await office.send_all()
    assert posted(office) == []
    assert await office.send_all(minutes=1) == 0


async def test_an_appointment_that_was_deleted_before_it_was_posted_is_not_posted(office: Office) -> None:
    appointment = await settled(office)
    await share(office, appointment)
    now, agathe = office.clock.now(), office.guide.agathe
    await office.db.write(lambda tx: delete(tx, agathe, appointment.id, appointment.revision, now, RULES))
    office.slack.faults = [TryAgain("away")]
    await office.send_all()
    await office.send_all(minutes=1)
    assert posted(office) == []
    assert await stored(office, appointment) == []
