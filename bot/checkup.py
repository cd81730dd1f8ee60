"""What only the running services can tell: the database, the outbox, and the chat platforms."""

import asyncio
from datetime import timedelta

from bot.findings import Finding
from bot.settings import Settings
from core.notices import Notice
from core.ports import Database
from core.times import Clock
from handlers.i18n import Texts
from storage import UnknownDatabase, is_current, open_database

LATE = timedelta(minutes=5)
SHOWN = 50


def reach_database(url: str, texts: Texts) -> bool | Finding:
    """Return whether the database has this version's tables, or why it cannot be asked."""
    name = "RDV_DATABASE_URL"
    try:
        return is_current(url)
    except UnknownDatabase:
        says = texts.t("This is not the address of a database.")
        todo = texts.t("It begins with sqlite:/// or postgresql://; without it, a file is used: var/rdv.db")
    except Exception as fault:  # its message may hold the password
        says = texts.t("The database does not answer ({fault}).", fault=type(fault).__name__)
        todo = texts.t("Check the address, that the server runs, and that this machine may connect.")
    return Finding(name, "wrong", says, todo)


async def check_database(url: str, clock: Clock, texts: Texts, *, thorough: bool) -> list[Finding]:
    """Return whether the database answers and is migrated; `thorough` adds what waits in it."""
    reached = await asyncio.to_thread(reach_database, url, texts)
    if isinstance(reached, Finding):
        return [reached]
    if not reached:
        says = texts.t("The database lacks the tables of this version.")
        return [Finding("RDV_DATABASE_URL", "wrong", says, texts.t("Run: rdv migrate"))]
    found = [Finding("RDV_DATABASE_URL", "ok", texts.t("The database answers and is up to date."))]
    if thorough:
        db = open_database(url)
        try:
            found += [*await _people(db, texts), *await _outbox(db, clock, texts)]
        finally:
            await db.close()
    return found


async def check_connections(settings: Settings, texts: Texts, *, thorough: bool) -> list[Finding]:
    """Return what Slack, Teams and Telegram say of our keys, where they are connected; `thorough` adds lesser matters.

    Several workspaces of Slack's have each their own: one is not to keep the others from being served.
    """
    found = []
    if settings.slack is not None and settings.slack.bot_token:
        from bot.slack.checkup import check_slack
        from bot.slack.scopes import SCOPES

        found.append(await check_slack(settings.slack, SCOPES if thorough else (), texts))
    if settings.teams is not None and not settings.teams.skip_auth:
        from bot.teams.checkup import check_teams

        found.append(await check_teams(settings.teams, texts))
    if settings.telegram is not None:
        from bot.telegram.checkup import check_telegram, check_updates

        found.append(await check_telegram(settings.telegram, texts))
        found += await check_updates(settings.telegram, settings.public_url, texts) if thorough else []
    return found


async def check_remembered(settings: Settings, url: str, texts: Texts) -> list[Finding]:
    """Return what Slack and Teams say of the workspaces, members and conversations in a database that is up to date."""
    found: list[Finding] = []
    slack, db = settings.slack, open_database(url)
    try:
        if slack is not None:
            from bot.slack.checkup import check_members, check_workspaces
            from bot.slack.scopes import SCOPES

            if not slack.bot_token:
                found += await check_workspaces(slack, url, db, settings.public_url, SCOPES, texts)
            found += await check_members(slack, url, db, texts)
        if settings.teams is not None:
            from bot.teams.checkup import check_heard

            found += await check_heard(settings.teams, db, texts)
    finally:
        await db.close()
    return found


async def _people(db: Database, texts: Texts) -> list[Finding]:
    count = len(await db.read(lambda tx: tx.people.workers()))
    if count:
        return [Finding("rdv import", "ok", texts.n("{count} worker is known.", "{count} workers are known.", count))]
    says = texts.t("No worker is known, so everybody is a stranger.")
    return [Finding("rdv import", "note", says, texts.t("Import the organisation’s data: rdv import --help"))]


async def _outbox(db: Database, clock: Clock, texts: Texts) -> list[Finding]:
    now = clock.now()
    since, failed = await db.read(lambda tx: (tx.outbox.oldest_due(now), tx.outbox.failed(SHOWN)))
    found = []
    if since is not None and now - since > LATE:
        minutes = int((now - since) / timedelta(minutes=1))
        says = texts.t("The oldest notice has waited for {minutes} minutes.", minutes=minutes)
        found.append(Finding("outbox", "wrong", says, texts.t("Check that rdv run is running and what it logs.")))
    todo = texts.t("Tell its recipient by another way, and check with: rdv worker list")
    found += [Finding("outbox", "wrong", _given_up(row.notice, error, texts), todo) for row, error in failed]
    return found or [Finding("outbox", "ok", texts.t("No notice is late or lost."))]


def _given_up(notice: Notice, error: str, texts: Texts) -> str:
    if notice.opening_id:
        return texts.t(
            "A notice ({kind}, request {request} to open a time) was given up: {error}",
            kind=notice.kind,
            request=notice.opening_id,
            error=error,
        )
    if notice.proposal_id:
        return texts.t(
            "A notice ({kind}, proposal {proposal} of another time) was given up: {error}",
            kind=notice.kind,
            proposal=notice.proposal_id,
            error=error,
        )
    if notice.day is not None:
        return texts.t(
            "A notice ({kind} of {day}) was given up: {error}",
            kind=notice.kind,
            day=notice.day.isoformat(),
            error=error,
        )
    return texts.t(
        "A notice ({kind}, appointment {appointment}) was given up: {error}",
        kind=notice.kind,
        appointment=notice.appointment_id,
        error=error,
    )
