"""What is missing or wrong in the configuration, each with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.settings import Settings
from core.holidays import is_region
from core.people import LOCALES
from core.rules import HORIZON, LONGEST
from handlers.i18n import Texts

KEY_LENGTH = 32
SHORTEST_HOLD, LONGEST_HOLD = timedelta(minutes=1), timedelta(hours=1)

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was looked at, how it stands, and what to do about it."""

    name: str
    state: State
    says: str
    todo: str = ""


def is_loopback(host: str) -> bool:
    """Tell whether a server that listens on `host` is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refused(error: ValidationError, texts: Texts) -> list[Finding]:
    """Return the settings that could not even be read; their values are not shown, they may be secret."""
    return [
        Finding(
            f"RDV_{str(e['loc'][0]).upper()}",
            "wrong",
            texts.t("This value cannot be read: {why}.", why=_why(e["msg"], texts)),
            texts.t("Correct it in .env or in the environment; .env.example shows each setting."),
        )
        for e in error.errors(include_input=False, include_url=False)
    ]


def _why(message: str, texts: Texts) -> str:
    """Return what pydantic says of a value; our own words are translated."""
    ours = message.removeprefix("Value error, ")
    return texts.t(ours)


def nothing_configured(settings: Settings) -> bool:
    """Tell whether no organisation has been set up here at all."""
    return (
        settings.database_url is None
        and not settings.secret_key.get_secret_value()
        and not any((settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token))
        and not (settings.slack_client_id or settings.slack_client_secret)
    )


def check_settings(settings: Settings, texts: Texts, *, demo: bool = False) -> list[Finding]:
    """Return what the settings alone tell."""
    found = [*_general(settings, texts), *_rules(settings, texts), *_host(settings, texts, demo=demo)]
    found += _slack(settings, texts)
    if not demo:
        found += _secret_key(settings, texts)
        if settings.slack is None and not any(f.name.startswith("RDV_SLACK") for f in found):
            found.append(
                Finding(
                    "RDV_SLACK_BOT_TOKEN",
                    "wrong",
                    texts.t("No chat platform is connected."),
                    texts.t("Connect Slack as the README says, or try the demonstration: rdv demo"),
                )
            )
    return found


def _general(settings: Settings, texts: Texts) -> Iterator[Finding]:
    if settings.locale not in LOCALES:
        yield Finding(
            "RDV_LOCALE",
            "wrong",
            texts.t("The language “{locale}” is not known.", locale=settings.locale),
            texts.t("Choose one of these: {known}.", known=", ".join(LOCALES)),
        )
    if not _is_zone(settings.timezone):
        yield Finding(
            "RDV_TIMEZONE",
            "wrong",
            texts.t("The time zone “{zone}” is not known.", zone=settings.timezone),
            texts.t("Write an IANA name, such as Europe/Brussels."),
        )
    if settings.public_url and urlsplit(settings.public_url).scheme != "https":
        yield Finding(
            "RDV_PUBLIC_URL",
            "wrong",
            texts.t("The public address must begin with https://."),
            texts.t("Give the address under which the internet reaches this server, such as https://rdv.example.org"),
        )


def _rules(settings: Settings, texts: Texts) -> Iterator[Finding]:
    """Check the organisation's figures: those that would keep everybody from booking anything are a mistake."""
    if settings.holidays and not is_region(settings.holidays):
        yield Finding(
            "RDV_HOLIDAYS",
            "wrong",
            texts.t("The public holidays of “{region}” are not known.", region=settings.holidays),
            texts.t("Write a country, or a country and region, such as BE or FR-57, or “none”."),
        )
    if settings.notice >= HORIZON:
        yield Finding(
            "RDV_NOTICE",
            "wrong",
            texts.t("With so long a notice, nothing could be booked: agendas are known for twelve months."),
            texts.t("Write a shorter one, such as 2h or 1d, or “none”."),
        )
    for name in ("buffer_before", "buffer_after", "travel"):
        if getattr(settings, name) > LONGEST:
            yield Finding(
                f"RDV_{name.upper()}",
                "wrong",
                texts.t("So much time around an appointment leaves no room for a second one that day."),
                texts.t("Write at most 12h, such as 15m, or “none”."),
            )
    if not SHORTEST_HOLD <= settings.hold <= LONGEST_HOLD:
        yield Finding(
            "RDV_HOLD",
            "wrong",
            texts.t("A chosen time is held for a while as somebody fills in the form, and must be free again soon."),
            texts.t("Write between 1m and 1h; 5m is usual."),
        )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # an unknown name is a KeyError, a malformed one the others
        return False
    return True


def _host(settings: Settings, texts: Texts, *, demo: bool) -> Iterator[Finding]:
    if is_loopback(settings.host):
        return
    if demo:
        yield Finding(
            "RDV_HOST",
            "wrong",
            texts.t("The demonstration asks for no password, so it listens on this machine alone."),
            texts.t("Remove RDV_HOST, or set it to 127.0.0.1."),
        )
    elif not settings.public_url:
        yield Finding(
            "RDV_HOST",
            "wrong",
            texts.t("The server would be open to the network without an encrypted public address."),
            texts.t("Set RDV_PUBLIC_URL to the https address of the proxy in front, or RDV_HOST to 127.0.0.1."),
        )


def _secret_key(settings: Settings, texts: Texts) -> Iterator[Finding]:
    key = settings.secret_key.get_secret_value()
    todo = texts.t("Put the output of this in .env as RDV_SECRET_KEY: openssl rand -base64 48")
    if not key:
        yield Finding("RDV_SECRET_KEY", "wrong", texts.t("The secret key is missing."), todo)
    elif len(key) < KEY_LENGTH:
        says = texts.t("The secret key is too short: at least {length} characters are needed.", length=KEY_LENGTH)
        yield Finding("RDV_SECRET_KEY", "wrong", says, todo)
    else:
        yield Finding("RDV_SECRET_KEY", "ok", texts.t("The secret key is set."))


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
