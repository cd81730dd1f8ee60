"""Several workspaces: each is spoken to with its own token, for as long as it is ours."""

from typing import Any

import pytest

from bot.platform import Deps
from core.ports import Transaction
from tests.bot.slack.client import event_body
from tests.bot.slack.fake_oauth import World
from tests.bot.slack.fake_state import dm_of
from tests.bot.slack.screen import text_of
from tests.bot.slack.several import (
    AGATHE,
    ECOUTE,
    Offices,
    TeamLine,
    accounts,
    booked,
    cards,
    given_up,
    opened,
    process,
    settings_for,
    speak,
    two_of_them,
)
from tests.bot.slack.surfaces import open_home
from tests.builders import Guide
from tests.clock import SetClock


async def test_each_is_answered_in_his_workspace_with_its_token(offices: Offices) -> None:
    one, two = await two_of_them(offices)

    assert "Prendre rendez-vous" in await speak(offices, "U1AGATHE", one)
    assert "Prendre rendez-vous" in await speak(offices, "U2AGATHE", two)
    assert await accounts(offices, "agathe") == [("T0TWO", "U2AGATHE"), ("T0ONE", "U1AGATHE")]
    assert one.token != two.token


async def test_a_card_goes_where_its_worker_is(offices: Offices) -> None:
    one, two = await two_of_them(offices)
    await speak(offices, "U2AGATHE", two)
    await speak(offices, "U1AGATHE", one)
    appointment = await booked(offices)

    (card,) = cards(two, "U2ECOUTE", "Accepter")
    await offices.person("U2ECOUTE", two).click(card, "Accepter")
    await offices.settle()

    assert "ecoute accepte l’invitation" in text_of(one.screen("U1AGATHE")[-1].blocks)
    assert await accounts(offices, "ecoute") == [("T0TWO", "U2ECOUTE")]
    stored = await offices.deps.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert stored is not None
    assert [str(i.answer) for i in stored.invitations if i.worker_id == offices.guide.ecoute.id] == ["accepted"]


async def test_after_a_restart_the_tokens_are_in_the_database(
    several: Deps, guide: Guide, clock: SetClock, world: World
) -> None:
    async with process(several, guide, clock, world) as offices:
        one, two = await two_of_them(offices)
        await speak(offices, "U2AGATHE", two)
    async with process(several, guide, clock, world) as offices:
        await booked(offices)
        assert "Prendre rendez-vous" in await speak(offices, "U1AGATHE", one)
    assert len(cards(two, "U2ECOUTE", "Accepter")) == 1
    assert len(world.exchanged) == 2


