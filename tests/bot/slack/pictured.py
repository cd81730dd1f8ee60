"""Answers with pictures and files, for tests."""

from collections.abc import Callable
from typing import Any

from core.people import Account
from handlers import ui
from handlers.drawing.svg import document, rect
from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import Message, dm_of
from tests.bot.slack.fake_files import pictures

WORDS = "Gisèle LAFRAISE, mardi à 10:00"
AGATHE = Account(1, 1, "slack", "T0RDV", "U0AGATHE")
DM = dm_of(AGATHE.external_id)
TABLE = ui.Download("table.csv", "text/csv", "\ufeffnom;heures\r\nÉtienne;7,50\r\n", "Le tableau")


def drawing(wide: int = 12, words: str = WORDS) -> ui.Picture:
    return ui.Picture(document([rect(0, 0, wide, 8, fill="#1d5f73")], wide, 8), words)


def card(*parts: ui.Element, title: str = "Agenda") -> ui.Card:
    return ui.Card(title, parts, neutral="Agenda")


def answer(office: Office, *outcomes: ui.Outcome) -> None:
    """Let the next events be answered so."""
    waiting = list(outcomes)

    async def handle(*_: Any, **__: Any) -> ui.Outcome:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    office.deps.dispatcher.handle = handle  # type: ignore[method-assign]


async def met(office: Office) -> Person:
    """Return Agathe, whom the bot knows."""
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    return office["Agathe"]


def images(message: Message) -> list[str]:
    return list(pictures(message.blocks))


def uploads(office: Office) -> int:
    return len(office.slack.called("files.getUploadURLExternal"))


FAULTS: dict[str, Callable[[Office], object]] = {
    "missing_scope": lambda office: office.slack.scopes.discard("files:write"),
    "file_uploads_disabled": lambda office: office.slack.fail("files.getUploadURLExternal", "file_uploads_disabled"),
    "upload_url: 413": lambda office: office.slack.fail("upload", "", status=413),
    "upload_url: 503": lambda office: office.slack.fail("upload", "", status=503),
    "malware_detected": lambda office: office.slack.fail("files.completeUploadExternal", "malware_detected"),
    "TimeoutError": lambda office: office.slack.hold("files.getUploadURLExternal"),
}
