"""What the tests of the composition root and of the platforms share."""

from pathlib import Path

import pytest

from tests.bot.command_line import KEY, Rdv
from tests.bot.office import Office


@pytest.fixture
async def office() -> Office:
    """An office in which nothing has been booked yet."""
    return await Office.open()


@pytest.fixture
def rdv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rdv:
    """The command, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "var").mkdir()
    return Rdv(tmp_path, monkeypatch)


@pytest.fixture
def installed(rdv: Rdv) -> Rdv:
    """A migrated database that holds one worker, and settings for Slack."""
    rdv.set(
        secret_key=KEY,
        slack_bot_token="xoxb-1",
        slack_signing_secret="s" * 32,
        slack_api_url="http://127.0.0.1:9/api/",
    )
    assert rdv("migrate").exit_code == 0
    workers = rdv.folder / "workers.csv"
    workers.write_text("handle,name,job,service,email\nzoe,Zoé,Psychologue,Principal,zoe@example.org\n")
    result = rdv("import", str(workers))
    assert result.exit_code == 0, result.output
    return rdv
