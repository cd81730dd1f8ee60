"""Who is who: members are joined by their verified e-mail address, everybody else is refused politely."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.bot.slack.client import Person, event_body
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import BOT_USER, dm_of
from tests.bot.slack.surfaces import home_text, open_home


def newcomer(office: Office, **more: Any) -> Person:
    """Return somebody with Agathe's address in his profile."""
    office.slack.users.pop("U0AGATHE")
    office.slack.add_user("U0NEW", "agathe@example.org", **more)
    office.people["new"] = Person("U0NEW", office.slack, office.line)
    return office.people["new"]


async def test_a_member_is_joined_to_the_worker_with_his_address_once(office: Office) -> None:
    for _ in range(3):
        await office["Agathe"].command("/rdv aide")
        await office.answered()
    assert "Prendre rendez-vous" in office.reads("Agathe")
    assert len(office.screen("Agathe")) == 3
    assert len(office.slack.called("users.info")) == 1
    found = await office.deps.db.read(lambda tx: tx.accounts.of_worker(office.guide.agathe.id))
    assert [(a.platform, a.tenant, a.external_id) for a in found] == [("slack", "T0RDV", "U0AGATHE")]


@pytest.mark.parametrize(
    "more",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"deleted": True},
        {"is_bot": True},
        {"is_stranger": True},
        {"is_email_confirmed": False},
        {"team_id": "T0OTHER"},
        {"profile": {}},
        {"profile": {"email": "nobody@example.org"}},
    ],
    ids=lambda more: next(iter(more)),
)
async def test_guests_bots_and_strangers_are_told_whom_to_ask(office: Office, more: dict[str, Any]) -> None:
    person = newcomer(office, **more)
    await person.command("/parcours 1285")
    await office.answered()
    (message,) = office.screen("new")
    assert message.only_for == "U0NEW"
    assert "Odile" in office.reads("new")
    assert "LAFRAISE" not in office.reads("new")
    assert await office.deps.db.read(lambda tx: tx.accounts.of_worker(office.guide.agathe.id)) == []


async def test_a_stranger_is_answered_wherever_he_writes(office: Office) -> None:
    person = newcomer(office, is_restricted=True)
    await person.say("bonjour")
    await office.answered()
    assert "Odile" in office.reads("new")
    await person.send_event({"type": "app_mention", "text": f"<@{BOT_USER}> aide"}, channel="C0TEAM")
    await office.answered()
    assert "Odile" in office.reads("new", "C0TEAM")
    assert office.newest("new", "C0TEAM").only_for == "U0NEW"


