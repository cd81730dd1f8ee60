"""Socket Mode: connections that Slack renews or drops, deliveries that it repeats, and a Slack that is away."""

import asyncio

import pytest

from bot.platform import Deps
from bot.ports import TryAgain
from bot.slack.app import SlackPlatform
from tests.bot.slack.client import SocketLine, event_body
from tests.bot.slack.conftest import Office, settings_for, the_workspace
from tests.bot.slack.fake_api import FakeSlack, dm_of

SOCKET = pytest.mark.parametrize("office", ["socket"], indirect=True)


@SOCKET
@pytest.mark.parametrize("how", ["asked", "dropped"])
async def test_a_closed_connection_is_opened_again(office: Office, how: str) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    slack = office.slack
    (old,) = slack.sockets
    slack.connected.clear()
    if how == "asked":
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
    else:
        await old.close()
    await asyncio.wait_for(slack.connected.wait(), 20)
    await office["Agathe"].command("/invitations")
    assert "Mes invitations (0)" in office.reads("Agathe")
    assert len(slack.called("apps.connections.open")) == 2


@SOCKET
async def test_an_envelope_that_comes_again_acts_once(office: Office) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U0AGATHE", "channel": dm_of("U0AGATHE"), "text": "1285"}
    body = event_body(event)
    for attempt in range(3):
        await office.slack.deliver("events_api", body, retry_attempt=attempt, retry_reason="timeout")
        await office.answered()
    assert len(office.screen("Agathe")) == 1


@SOCKET
async def test_there_is_no_address_to_write_to_without_a_signing_secret(office: Office) -> None:
    assert (await office.http.post("/slack/events", content=b"command=/rdv")).status_code == 404


@pytest.mark.parametrize("office", ["both"], indirect=True)
async def test_both_ways_may_be_open_at_once(office: Office) -> None:
    agathe, slack = office["Agathe"], office.slack
    await agathe.command("/rdv aide")
    await office.answered()
    assert "Prendre rendez-vous" in office.reads("Agathe")
    agathe.line = SocketLine(slack)
    await agathe.command("/invitations")
    assert "Mes invitations (0)" in office.reads("Agathe")


async def test_the_server_starts_and_stops_while_slack_is_away(slack: FakeSlack, deps: Deps) -> None:
    slack.fail("auth.test", "internal_error", times=100, status=503)
    slack.fail("apps.connections.open", "internal_error", times=100, status=503)
    platform = SlackPlatform(deps, settings_for(slack, "socket"))
    async with asyncio.timeout(20):
        await platform.start()
        with pytest.raises(TryAgain):
            await the_workspace(platform).directory.identity()
        await platform.stop()
    assert slack.sockets == []


async def test_who_we_are_is_asked_again_until_slack_says_it(office: Office) -> None:
    directory = office.workspace.directory
    await directory.identity()
    directory.known = None
    office.slack.fail("auth.test", "invalid_auth")
    with pytest.raises(TryAgain, match="invalid_auth"):
        await directory.identity()
    assert (await directory.identity()).tenant == "T0RDV"
    assert (await directory.identity()).bot_user == "U0BOT"
