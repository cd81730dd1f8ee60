"""The command `rdv`; each command imports what it needs when it runs, so that help and start are quick."""

import os
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values

from bot.shell import Shell


def main() -> None:
    """Run the command, in the language of the settings."""
    locale = os.environ.get("RDV_LOCALE") or dotenv_values(".env").get("RDV_LOCALE") or "fr"
    create_app(Shell(locale))()


def create_app(shell: Shell) -> typer.Typer:
    """Return the command with all its subcommands."""
    t = shell.texts.t
    app = typer.Typer(
        help=t("Book appointments in a colleague’s agenda, without leaving the chat."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    _add_serving(app, shell)
    _add_care(app, shell)
    _add_people(app, shell)
    return app


def _add_serving(app: typer.Typer, shell: Shell) -> None:
    t = shell.texts.t

    @app.command(help=t("Start the demonstration: the guide’s people, the web chat, no account needed."))
    def demo(
        reset: Annotated[bool, typer.Option("--reset", help=t("Start afresh, without what was done before."))] = False,
    ) -> None:
        from bot.running import demo as serve_demo

        serve_demo(shell, reset=reset)

    @app.command(help=t("Serve the organisation that .env describes."))
    def run() -> None:
        from bot.running import run as serve_run

        serve_run(shell)


def _add_care(app: typer.Typer, shell: Shell) -> None:
    t = shell.texts.t

    @app.command(help=t("Bring the database to this version."))
    def migrate() -> None:
        from bot.operating import migrate as run_migrate

        run_migrate(shell)

    @app.command(help=t("Check the settings and say what to do about each one that is missing or wrong."))
    def doctor() -> None:
        from bot.operating import doctor as run_doctor

        run_doctor(shell)

    manifest = typer.Typer(help=t("Print what a chat platform needs to know of this app."), no_args_is_help=True)
    app.add_typer(manifest, name="manifest")

    @manifest.command("slack", help=t("The manifest of the Slack app, made from the commands and rights in use."))
    def slack(
        write: Annotated[bool, typer.Option("--write", help=t("Write it to manifest.yml."))] = False,
    ) -> None:
        from bot.operating import slack_manifest

        slack_manifest(shell, write=write)

    @manifest.command(
        "teams", help=t("The app package for Teams, made from the commands in use: manifest, icons, archive.")
    )
    def teams(
        version: Annotated[
            str, typer.Option(help=t("The app’s version, higher than the one that Teams has; 1.0.0 if left out."))
        ] = "",
    ) -> None:
        from bot.operating import teams_package

        teams_package(shell, version)


def _add_people(app: typer.Typer, shell: Shell) -> None:
    t = shell.texts.t
    worker = typer.Typer(help=t("Workers and their chat accounts."), no_args_is_help=True)
    app.add_typer(worker, name="worker")

    @worker.command("list", help=t("List the workers and where each is reached."))
    def list_workers() -> None:
        from bot.operating import list_workers as run_list

        run_list(shell)

    @worker.command("link", help=t("Join a worker to a chat account; notices go there from now on."))
    def link(
        handle: Annotated[str, typer.Argument(help=t("The worker’s handle."))],
        platform: Annotated[str, typer.Option(help=t("The platform: slack, teams or telegram."))],
        external_id: Annotated[
            str,
            typer.Option(
                "--id",
                help=t("The account there: Slack’s member id, Entra’s object id, or the number of a Telegram account."),
            ),
        ],
        tenant: Annotated[
            str,
            typer.Option(
                help=t("The workspace or tenant; asked of Slack, or for Teams that of the settings, if left out.")
            ),
        ] = "",
    ) -> None:
        from bot.linking import link_worker

        link_worker(shell, handle, platform, tenant, external_id)

    @app.command("import", help=t("Read the organisation’s files, all or nothing: CSV tables and .ics calendars."))
    def import_(
        paths: Annotated[
            list[Path],
            typer.Argument(
                help=t(
                    "Files or folders: workers, clients, contacts, places and cases (.csv); "
                    "availability-HANDLE.ics and external-HANDLE.ics."
                )
            ),
        ],
    ) -> None:
        from bot.operating import import_paths

        import_paths(shell, paths)

    @app.command("export", help=t("Write everybody’s availability to .ics calendars, as an import reads them."))
    def export_(
        folder: Annotated[Path, typer.Argument(help=t("The folder; it is made if it is not there."))],
    ) -> None:
        from bot.exporting import export

        export(shell, folder)

    @app.command(help=t("Print the hours offered, booked and cancelled, by worker, place and week."))
    def occupation(
        first: Annotated[
            str, typer.Option("--from", help=t("The first day, such as 2026-11-01; by default this month’s."))
        ] = "",
        last: Annotated[
            str, typer.Option("--to", help=t("The last day, such as 2026-11-30; by default this month’s."))
        ] = "",
        csv: Annotated[Path | None, typer.Option("--csv", help=t("Write them to this file too, as a table."))] = None,
    ) -> None:
        from bot.occupation import print_occupation

        print_occupation(shell, first, last, csv)

    @app.command("chat-link", help=t("Print a signed link that opens the web chat for a worker."))
    def chat_link(handle: Annotated[str, typer.Argument(help=t("The worker’s handle."))]) -> None:
        from bot.operating import chat_link as run_chat_link

        run_chat_link(shell, handle)


if __name__ == "__main__":
    main()
