"""What is missing or wrong in the configuration, each with what to do."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.chats import check_chats, is_connected
from bot.findings import Finding
from bot.local import is_loopback, on_loopback
from bot.settings import Settings
from core.holidays import is_region
from core.message import N_
from core.people import LOCALES
from core.rules import HORIZON, LONGEST
from handlers.i18n import Texts

NOTHING = N_("Nothing is configured yet. To try the product: rdv demo\nTo connect a chat platform, follow the README.")
KEY_LENGTH = 32
SHORTEST_HOLD, LONGEST_HOLD = timedelta(minutes=1), timedelta(hours=1)


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
        and not is_connected(settings, in_part=True)
    )


def check_settings(settings: Settings, texts: Texts, *, demo: bool = False) -> list[Finding]:
    """Return what the settings alone tell."""
    found = [*_general(settings, texts), *_rules(settings, texts), *_host(settings, texts, demo=demo)]
    chats = list(check_chats(settings, texts, demo=demo))
    found += chats
    if not demo:
        found += _secret_key(settings, texts)
        if not is_connected(settings, in_part=False) and not chats:
            found.append(
                Finding(
                    "RDV_SLACK_BOT_TOKEN",
                    "wrong",
                    texts.t("No chat platform is connected."),
                    texts.t("Connect one as the README says, or try the demonstration: rdv demo"),
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
    if settings.public_url and not (_is_https(settings.public_url) or on_loopback(settings.public_url)):
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


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


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
