"""What is sent unasked can be shown later, by its recipient alone, as things stand then and with the rights he has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer
from core.errors import NotFound
from core.notices import NoticeKind
from core.people import Worker
from core.ports import Transaction
from handlers import actions
from handlers.codec import encode
from handlers.ui import ActionClick, ActionRef, Card, Live, ReplaceCard
from tests.bot.office import RULES, Office
from tests.builders import make_notice
from tests.handlers.desk import Desk

CLIENT = "LAFRAISE"


async def revealed(office: Office, worker: Worker, ref: ActionRef | None) -> ReplaceCard:
    """Return what the click answers."""
    assert ref is not None
    outcome = await Desk(worker, office.db, office.clock, RULES).send(ActionClick(ref))
    assert isinstance(outcome, ReplaceCard)
    return outcome


async def card_to(office: Office, worker: Worker, how: str = "post") -> Card:
    """Return the newest card that was sent to him."""
    return [s.card for s in office.web.sent if s.account.worker_id == worker.id and s.how == how][-1]


async def test_an_invitation_shows_the_whole_card_and_stays_up_to_date(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    card = await card_to(office, office.guide.ecoute)
    assert CLIENT not in card.neutral

    shown = await revealed(office, office.guide.ecoute, card.reveal)
    assert shown == ReplaceCard(replace(card, reveal=None), Live(appointment.id, appointment.version))
    assert CLIENT in encode(shown.card)


async def test_it_shows_what_has_become_of_the_appointment(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    card = await card_to(office, office.guide.ecoute)
    answered = await office.answer(appointment, Answer.ACCEPTED)
    shown = await revealed(office, office.guide.ecoute, card.reveal)
    assert shown.live == Live(appointment.id, answered.version)
    assert "accepté" in encode(shown.card)


async def test_a_copy_that_is_refreshed_can_still_be_shown(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()
    card = await card_to(office, office.guide.seforme, "replace")
    seforme = office.guide.seforme
    now = office.clock.now()
    await office.db.write(lambda tx: tx.outbox.refresh_again(appointment.id, seforme.id, 2, now))  # its row is gone
    shown = await revealed(office, seforme, card.reveal)
    assert CLIENT in encode(shown.card)


async def test_a_card_shown_before_a_cancellation_settles_is_brought_up_to_date_by_it(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    card = await card_to(office, office.guide.ecoute)
    cancelled = await office.cancel(appointment)
    shown = await revealed(office, office.guide.ecoute, card.reveal)
    assert shown.live == Live(appointment.id, cancelled.version - 1)


@pytest.mark.parametrize("kind", [NoticeKind.ANSWERED, NoticeKind.MOVED, NoticeKind.REMINDER])
async def test_a_notice_shows_what_it_told(office: Office, kind: NoticeKind) -> None:
    agathe, ecoute = office.guide.agathe, office.guide.ecoute
    appointment = await office.book()
    await office.send_all()
    expires_at = appointment.during.start if kind is NoticeKind.REMINDER else None
    notice = make_notice(appointment.id, ecoute, kind, due_at=office.clock.now(), about_id=agathe.id)
    if kind is NoticeKind.ANSWERED:
        notice = replace(notice, recipient_id=agathe.id, about_id=ecoute.id, version=0)
    notice = replace(notice, expires_at=expires_at)
    office.web.taken()
    await office.db.write(lambda tx: tx.outbox.add([notice], office.clock.now()))
    await office.send_all()
    reader = agathe if kind is NoticeKind.ANSWERED else ecoute
    card = await card_to(office, reader)
    assert CLIENT not in card.neutral
    assert await revealed(office, reader, card.reveal) == ReplaceCard(replace(card, reveal=None))


async def test_nobody_else_is_shown_it(office: Office) -> None:
    appointment = await office.book()
    await office.send_all()
    office.clock.set(appointment.during.start - timedelta(hours=1))
    await office.send_all()
    reminder = await card_to(office, office.guide.ecoute)
    assert reminder.reveal is not None
    assert reminder.reveal.name == actions.REVEAL
    for token in (reminder.reveal.token, "0", "99999", "x", ""):
        with pytest.raises(NotFound):
            await revealed(office, office.guide.seforme, ActionRef(actions.REVEAL, token))


async def test_a_copy_is_shown_to_nobody_who_may_not_see_the_case(office: Office) -> None:
    stranger = office.guide.stranger

    def close(tx: Transaction) -> None:
        tx.cases.save(replace(office.guide.case, confidential=True))

    await office.db.write(close)
    appointment = await office.book()
    await office.send_all()
    for token in (str(appointment.id), "404", "x"):
        with pytest.raises(NotFound):
            await revealed(office, stranger, ActionRef(actions.REVEAL_COPY, token))


async def test_who_was_taken_out_is_shown_no_name_any_more(office: Office) -> None:
    def close(tx: Transaction) -> None:
        tx.cases.save(replace(office.guide.case, confidential=True, worker_ids=frozenset()))

    appointment = await office.book()
    await office.send_all()
    card = await card_to(office, office.guide.ecoute)
    await office.change(appointment, parties=(office.guide.gisele.ref,))
    await office.db.write(close)
    shown = await revealed(office, office.guide.ecoute, card.reveal)
    assert CLIENT not in encode(shown.card)


async def test_what_is_over_says_so(office: Office) -> None:
    notice = make_notice(0, office.guide.ecoute, NoticeKind.SUMMARY, version=0, due_at=office.clock.now())
    row = replace(notice, day=office.clock.now().date())
    await office.db.write(lambda tx: tx.outbox.add([row], office.clock.now()))
    shown = await revealed(office, office.guide.ecoute, ActionRef(actions.REVEAL, "1"))
    assert "plus rien à afficher" in encode(shown.card)
