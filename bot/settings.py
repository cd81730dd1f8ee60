"""What an operator may set, in the environment or in `.env`; read once, by the command line."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.rules import Rules

DEMO_DATABASE = Path("var/demo.db")
DATABASE = Path("var/rdv.db")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """One workspace's: over signed HTTP with a signing secret, over Socket Mode with an app token."""

    bot_token: str = field(repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    api_url: str = "https://slack.com/api/"


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

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.strip().rstrip("/")

    @field_validator("reminders", mode="before")
    @classmethod
    def _durations(cls, value: object) -> object:
        """Read "24h,1h" or "none"."""
        if not isinstance(value, str):
            return value
        if value.strip().lower() in {"none", "0"}:
            return ()
        return tuple(sorted({_duration(part) for part in value.split(",")}, reverse=True))

    @property
    def rules(self) -> Rules:
        """The organisation's figures."""
        return Rules(reminders=self.reminders)

    @property
    def slack(self) -> SlackSettings | None:
        """Slack's own, if a workspace is connected."""
        if self.slack_bot_token is None:
            return None
        return SlackSettings(
            bot_token=self.slack_bot_token.get_secret_value(),
            signing_secret=self.slack_signing_secret.get_secret_value() if self.slack_signing_secret else None,
            app_token=self.slack_app_token.get_secret_value() if self.slack_app_token else None,
            api_url=self.slack_api_url,
        )

    @property
    def address(self) -> str:
        """Where the server is reached on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def database(self, default: Path) -> str:
        """Return the database's address, which may hold a password: never print it."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{default}"


def _duration(text: str) -> timedelta:
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if unit not in MINUTES or not number.isdecimal() or int(number) == 0:
        raise ValueError('write reminders as "24h,1h" or "30m", or "none"')
    return timedelta(minutes=int(number) * MINUTES[unit])
