"""The surfaces of Slack that are no message: the home, and the shortcuts of its menus."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.bot.slack.client import Payload, Person
from tests.bot.slack.fake_api import FakeSlack
from tests.bot.slack.fake_state import TEAM, dm_of
from tests.bot.slack.screen import Block, clickables, plain, text_of


def home_blocks(person: Person) -> list[Block]:
    """Return the blocks of somebody's home; none before it was published."""
    return list(person.slack.homes.get(person.user, {}).get("blocks", []))


def home_text(person: Person) -> str:
    """Return what somebody reads in his home."""
    return text_of(home_blocks(person))


def published(person: Person) -> int:
    """Return how often somebody's home was published."""
    return sum(call["user_id"] == person.user for call in person.slack.called("views.publish"))


async def open_home(person: Person, tab: str = "home") -> Payload:
    """Look at the home: Slack says what it shows there, if anything."""
    view = person.slack.homes.get(person.user)
    shown = {"view": home_view(person)} if view and tab == "home" else {}
    return await person.send_event({"type": "app_home_opened", "tab": tab, **shown})


def home_view(person: Person) -> Payload:
    """Return the home as Slack tells of it."""
    more = {"team_id": TEAM, "state": {"values": {}}, "callback_id": "", "external_id": "", "previous_view_id": None}
    view = person.slack.homes[person.user]
    return {**more, **view, "root_view_id": view["id"], "bot_id": "B0BOT", "app_installed_team_id": TEAM}


async def click_home(person: Person, label: str, *, number: int = 0, times: int = 1) -> Payload:
    """Click a button in the home, as often as said, each as the same delivery."""
    found = [c for c in clickables(home_blocks(person)) if plain(c[0]) == label]
    assert len(found) > number, f"no {label!r} among {[c[0] for c in clickables(home_blocks(person))]}"
    _, _, block, element, _ = found[number]
    action = {name: element[name] for name in ("action_id", "type", "value", "text")}
    body = {
        **person._interaction("block_actions"),
        "container": {"type": "view", "view_id": person.slack.homes[person.user]["id"]},
        "view": home_view(person),
        "actions": [{**action, "block_id": block.get("block_id", "xyz"), "action_ts": "1769000001.000001"}],
    }
    for _ in range(times):
        await person.line.interact(body)
    return body


async def use_shortcut(person: Person, callback_id: str = "rdv") -> Payload:
    """Choose a global shortcut."""
    body = {**person._interaction("shortcut"), "callback_id": callback_id, "action_ts": "1769000002.000001"}
    await person.line.interact(body)
    return body


async def use_message_shortcut(person: Person, message: Payload, channel: str = "C0TEAM") -> Payload:
    """Choose the shortcut of a message."""
    whole: dict[str, Any] = {
        "type": "message",
        "ts": "1769000000.000100",
        "text": "Voyons-nous",
        "team": TEAM,
        **message,
    }
    body = {
        **person._interaction("message_action"),
        "callback_id": "rdv-message",
        "message_ts": whole["ts"],
        "channel": {"id": channel, "name": "equipe" if channel != dm_of(person.user) else "directmessage"},
        "message": whole,
        "response_url": person.slack.response_url(person.user, channel),
        "action_ts": "1769000003.000001",
    }
    await person.line.interact(body)
    return body


async def sent(slack: FakeSlack, method: str, times: int) -> None:
    """Wait until a method was called so often; the call itself may still be held back."""
    await until(lambda: len(slack.called(method)) >= times)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens at Slack's."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the fake has no event for everything
            await asyncio.sleep(0.001)
