"""The shortcuts "Prendre rendez-vous": from anywhere, and on a message, whose author is offered and link kept."""

from dataclasses import replace

import pytest

from bot.slack.shortcuts import read_source, source_of
from core.ports import Transaction
from tests.bot.slack.conftest import Office
from tests.bot.slack.screen import labels, modal_text
from tests.bot.slack.surfaces import use_message_shortcut, use_shortcut

BY_ECOUTE = {"user": "U0ECOUTE"}
LINK = "https://rdv.slack.com/archives/C0TEAM/p1769000000000100"


async def test_the_global_shortcut_opens_the_form_that_the_command_opens(office: Office) -> None:
    await office["Agathe"].command("/rdv")
    await office.answered()
    by_command = modal_text(office["Agathe"].modal.view)
    await use_shortcut(office["seforme"])
    await office.answered()
    assert modal_text(office["seforme"].modal.view).splitlines()[0] == by_command.splitlines()[0]


async def test_a_shortcut_that_is_not_ours_opens_nothing(office: Office) -> None:
    await use_shortcut(office["Agathe"], "another")
    await office.answered()
    assert office.slack.modals == {}


async def test_the_messages_author_is_offered_and_its_link_kept(office: Office) -> None:
    await use_message_shortcut(office["Agathe"], BY_ECOUTE)
    await office.answered()
    view = office["Agathe"].modal.view
    assert "ecoute" in modal_text(view)
    assert LINK in modal_text(view)
    assert "Voyons-nous" not in str(office.slack.calls)


async def test_a_reply_in_a_thread_is_found_in_its_thread(office: Office) -> None:
    await use_message_shortcut(office["Agathe"], {**BY_ECOUTE, "thread_ts": "1768999999.000001"})
    await office.answered()
    assert f"{LINK}?thread_ts=1768999999.000001&cid=C0TEAM" in modal_text(office["Agathe"].modal.view)


@pytest.mark.parametrize(
    "message",
    [
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"user": "U0BOT", "bot_id": "B0BOT"},
        {"user": "U0NOBODY"},
        {"user": "U0AGATHE"},
    ],
)
async def test_without_an_author_whom_we_know_the_form_opens_for_nobody(
    office: Office, message: dict[str, str]
) -> None:
    await use_message_shortcut(office["Agathe"], message)
    await office.answered()
    assert LINK in modal_text(office["Agathe"].modal.view)
    assert "ecoute" not in modal_text(office["Agathe"].modal.view)


async def test_whoever_books_about_his_own_message_invites_nobody(office: Office) -> None:
    await use_message_shortcut(office["Agathe"], {"user": "U0AGATHE"})
    await office.answered()
    assert office["Agathe"].filled_in("Parties concernées")["selected_options"] == []


async def test_an_author_who_has_left_is_not_offered(office: Office) -> None:
    gone = replace(office.guide.ecoute, active=False)
    await office.deps.db.write(lambda tx: tx.people.save_worker(gone))
    await use_message_shortcut(office["Agathe"], BY_ECOUTE)
    await office.answered()
    assert office["Agathe"].filled_in("Parties concernées")["selected_options"] == []


async def test_the_author_is_not_joined_to_his_worker_by_what_another_does(office: Office) -> None:
    await use_message_shortcut(office["Agathe"], BY_ECOUTE)
    await office.answered()

    def accounts(tx: Transaction) -> list[int]:
        return [len(tx.accounts.of_worker(w.id)) for w in (office.guide.agathe, office.guide.ecoute)]

    assert await office.deps.db.read(accounts) == [1, 0]


async def test_a_slow_answer_about_the_author_does_not_cost_the_form(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.authors.PATIENCE", 0.01)
    await office["Agathe"].command("/rdv")
    await office.answered()
    office.slack.hold("users.info")
    await use_message_shortcut(office["Agathe"], BY_ECOUTE)
    await office.answered()
    assert LINK in modal_text(office["Agathe"].modal.view)
    assert "ecoute" not in modal_text(office["Agathe"].modal.view)


@pytest.mark.parametrize("of_a_message", [False, True])
async def test_a_stranger_is_refused_in_his_own_conversation(office: Office, *, of_a_message: bool) -> None:
    office.slack.users["U0AGATHE"]["is_restricted"] = True
    if of_a_message:
        await use_message_shortcut(office["Agathe"], BY_ECOUTE)
    else:
        await use_shortcut(office["Agathe"])
    await office.answered()
    assert "Odile" in office.reads("Agathe")
    assert office.screen("Agathe", "C0TEAM") == []
    assert office.slack.modals == {}


@pytest.mark.parametrize("of_a_message", [False, True])
async def test_what_slack_did_not_open_in_time_is_a_click_away(office: Office, *, of_a_message: bool) -> None:
    agathe = office["Agathe"]
    office.slack.fail("views.open", "expired_trigger_id")
    if of_a_message:
        await use_message_shortcut(agathe, {**BY_ECOUTE, "thread_ts": "1768999999.000001"})
    else:
        await use_shortcut(agathe)
    await office.answered()
    await agathe.click(office.newest("Agathe"), "Ouvrir le formulaire")
    await office.answered()
    assert ("thread_ts=1768999999.000001" in modal_text(agathe.modal.view)) is of_a_message
    assert ("ecoute" in modal_text(agathe.modal.view)) is of_a_message


async def test_a_repeated_shortcut_opens_one_form(office: Office) -> None:
    body = await use_shortcut(office["Agathe"])
    await office.answered()
    await office.line.interact(body)
    await office.answered()
    assert len(office.slack.modals) == 1
    assert [m for m in office.screen("Agathe") if "Ouvrir le formulaire" in labels(m.blocks)] == []


def test_a_button_comes_back_to_the_same_message() -> None:
    message = {"ts": "1769000000.000100", "thread_ts": "1768999999.000001", "user": "U0123456789"}
    source = read_source("C0123456789", message)
    again = source.again()
    assert again is not None
    assert source_of(again) == source


@pytest.mark.parametrize(
    "message", [{}, {"ts": "now"}, {"ts": "1.000001", "user": "<@U1>"}, {"ts": "1.000001", "thread_ts": "../x"}]
)
def test_what_is_no_message_is_refused(message: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="message"):
        read_source("C0TEAM", message)


@pytest.mark.parametrize("domain", ["", "evil.example/", "a b", "x" * 80])
def test_a_link_is_made_of_a_domain_only(domain: str) -> None:
    assert read_source("C0TEAM", {"ts": "1769000000.000100"}).link(domain) == ""
