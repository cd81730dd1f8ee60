"""The people of one appointment on three platforms: the guide's walk, one answer on every copy, the next platform."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from core.ports import Database, Transaction
from core.rules import Rules
from storage.tables import outbox
from tests.bot.telegram.conftest import IDS as TELEGRAM_IDS
from tests.bot.three import Three, three_platforms
from tests.clock import SetClock
from tests.scenarios import changing, guide
from tests.scenarios.chat import newest
from tests.scenarios.together import Together

WHO_IS_WHERE = [
    {"Agathe": "slack", "seforme": "teams", "ecoute": "telegram"},
    {"Agathe": "teams", "seforme": "telegram", "ecoute": "slack"},
    {"Agathe": "telegram", "seforme": "slack", "ecoute": "teams"},
]
ARRANGED = pytest.mark.parametrize("where", WHO_IS_WHERE, ids=lambda where: "-".join(where.values()))


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a Slack that is not there."""
    monkeypatch.setattr("bot.slack.files.PAUSES", (0.0,) * 5)


@pytest.fixture
async def three(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Three]:
    """The bot on three platforms."""
    async with three_platforms(db, clock, rules) as three:
        yield three


async def together(three: Three, where: dict[str, str]) -> Together:
    """Return the chat of people who are each on one platform."""
    for handle, platform in where.items():
        await three.join(handle, platform)
    return Together(three.hall, {handle: three.chat(platform) for handle, platform in where.items()})


@ARRANGED
async def test_the_walk_through_the_guide(three: Three, where: dict[str, str]) -> None:
    chat = await together(three, where)
    await guide.walk(chat)
    await guide.remind(chat)
    for handle, platform in where.items():
        assert await three.accounts(handle) == [platform]


@pytest.mark.slow
@ARRANGED
async def test_moving_and_cancelling(three: Three, where: dict[str, str]) -> None:
    chat = await together(three, where)
    await guide.walk(chat)
    await guide.move_and_cancel(chat)


@pytest.mark.slow
@ARRANGED
async def test_everything_that_may_change(three: Three, where: dict[str, str]) -> None:
    chat = await together(three, where | {"Étienne": "slack"})
    await guide.walk(chat)
    await changing.change_everything(chat)


async def test_one_answer_updates_every_copy_on_every_platform(three: Three) -> None:
    await together(three, WHO_IS_WHERE[0])
    await three.hall.book()
    for platform in ("slack", "teams"):  # he looks at it on his other platforms too
        await three.join("ecoute", platform)
        await three.chat(platform).command("ecoute", "/invitations")
        await three.chat(platform).click("ecoute", "Ouvrir", about="Mes invitations (1)")
    await three.hall.settle()
    for platform in ("slack", "teams", "telegram"):
        assert "Que répondez-vous" in await newest(three.chat(platform), "ecoute", guide.TITLE)
    counts = {p: len(await three.chat(p).cards("ecoute")) for p in ("slack", "teams", "telegram")}

    await three.telegram.click("ecoute", "Accepter", about=guide.TITLE)
    await three.hall.settle()

    for platform, count in counts.items():
        cards = await three.chat(platform).cards("ecoute")
        assert "Votre réponse : accepté." in await newest(three.chat(platform), "ecoute", guide.TITLE)
        assert len(cards) == count, platform
    for chat, who in ((three.slack, "Agathe"), (three.teams, "seforme")):
        assert f"ecoute {guide.WORKER} – accepté" in await newest(chat, who, "Modifier ou déplacer")


async def ledger(three: Three) -> list[str]:
    """Return what the outbox says of all that it has sent."""

    def read(tx: Transaction) -> list[str]:
        connection: sa.Connection = tx.connection  # type: ignore[attr-defined]
        return [str(why) for (why,) in connection.execute(sa.select(outbox.c.settled)) if why is not None]

    return await three.hall.deps.db.read(read)


async def test_where_the_preferred_platform_fails_for_good_the_next_one_is_used(three: Three) -> None:
    await together(three, WHO_IS_WHERE[0])
    telegram = await three.join("ecoute", "telegram")
    await three.join("ecoute", "slack")
    await three.hall.deps.db.write(lambda tx: tx.accounts.prefer(telegram, preferred=True))
    three.telegram.telegram.blocked.add(TELEGRAM_IDS["ecoute"])

    await three.hall.book()

    assert "Que répondez-vous" in await newest(three.slack, "ecoute", guide.TITLE)
    assert three.telegram.people["ecoute"].screen == []
    (why,) = [why for why in await ledger(three) if "failed" in why]
    assert why.startswith("sent: slack; failed: telegram: ")

    await three.slack.click("ecoute", "Accepter", about=guide.TITLE)
    await three.hall.settle()
    assert f"ecoute {guide.WORKER} – accepté" in await newest(three.teams, "seforme", "Modifier ou déplacer")


async def test_a_muted_platform_hears_nothing_and_a_preferred_one_everything(three: Three) -> None:
    await together(three, WHO_IS_WHERE[0])
    await three.join("ecoute", "slack")
    await three.slack.command("ecoute", "mes comptes")
    await three.slack.click("ecoute", "Couper ses notifications", about="Mes comptes")  # Slack's, which is current
    before = len(await three.slack.cards("ecoute"))
    await three.slack.command("ecoute", "/agenda")  # speaking there does not turn them on again
    shown = len(await three.slack.cards("ecoute"))
    await three.hall.book()
    assert "Que répondez-vous" in await newest(three.telegram, "ecoute", guide.TITLE)
    assert len(await three.slack.cards("ecoute")) == shown > before
