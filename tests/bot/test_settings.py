"""Settings are read under their names, and secrets stay secret."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import DATABASE, Settings
from core.availability import Limits
from core.rules import Rules


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_serve_this_machine_alone() -> None:
    settings = Settings()

    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database(DATABASE) == "sqlite:///var/rdv.db"
    assert settings.slack is None
    assert settings.rules == Rules()
    assert settings.rules.reminders == (timedelta(hours=24), timedelta(hours=1))
    assert (settings.rules.region, settings.rules.hold) == ("BE", timedelta(minutes=5))


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
    secrets = ("SECRET_KEY", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_CLIENT_SECRET")
    others = ("TEAMS_CLIENT_SECRET", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
    for name in (*secrets, *others, "DATABASE_URL"):
        monkeypatch.setenv(f"RDV_{name}", f"{name}-hunter2")
    monkeypatch.setenv("RDV_TEAMS_CLIENT_ID", "1")

    settings = Settings()

    assert settings.slack is not None
    assert settings.slack.bot_token == "SLACK_BOT_TOKEN-hunter2"
    assert settings.teams is not None
    assert settings.telegram is not None
    assert settings.telegram.token == "TELEGRAM_TOKEN-hunter2"
    assert "hunter2" not in f"{settings!r} {settings} {settings.slack!r} {settings.teams!r} {settings.telegram!r}"


def test_ids_of_entra_are_read_as_teams_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CLIENT_ID", "AB-1"), ("CLIENT_SECRET", "aB"), ("TENANT_ID", "CD-2"), ("TENANTS", "E, f")):
        monkeypatch.setenv(f"RDV_TEAMS_{name}", value)
    teams = Settings().teams

    assert teams is not None
    assert (teams.client_id, teams.client_secret, teams.tenant_id) == ("ab-1", "aB", "cd-2")
    assert (teams.tenants, teams.guests, teams.skip_auth) == ({"e", "f"}, False, False)


def test_a_platform_is_on_only_when_its_keys_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings().teams, Settings().telegram) == (None, None)
    monkeypatch.setenv("RDV_TEAMS_CLIENT_ID", "1")
    assert Settings().teams is None
    monkeypatch.setenv("RDV_TEAMS_SKIP_AUTH", "1")
    assert Settings().teams is not None


def test_every_setting_is_in_the_example() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = {line.partition("=")[0] for line in example.splitlines() if line.startswith("RDV_")}

    assert named == {f"RDV_{name.upper()}" for name in Settings.model_fields}


def test_several_workspaces_are_on_without_a_bot_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_SLACK_CLIENT_ID", "1.2")
    assert Settings().slack is None
    monkeypatch.setenv("RDV_SLACK_CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("RDV_SLACK_TEAMS", "T0ONE, E0GRID,")

    slack = Settings().slack

    assert slack is not None
    assert (slack.bot_token, slack.client_id, slack.client_secret) == ("", "1.2", "hunter2")
    assert slack.teams == {"T0ONE", "E0GRID"}
    assert "hunter2" not in f"{slack!r}"

    monkeypatch.setenv("RDV_SLACK_BOT_TOKEN", "xoxb-1")
    slack = Settings().slack

    assert slack is not None
    assert (slack.bot_token, slack.client_id, slack.client_secret) == ("xoxb-1", "", "")


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


def test_the_organisations_own_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {
        "HOLIDAYS": " FR-57 ",
        "NOTICE": "2h",
        "BUFFER_BEFORE": "15m",
        "BUFFER_AFTER": "none",
        "TRAVEL": "0",
        "DAILY": "6",
        "HOLD": "10m",
    }
    for name, value in chosen.items():
        monkeypatch.setenv(f"RDV_{name}", value)

    limits = Limits(notice=timedelta(hours=2), before=timedelta(minutes=15), daily=6)
    assert Settings().rules == Rules(hold=timedelta(minutes=10), limits=limits, region="FR-57")


@pytest.mark.parametrize(("name", "kept"), [("HOLIDAYS", ""), ("NOTICE", timedelta(0)), ("DAILY", 0)])
def test_none_is_none(name: str, kept: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"RDV_{name}", "None")

    assert getattr(Settings(), name.lower()) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [("NOTICE", "soon"), ("NOTICE", "2"), ("TRAVEL", "-5m"), ("HOLD", "²m"), ("HOLD", "9999999d"), ("DAILY", "-1")],
)
def test_figures_that_mean_nothing(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"RDV_{name}", text)

    with pytest.raises(ValidationError):
        Settings()


def test_the_example_is_what_holds_without_it() -> None:
    example = Path(__file__).parents[2] / ".env.example"

    assert Settings(_env_file=example) == Settings(_env_file=None)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_ports_that_do_not_exist(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_PORT", port)

    with pytest.raises(ValidationError):
        Settings()
