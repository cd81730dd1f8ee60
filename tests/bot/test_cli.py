"""The command line: what each command does, says and returns."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

import storage
from bot.server import listen
from core.times import SystemClock
from storage.homes import any_home_due, home_shown, open_home
from tests.bot.command_line import KEY, Rdv
from tests.clock import START


@pytest.fixture
def free_port() -> int:
    with listen("127.0.0.1", 0) as passing:
        port: int = passing.getsockname()[1]
    return port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with listen("127.0.0.1", 0) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("args", [["--help"], ["demo", "--help"], ["worker", "--help"], ["manifest", "--help"]])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_help(rdv: Rdv, args: list[str], locale: str) -> None:
    result = rdv(*args, locale=locale)

    assert result.exit_code == 0
    assert result.output


def test_help_speaks_french_first(rdv: Rdv) -> None:
    assert "démonstration" in rdv("--help", locale="fr").output


@pytest.mark.parametrize("command", ["demo", "run"])
def test_taken_port_is_named_with_what_to_do(installed: Rdv, taken_port: int, command: str) -> None:
    installed.set(port=str(taken_port))

    result = installed(command, locale="fr")

    assert result.exit_code == 1
    assert f"Le port {taken_port} est déjà pris" in result.output
    assert f"RDV_PORT={taken_port + 1}" in result.output


def test_run_with_nothing_configured_names_the_demonstration(rdv: Rdv) -> None:
    result = rdv("run")

    assert result.exit_code == 1
    assert "rdv demo" in result.output


def test_run_refuses_to_start_half_configured(rdv: Rdv) -> None:
    rdv.set(slack_bot_token="xoxb-hunter2")

    result = rdv("run")

    assert result.exit_code == 1
    assert "RDV_SECRET_KEY" in result.output
    assert "RDV_SLACK_SIGNING_SECRET" in result.output
    assert "hunter2" not in result.output


def test_run_refuses_a_database_that_is_not_migrated(rdv: Rdv) -> None:
    rdv.set(
        secret_key=KEY, slack_bot_token="xoxb-1", slack_signing_secret="s" * 32, slack_api_url="http://127.0.0.1:9/"
    )

    result = rdv("run")

    assert result.exit_code == 1
    assert "rdv migrate" in result.output


def test_migration_that_fails_says_why(rdv: Rdv) -> None:
    (rdv.folder / "file").write_text("")
    rdv.set(database_url=f"sqlite:///{rdv.folder}/file/rdv.db")

    result = rdv("migrate")

    assert result.exit_code == 1
    assert "The database could not be brought up to date" in result.output


def test_demo_that_cannot_write_says_why(rdv: Rdv, free_port: int) -> None:
    (rdv.folder / "var").rmdir()
    (rdv.folder / "var").write_text("")
    rdv.set(port=str(free_port))

    result = rdv("demo")

    assert result.exit_code == 1
    assert "The demonstration could not be prepared" in result.output


def test_unreadable_settings_are_named(rdv: Rdv) -> None:
    rdv.set(port="hunter2")

    result = rdv("doctor")

    assert result.exit_code == 1
    assert "RDV_PORT" in result.output
    assert "hunter2" not in result.output


def test_demo_never_listens_to_the_network(rdv: Rdv) -> None:
    rdv.set(host="0.0.0.0")  # noqa: S104

    result = rdv("demo")

    assert result.exit_code == 1
    assert "RDV_HOST" in result.output


def test_doctor_finds_nothing_wrong_in_an_office(installed: Rdv) -> None:
    result = installed("doctor")

    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert "1 worker is known." in result.output


def test_doctor_names_a_database_that_does_not_answer(installed: Rdv) -> None:
    installed.set(database_url="postgresql+psycopg://user:hunter2@127.0.0.1:9/name")

    result = installed("doctor")

    assert result.exit_code == 1
    assert "The database does not answer" in result.output
    assert "hunter2" not in result.output


def test_an_import_has_every_home_looked_at(installed: Rdv) -> None:
    async def homes(*, opened: bool) -> bool:
        db = storage.open_database("sqlite:///var/rdv.db")
        if opened:
            (zoe,) = await db.read(lambda tx: tx.people.workers())
            account = await db.write(lambda tx: tx.accounts.link(zoe.id, "slack", "T1", "U1", current=True))
            home = await db.write(lambda tx: open_home(tx, account.id, START, START))
            await db.write(lambda tx: home_shown(tx, home, "shown", None) if home else None)
        due = await db.read(lambda tx: any_home_due(tx, SystemClock().now()))
        await db.close()
        return due

    assert not asyncio.run(homes(opened=True))
    assert installed("import", "workers.csv").exit_code == 0
    assert asyncio.run(homes(opened=False))


def test_import_is_all_or_nothing(installed: Rdv) -> None:
    bad = installed.folder / "bad"
    bad.mkdir()
    (bad / "workers.csv").write_text("handle,name,job,service,email\nyan,Yan,Job,Service,not-an-address\n")

    result = installed("import", str(bad))

    assert result.exit_code == 1
    assert "workers.csv:2" in result.output
    assert "yan" not in installed("worker", "list").output


def test_worker_is_linked_and_listed(installed: Rdv) -> None:
    result = installed("worker", "link", "ZOE", "--platform", "slack", "--id", "U1", "--tenant", "T1")

    assert result.exit_code == 0, result.output
    assert re.search(r"zoe .* slack:U1", installed("worker", "list").output)


def test_unknown_worker_is_not_linked(installed: Rdv) -> None:
    result = installed("worker", "link", "nobody", "--platform", "slack", "--id", "U1", "--tenant", "T1")

    assert result.exit_code == 1
    assert "nobody" in result.output


class Members(BaseHTTPRequestHandler):
    """A Web API on loopback that knows one member."""

    user: ClassVar[dict[str, object]] = {}

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        known = "U1" in asked or self.path.endswith("auth.test")
        said = {"ok": True, "user": {"id": "U1", **self.user}, "team_id": "T1"}
        body = json.dumps(said if known else {"ok": False, "error": "user_not_found"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def members(installed: Rdv) -> Iterator[type[Members]]:
    handler = type("Handler", (Members,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        installed.set(slack_api_url=f"http://127.0.0.1:{server.server_port}/api/")
        yield handler
        server.shutdown()
        thread.join()


def test_a_member_is_linked_in_the_workspace_that_slack_names(installed: Rdv, members: type[Members]) -> None:
    result = installed("worker", "link", "zoe", "--platform", "slack", "--id", "U1")

    assert result.exit_code == 0, result.output
    assert members.user == {}
    assert "cannot be asked" not in result.output


@pytest.mark.parametrize("mark", ["is_restricted", "is_ultra_restricted", "deleted", "is_bot"])
def test_a_guest_is_not_linked(installed: Rdv, members: type[Members], mark: str) -> None:
    members.user = {mark: True}

    result = installed("worker", "link", "zoe", "--platform", "slack", "--id", "U1")

    assert result.exit_code == 1
    assert "such accounts are refused" in result.output
    assert "slack:U1" not in installed("worker", "list").output


@pytest.mark.usefixtures("members")
def test_whom_slack_does_not_know_is_not_linked(installed: Rdv) -> None:
    result = installed("worker", "link", "zoe", "--platform", "slack", "--id", "U2", "--tenant", "T1")

    assert result.exit_code == 1
    assert "no member U2 in the workspace T1" in result.output


def test_a_link_is_made_while_slack_is_silent_and_says_so(installed: Rdv) -> None:
    result = installed("worker", "link", "zoe", "--platform", "slack", "--id", "U1", "--tenant", "T1")

    assert result.exit_code == 0
    assert "cannot be asked" in result.output


def test_workspace_must_be_named_when_slack_is_silent(installed: Rdv) -> None:
    result = installed("worker", "link", "zoe", "--platform", "slack", "--id", "U1")

    assert result.exit_code == 1
    assert "--tenant" in result.output


def test_chat_link_opens_the_chat_of_one_worker(installed: Rdv) -> None:
    result = installed("chat-link", "zoe")

    assert result.exit_code == 0
    assert result.output.startswith("http://127.0.0.1:8000/chat/enter/")


def test_chat_link_needs_a_key_and_a_worker(installed: Rdv) -> None:
    assert installed("chat-link", "nobody").exit_code == 1
    installed.set(secret_key="")
    assert installed("chat-link", "zoe").exit_code == 1


def test_manifest_is_printed_or_written(rdv: Rdv) -> None:
    printed, written = rdv("manifest", "slack"), rdv("manifest", "slack", "--write")

    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert (rdv.folder / "manifest.yml").read_text(encoding="utf-8").strip() == printed.output.strip()
    assert "/rdv" in printed.output


AVAILABILITY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example.org//EN
BEGIN:VEVENT
UID:1@example.org
DTSTART;TZID=Europe/Brussels:20261102T090000
DTEND;TZID=Europe/Brussels:20261102T123000
RRULE:FREQ=WEEKLY
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def staffed(installed: Rdv) -> Rdv:
    """The office; Zoé is available for three and a half hours on Mondays."""
    calendar = installed.folder / "availability-zoe.ics"
    calendar.write_text(AVAILABILITY.replace("\n", "\r\n"))
    result = installed("import", str(calendar))
    assert result.exit_code == 0, result.output
    return installed


def test_occupation_is_printed_and_written(staffed: Rdv) -> None:
    file = staffed.folder / "november.csv"
    result = staffed("occupation", "--from", "2026-11-09", "--to", "2026-11-16", "--csv", str(file))

    assert result.exit_code == 0, result.output
    assert "Week 46, from 09/11/2026" in result.output
    assert re.search(r"Total +07:00 +00:00 +0% +00:00", result.output)
    head, *rows = file.read_bytes().decode("utf-8-sig").splitlines()
    assert head.startswith("Worker,Place,Week")
    assert rows == [
        f"Zoé (Psychologue) (Principal),,2026-W{n},2026-11-{day:02},3.50,0.00,0.00" for n, day in ((46, 9), (47, 16))
    ]


def test_occupation_keeps_the_organisations_holidays(staffed: Rdv) -> None:
    armistice = ("occupation", "--from", "2030-11-11", "--to", "2030-11-11")
    closed = staffed(*armistice)
    staffed.set(holidays="none")
    opened = staffed(*armistice)

    assert re.search(r"Total +00:00", closed.output)
    assert re.search(r"Total +03:30", opened.output)


def test_occupation_is_of_this_month_by_default(staffed: Rdv) -> None:
    result = staffed("occupation", locale="fr")

    assert result.exit_code == 0, result.output
    assert re.search(r"Occupation du 01/(\d\d/\d{4}) au \d\d/\1", result.output)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--from", "lundi"), "“lundi” is no day"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "must come after"),
        (("--from", "2024-11-02", "--to", "2026-11-01"), "at most one year"),
        (("--from", "2026-11-02", "--to", "2026-11-02", "--csv", "nowhere/x.csv"), "could not be written"),
    ],
)
def test_occupation_says_what_is_wrong(staffed: Rdv, args: tuple[str, ...], says: str) -> None:
    result = staffed("occupation", *args)

    assert result.exit_code == 1
    assert says in result.output
