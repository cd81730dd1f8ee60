"""The command `rdv` in a folder of its own: what tests of the command line are built on."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import create_app
from bot.shell import Shell

KEY = "k" * 48


class Rdv:
    """Runs `rdv` in a folder of its own, with settings of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch

    def set(self, **values: str) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(f"RDV_{name.upper()}", value)

    def __call__(self, *args: str, locale: str = "en") -> Result:
        return CliRunner().invoke(create_app(Shell(locale)), args)