async def test_a_token_is_read_once(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = await two_of_them(offices)
    reads: list[Any] = []
    find = offices.workspaces.store.async_find_bot

    async def counted(**where: Any) -> Any:
        reads.append(where)
        return await find(**where)

    monkeypatch.setattr(offices.workspaces.store, "async_find_bot", counted)
    for _ in range(3):
        await speak(offices, "U1AGATHE", one)

    assert reads == [{"enterprise_id": None, "team_id": "T0ONE", "is_enterprise_install": False}]


REMOVALS = [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBT0TWO"]}}]


@pytest.mark.parametrize("event", REMOVALS, ids=lambda event: event["type"])
async def test_a_workspace_that_left_is_let_go_of_and_the_other_works(offices: Offices, event: dict[str, Any]) -> None:
    one, two = await two_of_them(offices)
    await speak(offices, "U2AGATHE", two)
    await speak(offices, "U1AGATHE", one)
    offices.clock.advance(minutes=1)
    offices.world.revoke(two)
    await offices.tell(two, event)
    calls = len(two.calls)
    await booked(offices)

    assert await offices.workspaces.of("T0TWO") is None
    assert await offices.workspaces.store.async_find_bot(enterprise_id=None, team_id="T0TWO") is None
    assert len(two.calls) == calls
    assert "Prendre rendez-vous" in await speak(offices, "U1AGATHE", one)


async def test_peoples_own_tokens_are_nothing_to_us(offices: Offices) -> None:
    one, _ = await two_of_them(offices)
    offices.clock.advance(minutes=1)
    await offices.tell(one, {"type": "tokens_revoked", "tokens": {"oauth": ["U1AGATHE"]}})

    assert "Prendre rendez-vous" in await speak(offices, "U1AGATHE", one)


async def test_what_cannot_be_sent_any_more_is_given_up_at_once_and_said(offices: Offices) -> None:
    _, two = await two_of_them(offices)
    await speak(offices, "U2ECOUTE", two)
    offices.clock.advance(minutes=1)
    offices.world.revoke(two)
    await offices.tell(two, {"type": "app_uninstalled"})
    await booked(offices)

    assert "undeliverable: slack: the app is not installed in that workspace" in await given_up(offices)


async def test_another_account_takes_the_place_of_one_that_is_gone(offices: Offices) -> None:
    one, two = await two_of_them(offices)
    one.join("U1ECOUTE", ECOUTE)
    await speak(offices, "U1ECOUTE", one)
    await speak(offices, "U2ECOUTE", two)
    offices.clock.advance(minutes=1)
    await offices.tell(two, {"type": "app_uninstalled"})
    await booked(offices)

    assert len(cards(one, "U1ECOUTE", "Accepter")) == 1
    assert await accounts(offices, "ecoute") == [("T0TWO", "U2ECOUTE"), ("T0ONE", "U1ECOUTE")]


async def test_installing_again_works_at_once(offices: Offices) -> None:
    _, two = await two_of_them(offices)
    await speak(offices, "U2ECOUTE", two)
    offices.clock.advance(minutes=1)
    offices.world.revoke(two)
    await offices.tell(two, {"type": "app_uninstalled"})
    offices.clock.advance(minutes=1)
    assert (await offices.install(two)).status_code == 200
    await booked(offices)

    assert len(cards(two, "U2ECOUTE", "Accepter")) == 1
    assert await accounts(offices, "ecoute") == [("T0TWO", "U2ECOUTE")]


async def test_an_uninstallation_that_slack_repeats_does_not_undo_a_later_installation(offices: Offices) -> None:
    _, two = await two_of_them(offices)
    offices.clock.advance(minutes=1)
    told = int(offices.clock.now().timestamp())
    offices.world.revoke(two)
    for minutes in (1, 5):
        await offices.tell(two, {"type": "app_uninstalled"}, event_time=told)
        if not two.token:
            offices.clock.advance(minutes=minutes)
            await offices.install(two)

    assert "Prendre rendez-vous" in await speak(offices, "U2AGATHE", two)


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_refused_at_a_call_is_dropped(offices: Offices, error: str) -> None:
    _, two = await two_of_them(offices)
    await speak(offices, "U2ECOUTE", two)
    two.fail("chat.postMessage", error)
    before = await offices.workspaces.of("T0TWO")
    await booked(offices)
    after = await offices.workspaces.of("T0TWO")

    assert before is not None
    assert after is not before
    assert (after is None) == (error != "invalid_auth")  # which an address that Slack does not let in gets, too
    await offices.settle(minutes=5)
    assert len(cards(two, "U2ECOUTE", "Accepter")) == (1 if error == "invalid_auth" else 0)


async def test_another_process_learns_of_it_at_its_next_call(
    several: Deps, guide: Guide, clock: SetClock, world: World
) -> None:
    async with process(several, guide, clock, world) as first, process(several, guide, clock, world) as second:
        _, two = await two_of_them(first)
        await speak(second, "U2ECOUTE", two)
        clock.advance(minutes=1)
        world.revoke(two)
        await first.tell(two, {"type": "app_uninstalled"})
        clock.advance(minutes=1)
        await first.install(two)
        await booked(second)
        await second.settle(minutes=5)

    assert len(cards(two, "U2ECOUTE", "Accepter")) == 1
    assert await given_up(first) == []


async def test_a_token_that_is_dropped_as_it_is_read_is_read_again(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, two = await two_of_them(offices)
    find = offices.workspaces.store.async_find_bot
    old = two.token

    async def slowly(**where: Any) -> Any:
        found = await find(**where)
        if found is not None and found.bot_token == old:
            monkeypatch.setattr(offices.workspaces.store, "async_find_bot", find)
            offices.clock.advance(minutes=1)
            offices.world.revoke(two)
            await offices.install(two)
        return found

    monkeypatch.setattr(offices.workspaces.store, "async_find_bot", slowly)
    workspace = await offices.workspaces.of("T0TWO")

    assert workspace is not None
    assert workspace.token.bot == two.token != old


async def test_nobody_is_answered_where_the_app_is_not_installed(offices: Offices) -> None:
    one, _ = await two_of_them(offices)
    stranger = offices.world.add("T0THREE")
    stranger.join("U3AGATHE", AGATHE)
    person = offices.person("U3AGATHE", stranger)
    await person.command("/rdv aide")
    await offices.settle()

    assert stranger.screen("U3AGATHE") == []
    assert one.screen("U1AGATHE") == []
    assert await accounts(offices, "agathe") == []


async def test_a_workspace_that_is_no_longer_named_is_not_spoken_to(
    several: Deps, guide: Guide, clock: SetClock, world: World
) -> None:
    async with process(several, guide, clock, world) as offices:
        one, two = await two_of_them(offices)
    before = len(two.calls)
    async with opened(several, guide, clock, world, settings_for(world, teams=frozenset({"T0ONE"}))) as offices:
        person = offices.person("U2AGATHE", two)
        await person.command("/rdv aide")
        await booked(offices)

        assert len(two.calls) == before
        assert await accounts(offices, "agathe") == [("T0ONE", "U1AGATHE")]
        assert "Prendre rendez-vous" in await speak(offices, "U1AGATHE", one)


async def test_a_workspace_that_does_not_answer_keeps_nobody_from_being_found(offices: Offices) -> None:
    one, two = await two_of_them(offices)
    one.fail("users.lookupByEmail", "internal_error", times=10, status=503)
    await booked(offices)

    assert len(cards(two, "U2ECOUTE", "Accepter")) == 1


async def test_an_administrators_link_stands_against_an_address(offices: Offices) -> None:
    one, _ = await two_of_them(offices)
    one.join("U1SEFORME", "seforme@example.org")

    def link(tx: Transaction) -> None:
        tx.accounts.link(offices.guide.seforme.id, "slack", "T0ONE", "U1AGATHE", current=True)

    await offices.deps.db.write(link)
    await speak(offices, "U1AGATHE", one)

    assert await accounts(offices, "seforme") == [("T0ONE", "U1AGATHE")]
    assert await accounts(offices, "agathe") == []


async def test_the_socket_of_the_app_serves_every_workspace(
    several: Deps, guide: Guide, clock: SetClock, world: World
) -> None:
    settings = settings_for(world, signing_secret=None, app_token="xapp-1")
    async with opened(several, guide, clock, world, settings) as offices:
        one, two = await two_of_them(offices)
        for user, team in (("U1AGATHE", one), ("U2ECOUTE", two)):
            said = {"type": "message", "channel_type": "im", "user": user, "channel": dm_of(user), "text": "aide"}
            body = {**event_body(said), **TeamLine(offices.http, team).address()}
            await world.hub.deliver("events_api", body, retry_attempt=0, retry_reason="")
            await offices.settle()
            assert "Prendre rendez-vous" in text_of(team.screen(user)[-1].blocks)


async def test_a_home_is_published_where_it_is_opened(offices: Offices) -> None:
    one, two = await two_of_them(offices)
    await open_home(offices.person("U2ECOUTE", two))
    await offices.settle()

    assert list(two.homes) == ["U2ECOUTE"]
    assert one.homes == {}


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": 5}])
async def test_a_removal_without_its_time_or_its_tokens_is_malformed(offices: Offices, event: dict[str, Any]) -> None:
    one, _ = await two_of_them(offices)
    with pytest.raises(AssertionError, match="400"):
        await offices.tell(one, event, event_time="soon" if event["type"] == "app_uninstalled" else 0)

    assert await offices.workspaces.of("T0ONE") is not None
