"""Joining a worker to a chat account by hand; Slack is asked first whether it is a member's.

Teams and Telegram know an account by an id of one form, which is all that can be checked here.
"""

import asyncio
from uuid import UUID

from bot.operating import in_database
from bot.settings import DATABASE, Settings, SlackSettings
from bot.shell import Shell
from bot.slack.standing import is_welcome
from core.people import Worker
from core.ports import Database, Transaction

SLACK, TEAMS, TELEGRAM = "slack", "teams", "telegram"
UNKNOWN = frozenset({"user_not_found", "user_not_visible"})


def link_worker(shell: Shell, handle: str, platform: str, tenant: str, external_id: str) -> None:
    """Join a worker to a chat account; notices go there from now on."""
    settings, t = shell.settings(), shell.texts.t
    if platform == SLACK:
        tenant = tenant or _tenant(shell, settings)
        _refuse_guests(shell, settings, tenant, external_id)
    elif platform == TEAMS:
        tenant, external_id = _entra(shell, tenant or settings.teams_tenant_id), _entra(shell, external_id)
    elif platform == TELEGRAM:
        tenant = TELEGRAM
        if not (external_id.isascii() and external_id.isdecimal()):
            shell.fail(t("Telegram knows people by a number, such as 123456789: “{id}” is none.", id=external_id))

    def work(tx: Transaction) -> Worker | None:
        worker = tx.people.worker_by_handle(handle)
        if worker is not None:
            tx.accounts.link(worker.id, platform, tenant, external_id, current=True)
        return worker

    worker = in_database(shell, lambda db: db.write(work))
    if worker is None:
        shell.fail(t("Nobody here is called “{name}”.", name=handle))
    shell.say(t("{name} is now reached on {platform}.", name=worker.name, platform=platform))


def _entra(shell: Shell, text: str) -> str:
    """Return an id of Entra's as Teams sends it."""
    try:
        return str(UUID(text))
    except ValueError:
        shell.fail(
            shell.texts.t(
                "Teams knows people by their object id, and a tenant by its id, both as Entra shows them: “{id}” is "
                "none. Without --tenant it is the one of RDV_TEAMS_TENANT_ID.",
                id=text,
            )
        )


def _tenant(shell: Shell, settings: Settings) -> str:
    """Return the only workspace that there is."""
    from bot.slack.checkup import slack_team  # noqa: PLC0415 - brings aiohttp
    from storage.installations import installed  # noqa: PLC0415

    slack = settings.slack
    if slack is not None and slack.bot_token:
        found = [asyncio.run(slack_team(slack))]
    elif slack is not None:
        client = slack.client_id
        found = [p.tenant for p in in_database(shell, lambda db: db.read(lambda tx: installed(tx, client)))]
    else:
        found = []
    if len(found) != 1 or found[0] is None:
        shell.fail(shell.texts.t("Slack does not say which workspace this is: name it with --tenant."))
    return found[0]


def _refuse_guests(shell: Shell, settings: Settings, tenant: str, user_id: str) -> None:
    """Stop if Slack says that the account may not be a worker's; say so if it cannot be asked."""
    t, slack = shell.texts.t, settings.slack
    if slack is None:
        return
    user = in_database(shell, lambda db: _user(slack, settings.database(DATABASE), db, tenant, user_id))
    if user is None:
        shell.say(t("Slack cannot be asked about this account now: a guest would be refused at his first word."))
        return
    if not user:
        shell.fail(t("Slack knows no member {id} in the workspace {team}.", id=user_id, team=tenant))
    if not is_welcome(user):
        shell.fail(t("This account is a guest’s, a bot’s or deactivated: such accounts are refused."))


async def _user(
    slack: SlackSettings, database_url: str, db: Database, tenant: str, user_id: str
) -> dict[str, object] | None:
    """Return what Slack tells of a member, nothing of somebody it does not know; None if it cannot be asked."""
    from bot.slack.checkup import ask, token_of, tokens  # noqa: PLC0415 - brings aiohttp

    token = token_of(await tokens(slack, database_url, db), tenant)
    answer = await ask(slack, token, "users.info", user=user_id) if token else None
    if answer is None or (answer.error and answer.error not in UNKNOWN):
        return None
    found = answer.said.get("user")
    return found if isinstance(found, dict) else {}
