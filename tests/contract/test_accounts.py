"""Which of somebody's accounts his notices go to: the preferred one, else the one last used, never a muted one."""

import random
from collections.abc import Callable

import pytest

from core.errors import LastAccount
from core.people import Account
from core.ports import Database, Transaction
from tests.builders import Guide

PLATFORMS = ("slack", "teams", "telegram", "web")


async def joined(database: Database, guide: Guide, *platforms: str) -> list[Account]:
    """Give agathe these accounts; the last one is current."""

    def work(tx: Transaction) -> list[Account]:
        for platform in platforms:
            tx.accounts.link(guide.agathe.id, platform, "T", "agathe", current=True)
        return [_find(tx, platform) for platform in platforms]

    return await database.write(work)


def _find(tx: Transaction, platform: str) -> Account:
    found = tx.accounts.find(platform, "T", "agathe")
    assert found is not None
    return found[0]


async def order(database: Database, guide: Guide) -> list[str]:
    """Return agathe's platforms as they would be tried; a star for the current one, brackets for a muted one."""

    def told(account: Account) -> str:
        name = f"({account.platform})" if account.muted else account.platform
        return f"{name}*" if account.current else name

    return [told(a) for a in await database.read(lambda tx: tx.accounts.of_worker(guide.agathe.id))]


async def test_the_preferred_account_stays_current_whichever_is_used(database: Database, guide: Guide) -> None:
    slack, teams, _ = await joined(database, guide, "slack", "teams", "telegram")
    await database.write(lambda tx: tx.accounts.prefer(teams, preferred=True))
    await database.write(lambda tx: tx.accounts.make_current(slack))
    await database.write(lambda tx: tx.accounts.link(guide.agathe.id, "web", "T", "agathe", current=True))

    assert await order(database, guide) == ["teams*", "slack", "telegram", "web"]
    accounts = await database.read(lambda tx: tx.accounts.of_worker(guide.agathe.id))
    assert [(a.preferred, a.outranked) for a in accounts] == [(True, False), *[(False, True)] * 3]
    found = await database.read(lambda tx: tx.accounts.find("slack", "T", "agathe"))
    assert found is not None
    assert found[0].outranked


async def test_another_is_preferred_in_its_place(database: Database, guide: Guide) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    for account in (slack, teams):
        await database.write(lambda tx, account=account: tx.accounts.prefer(account, preferred=True))  # type: ignore[misc]
    assert await order(database, guide) == ["teams*", "slack"]
    await database.write(lambda tx: tx.accounts.prefer(slack, preferred=False))  # it is not: nothing changes
    assert (await database.read(lambda tx: _find(tx, "slack"))).outranked


async def test_without_a_preference_notices_follow_the_account_that_is_used(database: Database, guide: Guide) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    await database.write(lambda tx: tx.accounts.prefer(teams, preferred=True))
    await database.write(lambda tx: tx.accounts.prefer(teams, preferred=False))
    assert not (await database.read(lambda tx: _find(tx, "slack"))).outranked
    await database.write(lambda tx: tx.accounts.make_current(slack))
    assert await order(database, guide) == ["slack*", "teams"]


async def test_a_muted_account_is_never_current_and_comes_last(database: Database, guide: Guide) -> None:
    slack, teams, telegram = await joined(database, guide, "slack", "teams", "telegram")
    await database.write(lambda tx: tx.accounts.mute(telegram, muted=True))
    assert await order(database, guide) == ["slack*", "teams", "(telegram)"]
    await database.write(lambda tx: tx.accounts.mute(slack, muted=True))
    await database.write(lambda tx: tx.accounts.make_current(telegram))
    await database.write(lambda tx: tx.accounts.link(guide.agathe.id, "slack", "T", "agathe", current=True))
    assert await order(database, guide) == ["teams*", "(slack)", "(telegram)"]
    await database.write(lambda tx: tx.accounts.mute(telegram, muted=False))
    assert await order(database, guide) == ["teams*", "telegram", "(slack)"]
    assert teams.platform == "teams"


