"""Each of Slack's errors has an answer: what the person sees, what the outbox does, what the doctor says."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from bot.checkup import check_database
from bot.outbox import ATTEMPTS, OutboxSender
from bot.slack.checkup import check_slack
from bot.slack.scopes import SCOPES
from core.appointments import Answer, Appointment
from handlers.i18n import Texts
from tests.bot.slack.client import event_body
from tests.bot.slack.conftest import Office, settings_for
from tests.bot.slack.fake_api import FakeSlack, dm_of
from tests.bot.slack.screen import Block, clickables, text_of
from tests.bot.slack.test_modals import opened
from tests.builders import between

ENGLISH = Texts("en", "Europe/Brussels")
CLOSED = ("channel_not_found", "is_archived", "not_in_channel", "user_disabled", "restricted_action")
REFUSED = ("account_inactive", "token_revoked", "invalid_auth", "missing_scope")
TOO_LATE = ("expired_trigger_id", "invalid_trigger_id", "internal_error", "ratelimited", "token_revoked")


async def refresh(office: Office, appointment: Appointment) -> str:
    """Let everybody's cards show ecoute's new answer; return what his own then shows."""
    await office["ecoute"].click(office.with_button("ecoute", "Accepter"), "Accepter")
    await office.settle()
    assert [i.answer for i in (await office.stored(appointment)).invitations] == [Answer.ACCEPTED]
    return office.reads("ecoute")


# --- sending


@pytest.mark.parametrize("error", CLOSED)
async def test_whom_slack_does_not_let_us_write_to_is_reported_by_the_doctor(
    office: Office, error: str, sqlite_url: str
) -> None:
    office.slack.fail("chat.postMessage", error, times=3)
    await office.book()
    failed = await office.deps.db.read(lambda tx: tx.outbox.failed(9))
    assert [why for _, why in failed] == [f"undeliverable: slack: {error}"] * 3
    assert len(office.slack.called("chat.postMessage")) == 3, "it is not tried again"
    told = await check_database(sqlite_url, office.clock, ENGLISH, thorough=True)
    assert [f.state for f in told if error in f.says] == ["wrong"] * 3


@pytest.mark.parametrize("error", REFUSED)
async def test_what_our_app_may_not_send_waits_until_that_is_mended(office: Office, error: str) -> None:
    office.slack.fail("chat.postMessage", error, times=99)
    await office.book()
    called = len(office.slack.called("chat.postMessage"))
    await office.book(during=between("2026-01-28 10:00", "12:00"))
    assert len(office.slack.called("chat.postMessage")) == called, "for a while nothing else is tried"
    for _ in range(2 * ATTEMPTS):
        await office.settle(seconds=61)
    office.slack.faults.clear()
    await office.settle(seconds=61)
    await office.settle(seconds=10)
    assert [len(office.screen(handle)) for handle in ("Agathe", "seforme", "ecoute")] == [2, 2, 2]
    assert await office.deps.db.read(lambda tx: tx.outbox.failed(9)) == []


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked", "invalid_auth"])
async def test_the_doctor_says_that_slack_refuses_the_token(slack: FakeSlack, error: str) -> None:
    slack.fail("auth.test", error)
    finding = await check_slack(settings_for(slack, "http"), SCOPES, ENGLISH)
    assert (finding.state, error in finding.says) == ("wrong", True)


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_the_doctor_names_the_missing_scope(slack: FakeSlack, scope: str) -> None:
    settings = settings_for(slack, "http")
    assert (await check_slack(settings, SCOPES, ENGLISH)).state == "ok"
    slack.scopes.discard(scope)
    finding = await check_slack(settings, SCOPES, ENGLISH)
    assert (finding.state, scope in finding.says) == ("wrong", True)


@pytest.mark.parametrize(("error", "status", "after"), [("ratelimited", 429, 30), ("ratelimited", 200, None)])
async def test_slack_is_left_alone_for_as_long_as_it_asks(
    office: Office, error: str, status: int, after: float | None
) -> None:
    office.slack.fail("chat.postMessage", error, status=status, after=after)
    await office.book()
    called = len(office.slack.called("chat.postMessage"))
    await office.settle(seconds=5)
    assert len(office.slack.called("chat.postMessage")) == called
    await office.settle(seconds=26)
    assert all(office.screen(handle) for handle in ("Agathe", "seforme", "ecoute"))


@pytest.mark.parametrize(
    ("error", "status"), [("internal_error", 200), ("fatal_error", 200), ("<html>", 500), ("<html>", 502), ("", 503)]
)
async def test_a_passing_fault_is_tried_again(office: Office, error: str, status: int) -> None:
    office.slack.fail("chat.postMessage", error, times=3, status=status)
    await office.book()
    assert office.screen("ecoute") == []
    await office.settle(seconds=10)
    assert all(len(office.screen(handle)) == 1 for handle in ("Agathe", "seforme", "ecoute"))


async def test_a_slack_that_does_not_answer_is_tried_again(office: Office) -> None:
    gate = office.slack.hold("chat.postMessage")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as impatient:
        before = office.workspace.api._session
        office.workspace.use(impatient)
        await office.book()
        office.workspace.use(before)
    assert await office.deps.db.read(lambda tx: tx.outbox.failed(9)) == []
    gate.set()
    office.slack.messages.clear()
    await office.settle(seconds=10)
    assert all(office.screen(handle) for handle in ("Agathe", "seforme", "ecoute"))


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_card_that_cannot_be_changed_is_posted_anew(office: Office, error: str) -> None:
    appointment = await office.book()
    office.slack.fail("chat.update", error, times=3)
    assert "Votre réponse : accepté." in await refresh(office, appointment)
    assert len([m for m in office.screen("seforme") if "accepté" in text_of(m.blocks)]) == 1


# --- answering


@pytest.mark.parametrize("error", TOO_LATE)
async def test_a_form_that_does_not_open_is_offered_by_a_button(office: Office, error: str) -> None:
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    office.slack.fail("views.open", error)
    await office["Agathe"].click(office.newest("Agathe"), "Créer pour le référent")
    await office.answered()
    assert "Rien n’est perdu" in office.reads("Agathe")
    await office["Agathe"].click(office.newest("Agathe"), "Ouvrir le formulaire")
    await office.answered()
    assert office["Agathe"].modal.view["type"] == "modal"


async def test_a_form_that_changed_meanwhile_is_left_as_it_is(office: Office) -> None:
    person = await opened(office)
    seen, said = person.modal.hash, len(office.screen("Agathe"))
    office.slack.fail("views.update", "hash_conflict")
    await person.choose("Durée", "02:00")
    await office.answered()
    assert person.modal.hash == seen, "the newer change, which knows more, answers"
    assert len(office.screen("Agathe")) == said
    await person.choose("Durée", "01:30")
    await office.answered()
    assert person.modal.hash != seen


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel"])
async def test_an_answer_that_a_channel_does_not_take_is_given_in_private(office: Office, error: str) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    office.slack.fail("chat.postEphemeral", error)
    before = len(office.screen("Agathe"))
    await office["Agathe"].send_event({"type": "app_mention", "text": "<@U0BOT> invitations"}, channel="C0TEAM")
    await office.answered()
    assert len(office.screen("Agathe")) == before + 1
    assert office.screen("Agathe", "C0TEAM") == []


@pytest.mark.parametrize(("error", "status"), [("", 404), ("<html>", 500), ("", 429)])
async def test_an_answer_whose_address_fails_takes_another_way(
    office: Office, error: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.patience.ATTEMPTS", 1)
    appointment = await office.book()
    old = replace(office.with_button("ecoute", "Accepter"))
    await refresh(office, appointment)
    office.slack.fail("response_url", error, times=9, status=status)
    before = len(office.screen("ecoute"))
    await office["ecoute"].click(old, "Accepter")
    await office.answered()
    assert len(office.screen("ecoute")) == before + 1


# --- time


async def test_a_click_is_answered_while_slack_answers_nothing(office: Office) -> None:
    appointment = await office.book()
    gates = [office.slack.hold(method) for method in ("chat.postMessage", "chat.update", "response_url")]
    sender = OutboxSender(office.deps.db, {"slack": office.platform.messenger}, office.clock)
    running = asyncio.create_task(sender.run())
    card = office.with_button("ecoute", "Accepter")
    await office["ecoute"].click(card, "Accepter")
    sender.wake()
    await office["seforme"].click(office.with_button("seforme", "Annuler"), "Annuler")
    assert [i.answer for i in (await office.stored(appointment)).invitations] == [Answer.ACCEPTED]
    assert "Votre réponse : accepté." not in text_of(card.blocks), "both were answered, and nothing came through"
    for gate in gates:
        gate.set()
    await sender.stop(running)
    await office.settle()
    assert "Votre réponse : accepté." in text_of(card.blocks)


async def test_a_command_is_answered_while_slack_answers_nothing(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    gates = [office.slack.hold(method) for method in ("views.open", "chat.postMessage", "response_url")]
    await office["Agathe"].command("/rdv 1285")
    await office["Agathe"].command("/invitations")
    assert "Mes invitations (0)" in office.reads("Agathe")
    for gate in gates:
        gate.set()
    await office.answered()
    assert office["Agathe"].modal.view["type"] == "modal"


# --- Socket Mode


@pytest.mark.parametrize("office", ["socket"], indirect=True)
async def test_a_click_on_a_connection_that_closes_is_not_lost(office: Office) -> None:
    appointment = await office.book()
    slack, card = office.slack, office.with_button("ecoute", "Accepter")
    body = office["ecoute"].click_body(card, *_button(card.blocks, "Accepter"))
    (old,) = slack.sockets
    slack.connected.clear()
    envelope = {"type": "interactive", "envelope_id": "e1", "payload": body, "accepts_response_payload": True}
    await old.send_json(envelope)
    await old.close()
    await asyncio.wait_for(slack.connected.wait(), 20)
    await slack.deliver("interactive", body)
    await office.settle()
    answers = await office.deps.db.read(lambda tx: tx.appointments.answers(appointment.id))
    assert [answer for _, answer, _ in answers] == [Answer.ACCEPTED], "sent again by Slack, it acts once"
    assert "Votre réponse : accepté." in office.reads("ecoute")


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_an_event_that_comes_again_acts_once(office: Office) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U0AGATHE", "channel": dm_of("U0AGATHE"), "text": "1285"}
    body = event_body(event)
    for _ in range(4):
        await office.line.event(body)
        await office.answered()
    assert len(office.screen("Agathe")) == 1


def _button(blocks: list[Block], label: str) -> tuple[Block, Block]:
    found = next(c for c in clickables(blocks) if c[0] == label)
    return found[2], found[3]
