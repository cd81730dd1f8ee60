"""Notices of a request to open a time: sent once, and dropped when it is answered or past (rules 2 and 7)."""

from dataclasses import replace

import pytest

from bot.ports import TryAgain, Undeliverable
from core.asking import ask_opening, open_and_book, refuse_opening
from core.openings import Opening
from handlers.ui import Card, Facts, Notice
from tests.bot.messengers import Sent
from tests.bot.office import RULES, Office
from tests.builders import between

EVENING = between("2026-01-27 18:00", "19:00")


async def ask(office: Office) -> Opening:
    """Agathe asks seforme to open an evening hour."""
    request, now = office.guide.request(during=EVENING, comment="Apporter le bail"), office.clock.now()
    return await office.db.write(lambda tx: ask_opening(tx, office.guide.agathe, request, now, RULES))


async def accept(office: Office) -> None:
    now = office.clock.now()
    await office.db.write(lambda tx: open_and_book(tx, office.guide.seforme, 1, now, RULES))


async def refuse(office: Office) -> None:
    now = office.clock.now()
    await office.db.write(lambda tx: refuse_opening(tx, office.guide.seforme, 1, now))


def text(card: Card) -> str:
    said = [part.text for part in card.body if isinstance(part, Notice)]
    pairs = [f"{label}: {value}" for part in card.body if isinstance(part, Facts) for label, value in part.pairs]
    return "\n".join([card.title, *said, *pairs])


def only(sent: list[Sent]) -> Sent:
    (found,) = sent
    return found


async def test_the_owner_is_asked_once(office: Office) -> None:
    await ask(office)
    await office.send_all()

    sent = only(office.web.taken())
    assert (sent.how, sent.account.worker_id) == ("post", office.guide.seforme.id)
    assert "Agathe vous demande d’ouvrir ce créneau" in text(sent.card)
    assert "Apporter le bail" in text(sent.card)
    assert "Gisèle" not in sent.card.neutral
    assert await office.send_all() == 0
    assert await office.failed() == []


async def test_two_requests_are_two_questions(office: Office) -> None:
    await ask(office)
    await ask(office)
    await office.send_all()

    assert len(office.web.taken()) == 2


async def test_a_question_that_is_answered_or_past_is_dropped(office: Office) -> None:
    await ask(office)
    await refuse(office)
    await office.send_all()
    told = only(office.web.taken())
    assert told.account.worker_id == office.guide.agathe.id

    await ask(office)
    office.clock.set(EVENING.start)
    await office.send_all()
    assert office.web.taken() == []


async def test_an_opened_time_is_told_by_the_appointments_own_cards(office: Office) -> None:
    await ask(office)
    await office.send_all()
    office.web.taken()
    await accept(office)
    await office.send_all()

    sent = office.web.taken()
    people = [office.guide.agathe.id, office.guide.seforme.id, office.guide.ecoute.id]
    assert sorted(s.account.worker_id for s in sent) == sorted(people)
    assert all(s.card.title == "Rendez-vous – parcours n°\u00a01285" for s in sent)


async def test_a_refusal_reaches_who_asked(office: Office) -> None:
    await ask(office)
    await office.send_all()
    office.web.taken()
    await refuse(office)
    await office.send_all()

    sent = only(office.web.taken())
    assert sent.account.worker_id == office.guide.agathe.id
    assert "seforme n’ouvre pas ce créneau" in text(sent.card)
    assert await office.send_all() == 0


@pytest.mark.parametrize("fault", [TryAgain("busy"), RuntimeError("content")])
async def test_a_question_that_could_not_be_sent_is_sent_later(office: Office, fault: Exception) -> None:
    await ask(office)
    office.web.faults = [fault]
    await office.send_all()
    assert office.web.taken() == []
    await office.send_all(seconds=6)
    assert only(office.web.taken()).how == "post"


async def test_it_goes_to_another_account_when_one_is_unreachable(office: Office) -> None:
    await office.join(office.guide.seforme, "slack", current=True)
    office.slack.faults = [Undeliverable("gone")]
    await ask(office)
    await office.send_all()

    assert only(office.web.taken()).account.platform == "web"


async def test_nobody_is_asked_who_has_left(office: Office) -> None:
    await ask(office)
    await office.db.write(lambda tx: tx.people.save_worker(replace(office.guide.seforme, active=False)))
    await office.send_all()

    assert office.web.taken() == []
