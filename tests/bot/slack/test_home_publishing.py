"""Who publishes a home and when: at once after a commit, once among processes, paced, and after what Slack refuses."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import bootstrap
from bot.bootstrap import build
from bot.settings import Settings
from bot.slack.homes import Homes
from core.people import Account, Worker
from core.ports import Transaction
from core.preferences import Preferences
from storage.homes import any_home_due, mark_every_home
from tests.bot.slack.client import SECRET
from tests.bot.slack.conftest import Office, the_workspace
from tests.bot.slack.fake_api import FakeSlack
from tests.bot.slack.surfaces import click_home, home_text, home_view, open_home, published, sent, until
from tests.builders import at, make_worker, store_guide

PUBLISH = "views.publish"


async def choose(office: Office, worker: Worker, locale: str) -> None:
    """Change what a worker's home shows, as another process would: nobody here is woken."""
    await office.deps.db.write(lambda tx: tx.choices.save(worker.id, Preferences(locale=locale), None))


async def at_home(office: Office, *handles: str) -> None:
    for handle in handles:
        await open_home(office[handle])
    await office.answered()


async def due(office: Office) -> bool:
    return await office.deps.db.read(lambda tx: any_home_due(tx, office.clock.now()))


async def test_a_commit_in_this_process_is_shown_as_soon_as_it_wakes_it(office: Office) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    assert published(office["ecoute"]) == 1
    office.platform.wake()
    await sent(office.slack, PUBLISH, 2)


async def test_every_event_and_every_second_wake_the_homes(
    slack: FakeSlack, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=1) == bootstrap.TICK
    monkeypatch.setattr(bootstrap, "TICK", timedelta(hours=1))
    settings = Settings(
        _env_file=None,
        database_url=sqlite_url,
        slack_bot_token="xoxb-1",
        slack_signing_secret=SECRET,
        slack_api_url=f"{slack.url}/api/",
    )
    runtime = build(settings, demo=False)
    guide = await runtime.db.write(store_guide)
    async with runtime.api.router.lifespan_context(runtime.api):
        account = await runtime.db.write(
            lambda tx: tx.accounts.link(guide.ecoute.id, "slack", "T0RDV", "U0ECOUTE", current=True)
        )
        await runtime.platforms[0].homes.show(account)  # type: ignore[attr-defined]
        await runtime.db.write(lambda tx: tx.choices.save(guide.ecoute.id, Preferences(locale="en"), None))
        assert len(slack.called(PUBLISH)) == 1
        runtime.deps.wake()
        await sent(slack, PUBLISH, 2)


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_a_click_and_an_opening_are_acknowledged_while_slack_takes_its_time(office: Office) -> None:
    await office.book()
    gate = office.slack.hold(PUBLISH)
    await open_home(office["ecoute"])
    gate.set()
    await office.answered()
    gate.clear()
    await click_home(office["ecoute"], "Accepter")
    assert "[Accepter]" in home_text(office["ecoute"])
    gate.set()
    await office.answered()
    assert "[Accepter]" not in home_text(office["ecoute"])


async def test_two_processes_publish_a_change_once(office: Office) -> None:
    other = Homes(office.deps, office.platform._api_of)
    await at_home(office, "ecoute", "seforme", "Agathe")
    await choose(office, office.guide.ecoute, "en")
    await office.deps.db.write(lambda tx: mark_every_home(tx, office.clock.now()))
    gate = office.slack.hold(PUBLISH)
    sweeps = [asyncio.create_task(homes.sweep()) for homes in (office.platform.homes, other)]
    await sent(office.slack, PUBLISH, 4)
    gate.set()
    assert sum(await asyncio.gather(*sweeps)) == 3
    assert len(office.slack.called(PUBLISH)) == 4


async def test_who_opens_it_while_it_is_being_published_gets_the_newest(office: Office) -> None:
    await at_home(office, "ecoute")
    gate = office.slack.hold(PUBLISH)
    await choose(office, office.guide.ecoute, "en")
    sweep = asyncio.create_task(office.platform.homes.sweep())
    await sent(office.slack, PUBLISH, 2)
    await choose(office, office.guide.ecoute, "")
    await open_home(office["ecoute"])
    gate.set()
    await sweep
    await office.settle()
    await until(lambda: "[Prendre rendez-vous]" in home_text(office["ecoute"]))  # whoever came first does it
    assert published(office["ecoute"]) == 3


async def test_a_call_whose_end_is_unknown_is_made_again_even_if_all_is_as_before(office: Office) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    office.slack.fail(PUBLISH, "internal_error")
    await office.settle()
    await choose(office, office.guide.ecoute, "")
    await office.settle()
    assert published(office["ecoute"]) == 3


async def test_what_slack_said_before_another_published_is_not_believed(office: Office) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    old = home_view(office["ecoute"])
    await office.platform.homes.sweep()
    await choose(office, office.guide.ecoute, "")
    await office["ecoute"].send_event({"type": "app_home_opened", "tab": "home", "view": old})
    await office.answered()
    assert "[Prendre rendez-vous]" in home_text(office["ecoute"])


async def test_a_process_that_dies_while_publishing_leaves_it_to_another(office: Office) -> None:
    await at_home(office, "ecoute")
    office.slack.hold(PUBLISH)
    await choose(office, office.guide.ecoute, "en")
    sweep = asyncio.create_task(office.platform.homes.sweep())
    await sent(office.slack, PUBLISH, 2)
    sweep.cancel()
    await asyncio.wait([sweep])
    office.slack.gates.pop(PUBLISH).set()
    await office.settle()
    assert published(office["ecoute"]) == 2
    await office.settle(minutes=1)
    assert published(office["ecoute"]) == 3
    assert "[Book an appointment]" in home_text(office["ecoute"])


