"""What is missing or wrong in the settings of each chat platform, each with what to do."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bot.findings import Finding
from bot.local import is_loopback, on_loopback
from bot.settings import Settings
from handlers.i18n import Texts

_TOKEN: Final = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{20,}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS: Final = frozenset({None, 443, 80, 88, 8443})
"""Where a webhook may be (core.telegram.org/bots/api#setwebhook)."""
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""Of an app and of a tenant in Entra."""


def is_connected(settings: Settings, *, in_part: bool) -> bool:
    """Tell whether a chat platform is set up; `in_part`: whether any of its settings is."""
    if not in_part:
        return any((settings.slack, settings.teams, settings.telegram))
    slack = (settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token)
    clients = (settings.slack_client_id, settings.slack_client_secret)
    teams = (settings.teams_client_id, settings.teams_client_secret.get_secret_value(), settings.teams_tenant_id)
    return any((*slack, *clients, *teams, settings.teams_skip_auth, settings.telegram_token))


def check_chats(settings: Settings, texts: Texts, *, demo: bool) -> Iterator[Finding]:
    """Yield what the settings tell of each platform that is set up, or begun to be."""
    yield from _slack(settings, texts)
    yield from _teams(settings, texts, demo=demo)
    yield from _telegram(settings, texts)


def _teams(settings: Settings, texts: Texts, *, demo: bool) -> Iterator[Finding]:
    secret = settings.teams_client_secret.get_secret_value()
    if settings.teams_skip_auth:
        yield from _skipped(settings, texts, demo=demo)
        return
    if not (settings.teams_client_id or secret or settings.teams_tenant_id):
        return
    for name, value, todo in (
        ("CLIENT_ID", settings.teams_client_id, texts.t("Copy the “Application (client) ID” of the app in Entra.")),
        ("CLIENT_SECRET", secret, texts.t("Make one under “Certificates & secrets” of the app in Entra.")),
        ("TENANT_ID", settings.teams_tenant_id, texts.t("Copy the “Directory (tenant) ID” of the app in Entra.")),
    ):
        if not value:
            yield Finding(f"RDV_TEAMS_{name}", "wrong", texts.t("Teams is set up in part: this is missing."), todo)
        elif name != "CLIENT_SECRET" and not _ID.fullmatch(value):
            yield Finding(f"RDV_TEAMS_{name}", "wrong", texts.t("This is no id of Entra’s."), todo)
    for tenant in sorted(settings.teams_tenants):
        if not _ID.fullmatch(tenant):
            says = texts.t("“{id}” is no id of a tenant in Entra.", id=tenant)
            yield Finding("RDV_TEAMS_TENANTS", "wrong", says, texts.t("Write their ids, a comma between."))
    if urlsplit(settings.public_url).scheme != "https":
        yield Finding(
            "RDV_PUBLIC_URL",
            "wrong",
            texts.t("Teams calls the bot at a public address, and there is none."),
            texts.t("Give the address under which the internet reaches this server, such as https://rdv.example.org"),
        )


def _skipped(settings: Settings, texts: Texts, *, demo: bool) -> Iterator[Finding]:
    """Check that nobody but this machine can reach a bot that asks nobody who he is."""
    local = is_loopback(settings.host) and (not settings.public_url or on_loopback(settings.public_url))
    if local:
        says = texts.t("Teams is open to any client on this machine; no token is checked.")
        todo = "" if demo else texts.t("Remove RDV_TEAMS_SKIP_AUTH to serve an organisation.")
        yield Finding("RDV_TEAMS_SKIP_AUTH", "note", says, todo)
        return
    yield Finding(
        "RDV_TEAMS_SKIP_AUTH",
        "wrong",
        texts.t("Without checking tokens, anybody who reaches the server could act as anybody."),
        texts.t("Remove RDV_TEAMS_SKIP_AUTH, or listen on 127.0.0.1 without a public address."),
    )


def _telegram(settings: Settings, texts: Texts) -> Iterator[Finding]:
    if settings.telegram_token is None:
        return
    if not _TOKEN.fullmatch(settings.telegram_token.get_secret_value()):
        yield Finding(
            "RDV_TELEGRAM_TOKEN",
            "wrong",
            texts.t("This is not a bot’s token: those look like 123456:ABC-DEF."),
            texts.t("Ask @BotFather for it: /mybots, “API Token”."),
        )
    secret = settings.telegram_webhook_secret.get_secret_value()
    if secret and not _SECRET.fullmatch(secret):
        yield Finding(
            "RDV_TELEGRAM_WEBHOOK_SECRET",
            "wrong",
            texts.t("Telegram takes letters, digits, “_” and “-” there, at most 256."),
            texts.t("Remove it: one is made from the token then."),
        )
    if (port := _port(settings.public_url)) not in _PORTS:
        yield Finding(
            "RDV_PUBLIC_URL",
            "wrong",
            texts.t("Telegram brings nothing to port {port} of an address.", port=port),
            texts.t("Let it be reached at 443, 80, 88 or 8443; or remove it, and updates are fetched."),
        )
    api = urlsplit(settings.telegram_api_url)
    if api.scheme != "https" and not (api.scheme == "http" and is_loopback(api.hostname or "")):
        yield Finding(
            "RDV_TELEGRAM_API_URL",
            "wrong",
            texts.t("The tokens would travel in the clear to this address."),
            texts.t("Remove it: the usual one is https://api.telegram.org/"),
        )


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:  # no address at all, which is another finding's
        return None


def _slack(settings: Settings, texts: Texts) -> Iterator[Finding]:
    bot, app, signing = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    client = bool(settings.slack_client_id or settings.slack_client_secret)
    if not (bot or app or signing or client):
        return
    if client:
        yield from _slack_client(settings, texts)
    if bot is None and not client:
        yield Finding(
            "RDV_SLACK_BOT_TOKEN",
            "wrong",
            texts.t("Slack is set up in part: the bot token is missing."),
            texts.t("Copy the “Bot User OAuth Token” from “OAuth & Permissions” of your Slack app."),
        )
    elif bot is not None and not bot.get_secret_value().startswith("xoxb-"):
        yield Finding(
            "RDV_SLACK_BOT_TOKEN",
            "wrong",
            texts.t("This is not a bot token: those begin with xoxb-."),
            texts.t("Copy the “Bot User OAuth Token” from “OAuth & Permissions” of your Slack app."),
        )
    if app is not None and not app.get_secret_value().startswith("xapp-"):
        yield Finding(
            "RDV_SLACK_APP_TOKEN",
            "wrong",
            texts.t("This is not an app token: those begin with xapp-."),
            texts.t("Make one under “Basic Information”, “App-Level Tokens”, with the scope connections:write."),
        )
    if not (app or signing):
        yield Finding(
            "RDV_SLACK_SIGNING_SECRET",
            "wrong",
            texts.t("Slack has no way in: neither a signing secret nor an app token is set."),
            texts.t(
                "With a public address, set RDV_SLACK_SIGNING_SECRET (“Basic Information”); "
                "without one, set RDV_SLACK_APP_TOKEN."
            ),
        )
    api = urlsplit(settings.slack_api_url)
    if api.scheme != "https" and not (api.scheme == "http" and is_loopback(api.hostname or "")):
        yield Finding(
            "RDV_SLACK_API_URL",
            "wrong",
            texts.t("The tokens would travel in the clear to this address."),
            texts.t("Remove it: the usual one is https://slack.com/api/"),
        )


def _slack_client(settings: Settings, texts: Texts) -> Iterator[Finding]:
    """Check what lets several workspaces install the app."""
    if settings.slack_bot_token is not None:
        yield Finding(
            "RDV_SLACK_CLIENT_ID",
            "note",
            texts.t("The bot token wins: one workspace is connected, and no other can install the app."),
            texts.t("Remove RDV_SLACK_BOT_TOKEN for several workspaces, or the client ID and secret for one."),
        )
        return
    for name, value in (
        ("RDV_SLACK_CLIENT_ID", settings.slack_client_id),
        ("RDV_SLACK_CLIENT_SECRET", settings.slack_client_secret),
    ):
        if not value:
            yield Finding(
                name,
                "wrong",
                texts.t("Several workspaces are set up in part: the client ID and its secret belong together."),
                texts.t("Copy both from “Basic Information” of your Slack app, under “App Credentials”."),
            )
    if not settings.public_url:
        yield Finding(
            "RDV_PUBLIC_URL",
            "wrong",
            texts.t("Slack leads whoever installs the app back to a public address, and there is none."),
            texts.t("Give the address under which the internet reaches this server, such as https://rdv.example.org"),
        )
    if not settings.slack_teams:
        yield Finding(
            "RDV_SLACK_TEAMS",
            "wrong",
            texts.t(
                "No workspace may install the app yet: its administrators say who has which e-mail address, "
                "and so who is which worker."
            ),
            texts.t("Name those that may, by their ids: T0123456789 for a workspace, E0123456789 for an organisation."),
        )
