"""What Slack itself says of our tokens and of a member, for the doctor and the command line. Needs no server."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bot.findings import Finding
from bot.inquiry import inquire
from bot.settings import SlackSettings
from bot.slack.scopes import INSTALL
from bot.slack.standing import is_welcome
from core.ports import Database
from handlers.i18n import Texts
from storage.installations import Installed, installed, linked_by_hand, tenants_in_use

TOKEN, INSTALLATIONS, LINK = "RDV_SLACK_BOT_TOKEN", "Slack", "rdv worker link"
MOST = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A token that we hold; of the one in the settings, Slack alone says where it is from."""

    token: str = field(repr=False)
    place: Installed | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answered: `said` without the error, and the rights that the token has."""

    error: str
    said: dict[str, Any]
    scopes: frozenset[str]


async def tokens(slack: SlackSettings, database_url: str, db: Database) -> list[Held]:
    """Return every token: the one in the settings, or those of the workspaces that installed the app."""
    if slack.bot_token:
        return [Held(slack.bot_token)]
    from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore  # noqa: PLC0415

    from storage.engines import async_engine  # noqa: PLC0415 - only where there are several

    engine = async_engine(database_url)
    store = AsyncSQLAlchemyInstallationStore(slack.client_id, engine)
    found = []
    for place in await db.read(lambda tx: installed(tx, slack.client_id)):
        where = {"enterprise_id": place.enterprise_id, "team_id": place.team_id}
        bot = await store.async_find_bot(**where, is_enterprise_install=place.whole)
        found += [Held(bot.bot_token, place)] if bot is not None else []
    await engine.dispose()
    return found


async def check_slack(slack: SlackSettings, scopes: Iterable[str], texts: Texts) -> Finding:
    """Return what Slack says to the bot token of the settings."""
    todo = texts.t("Install the app in the workspace again and copy its new token.")
    return _judged(TOKEN, await ask(slack, slack.bot_token, "auth.test"), frozenset(scopes), todo, texts)


async def check_workspaces(
    slack: SlackSettings, database_url: str, db: Database, public_url: str, scopes: Iterable[str], texts: Texts
) -> list[Finding]:
    """Return what Slack says to the token of each workspace, and whether anybody is reached in none of them."""
    wanted, address = frozenset(scopes), f"{public_url}{INSTALL}"
    todo = texts.t("Install the app there again: {address}", address=address)
    held = await tokens(slack, database_url, db)
    here = [(each.token, each.place) for each in held if each.place is not None]
    named = [(token, place) for token, place in here if slack.lets_in(place.team_id, place.enterprise_id)]
    known = {place.tenant for _, place in named}
    found = [_unnamed(place.tenant, texts) for _, place in here if place.tenant not in known]
    found += [
        _judged(f"{INSTALLATIONS} {place.tenant}", await ask(slack, token, "auth.test"), wanted, todo, texts)
        for token, place in named
    ]
    if not named:
        says = texts.t("The app is installed in no workspace yet.")
        found.append(Finding(INSTALLATIONS, "note", says, texts.t("Open {address} in a browser.", address=address)))
    lost = [tenant for tenant in await db.read(tenants_in_use) if tenant not in known]
    if lost:
        says = texts.n(
            "{count} worker is written to in a workspace where the app is not installed ({teams}).",
            "{count} workers are written to in workspaces where the app is not installed ({teams}).",
            len(lost),
            teams=", ".join(sorted(set(lost))),
        )
        found.append(Finding(INSTALLATIONS, "wrong", says, todo))
    return found


async def check_members(slack: SlackSettings, database_url: str, db: Database, texts: Texts) -> list[Finding]:
    """Return whom an administrator linked although Slack says that he is a guest, a bot or deactivated."""
    held = await tokens(slack, database_url, db)
    found = []
    for handle, tenant, user_id in await db.read(lambda tx: linked_by_hand(tx, MOST)):
        token = token_of(held, tenant)
        if token is None:
            continue
        answer = await ask(slack, token, "users.info", user=user_id)
        if answer is None:  # a Slack that is away is not waited for once more for each
            break
        user = answer.said.get("user")
        if isinstance(user, dict) and not is_welcome(user):
            says = texts.t(
                "The account {id} of {name} is a guest’s, a bot’s or deactivated: it is refused.",
                id=user_id,
                name=handle,
            )
            todo = texts.t("Link another account of the same person: rdv worker link --help")
            found.append(Finding(LINK, "wrong", says, todo))
    return found


def token_of(held: Iterable[Held], tenant: str) -> str | None:
    """Return the token by which the accounts of a tenant are asked after."""
    return next((each.token for each in held if each.place is None or each.place.tenant == tenant), None)


async def slack_team(slack: SlackSettings) -> str | None:
    """Return the id of what the token of the settings belongs to, if Slack says it."""
    answer = await ask(slack, slack.bot_token, "auth.test")
    if answer is None:
        return None
    whole = answer.said.get("is_enterprise_install") and answer.said.get("enterprise_id")
    return str(whole or answer.said.get("team_id") or "") or None


async def ask(slack: SlackSettings, token: str, method: str, **arguments: str) -> Answer | None:
    """Call a method; None when Slack does not answer."""
    said = await inquire(urljoin(f"{slack.api_url.rstrip('/')}/", method), arguments, token=token)
    if said is None:
        return None
    scopes = said.headers.get("x-oauth-scopes", "").split(",")
    error = "" if said.body.get("ok") else str(said.body.get("error", "?"))
    return Answer(error, said.body, frozenset(s.strip() for s in scopes if s.strip()))


def _unnamed(tenant: str, texts: Texts) -> Finding:
    """Return what there is to do about a workspace that installed the app before it was left out of the settings."""
    says = texts.t("This workspace is not named in RDV_SLACK_TEAMS: nobody there is answered or written to.")
    todo = texts.t("Name it there too, or have the app removed from the workspace.")
    return Finding(f"{INSTALLATIONS} {tenant}", "note", says, todo)


def _judged(name: str, answer: Answer | None, scopes: frozenset[str], todo: str, texts: Texts) -> Finding:
    """Return what an auth.test tells; only a refusal is wrong, silence is not ours to mend."""
    if answer is None:
        return Finding(name, "note", texts.t("Slack does not answer at the moment; messages wait until it does."))
    if answer.error:
        return Finding(name, "wrong", texts.t("Slack refuses the bot token: {error}.", error=answer.error), todo)
    missing = sorted(scopes - answer.scopes) if answer.scopes else []
    if missing:
        says = texts.t("The Slack app lacks these rights: {missing}.", missing=", ".join(missing))
        again = texts.t("Paste the output of “rdv manifest slack” into the app’s manifest and install it again.")
        return Finding(name, "wrong", says, again)
    return Finding(name, "ok", texts.t("Slack answers: workspace {team}.", team=answer.said.get("team", "?")))
