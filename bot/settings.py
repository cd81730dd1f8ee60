"""What an operator may set, in the environment or in `.env`; read once, by the command line."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.availability import Limits
from core.message import N_
from core.rules import Rules

DEMO_DATABASE = Path("var/demo.db")
DATABASE = Path("var/rdv.db")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
NONE = frozenset({"none", "0"})
MOST_UNITS, MOST_A_DAY = 100_000, 100
REMINDERS = N_("write reminders as “24h,1h” or “30m”, or “none”")
DURATION = N_("write a duration as “2h”, “15m” or “1d”, or “none”")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Over signed HTTP with a signing secret, over Socket Mode with an app token.

    One workspace has its `bot_token`. Several install the app themselves, which has a client's id and secret for that;
    `teams` are the ids of the workspaces and organisations that may, all if there are none.
    """

    bot_token: str = field(default="", repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    api_url: str = "https://slack.com/api/"
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    teams: frozenset[str] = frozenset()

    def lets_in(self, team_id: str | None, enterprise_id: str | None) -> bool:
        """Tell whether that workspace, or one of that organisation, may have the app."""
        return not self.teams.isdisjoint({team_id, enterprise_id})


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """A bot of Telegram's: with a public address its updates come to the webhook, else they are fetched.

    `webhook_secret` is what Telegram says to the webhook; without one it is made from the token.
    """

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org/"
    webhook_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """A bot of one tenant; people of the further `tenants`, and guests, are let in only if these say so.

    With `skip_auth`, for this machine only, no token is checked or fetched. `keys_url`, `login_url` and `service_url`
    lead to other keys, tokens and conversations than the public cloud's.
    """

    client_id: str
    client_secret: str = field(default="", repr=False)
    tenant_id: str = ""
    skip_auth: bool = False
    tenants: frozenset[str] = frozenset()
    guests: bool = False
    keys_url: str = ""
    login_url: str = ""
    service_url: str = ""


class Settings(BaseSettings):
    """All settings, under the names of `.env.example`; an empty value counts as not set."""

    model_config = SettingsConfigDict(env_prefix="RDV_", env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    locale: str = "fr"
    timezone: str = "Europe/Brussels"
    contact: str = ""
    reminders: Annotated[tuple[timedelta, ...], NoDecode] = Rules().reminders

    holidays: str = Rules().region
    notice: timedelta = Limits().notice
    buffer_before: timedelta = Limits().before
    buffer_after: timedelta = Limits().after
    travel: timedelta = Limits().travel
    daily: int = Field(default=Limits().daily, ge=0, le=MOST_A_DAY)
    hold: timedelta = Rules().hold

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str = ""
    slack_client_secret: SecretStr | None = None
    slack_teams: Annotated[frozenset[str], NoDecode] = frozenset()
    slack_api_url: str = "https://slack.com/api/"

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org/"
    telegram_webhook_secret: SecretStr = SecretStr("")

    teams_client_id: str = ""
    teams_client_secret: SecretStr = SecretStr("")
    teams_tenant_id: str = ""
    teams_tenants: Annotated[frozenset[str], NoDecode] = frozenset()
    teams_guests: bool = False
    teams_skip_auth: bool = False

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.strip().rstrip("/")

    @field_validator("slack_teams", "teams_tenants", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        """Read "T0123456789,E0123456789"."""
        return frozenset(part.strip() for part in value.split(",")) - {""} if isinstance(value, str) else value

    @field_validator("reminders", mode="before")
    @classmethod
    def _durations(cls, value: object) -> object:
        """Read "24h,1h" or "none"."""
        if not isinstance(value, str):
            return value
        if _is_none(value):
            return ()
        return tuple(sorted({_duration(part, REMINDERS) for part in value.split(",")}, reverse=True))

    @field_validator("holidays")
    @classmethod
    def _region(cls, value: str) -> str:
        """Read "BE", "FR-57" or "none"."""
        return "" if _is_none(value) else value.strip()

    @field_validator("notice", "buffer_before", "buffer_after", "travel", "hold", mode="before")
    @classmethod
    def _length(cls, value: object) -> object:
        """Read "2h", "15m", "1d" or "none"."""
        if not isinstance(value, str):
            return value
        return timedelta(0) if _is_none(value) else _duration(value, DURATION)

    @field_validator("daily", mode="before")
    @classmethod
    def _count(cls, value: object) -> object:
        """Read a number or "none"."""
        return 0 if isinstance(value, str) and _is_none(value) else value

    @property
    def rules(self) -> Rules:
        """The organisation's figures."""
        limits = Limits(self.notice, self.buffer_before, self.buffer_after, self.travel, self.daily)
        return Rules(reminders=self.reminders, hold=self.hold, limits=limits, region=self.holidays)

    @property
    def slack(self) -> SlackSettings | None:
        """Slack's own, if a workspace is connected or several may install the app."""
        bot, secret = self.slack_bot_token, self.slack_client_secret
        if bot is None and not (self.slack_client_id and secret):
            return None
        return SlackSettings(
            bot_token=bot.get_secret_value() if bot else "",
            signing_secret=self.slack_signing_secret.get_secret_value() if self.slack_signing_secret else None,
            app_token=self.slack_app_token.get_secret_value() if self.slack_app_token else None,
            api_url=self.slack_api_url,
            client_id="" if bot else self.slack_client_id,
            client_secret=secret.get_secret_value() if secret and not bot else "",
            teams=self.slack_teams,
        )

    @property
    def telegram(self) -> TelegramSettings | None:
        """Telegram's own, if a bot is connected."""
        if self.telegram_token is None:
            return None
        secret = self.telegram_webhook_secret.get_secret_value()
        return TelegramSettings(self.telegram_token.get_secret_value(), self.telegram_api_url, secret)

    @property
    def teams(self) -> TeamsSettings | None:
        """Teams' own, if a bot is connected, or a client on this machine is to be."""
        secret = self.teams_client_secret.get_secret_value()
        if not self.teams_skip_auth and not (self.teams_client_id and secret):
            return None
        return TeamsSettings(
            client_id=self.teams_client_id.lower(),  # as Teams writes ids
            client_secret=secret,
            tenant_id=self.teams_tenant_id.lower(),
            skip_auth=self.teams_skip_auth,
            tenants=frozenset(tenant.lower() for tenant in self.teams_tenants),
            guests=self.teams_guests,
        )

    @property
    def address(self) -> str:
        """Where the server is reached on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def database(self, default: Path) -> str:
        """Return the database's address, which may hold a password: never print it."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{default}"


def _is_none(text: str) -> bool:
    return text.strip().lower() in NONE


def _duration(text: str, refusal: str) -> timedelta:
    """Return the duration that "2h", "15m" or "1d" means. Raises ValueError with the message `refusal`."""
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if unit not in MINUTES or not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= MOST_UNITS:
        raise ValueError(refusal)
    return timedelta(minutes=int(number) * MINUTES[unit])
