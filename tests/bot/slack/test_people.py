"""Who is who: members are joined by their verified e-mail address, everybody else is refused politely."""

from dataclasses import replace
from typing import Any

import pytest

from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import BOT_USER, dm_of


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
