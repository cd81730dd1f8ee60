"""What a platform brings is imported only when it is configured: each costs a start its time and its memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = """
import sys
from bot.bootstrap import build
from bot.settings import Settings
build(Settings(_env_file=None), demo=True, secret_key="k" * 48)
print(*sorted({"slack_bolt", "telegram", "microsoft_teams", "msal"} & set(sys.modules)))
"""
ASK = """
import asyncio, sys
from bot.checkup import check_connections
from bot.settings import Settings
from handlers.i18n import Texts
found = asyncio.run(check_connections(Settings(_env_file=None), Texts("en", "UTC"), thorough=True))
assert found, "nobody was asked"
print(*sorted({"slack_bolt", "telegram", "microsoft_teams", "msal"} & set(sys.modules)))
"""
TELEGRAM = {"telegram_token": f"1:{'a' * 35}", "telegram_api_url": "http://127.0.0.1:9/"}
SLACK = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "slack_api_url": "http://127.0.0.1:9/"}


def imported(code: str, folder: Path, **settings: str) -> list[str]:
    """Return which SDKs are imported by a process of its own with these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RDV_")}
    own = {f"RDV_{name.upper()}": value for name, value in settings.items()}
    (folder / "var").mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=kept | own | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "brought"),
    [
        ({}, []),
        (SLACK, ["slack_bolt"]),
        ({"teams_skip_auth": "1"}, ["microsoft_teams", "msal"]),
        (TELEGRAM, ["telegram"]),
    ],
)
def test_a_platform_is_imported_when_it_is_configured(
    tmp_path: Path, settings: dict[str, str], brought: list[str]
) -> None:
    assert imported(BUILD, tmp_path, **settings) == brought


@pytest.mark.slow
def test_the_doctor_needs_no_sdk(tmp_path: Path) -> None:
    assert imported(ASK, tmp_path, **SLACK, **TELEGRAM) == []
