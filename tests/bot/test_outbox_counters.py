"""Notices of another time that is proposed: sent once, and dropped when it is decided or over (rules 5 and 7)."""

from dataclasses import replace

import pytest

from bot.ports import TryAgain, Undeliverable
from core.appointments import Answer, Appointment
from core.availability import Slot
from core.countering import accept, propose, refuse
from core.counterproposals import CounterProposal
from core.invitations import undo_decline
from handlers.ui import Card, Facts, Notice
from tests.bot.messengers import Sent
from tests.bot.office import RULES, Office
from tests.builders import TUESDAY_AT_TEN, between

THURSDAY = between("2026-01-29 10:00", "12:00")


async def declined(office: Office) -> Appointment:
    """Agathe's appointment with seforme, that ecoute has just declined; what there was to send is sent."""
    made = await office.book()
    await office.answer(made, Answer.DECLINED)
    await office.send_all(minutes=1)
    office.web.taken()
    return made


async def proposed(office: Office, appointment: Appointment) -> CounterProposal:
    slot, now = Slot(THURSDAY, office.guide.gembloux.id), office.clock.now()
    ecoute = office.guide.ecoute
    return await office.db.write(lambda tx: propose(tx, ecoute, appointment.id, 1, slot, now, RULES))


async def decided(office: Office, proposal: CounterProposal, *, accepting: bool) -> None:
    now, agathe = office.clock.now(), office.guide.agathe
    if accepting:
        await office.db.write(lambda tx: accept(tx, agathe, proposal.id, now, RULES))
    else:
        await office.db.write(lambda tx: refuse(tx, agathe, proposal.id, now))


def text(card: Card) -> str:
    said = [part.text for part in card.body if isinstance(part, Notice)]
    pairs = [f"{label}: {value}" for part in card.body if isinstance(part, Facts) for label, value in part.pairs]
    return "\n".join([card.title, *said, *pairs]).replace("\u00a0", " ")


def only(sent: list[Sent]) -> Sent:
    (found,) = sent
    return found


async def test_the_organiser_is_asked_once(office: Office) -> None:
    await proposed(office, await declined(office))
    await office.send_all()

    sent = only(office.web.taken())
    assert (sent.how, sent.account.worker_id) == ("post", office.guide.agathe.id)
    assert "ecoute propose une autre heure : 29/01/2026 10:00 – 12:00." in text(sent.card)
    assert "Gisèle" not in sent.card.neutral
    assert await office.send_all() == 0
    assert await office.failed() == []


async def test_an_accepted_time_is_told_by_the_appointments_own_cards(office: Office) -> None:
    made = await declined(office)
    proposal = await proposed(office, made)
    await office.send_all()
    office.web.taken()
    await decided(office, proposal, accepting=True)
    await office.send_all()

    sent = office.web.taken()
    guide = office.guide
    posted = sorted(s.account.worker_id for s in sent if s.how == "post")
    refreshed = {s.account.worker_id for s in sent if s.how == "replace"}
    assert posted == sorted([guide.seforme.id, guide.ecoute.id]), "one is told, the other is asked"
    assert refreshed == {guide.agathe.id, guide.seforme.id, guide.ecoute.id}, "every copy shows the new time"
    assert all("29/01/2026 10:00 – 12:00" in text(s.card) for s in sent)


async def test_a_refusal_reaches_who_proposed(office: Office) -> None:
    proposal = await proposed(office, await declined(office))
    await office.send_all()
    office.web.taken()
    await decided(office, proposal, accepting=False)
    await office.send_all()

    sent = only(office.web.taken())
    assert (sent.how, sent.account.worker_id) == ("post", office.guide.ecoute.id)
    assert "Agathe garde l’heure prévue : 27/01/2026 10:00 – 12:00." in text(sent.card)
    assert await office.send_all() == 0


@pytest.mark.parametrize("how", ["withdrawn", "cancelled", "past"])
async def test_what_is_over_before_it_is_sent_is_not_asked(office: Office, how: str) -> None:
    made = await office.book()
    await office.send_all()
    await office.answer(made, Answer.DECLINED)
    await proposed(office, made)
    now, ecoute = office.clock.now(), office.guide.ecoute
    if how == "withdrawn":
        await office.db.write(lambda tx: undo_decline(tx, ecoute, made.id, 1, now))
    elif how == "cancelled":
        await office.cancel(made)
    else:
        office.clock.set(TUESDAY_AT_TEN.start)
    office.web.taken()
    await office.send_all()

    assert [s for s in office.web.taken() if s.card.title == "Autre heure proposée"] == []
    assert await office.failed() == []


@pytest.mark.parametrize("fault", [TryAgain("busy"), RuntimeError("content")])
async def test_a_question_that_could_not_be_sent_is_sent_later(office: Office, fault: Exception) -> None:
    await proposed(office, await declined(office))
    office.web.faults = [fault]
    await office.send_all()
    assert office.web.taken() == []
    await office.send_all(seconds=6)
    assert only(office.web.taken()).how == "post"


async def test_it_goes_to_another_account_when_one_is_unreachable(office: Office) -> None:
    made = await declined(office)
    await office.join(office.guide.agathe, "slack", current=True)
    office.slack.faults = [Undeliverable("gone")]
    await proposed(office, made)
    await office.send_all()

    assert only(office.web.taken()).account.platform == "web"


async def test_nobody_is_asked_who_has_left(office: Office) -> None:
    await proposed(office, await declined(office))
    await office.db.write(lambda tx: tx.people.save_worker(replace(office.guide.agathe, active=False)))
    await office.send_all()

    assert office.web.taken() == []