async def test_a_worker_who_has_left_is_refused(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    gone = replace(office.guide.agathe, active=False)
    await office.deps.db.write(lambda tx: tx.people.save_worker(gone))
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    assert "Odile" in office.reads("Agathe")


@pytest.mark.slow
async def test_slack_not_knowing_is_not_a_refusal(office: Office) -> None:
    office.slack.fail("users.info", "internal_error", times=5, status=503)
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    assert "Odile" not in office.reads("Agathe")
    assert "Rien n’a été modifié" in office.reads("Agathe")


async def test_a_colleague_who_never_spoke_is_found_by_his_address(office: Office) -> None:
    await office.book()
    assert "Que répondez-vous" in office.reads("ecoute")
    found = await office.deps.db.read(lambda tx: tx.accounts.of_worker(office.guide.ecoute.id))
    assert [(a.tenant, a.external_id) for a in found] == [("T0RDV", "U0ECOUTE")]
    assert dm_of("U0ECOUTE") == office.newest("ecoute").channel


async def test_nobody_is_looked_up_who_is_no_member(office: Office) -> None:
    office.slack.users["U0ECOUTE"]["is_restricted"] = True
    assert await office.platform.messenger.find_account(office.guide.ecoute) is None
    assert await office.platform.messenger.find_account(office.guide.agathe) == ("T0RDV", "U0AGATHE")
    office.slack.users.pop("U0AGATHE")
    assert await office.platform.messenger.find_account(office.guide.agathe) is None


# --- whom an administrator linked, and who changes


GUESTS = [{"is_restricted": True}, {"is_ultra_restricted": True}, {"deleted": True}, {"is_bot": True}]


async def linked(office: Office, user: str = "U0GUEST", **more: Any) -> Person:
    """Return somebody whom an administrator linked to Agathe; Slack knows him by another address."""
    office.slack.add_user(user, "a.d@elsewhere.example", **more)
    await office.deps.db.write(
        lambda tx: tx.accounts.link(office.guide.agathe.id, "slack", "T0RDV", user, current=True)
    )
    office.people["linked"] = Person(user, office.slack, office.line)
    return office.people["linked"]


async def changed(office: Office, user: str, **more: Any) -> None:
    """Let Slack say that somebody is otherwise than before."""
    office.slack.users[user] |= more
    await office.line.event(event_body({"type": "user_change", "user": office.slack.users[user], "cache_ts": 1}))
    await office.answered()


async def account_ids(office: Office, name: str = "agathe") -> list[str]:
    worker = getattr(office.guide, name)
    return [a.external_id for a in await office.deps.db.read(lambda tx: tx.accounts.of_worker(worker.id))]


async def test_whom_an_administrator_links_needs_no_address(office: Office) -> None:
    person = await linked(office)
    for _ in range(3):
        await person.command("/parcours 1285")
        await office.answered()
    assert "LAFRAISE" in office.reads("linked")
    assert await account_ids(office) == ["U0GUEST"]
    assert len(office.slack.called("users.info")) == 1


@pytest.mark.parametrize("more", GUESTS, ids=lambda more: next(iter(more)))
async def test_a_guest_whom_an_administrator_linked_is_refused(office: Office, more: dict[str, Any]) -> None:
    person = await linked(office, **more)
    await person.command("/parcours 1285")
    await office.answered()
    assert "LAFRAISE" not in office.reads("linked")
    assert "Odile" in office.reads("linked")
    assert await account_ids(office) == []


async def test_the_home_of_a_guest_whom_an_administrator_linked_says_whom_to_ask(office: Office) -> None:
    await office.book()
    person = await linked(office, is_restricted=True)
    await open_home(person)
    await office.answered()
    assert "Odile" in home_text(person)
    assert "1285" not in home_text(person)
    assert await account_ids(office) == ["U0AGATHE"]


@pytest.mark.parametrize("by", ["administrator", "address"])
@pytest.mark.parametrize("more", GUESTS[:3], ids=lambda more: next(iter(more)))
async def test_who_becomes_a_guest_is_refused_from_then_on(office: Office, by: str, more: dict[str, Any]) -> None:
    person = await linked(office) if by == "administrator" else office["Agathe"]
    office.people["he"] = person
    await person.command("/parcours 1285")
    await office.answered()
    assert "LAFRAISE" in office.reads("he")
    await changed(office, person.user, **more)
    assert await account_ids(office) == []
    await person.command("/parcours 1285")
    await office.answered()
    assert "Odile" in office.reads("he")


async def test_an_invitation_card_of_a_guest_is_dead(office: Office) -> None:
    appointment = await office.book()
    await changed(office, "U0ECOUTE", is_restricted=True)
    await office["ecoute"].click(office.with_button("ecoute", "Accepter"), "Accepter")
    await office.answered()
    assert "Odile" in office.reads("ecoute")
    assert await office.stored(appointment) == appointment


async def test_nothing_is_lost_by_a_change_of_something_else(office: Office) -> None:
    person = await linked(office)
    await office["ecoute"].command("/rdv aide")
    await office.answered()
    calls = len(office.slack.calls)
    await changed(office, person.user, profile={"email": "new@elsewhere.example", "status_text": "away"})
    await changed(office, "U0ECOUTE", tz="Europe/Paris")
    assert (await account_ids(office), await account_ids(office, "ecoute")) == (["U0GUEST"], ["U0ECOUTE"])
    assert len(office.slack.calls) == calls


@pytest.mark.parametrize(
    ("email", "agathe", "seforme"),
    [
        ("seforme@example.org", [], ["U0AGATHE", "U0SEFORME"]),
        ("nobody@example.org", [], ["U0SEFORME"]),
        ("AGATHE@example.org", ["U0AGATHE"], ["U0SEFORME"]),
        ("", ["U0AGATHE"], ["U0SEFORME"]),
    ],
    ids=["another worker's", "nobody's", "in capitals", "not shown"],
)
async def test_an_account_follows_its_address(
    office: Office, email: str, agathe: list[str], seforme: list[str]
) -> None:
    for handle in ("seforme", "Agathe"):
        await office[handle].command("/rdv aide")
        await office.answered()
    await changed(office, "U0AGATHE", profile={"email": email} if email else {})
    await changed(office, "U0AGATHE")
    assert (await account_ids(office), await account_ids(office, "seforme")) == (agathe, seforme)


async def test_an_address_that_is_not_confirmed_yet_changes_nothing(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    await changed(office, "U0AGATHE", profile={"email": "seforme@example.org"}, is_email_confirmed=False)
    assert await account_ids(office) == ["U0AGATHE"]


async def test_what_slack_repeats_late_is_checked_first(office: Office) -> None:
    person = await linked(office)
    guest = {**office.slack.users[person.user], "is_restricted": True}
    await office.line.event(event_body({"type": "user_change", "user": guest, "cache_ts": 1}))
    assert await account_ids(office) == ["U0GUEST"]


async def test_a_guest_is_refused_even_while_slack_does_not_answer(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    office.slack.fail("users.info", "internal_error", status=503)
    await changed(office, "U0AGATHE", is_restricted=True)
    assert await account_ids(office) == []


async def test_whom_an_administrator_linked_works_while_slack_does_not_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.members.PATIENCE", 0.3)  # enough for the call to arrive
    person = await linked(office)
    gate = office.slack.hold("users.info")
    for _ in range(3):
        async with asyncio.timeout(3):
            await person.command("/parcours 1285")
    await office.answered()
    assert "LAFRAISE" in office.reads("linked")
    assert len(office.slack.called("users.info")) == 1, "it holds up one word of his, not each"
    gate.set()
    office.slack.users[person.user]["deleted"] = True
    office.clock.advance(minutes=1)
    await person.command("/parcours 1285")
    await office.answered()
    assert "Odile" in office.reads("linked")


async def test_a_member_again_is_known_again(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    await changed(office, "U0AGATHE", is_restricted=True)
    await changed(office, "U0AGATHE", is_restricted=False)
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    assert "LAFRAISE" in office.reads("Agathe")


async def test_a_change_of_somebody_else_is_nothing_to_us(office: Office) -> None:
    office.slack.add_user("U0OTHER", "other@example.org", is_restricted=True)
    await changed(office, "U0OTHER")
    assert office.slack.called("users.info") == []


@pytest.mark.parametrize("user", [None, "U0AGATHE", [], {"id": "U0AGATHE", "team_id": "T0RDV", "profile": "x"}])
async def test_a_change_that_says_of_nobody_is_malformed(office: Office, user: object) -> None:
    with pytest.raises(AssertionError, match="400"):
        await office.line.event(event_body({"type": "user_change", "user": user}))
