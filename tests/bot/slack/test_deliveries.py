"""What arrives twice acts once; what comes too late, or from somebody else, says so."""

from dataclasses import replace

from core.appointments import Answer
from core.endings import cancel
from core.notices import NoticeKind
from tests.bot.slack.client import HttpLine, event_body
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import dm_of
from tests.bot.slack.screen import labels, text_of
from tests.builders import kinds, unsent


async def test_the_same_click_delivered_five_times_is_one_answer(office: Office) -> None:
    appointment = await office.book()
    await office["ecoute"].click(office.with_button("ecoute", "Accepter"), "Accepter", times=5)
    await office.answered()
    answers = await office.deps.db.read(lambda tx: tx.appointments.answers(appointment.id))
    assert [answer for _, answer, _ in answers] == [Answer.ACCEPTED]
    assert kinds(await unsent(office.deps.db, office.clock.now()), NoticeKind.ANSWERED) == [
        (NoticeKind.ANSWERED, office.guide.agathe.id)
    ]
    await office.settle()
    assert len(office.screen("ecoute")) == 1
    assert "Votre réponse : accepté." in office.reads("ecoute")


async def test_a_double_click_says_that_one_was_enough(office: Office) -> None:
    appointment = await office.book()
    old = replace(office.with_button("ecoute", "Accepter"))
    for _ in range(2):
        await office["ecoute"].click(old, "Accepter")
    await office.settle()
    answers = await office.deps.db.read(lambda tx: tx.appointments.answers(appointment.id))
    assert [answer for _, answer, _ in answers] == [Answer.ACCEPTED]
    said = [m for m in office.screen("ecoute") if m.only_for]
    assert len(said) == 1
    assert labels(said[0].blocks) == ["Que puis-je faire ici ?"]


async def test_a_click_on_an_old_card_does_nothing_and_brings_the_fresh_one(office: Office) -> None:
    appointment = await office.book()
    old = replace(office.with_button("ecoute", "Accepter"))
    await office["ecoute"].click(old, "Refuser")
    await office.settle(minutes=1)
    await office["ecoute"].click(old, "Accepter")
    await office.settle()
    stored = await office.stored(appointment)
    assert [i.answer for i in stored.invitations] == [Answer.DECLINED]
    said = [text_of(m.blocks) for m in office.screen("ecoute") if m.only_for]
    assert len(said) == 1
    assert "Votre réponse : refusé." in text_of(office.screen("ecoute")[0].blocks)


async def test_somebody_who_is_not_invited_cannot_answer_for_another(office: Office) -> None:
    appointment = await office.book()
    card = office.with_button("ecoute", "Accepter")
    await office["Étienne"].click(card, "Accepter")
    await office.answered()
    assert await office.stored(appointment) == appointment
    said = [m for m in office.slack.messages if m.only_for == "U0ETIENNE"]
    assert len(said) == 1
    assert "LAFRAISE" not in text_of(said[0].blocks)


async def test_a_click_after_the_cancellation_says_so(office: Office) -> None:
    appointment = await office.book()
    old = replace(office.with_button("ecoute", "Accepter"))
    now, rules = office.clock.now(), office.deps.rules
    revision = appointment.revision
    await office.deps.db.write(lambda tx: cancel(tx, office.guide.agathe, appointment.id, revision, "", now, rules))
    await office.settle(minutes=1)
    await office["ecoute"].click(old, "Accepter")
    await office.settle()
    stored = await office.stored(appointment)
    assert [i.answer for i in stored.invitations] == [Answer.PENDING]
    (said,) = [text_of(m.blocks) for m in office.screen("ecoute") if m.only_for]
    assert "annulé" in said


async def test_an_event_that_slack_sends_again_is_answered_once(office: Office) -> None:
    body = event_body(
        {"type": "message", "channel_type": "im", "user": "U0AGATHE", "channel": dm_of("U0AGATHE"), "text": "bonjour"}
    )
    assert isinstance(office.line, HttpLine)
    for number in range(4):
        again = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"} if number else {}
        await office.line.event(body, **again)
        await office.answered()
    assert len(office.screen("Agathe")) == 1


async def test_a_form_that_is_sent_twice_books_once(office: Office) -> None:
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    await office["Agathe"].click(office.newest("Agathe"), "Créer pour le référent")
    await office.answered()
    await office["Agathe"].choose("Créneau horaire", "10:00 – 11:00")
    await office.answered()
    modal = office["Agathe"].modal
    await office["Agathe"].submit()
    office.slack.modals[modal.id] = modal
    await office["Agathe"].submit()
    await office.settle()
    listed = await office.deps.db.read(
        lambda tx: tx.appointments.of_case(1285, office.guide.agathe.id, office.clock.now(), limit=10)
    )
    assert len(listed) == 1
    assert [text_of(m.blocks).count("Rendez-vous créé") for m in office.screen("Agathe")].count(1) == 1


async def test_a_card_that_is_opened_by_a_repeated_click_comes_once(office: Office) -> None:
    await office.book()
    await office["ecoute"].command("/invitations")
    await office["ecoute"].click(office.with_button("ecoute", "Ouvrir"), "Ouvrir", times=3)
    await office.answered()
    assert len([m for m in office.screen("ecoute") if not m.only_for]) == 2


async def test_a_form_is_opened_once_by_a_repeated_click(office: Office) -> None:
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    await office["Agathe"].click(office.newest("Agathe"), "Créer", times=3)
    await office.answered()
    assert len(office.slack.stack_of("U0AGATHE")) == 1
    assert len(office.screen("Agathe")) == 1  # and the later ones, which Slack refused, said nothing
