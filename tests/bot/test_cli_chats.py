"""The command line about Teams and Telegram: what is missing is named, accounts are linked, the package is written."""

import json
import re
from zipfile import ZipFile

import pytest

from tests.bot.command_line import KEY, Rdv

ENTRA = "0f0e0d0c-0b0a-4908-8706-050403020100"
MORE = "99999999-aaaa-4bbb-8ccc-dddddddddddd"
CLIENT = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither Entra nor Telegram answers."""
    monkeypatch.setattr("bot.teams.checkup.LOGIN", "http://127.0.0.1:9")
    monkeypatch.setenv("RDV_TELEGRAM_API_URL", "http://127.0.0.1:9/")


@pytest.fixture
def teams(installed: Rdv, silent: None) -> Rdv:  # noqa: ARG001
    """An office that is in Teams too."""
    installed.set(
        teams_client_id=CLIENT,
        teams_client_secret="hunter2",
        teams_tenant_id=ENTRA,
        public_url="https://rdv.example.org",
    )
    return installed


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"teams_client_id": CLIENT}, {"RDV_TEAMS_CLIENT_SECRET", "RDV_TEAMS_TENANT_ID", "RDV_PUBLIC_URL"}),
        ({"teams_client_secret": "hunter2"}, {"RDV_TEAMS_CLIENT_ID", "RDV_TEAMS_TENANT_ID", "RDV_PUBLIC_URL"}),
        ({"teams_tenant_id": ENTRA}, {"RDV_TEAMS_CLIENT_ID", "RDV_TEAMS_CLIENT_SECRET", "RDV_PUBLIC_URL"}),
        ({"teams_skip_auth": "1", "public_url": "https://rdv.example.org"}, {"RDV_TEAMS_SKIP_AUTH"}),
        ({"telegram_token": "hunter2"}, {"RDV_TELEGRAM_TOKEN"}),
    ],
)
@pytest.mark.parametrize("command", ["run", "doctor"])
@pytest.mark.usefixtures("silent")
def test_what_teams_and_telegram_lack_is_named(rdv: Rdv, values: dict[str, str], named: set[str], command: str) -> None:
    rdv.set(secret_key=KEY)
    rdv.set(**values)

    result = rdv(command)

    assert result.exit_code == 1
    assert named <= set(re.findall(r"RDV_\w+", result.output))
    assert "hunter2" not in result.output


def test_doctor_tells_of_teams_and_telegram(teams: Rdv) -> None:
    teams.set(telegram_token=f"123456:{'hunter2' * 5}")

    result = teams("doctor")

    assert result.exit_code == 0, result.output
    assert "Entra does not answer at the moment" in result.output
    assert "Telegram does not answer at the moment" in result.output
    assert "Nobody in Teams has the app yet" in result.output
    assert "hunter2" not in result.output


def test_the_app_package_for_teams_is_written(teams: Rdv) -> None:
    result = teams("manifest", "teams")

    assert result.exit_code == 0, result.output
    assert "var/teams/rdv.zip" in result.output
    with ZipFile(teams.folder / "var" / "teams" / "rdv.zip") as archive:
        written = json.loads(archive.read("manifest.json"))
        for name in archive.namelist():
            assert (teams.folder / "var" / "teams" / name).read_bytes() == archive.read(name)
    assert (written["id"], written["bots"][0]["botId"]) == (CLIENT, CLIENT)
    assert written["validDomains"] == ["rdv.example.org"]
    assert written["version"] == "1.0.0"


def test_the_app_package_that_replaces_another_has_a_higher_version(teams: Rdv) -> None:
    """Teams takes no other under the version that it has."""
    result = teams("manifest", "teams", "--version", "1.12.0")
    assert result.exit_code == 0, result.output
    assert json.loads((teams.folder / "var" / "teams" / "manifest.json").read_bytes())["version"] == "1.12.0"


@pytest.mark.parametrize("version", ["1.0", "1.0.1-beta", "v1.0.1", "01.0.0", "1.0.1\n"])
def test_what_teams_takes_for_no_version_is_refused(teams: Rdv, version: str) -> None:
    result = teams("manifest", "teams", "--version", version)
    assert result.exit_code == 1
    assert "1.0.1" in result.output
    assert not (teams.folder / "var" / "teams").exists()


@pytest.mark.parametrize("missing", ["teams_client_id", "public_url"])
def test_the_app_package_needs_the_bot_and_its_address(teams: Rdv, missing: str) -> None:
    teams.set(**{missing: ""})
    result = teams("manifest", "teams")

    assert result.exit_code == 1
    assert f"RDV_{missing.upper()}" in result.output
    assert not (teams.folder / "var" / "teams").exists()


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (("--platform", "telegram", "--id", "1001"), "telegram:1001"),
        (("--platform", "teams", "--id", MORE.upper()), f"teams:{MORE}"),
        (("--platform", "teams", "--id", MORE, "--tenant", MORE), f"teams:{MORE}"),
    ],
)
def test_an_account_of_teams_or_telegram_is_linked_by_its_id(
    installed: Rdv, asked: tuple[str, ...], listed: str
) -> None:
    installed.set(teams_tenant_id=ENTRA)
    result = installed("worker", "link", "zoe", *asked)

    assert result.exit_code == 0, result.output
    assert listed in installed("worker", "list").output.replace("\n", "")


@pytest.mark.parametrize(
    "asked",
    [
        ("--platform", "telegram", "--id", "@zoe"),
        ("--platform", "telegram", "--id", "١٢٣"),
        ("--platform", "teams", "--id", "zoe@example.org"),
        ("--platform", "teams", "--id", MORE),
    ],
)
def test_what_is_no_id_there_is_not_linked(installed: Rdv, asked: tuple[str, ...]) -> None:
    assert installed("worker", "link", "zoe", *asked).exit_code == 1
    assert f"{asked[1]}:" not in installed("worker", "list").output
