"""What an operator does beside serving: migrate, check, link accounts, print what platforms need."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.doctor import NOTHING, check_settings, nothing_configured
from bot.findings import Finding
from bot.settings import DATABASE, Settings
from bot.shell import Shell, first_line
from core.message import N_
from core.people import Account, Worker
from core.ports import Database, Transaction
from core.times import SystemClock

if TYPE_CHECKING:
    from core.importing.findings import Report

T = TypeVar("T")

MANIFEST = Path("manifest.yml")
PACKAGE, ARCHIVE = Path("var/teams"), "rdv.zip"
SAVED = {
    "workers": N_("workers"),
    "clients": N_("clients"),
    "personal contacts": N_("personal contacts"),
    "professional contacts": N_("professional contacts"),
    "places": N_("places"),
    "cases": N_("cases"),
    "availability ranges": N_("availability ranges"),
    "external events": N_("external events"),
}


def migrate(shell: Shell) -> None:
    """Bring the database to this version."""
    from bot.checkup import reach_database
    from storage import migrate as bring_up_to_date

    url, t = shell.settings().database(DATABASE), shell.texts.t
    shell.stop_if_wrong([reach_database(url, shell.texts)])
    try:
        bring_up_to_date(url)
    except Exception as fault:
        shell.fail(t("The database could not be brought up to date: {why}", why=first_line(fault)))
    shell.say(t("The database is up to date."))


def doctor(shell: Shell) -> None:
    """Print the state of every setting and service; fail if one is wrong."""
    settings, t = shell.settings(), shell.texts.t
    if nothing_configured(settings):
        shell.say(t(NOTHING))
    findings = check_settings(settings, shell.texts)
    findings += asyncio.run(_services(shell, settings))
    shell.table(findings)
    shell.stop_if_wrong(findings, shown=True)


def slack_manifest(shell: Shell, *, write: bool) -> None:
    """Print the Slack app's manifest, or write it to its file."""
    from bot.slack.manifest import manifest

    settings = shell.settings()
    text = manifest(settings.public_url, settings.locale, several=bool(settings.slack_client_id))
    if write:
        MANIFEST.write_text(text, encoding="utf-8")
        shell.say(shell.texts.t("Written: {path}", path=MANIFEST))
    else:
        shell.say(text.rstrip())


def teams_package(shell: Shell, version: str) -> None:
    """Write the app package that is uploaded to Teams: its files, and the archive of them."""
    from bot.teams.manifest import FIRST, is_version, package, zipped

    settings, t = shell.settings(), shell.texts.t
    if not settings.teams_client_id:
        shell.fail(t("Set RDV_TEAMS_CLIENT_ID first: the package names the bot."))
    if not settings.public_url.startswith("https://"):
        shell.fail(t("Set RDV_PUBLIC_URL first: the package names its https address."))
    if version and not is_version(version):
        shell.fail(
            t("“{version}” is no version that Teams takes: write three numbers, such as 1.0.1.", version=version)
        )
    files = package(settings.teams_client_id, settings.public_url, version or FIRST)
    PACKAGE.mkdir(parents=True, exist_ok=True)
    for name, content in {**files, ARCHIVE: zipped(files)}.items():
        (PACKAGE / name).write_bytes(content)
    shell.say(t("The package is in {path}: upload it in Teams.", path=PACKAGE / ARCHIVE))


def import_paths(shell: Shell, paths: list[Path]) -> None:
    """Import files, all or nothing; problems are printed by file and line."""
    from bot.importing import import_files
    from storage.homes import mark_every_home

    settings, t = shell.settings(), shell.texts.t
    now, zone, locale = SystemClock().now(), settings.timezone, settings.locale

    async def work(db: Database) -> "Report":
        report = await import_files(db, paths, now, zone=zone, locale=locale)
        if report.ok:
            await db.write(lambda tx: mark_every_home(tx, now))
        return report

    with shell.working(t("Importing…")):
        report = in_database(shell, work)
    for finding in (*report.warnings, *report.problems):
        where = f"{finding.file}:{finding.line}" if finding.line else finding.file
        shell.say(f"{where}: {shell.texts.error(finding.error)}")
    if not report.ok:
        shell.fail(t("The import was refused: nothing was saved."))
    for name, count in report.saved:
        shell.say(f"{count:>6}  {t(SAVED[name])}")


def list_workers(shell: Shell) -> None:
    """Print the workers and where each is reached, the current account first."""
    t = shell.texts.t

    def work(tx: Transaction) -> list[tuple[Worker, list[Account]]]:
        return [(w, tx.accounts.of_worker(w.id)) for w in tx.people.workers()]

    found = in_database(shell, lambda db: db.read(work))
    if not found:
        shell.say(t("No worker is known, so everybody is a stranger."))
        return
    rows = [(w.handle, w.name, w.email, _accounts(accounts)) for w, accounts in found]
    shell.rows((t("Handle"), t("Name"), t("E-mail"), t("Accounts")), rows)


def chat_link(shell: Shell, handle: str) -> None:
    """Print a signed link that opens the web chat for a worker."""
    from bot.web.access import chat_link as link

    settings, t = shell.settings(), shell.texts.t
    key = settings.secret_key.get_secret_value()
    if not key:
        shell.fail(" ".join((t("The secret key is missing."), t("Run: rdv doctor"))))
    worker = in_database(shell, lambda db: db.read(lambda tx: tx.people.worker_by_handle(handle)))
    if worker is None or not worker.active:
        shell.fail(t("Nobody here is called “{name}”.", name=handle))
    shell.say(link(key, settings.public_url or settings.address, worker.handle))


def in_database(shell: Shell, work: Callable[[Database], Awaitable[T]]) -> T:
    """Return what `work` does in the database of the settings; stop if it lacks the tables of this version."""
    from storage import is_current, open_database

    url = shell.settings().database(DATABASE)
    if not is_current(url):
        shell.fail(
            shell.texts.t("The database lacks the tables of this version.") + " " + shell.texts.t("Run: rdv migrate")
        )

    async def once() -> T:
        db = open_database(url)
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(once())


def _accounts(accounts: list[Account]) -> str:
    return ", ".join(f"{a.platform}:{a.external_id}" for a in accounts) or "–"


async def _services(shell: Shell, settings: Settings) -> list[Finding]:
    from bot.checkup import check_connections, check_database, check_remembered

    url = settings.database(DATABASE)
    found = await check_database(url, SystemClock(), shell.texts, thorough=True)
    up_to_date = not any(finding.name == "RDV_DATABASE_URL" and finding.state == "wrong" for finding in found)
    found += await check_connections(settings, shell.texts, thorough=True)
    return [*found, *await check_remembered(settings, url, shell.texts)] if up_to_date else found