async def test_muting_the_preferred_one_ends_the_preference_and_preferring_a_muted_one_lets_it_speak(
    database: Database, guide: Guide
) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    await database.write(lambda tx: tx.accounts.prefer(slack, preferred=True))
    await database.write(lambda tx: tx.accounts.mute(slack, muted=True))
    assert await order(database, guide) == ["teams*", "(slack)"]
    assert not (await database.read(lambda tx: _find(tx, "teams"))).outranked
    await database.write(lambda tx: tx.accounts.prefer(slack, preferred=True))
    assert await order(database, guide) == ["slack*", "teams"]
    assert teams.platform == "teams"


async def test_the_last_account_that_is_not_muted_cannot_be(database: Database, guide: Guide) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    await database.write(lambda tx: tx.accounts.mute(teams, muted=True))
    with pytest.raises(LastAccount):
        await database.write(lambda tx: tx.accounts.mute(slack, muted=True))
    await database.write(lambda tx: tx.accounts.mute(teams, muted=True))  # it is: nothing changes
    assert await order(database, guide) == ["slack*", "(teams)"]


async def test_when_the_last_one_that_speaks_is_gone_none_is_current(database: Database, guide: Guide) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    await database.write(lambda tx: tx.accounts.mute(teams, muted=True))
    await database.write(lambda tx: tx.accounts.unlink(slack))
    assert await order(database, guide) == ["(teams)"]
    await database.write(lambda tx: tx.accounts.mute(teams, muted=False))
    assert await order(database, guide) == ["teams*"]


async def test_an_account_that_moves_brings_no_choice_along(database: Database, guide: Guide) -> None:
    slack, teams = await joined(database, guide, "slack", "teams")
    await database.write(lambda tx: tx.accounts.mute(teams, muted=True))
    await database.write(lambda tx: tx.accounts.prefer(slack, preferred=True))
    for platform in ("slack", "teams"):
        await database.write(
            lambda tx, platform=platform: tx.accounts.link(guide.ecoute.id, platform, "T", "agathe", current=True)  # type: ignore[misc]
        )
    moved = await database.read(lambda tx: tx.accounts.of_worker(guide.ecoute.id))
    assert [(a.platform, a.current, a.muted, a.preferred, a.outranked) for a in moved] == [
        ("teams", True, False, False, False),
        ("slack", False, False, False, False),
    ]
    for change in (tx_prefer(slack), tx_mute(teams)):
        await database.write(change)  # they are not agathe's any more
    assert await database.read(lambda tx: tx.accounts.of_worker(guide.ecoute.id)) == moved


def tx_prefer(account: Account) -> Callable[[Transaction], None]:
    return lambda tx: tx.accounts.prefer(account, preferred=True)


def tx_mute(account: Account) -> Callable[[Transaction], None]:
    return lambda tx: tx.accounts.mute(account, muted=True)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_there_is_one_current_account_and_it_is_the_right_one(
    database: Database, guide: Guide, seed: int
) -> None:
    chance, workers = random.Random(seed), (guide.agathe, guide.ecoute)  # noqa: S311

    def act(tx: Transaction) -> None:
        worker = chance.choice(workers)
        own = tx.accounts.of_worker(worker.id)
        yes = chance.random() < 0.5
        what = chance.choice(("link", "use", "prefer", "mute", "unlink"))
        if what == "link" or not own:
            tx.accounts.link(worker.id, chance.choice(PLATFORMS), "T", "x", current=yes)
            return
        account = chance.choice(own)
        if what == "use":
            tx.accounts.make_current(account)
        elif what == "prefer":
            tx.accounts.prefer(account, preferred=yes)
        elif what == "unlink":
            tx.accounts.unlink(account)
        elif not yes or any(not a.muted and a != account for a in own) or account.muted:
            tx.accounts.mute(account, muted=yes)
        else:
            with pytest.raises(LastAccount):
                tx.accounts.mute(account, muted=True)

    def hold(tx: Transaction) -> None:
        for worker in workers:
            own = tx.accounts.of_worker(worker.id)
            preferred = [a for a in own if a.preferred]
            current = [a for a in own if a.current]
            assert len(current) == any(not a.muted for a in own)
            assert len(preferred) <= 1
            assert not preferred or preferred == current
            assert not any(a.muted and (a.current or a.preferred) for a in own)
            assert all(a.outranked == bool(preferred and a not in preferred) for a in own)
            assert own == sorted(own, key=lambda a: (not a.current, a.muted, a.id))

    for _ in range(60):
        await database.write(act)
        await database.read(hold)
