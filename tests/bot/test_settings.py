"""Settings are read under their names, and secrets stay secret."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import DATABASE, Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_serve_this_machine_alone() -> None:
    settings = Settings()

    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database(DATABASE) == "sqlite:///var/rdv.db"
    assert settings.slack is None
    assert settings.rules.reminders == (timedelta(hours=24), timedelta(hours=1))


def test_env_file_is_read_and_the_environment_wins(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("RDV_PORT=8111\nRDV_LOCALE=en\nRDV_PUBLIC_URL=https://rdv.example.org/\nOTHER=1\n")
    monkeypatch.setenv("RDV_PORT", "8222")

    settings = Settings()

    assert (settings.port, settings.locale, settings.public_url) == (8222, "en", "https://rdv.example.org")


def test_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("RDV_SLACK_API_URL", "")

    assert Settings().slack is None
    assert Settings().slack_api_url == "https://slack.com/api/"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "DATABASE_URL"):
        monkeypatch.setenv(f"RDV_{name}", f"{name}-hunter2")

    settings = Settings()

    assert settings.slack is not None
    assert settings.slack.bot_token == "SLACK_BOT_TOKEN-hunter2"
    assert "hunter2" not in f"{settings!r} {settings} {settings.slack!r}"


@pytest.mark.parametrize(
    ("text", "hours"), [("24h,1h", [24, 1]), ("30m", [0.5]), ("1h,2d", [48, 1]), ("none", []), ("1h,1h", [1])]
)
def test_reminders(text: str, hours: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_REMINDERS", text)

    assert Settings().reminders == tuple(timedelta(hours=h) for h in hours)


@pytest.mark.parametrize("text", ["soon", "0h", "-1h", "1.5h", "24", ","])
def test_reminders_that_mean_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_REMINDERS", text)

    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_ports_that_do_not_exist(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_PORT", port)

    with pytest.raises(ValidationError):
        Settings()
