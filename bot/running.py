"""`rdv run` and `rdv demo`: check first, take the port, then serve."""

import asyncio
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.bootstrap import Runtime, build
from bot.checkup import check_connections, check_database, reach_database
from bot.demo import CannotReset, NotADemonstration, key_of, prepare, renew_and_wake
from bot.doctor import NOTHING, check_settings, nothing_configured
from bot.findings import Finding
from bot.logs import configure_logs
from bot.scheduler import Job
from bot.server import CannotListen, PortTaken, listen, serve
from bot.settings import DATABASE, DEMO_DATABASE, Settings
from bot.shell import Shell, first_line
from core.times import SystemClock

RENEWAL = timedelta(hours=1)


def run(shell: Shell) -> None:
    """Serve one organisation; refuse to start half-configured."""
    settings, t = shell.settings(), shell.texts.t
    if nothing_configured(settings):
        shell.fail(t(NOTHING))
    shell.stop_if_wrong(asyncio.run(_findings(shell, settings, DATABASE, demo=False)))
    with _listen(shell, settings, "rdv run") as bound:
        _serve(shell, build(settings, demo=False, on_ready=lambda: _announce(shell, settings)), bound)


def demo(shell: Shell, *, reset: bool) -> None:
    """Serve the guide's people on days near today, on this machine alone."""
    settings = shell.settings()
    shell.stop_if_wrong(asyncio.run(_findings(shell, settings, DEMO_DATABASE, demo=True)))
    with _listen(shell, settings, "make run") as bound:
        _prepare(shell, settings, reset=reset)
        runtime = build(
            settings,
            demo=True,
            secret_key=settings.secret_key.get_secret_value() or key_of(DEMO_DATABASE),
            jobs=lambda deps: [Job("renewal", RENEWAL, partial(renew_and_wake, deps))],
            on_ready=lambda: _announce_demo(shell, settings),
        )
        _serve(shell, runtime, bound)


def _prepare(shell: Shell, settings: Settings, *, reset: bool) -> None:
    t = shell.texts.t
    try:
        asyncio.run(prepare(settings.database(DEMO_DATABASE), SystemClock(), settings.rules, reset=reset))
    except NotADemonstration:
        shell.fail(t("This database holds an organisation’s data. Remove RDV_DATABASE_URL, or name another database."))
    except CannotReset:
        shell.fail(t("Only the demonstration’s own SQLite file can be erased from here. Remove RDV_DATABASE_URL."))
    except Exception as fault:
        shell.fail(t("The demonstration could not be prepared: {why}", why=first_line(fault)))


async def _findings(shell: Shell, settings: Settings, database: Path, *, demo: bool) -> list[Finding]:
    """Return what stands in the way of starting: the settings first, the services only if those are right."""
    texts, url = shell.texts, settings.database(database)
    findings = check_settings(settings, texts, demo=demo)
    if any(f.state == "wrong" for f in findings):
        return findings
    if demo:  # it brings its database up to date itself
        reached = await asyncio.to_thread(reach_database, url, texts)
        findings += [reached] if isinstance(reached, Finding) else []
    else:
        findings += await check_database(url, SystemClock(), texts, thorough=False)
    findings += await check_connections(settings, texts, thorough=False)
    return findings


def _listen(shell: Shell, settings: Settings, command: str) -> socket.socket:
    t = shell.texts.t
    try:
        return listen(settings.host, settings.port)
    except PortTaken:
        other = settings.port % 65535 + 1
        shell.fail(
            t("Port {port} is already taken by another program.", port=settings.port)
            + "\n"
            + t("Stop it, or choose another port: RDV_PORT={other} {command}", other=other, command=command)
        )
    except CannotListen as fault:
        shell.fail(t("The server cannot listen on {address}: {why}.", address=settings.address, why=str(fault)))


def _serve(shell: Shell, runtime: Runtime, bound: socket.socket) -> None:
    configure_logs()
    if not serve(runtime.api, bound, runtime.closing):
        shell.fail(shell.texts.t("The server could not start; the lines above say why."))


def _announce_demo(shell: Shell, settings: Settings) -> None:
    t = shell.texts.t
    shell.say(t("The web chat is ready: {address}", address=f"{settings.address}/chat"))
    _announce_others(shell, settings)


def _announce_others(shell: Shell, settings: Settings) -> None:
    """Say how Teams and Telegram are connected."""
    t = shell.texts.t
    if settings.teams is not None:
        shell.say(
            t("Teams reaches it at: {address}", address=f"{settings.public_url or settings.address}/api/messages")
        )
    if settings.telegram is not None and settings.public_url.startswith("https://"):
        shell.say(t("Telegram reaches it at: {address}", address=f"{settings.public_url}/telegram/webhook"))
    elif settings.telegram is not None:
        shell.say(t("What people write in Telegram is fetched from there."))


def _announce(shell: Shell, settings: Settings) -> None:
    t = shell.texts.t
    shell.say(t("rdv is ready: {address}", address=settings.address))
    _announce_others(shell, settings)
    if settings.slack is None:
        return
    if settings.slack.client_id:
        shell.say(t("Workspaces install it at: {address}", address=f"{settings.public_url}/slack/install"))
    if settings.slack.app_token:
        shell.say(t("Slack is connected over Socket Mode."))
    else:
        shell.say(
            t("Slack reaches it at: {address}", address=f"{settings.public_url or settings.address}/slack/events")
        )
