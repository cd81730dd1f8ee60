"""The app package that is uploaded to Teams, made from the commands that the code itself uses. Imports no SDK."""

import json
import re
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image, ImageDraw

from core.message import N_
from handlers.commands import COMMANDS
from handlers.i18n import Texts

VERSION: Final = "1.19"
SCHEMA: Final = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
WORDS_SCHEMA: Final = (
    f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.Localization.schema.json"
)
NAME: Final = "rdv"
FULL_NAME: Final = N_("rdv – appointments")
SHORT: Final = N_("Book appointments in colleagues’ agendas and answer invitations.")
LONG: Final = N_(
    "Book an appointment in a colleague’s agenda, inside his availability; invite the people concerned, who accept, "
    "decline or accept tentatively with one click; get reminders in time. No client’s name shows where others read."
)
COLOUR: Final = "#1d4e89"
COLOUR_ICON, OUTLINE_ICON = "color.png", "outline.png"
SCOPES: Final = ("personal", "team", "groupChat")
TITLE, DESCRIPTION = 32, 128
"""Characters of a command (learn.microsoft.com: "Public developer manifest schema", bots.commandLists)."""
LANGUAGES: Final = ("fr", "en")
FIRST: Final = "1.0.0"
_NUMBERED: Final = re.compile(r"(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){2}")
_MADE: Final = (1980, 1, 1, 0, 0, 0)


def is_version(text: str) -> bool:
    """Tell whether Teams takes it as the version of an app: three numbers, with nothing behind them."""
    return _NUMBERED.fullmatch(text) is not None


def manifest(client_id: str, public_url: str, version: str = FIRST) -> dict[str, Any]:
    """Return the manifest, in French; English stands beside it in a file of its own.

    Teams takes what replaces an app only under a higher `version` than the one it has.
    """
    texts = Texts(LANGUAGES[0], "UTC")
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": client_id,
        "developer": {
            "name": NAME,
            "websiteUrl": public_url,
            "privacyUrl": public_url,
            "termsOfUseUrl": public_url,
        },
        "localizationInfo": {
            "defaultLanguageTag": LANGUAGES[0],
            "additionalLanguages": [{"languageTag": tag, "file": f"{tag}.json"} for tag in LANGUAGES[1:]],
        },
        "name": {"short": NAME, "full": texts.t(FULL_NAME)},
        "description": {"short": texts.t(SHORT), "full": texts.t(LONG)},
        "icons": {"color": COLOUR_ICON, "outline": OUTLINE_ICON},
        "accentColor": COLOUR,
        "bots": [
            {
                "botId": client_id,
                "scopes": list(SCOPES),
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": _commands(texts)}],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(public_url).netloc],
    }


def words(locale: str) -> dict[str, str]:
    """Return what the manifest says in another language, by the place where it stands."""
    texts = Texts(locale, "UTC")
    said = {
        "$schema": WORDS_SCHEMA,
        "name.short": NAME,
        "name.full": texts.t(FULL_NAME),
        "description.short": texts.t(SHORT),
        "description.full": texts.t(LONG),
    }
    for number, command in enumerate(_commands(texts)):
        place = f"bots[0].commandLists[0].commands[{number}]"
        said |= {f"{place}.title": command["title"], f"{place}.description": command["description"]}
    return said


def package(client_id: str, public_url: str, version: str = FIRST) -> dict[str, bytes]:
    """Return the files of the app package by their names."""
    found = {"manifest.json": _json(manifest(client_id, public_url, version))}
    found |= {f"{tag}.json": _json(words(tag)) for tag in LANGUAGES[1:]}
    return found | {COLOUR_ICON: colour_icon(), OUTLINE_ICON: outline_icon()}


def zipped(files: dict[str, bytes]) -> bytes:
    """Return the files as the archive that Teams takes, the same for the same files."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name, _MADE), content, ZIP_DEFLATED)
    return made.getvalue()


def colour_icon() -> bytes:
    """Return a white calendar on the app's colour, 192 by 192."""
    return _png(_calendar(192, "white", COLOUR))


def outline_icon() -> bytes:
    """Return a white calendar on nothing, 32 by 32."""
    return _png(_calendar(32, "white", None))


def _commands(texts: Texts) -> list[dict[str, str]]:
    help_word = "aide" if texts.locale == "fr" else "help"
    named = [(spec.name, texts.t(spec.description)) for spec in COMMANDS]
    named.append((help_word, texts.t("What can I do here?")))
    return [{"title": title, "description": description} for title, description in named]


def _calendar(size: int, line: str, ground: str | None) -> Image.Image:
    """Draw it four times as large, and make it smaller: its lines are smooth then."""
    scale = size * 4 / 32
    whole = Image.new("RGBA", (size * 4, size * 4), ground or (0, 0, 0, 0))
    pen, width = ImageDraw.Draw(whole), max(round(2 * scale), 1)

    def at(*numbers: float) -> list[float]:
        return [n * scale for n in numbers]

    pen.rounded_rectangle(at(6, 8, 26, 26), radius=2 * scale, outline=line, width=width)
    pen.line(at(6, 13, 26, 13), fill=line, width=width)
    for x in (11, 21):
        pen.line(at(x, 5, x, 10), fill=line, width=width)
    pen.line(at(11, 19, 15, 23), fill=line, width=width)
    pen.line(at(15, 23, 22, 16), fill=line, width=width)
    return whole.resize((size, size), Image.Resampling.LANCZOS)


def _png(image: Image.Image) -> bytes:
    made = BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
