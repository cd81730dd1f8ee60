"""The same click on three platforms: somebody accepts an invitation, as each vendor sends it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from core.booking import book
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval
from handlers import actions
from handlers.ui import ActionRef
from storage import migrate, open_database
from storage.sqlite import connect
from tests.bench.load import Load, http_post
from tests.bench.serving import TELEGRAM_SECRET
from tests.bench.slack_requests import TEAM
from tests.bench.vendors import CLIENT, TENANT, Vendors
from tests.builders import Guide, make_worker, store_guide

INVITEES: Final = 50
RULES: Final = Rules(region="")  # bookings on any day: none is a public holiday
_QUARTER: Final = timedelta(minutes=15)
_A_DAY: Final = 60
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Click:
    """Who accepts what: `number` tells the invitee from others."""

    number: int
    ref: ActionRef


async def prepared(path: Path, clicks: int) -> list[Click]:
    """Make a database of so many appointments with one invitee each; return everybody's acceptance."""
    migrate(f"sqlite:///{path}")
    db = open_database(f"sqlite:///{path}")
    found = await db.write(lambda tx: _prepare(tx, clicks))
    await db.close()
    return found


def accepted(path: Path) -> int:
    """Return how many acceptances were committed."""
    connection = connect(path)
    found = connection.execute("SELECT count(*) FROM invitations WHERE answer = 'accepted'").fetchone()[0]
    connection.close()
    return int(found)


def rate_of(load: Load) -> float:
    """Return requests a second, all of which were answered with 200. Raises RuntimeError."""
    if set(load.statuses) != {200}:
        raise RuntimeError(f"not every request was answered with 200: {sorted(set(load.statuses))}")
    return load.rate


def telegram_press(data: str, user: int) -> bytes:
    """Return a press on a button of a message."""
    number = next(_numbers)
    person = {"id": user, "is_bot": False, "first_name": "X", "language_code": "fr"}
    chat = {"id": user, "type": "private", "first_name": "X"}
    message = {"message_id": 7, "date": 1_768_896_000, "chat": chat, "text": "…"}
    query = {"id": f"{number}", "from": person, "chat_instance": "1", "message": message, "data": data}
    body = json.dumps({"update_id": number, "callback_query": query}).encode()
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
    return http_post("/telegram/webhook", body, headers)


def teams_execute(data: dict[str, str], user: str, found: Vendors, token: str) -> bytes:
    """Return an Action.Execute in a personal chat, signed."""
    number = next(_numbers)
    activity = {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "id": f"f:{number}",
        "timestamp": "2026-01-20T08:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": f"{found.url}/",
        "from": {"id": user, "aadObjectId": user, "name": "X"},
        "recipient": {"id": f"28:{CLIENT}", "name": "rdv"},
        "conversation": {"id": f"a:{user}", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "replyToId": f"17690{number:08}",
        "locale": "fr-BE",
        "value": {"action": {"type": "Action.Execute", "verb": "rdv", "data": data}, "trigger": "manual"},
    }
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return http_post("/api/messages", json.dumps(activity).encode(), headers)


def teams_user(number: int) -> str:
    """Return the object id of an invitee."""
    return f"a0a0a0a0-0000-4000-8000-{number:012}"


def slack_user(number: int) -> str:
    """Return the user id of an invitee."""
    return f"U{1_000 + number}"


def telegram_user(number: int) -> int:
    """Return the user id of an invitee."""
    return 1_000 + number


def _prepare(tx: Transaction, clicks: int) -> list[Click]:
    guide = store_guide(tx)
    invitees = [tx.people.save_worker(make_worker(f"invitee{n}")) for n in range(INVITEES)]
    for n, worker in enumerate(invitees):
        tx.accounts.link(worker.id, "slack", TEAM, slack_user(n), current=False, email=worker.email)
        tx.accounts.link(worker.id, "telegram", "telegram", f"{telegram_user(n)}", current=False)
        tx.accounts.link(worker.id, "teams", TENANT, teams_user(n), current=True, email=f"{teams_user(n)}@example.org")
    mains = [tx.people.save_worker(make_worker(f"main{n}")) for n in range(clicks // _A_DAY + 1)]
    now = datetime.now(UTC)
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return [_invited(tx, guide, mains[n // _A_DAY], invitees, n, first, now) for n in range(clicks)]


def _invited(
    tx: Transaction, guide: Guide, main: Worker, invitees: Sequence[Worker], n: int, first: datetime, now: datetime
) -> Click:
    number, row = n % INVITEES, n // _A_DAY
    start = first + timedelta(days=n % _A_DAY) + row * _QUARTER
    request = guide.request(
        main_worker_id=main.id,
        during=Interval.lasting(start, _QUARTER),
        parties=(guide.gisele.ref, invitees[number].ref),
    )
    appointment = book(tx, main, request, now, RULES)
    own = appointment.invitation_of(invitees[number].id)
    return Click(number, actions.ref("accept", appointment.id, appointment.revision, own.sequence if own else 0))
