"""How commands speak to the operator: his language, plain lines, one table."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

from handlers.i18n import Texts

if TYPE_CHECKING:
    from bot.findings import Finding
    from bot.settings import Settings

ZONE = "Europe/Brussels"
MARKS = {"ok": "✓", "note": "–", "wrong": "✗"}


def first_line(fault: Exception) -> str:
    """Return what a fault says of itself, or what it is."""
    return next(iter(str(fault).splitlines()), type(fault).__name__)


class Shell:
    """What every command needs: the operator's language, the settings, and a way to speak."""

    def __init__(self, locale: str) -> None:
        self.texts = Texts(locale, ZONE)
        self._out = Console(highlight=False, markup=False, soft_wrap=True)
        self._err = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)

    def settings(self) -> "Settings":
        """Read the settings; if some cannot be read, say which and stop."""
        from pydantic import ValidationError

        from bot.settings import Settings

        try:
            return Settings()
        except ValidationError as error:
            from bot.doctor import refused

            self.table(refused(error, self.texts))
            raise typer.Exit(1) from None

    def say(self, message: str) -> None:
        """Print a line."""
        self._out.print(message)

    def working(self, message: str) -> AbstractContextManager[object]:
        """Show that something takes a while, on a terminal."""
        return self._err.status(message)

    def fail(self, message: str) -> NoReturn:
        """Print why it does not go on, and stop."""
        self._err.print(message)
        raise typer.Exit(1)

    def table(self, findings: "list[Finding]") -> None:
        """Print what was found, one row each."""
        t = self.texts.t
        self.rows(
            ("", t("What"), t("How it stands"), t("What to do")),
            [(MARKS[f.state], f.name, f.says, f.todo) for f in findings],
        )

    def stop_if_wrong(self, found: "Sequence[Finding | bool]", *, shown: bool = False) -> None:
        """Stop if something is wrong, with all findings unless they are `shown` already."""
        findings = [f for f in found if not isinstance(f, bool)]
        if any(f.state == "wrong" for f in findings):
            if not shown:
                self.table(findings)
            raise typer.Exit(1)

    def rows(self, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Print a table; words are shown as they are, and never cut."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._out.print(table, soft_wrap=False)
