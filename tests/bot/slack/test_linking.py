"""A code that was given elsewhere links a Slack account; what is wrong with a code is said to its sender alone."""

from core.linking import give_code, new_code
from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import BOT_USER, dm_of


async def a_code(office: Office) -> str:
    code = new_code()
    await office.deps.db.write(lambda tx: give_code(tx, office.guide.agathe, code, office.clock.now()))
    return code


def stranger(office: Office) -> Person:
    office.slack.add_user("U0NEW", "someone.else@example.org")
    office.people["new"] = Person("U0NEW", office.slack, office.line)
    return office.people["new"]


async def workers_of(office: Office, user: str) -> list[str]:
    found = await office.deps.db.read(lambda tx: tx.accounts.find("slack", "T0RDV", user))
    return [found[1].handle] if found else []


async def test_a_member_with_another_address_is_linked_by_a_code(office: Office) -> None:
    person = stranger(office)
    await person.say(f"rdv lier {await a_code(office)}")
    await office.answered()
    assert "Compte lié" in office.reads("new")
    assert await workers_of(office, "U0NEW") == ["Agathe"]
    await person.say("mes comptes")
    await office.answered()
    assert "Slack" in office.reads("new")


async def test_a_code_works_once(office: Office) -> None:
    code = await a_code(office)
    await office["seforme"].command("/rdv aide")
    await office.answered()
    await stranger(office).say(f"rdv lier {code}")
    await office.answered()
    await office["seforme"].say(f"rdv lier {code}")
    await office.answered()
    assert "Ce code n’est pas valable" in office.reads("seforme")
    assert await workers_of(office, "U0SEFORME") == ["seforme"]


async def test_a_stranger_with_a_wrong_code_stays_a_stranger(office: Office) -> None:
    person = stranger(office)
    await person.say(f"rdv lier {new_code()}")
    await office.answered()
    assert "Nous ne nous connaissons pas encore" in office.reads("new")
    assert await workers_of(office, "U0NEW") == []


async def test_a_guest_is_refused_whatever_code_he_has(office: Office) -> None:
    office.slack.add_user("U0NEW", "someone.else@example.org", is_restricted=True)
    office.people["new"] = Person("U0NEW", office.slack, office.line)
    await office["new"].say(f"rdv lier {await a_code(office)}")
    await office.answered()
    assert "Nous ne nous connaissons pas encore" in office.reads("new")
    assert await workers_of(office, "U0NEW") == []


async def test_a_code_in_a_slash_command_is_one_too(office: Office) -> None:
    person = stranger(office)
    await person.command(f"/rdv lier {await a_code(office)}", dm_of(person.user))
    await office.answered()
    assert await workers_of(office, "U0NEW") == ["Agathe"]


async def test_a_slash_command_in_a_channel_is_read_by_nobody_else(office: Office) -> None:
    person = stranger(office)
    await person.command(f"/rdv lier {await a_code(office)}", "C0TEAM")
    await office.answered()
    assert await workers_of(office, "U0NEW") == ["Agathe"]
    assert "Compte lié" in office.reads("new", "C0TEAM")
    await person.command("/rdv comptes", "C0TEAM")
    await office.answered()
    await person.click(office.newest("new", "C0TEAM"), "Lier un autre compte")
    await office.answered()
    assert "Ne montrez ce code à personne" in office.reads("new", "C0TEAM")
    assert {message.only_for for message in office.screen("new", "C0TEAM")} == {"U0NEW"}


async def test_a_mention_in_a_channel_is_read_by_all_and_burns_the_code(office: Office) -> None:
    person, code = stranger(office), await a_code(office)
    mention = {"type": "app_mention", "text": f"<@{BOT_USER}> rdv lier {code}"}
    await person.send_event(mention, channel="C0TEAM")
    await office.answered()
    await person.say(f"rdv lier {code}")
    await office.answered()
    assert await workers_of(office, "U0NEW") == []


async def test_a_repeated_event_joins_once_and_is_answered_once(office: Office) -> None:
    person, code = stranger(office), await a_code(office)
    body = await person.say(f"rdv lier {code}")
    await office.answered()
    await office.line.event(body)
    await office.answered()
    assert len(office.screen("new")) == 1
    assert "Compte lié" in office.reads("new")
