"""One person on several platforms: codes given on each join accounts on each other, and stand nowhere in clear."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.linking import read_code
from core.ports import Database
from core.rules import Rules
from tests.bot.slack.fake_api import BOT_USER
from tests.bot.teams.client import Person
from tests.bot.teams.fake_state import Conversation
from tests.bot.teams.screen import text_of
from tests.bot.telegram.fake_api import BOT_NAME
from tests.bot.three import Three, three_platforms
from tests.clock import SetClock
from tests.scenarios import guide
from tests.scenarios.chat import newest

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")
NAMES = {"slack": "Slack", "teams": "Microsoft Teams", "telegram": "Telegram"}
BOTH_WAYS = pytest.mark.parametrize(
    ("here", "there"), [(a, b) for a in NAMES for b in NAMES if a != b], ids=lambda name: name
)
ROUND = pytest.mark.parametrize(("here", "there"), [("slack", "teams"), ("teams", "telegram"), ("telegram", "slack")])
GROUP = -100_500


@pytest.fixture
async def three(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Three]:
    """The bot on three platforms."""
    async with three_platforms(db, clock, rules) as three:
        yield three


async def code_on(three: Three, platform: str, who: str = "Agathe") -> str:
    """Let somebody ask for a code."""
    await three.chat(platform).command(who, "rdv lier")
    found = CODE.search(await newest(three.chat(platform), who, "Ne montrez ce code à personne"))
    assert found is not None
    return found[0]


def contents(folder: Path) -> bytes:
    """Return all bytes of the database, of what is still in its log too."""
    return b"".join(path.read_bytes() for path in folder.glob("rdv.db*"))


async def open_there(three: Three, platform: str, who: str = "Agathe") -> None:
    """Let somebody come to the bot whom it does not know there."""
    if platform == "telegram":
        three.telegram.telegram.started.add(int(three.external_id(who, platform)[1]))


@BOTH_WAYS
async def test_a_code_joins_an_account_on_any_other_platform(three: Three, here: str, there: str) -> None:
    await three.join("Agathe", here)
    code = await code_on(three, here)
    await open_there(three, there)

    await three.chat(there).command("Agathe", f"rdv lier {code}")

    assert "Compte lié" in await newest(three.chat(there), "Agathe", "Ce compte est lié")
    assert await three.accounts("Agathe") == [there, here]
    await three.chat(here).command("Agathe", "mes comptes")
    listed = await newest(three.chat(here), "Agathe", "Mes comptes")
    assert NAMES[here] in listed
    assert NAMES[there] in listed


async def test_what_is_sent_follows_the_person(three: Three) -> None:
    for handle in ("seforme", "ecoute"):
        await three.join(handle, "slack")
    code = await code_on(three, "slack", "ecoute")
    await open_there(three, "telegram", "ecoute")
    await three.telegram.command("ecoute", f"rdv lier {code}")
    await three.hall.book()
    assert "Que répondez-vous" in await newest(three.telegram, "ecoute", guide.TITLE)
    await three.slack.command("ecoute", "/invitations")
    await three.slack.click("ecoute", "Accepter")
    await three.hall.settle()
    assert "Votre réponse : accepté." in await newest(three.telegram, "ecoute", guide.TITLE)


async def test_a_link_to_telegram_carries_the_code(three: Three) -> None:
    await three.join("Agathe", "slack")
    code = await code_on(three, "slack")
    door = three.hall.deps.doors["telegram"].replace("{code}", read_code(code))
    card = three.office.newest("Agathe")
    assert door in str(card.blocks)
    await three.telegram.people["Agathe"].start(door.partition("?start=")[2])
    assert await three.accounts("Agathe") == ["telegram", "slack"]


@ROUND
async def test_a_repeated_message_is_answered_the_same(three: Three, here: str, there: str) -> None:
    """What the platform sends twice, or a person types twice, joins one account once."""
    await three.join("Agathe", here)
    code = await code_on(three, here)
    await open_there(three, there)
    for _ in range(2):
        await three.chat(there).command("Agathe", f"rdv lier {code}")
        assert "Compte lié" in (await three.chat(there).cards("Agathe"))[-1]
    assert await three.accounts("Agathe") == [there, here]


@ROUND
async def test_a_code_of_yesterday_joins_nobody(three: Three, here: str, there: str) -> None:
    await three.join("Agathe", here)
    code = await code_on(three, here)
    await open_there(three, there)
    await three.hall.settle(minutes=10)
    await three.chat(there).command("Agathe", f"rdv lier {code}")
    assert "Nous ne nous connaissons pas encore" in (await three.chat(there).cards("Agathe"))[-1]
    assert await three.accounts("Agathe") == [here]


@pytest.mark.parametrize("typed", ["/rdv lier {code}", f"/start@{BOT_NAME} {{code}}", f"@{BOT_NAME} lier {{code}}"])
async def test_a_code_typed_in_a_group_of_telegram_is_burnt(three: Three, typed: str) -> None:
    await three.join("Agathe", "slack")
    code = await code_on(three, "slack")
    await open_there(three, "telegram")
    person = three.telegram.people["Agathe"]
    three.telegram.telegram.add_group(GROUP, "Équipe", person.id)
    await person.say(typed.format(code=code), group=GROUP)
    await person.say(f"rdv lier {code}")
    assert await three.accounts("Agathe") == ["slack"]
    assert not any("lié" in m.text for m in three.telegram.telegram.messages(GROUP))


async def test_a_code_is_no_answer_to_a_question_of_a_form(three: Three, tmp_path: Path) -> None:
    for platform in ("slack", "telegram"):
        await three.join("Agathe", platform)
    code = await code_on(three, "slack")
    await three.telegram.command("Agathe", "/rdv 1285")
    await three.telegram.write("Agathe", "Commentaire", f"rdv lier {code}")
    assert "Compte lié" in (await three.telegram.cards("Agathe"))[-1]
    assert code.encode() not in contents(tmp_path)


async def test_a_code_typed_in_a_channel_of_teams_is_burnt(three: Three) -> None:
    await three.join("Agathe", "slack")
    code = await code_on(three, "slack")
    teams, person = three.teams.teams, three.teams.people["Agathe"]
    channel = Conversation("19:team@thread.tacv2", "channel", {person.member.object_id}, team="19:team@thread.tacv2")
    teams.conversations[channel.id] = channel
    await person.say(f"rdv lier {code}", channel)
    await person.say(f"rdv lier {code}")
    assert await three.accounts("Agathe") == ["slack"]


async def test_a_code_typed_in_a_channel_of_slack_is_burnt_and_its_owner_told(three: Three) -> None:
    await three.join("Agathe", "slack")
    code = await code_on(three, "slack")
    mention = {"type": "app_mention", "text": f"<@{BOT_USER}> rdv lier {code}"}
    await three.office["Agathe"].send_event(mention, channel="C0TEAM")
    await three.hall.answered()
    assert "conversation privée" in three.office.reads("Agathe", "C0TEAM")
    await open_there(three, "telegram")
    await three.telegram.command("Agathe", f"rdv lier {code}")
    assert await three.accounts("Agathe") == ["slack"]


async def test_an_account_of_a_colleague_stays_his(three: Three) -> None:
    await three.join("Agathe", "slack")
    await three.join("ecoute", "telegram")
    code = await code_on(three, "slack")
    await three.telegram.command("ecoute", f"rdv lier {code}")
    assert "Ce compte est lié à ecoute" in (await three.telegram.cards("ecoute"))[-1]
    assert await three.accounts("Agathe") == ["slack"]
    assert await three.accounts("ecoute") == ["telegram"]


async def test_an_account_is_unlinked_and_linked_to_somebody_else(three: Three) -> None:
    await three.join("ecoute", "slack")
    await three.join("ecoute", "telegram")
    await three.join("Agathe", "teams")
    await three.slack.command("ecoute", "mes comptes")
    await three.slack.click("ecoute", "Délier", about="Mes comptes")  # the one that notices went to: Slack's own
    await three.hall.answered()
    await three.slack.click("ecoute", "Délier le compte")
    await three.hall.answered()
    remaining = await three.accounts("ecoute")
    assert len(remaining) == 1
    left = ({"slack", "telegram"} - set(remaining)).pop()
    code = await code_on(three, "teams")
    await three.chat(left).command("ecoute", f"rdv lier {code}")
    assert await three.accounts("Agathe") == [left, "teams"]


@pytest.mark.parametrize("here", list(NAMES))
async def test_a_code_stands_in_no_row_and_no_log(three: Three, tmp_path: Path, here: str) -> None:
    await three.join("Agathe", here)
    with capture_logs() as said:
        code = await code_on(three, here)
        for there in NAMES:
            await open_there(three, there)
            await three.chat(there).command("Agathe", f"rdv lier {code}")
        await three.hall.settle()
    files = contents(tmp_path)
    assert b"link_codes" in files
    for words in (code, read_code(code)):
        assert words.encode() not in files
        assert words not in str(said)


async def test_a_guest_of_the_tenant_is_refused_whatever_code_he_has(three: Three) -> None:
    await three.join("Agathe", "slack")
    three.teams.teams.add_member("guest", "guest@elsewhere.example", role="guest")
    guest = Person(three.hall, three.teams.teams, three.teams.teams.members["guest"])
    await guest.say(f"rdv lier {await code_on(three, 'slack')}")
    assert await three.accounts("Agathe") == ["slack"]
    assert "Nous ne nous connaissons pas encore" in text_of(guest.screen[-1].content)