async def test_all_homes_at_midnight_keep_the_pace_and_hold_up_no_click(office: Office) -> None:
    def join(tx: Transaction) -> None:
        for number in range(40):
            worker = tx.people.save_worker(make_worker(f"w{number}"))
            tx.accounts.link(worker.id, "slack", "T0RDV", f"U0W{number}", current=True)

    await office.deps.db.write(join)
    for number in range(40):
        office.slack.add_user(f"U0W{number}", f"w{number}@example.org")
        await open_home(replace(office["ecoute"], user=f"U0W{number}"))
    await at_home(office, "ecoute", "seforme")
    office.clock.set(at("2026-01-21 00:00"))
    before, began = len(office.slack.called(PUBLISH)), office.clock.now()
    asleep, took = 0, dict[str, float]()

    async def sleep(seconds: float) -> None:
        nonlocal asleep
        asleep += 1
        if asleep == 10:
            await choose(office, office.guide.ecoute, "en")
            seen = office.clock.now()
            await at_home(office, "ecoute")  # nobody waits for the others in front of his home
            assert office.clock.now() == seen
            assert office.slack.called(PUBLISH)[-1]["user_id"] == office["ecoute"].user
            await choose(office, office.guide.seforme, "en")
            took["changed"] = (office.clock.now() - began).total_seconds()
        if "shown" not in took and "[Book an appointment]" in home_text(office["seforme"]):
            took["shown"] = (office.clock.now() - began).total_seconds()
        await office.clock.sleep(seconds)

    the_workspace(office.platform).api.pace._pacing._sleep = sleep
    await office.platform.homes.sweep()
    calls, whole = len(office.slack.called(PUBLISH)) - before, (office.clock.now() - began).total_seconds()
    assert calls == 42
    assert 100 * whole / 60 >= calls - 10
    assert took["shown"] - took["changed"] <= 2


async def test_what_changes_while_it_waits_for_its_turn_is_shown_at_once(office: Office) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    pace = the_workspace(office.platform).api.pace
    await pace.hold_off(PUBLISH, 5)

    async def sleep(seconds: float) -> None:
        await choose(office, office.guide.ecoute, "")
        await office.deps.db.write(lambda tx: tx.people.save_worker(replace(office.guide.ecoute, active=False)))
        await office.clock.sleep(seconds)

    pace._pacing._sleep = sleep
    await office.platform.homes.sweep()
    assert [published(office["ecoute"]), "Odile" in home_text(office["ecoute"])] == [2, True]


async def test_a_workspace_that_is_slow_holds_up_no_other(office: Office) -> None:
    def join(tx: Transaction) -> Account:
        return tx.accounts.link(office.guide.agathe.id, "slack", "T0OTHER", "U0AGATHE", current=True)

    await at_home(office, "ecoute", "seforme", "Étienne")
    await office.platform.homes.show(await office.deps.db.write(join))
    before = len(office.slack.called(PUBLISH))
    for worker in office.guide.workers:
        await choose(office, worker, "en")
    gate = office.slack.hold(PUBLISH)
    office.platform.wake()
    await sent(office.slack, PUBLISH, before + 2)
    users = [call["user_id"] for call in office.slack.called(PUBLISH)[before:]]
    assert (len(users), "U0AGATHE" in users) == (2, True)
    gate.set()
    await sent(office.slack, PUBLISH, before + 4)


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ({"error": "ratelimited", "status": 429, "after": 40}, 40),
        ({"error": "internal_error"}, 30),
        ({"error": "oops", "status": 503}, 30),
        ({"error": "hash_conflict"}, 1),
        ({"error": "not_enabled"}, 3600),
        ({"error": "invalid_arguments"}, 3600),
        ({"error": "missing_scope"}, 60),
    ],
)
async def test_what_slack_refuses_is_tried_again_in_its_time(
    office: Office, fault: dict[str, object], wait: int
) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    office.slack.fail(PUBLISH, **fault)  # type: ignore[arg-type]
    await office.settle()
    await office.settle(seconds=wait - 1)
    assert published(office["ecoute"]) == 2
    await office.settle(seconds=wait / 4 + 2)
    assert published(office["ecoute"]) == 3
    assert "[Book an appointment]" in home_text(office["ecoute"])


@pytest.mark.parametrize("error", ["user_not_found", "user_disabled"])
async def test_a_home_that_nobody_has_any_more_is_forgotten_until_it_is_opened(office: Office, error: str) -> None:
    await at_home(office, "ecoute")
    await choose(office, office.guide.ecoute, "en")
    office.slack.fail(PUBLISH, error)
    await office.settle(days=3)
    assert published(office["ecoute"]) == 2
    await at_home(office, "ecoute")
    assert "[Book an appointment]" in home_text(office["ecoute"])


async def test_one_that_slack_refuses_holds_up_no_other(office: Office) -> None:
    await at_home(office, "ecoute", "seforme")
    office.slack.fail(PUBLISH, "invalid_arguments")
    await choose(office, office.guide.ecoute, "en")
    await choose(office, office.guide.seforme, "en")
    await office.settle()
    shown = ["[Book an appointment]" in home_text(office[who]) for who in ("ecoute", "seforme")]
    assert sorted(shown) == [False, True]
    assert not await due(office)
