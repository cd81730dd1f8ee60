"""Whatever comes is acknowledged within three seconds, also while Slack answers none of our calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from bot.slack.pace import PER_MINUTE
from core.sharing import share_appointment
from tests.bot.slack.client import Person, event_body
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import BOT_USER
from tests.bot.slack.surfaces import click_home, open_home, use_message_shortcut, use_shortcut

THREE_SECONDS = 3
SOMEBODY = "U0SOMEBODY"
FIELD, OTHERS = "Durée", "Autres parties concernées"


@pytest.fixture
async def silent(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Everybody has what he may click; then Slack falls silent."""
    monkeypatch.setattr("bot.slack.members.PATIENCE", 0.01)
    monkeypatch.setattr("bot.slack.authors.PATIENCE", 0.01)
    guide = office.guide
    appointment = await office.book()
    await office.deps.db.write(
        lambda tx: share_appointment(tx, guide.agathe, appointment.id, "slack", "T0RDV", "C0TEAM", office.clock.now())
    )
    office.slack.add_user(SOMEBODY, "a.d@elsewhere.example")
    office.people["linked"] = Person("U0LINKED", office.slack, office.line)
    office.people["stranger"] = Person(SOMEBODY, office.slack, office.line)
    await office.deps.db.write(
        lambda tx: tx.accounts.link(guide.agathe.id, "slack", "T0RDV", "U0LINKED", current=False)
    )
    await office.settle()
    await open_home(office["ecoute"])
    await office["Agathe"].command("/rdv 1285 @seforme mardi prochain 14h-15h")
    await office.answered()
    gates = [office.slack.hold(method) for method in (*PER_MINUTE, "response_url")]
    yield office
    for gate in gates:
        gate.set()
    await office.answered()


def _shared(office: Office) -> Awaitable[object]:
    [card] = [m for m in office.slack.messages if m.channel == "C0TEAM"]
    return office["stranger"].click(card, "Ouvrir")


def _user_change(office: Office) -> Awaitable[object]:
    user = office.slack.users["U0ECOUTE"] | {"is_restricted": True}
    return office.line.event(event_body({"type": "user_change", "user": user}))


ACTS: dict[str, Callable[[Office], Awaitable[object]]] = {
    "a command": lambda office: office["Agathe"].command("/rdv demain 10h avec @ecoute pour 1285"),
    "a stranger's command": lambda office: office["stranger"].command("/rdv"),
    "one whom an administrator linked": lambda office: office["linked"].command("/agenda @seforme"),
    "a click": lambda office: office["ecoute"].click(office.with_button("ecoute", "Refuser"), "Refuser"),
    "a stranger's click in a channel": _shared,
    "a change in a form": lambda office: office["Agathe"].choose(FIELD, "02:00"),
    "a search": lambda office: office["Agathe"].search(OTHERS, "eco"),
    "a form": lambda office: office["Agathe"].submit(),
    "a home": lambda office: open_home(office["seforme"]),
    "a click at home": lambda office: click_home(office["ecoute"], "Accepter"),
    "a shortcut": lambda office: use_shortcut(office["seforme"]),
    "a message's shortcut": lambda office: use_message_shortcut(office["linked"], {"user": SOMEBODY}),
    "a word in private": lambda office: office["ecoute"].say("invitations"),
    "a mention": lambda office: office["ecoute"].send_event(
        {"type": "app_mention", "text": f"<@{BOT_USER}> aide"}, channel="C0TEAM"
    ),
    "who became a guest": _user_change,
    "the app's removal": lambda office: office.line.event(
        event_body({"type": "app_uninstalled"}) | {"event_time": 1769000000}
    ),
}


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_all_is_acknowledged_while_slack_is_silent(silent: Office) -> None:
    answered = []
    for name, act in ACTS.items():
        with suppress(TimeoutError):
            async with asyncio.timeout(THREE_SECONDS):
                await act(silent)
            answered.append(name)
    assert answered == list(ACTS)
