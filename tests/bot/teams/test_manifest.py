"""The app package: what Microsoft's schemas allow, all the commands, icons of the right size."""

import json
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from bot.teams.manifest import (
    COLOUR_ICON,
    DESCRIPTION,
    OUTLINE_ICON,
    TITLE,
    VERSION,
    manifest,
    package,
    words,
    zipped,
)
from handlers.commands import COMMANDS
from tests.bot.teams.checks import NODE, node_is_there

CLIENT = "11111111-2222-4333-8444-555555555555"
PUBLIC = "https://rdv.example.org"


def faults(**files: object) -> list[str]:
    asked = {"version": VERSION, "files": {f"{name.replace('_', '.')}.schema.json": f for name, f in files.items()}}
    ran = subprocess.run(
        ["node", "manifest.mjs"],
        cwd=NODE,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return [str(fault) for fault in json.loads(ran.stdout)]


@pytest.mark.skipif(not node_is_there(), reason="Microsoft's schemas are checked in Node (make node)")
def test_it_is_what_the_schemas_allow() -> None:
    made = {"MicrosoftTeams": manifest(CLIENT, PUBLIC), "MicrosoftTeams_Localization": words("en")}
    assert faults(**made) == []
    assert faults(MicrosoftTeams=manifest(CLIENT, PUBLIC, "1.12.345")) == []
    assert faults(MicrosoftTeams=manifest(CLIENT, PUBLIC) | {"bots": [{"botId": "x"}]}) != []


def test_every_command_is_listed_in_both_languages_within_the_limits() -> None:
    lists = manifest(CLIENT, PUBLIC)["bots"][0]["commandLists"]
    assert 0 < len(lists) <= 3
    for found in lists:
        assert 0 < len(found["commands"]) <= 10
        assert [command["title"] for command in found["commands"]][: len(COMMANDS)] == [c.name for c in COMMANDS]
        for command in found["commands"]:
            assert 0 < len(command["title"]) <= TITLE
            assert 0 < len(command["description"]) <= DESCRIPTION
    english = words("en")
    for number in range(len(COMMANDS)):
        said = english[f"bots[0].commandLists[0].commands[{number}].description"]
        assert said != lists[0]["commands"][number]["description"]


@pytest.mark.parametrize(("name", "size"), [(COLOUR_ICON, 192), (OUTLINE_ICON, 32)])
def test_icons_have_the_size_that_teams_wants(name: str, size: int) -> None:
    with Image.open(BytesIO(package(CLIENT, PUBLIC)[name])) as icon:
        assert (icon.format, icon.size) == ("PNG", (size, size))
        colours = {pixel for _, pixel in icon.convert("RGBA").getcolors(size * size) or []}
    assert len(colours) > 2
    if name == OUTLINE_ICON:
        assert {colour[:3] for colour in colours if colour[3]} == {(255, 255, 255)}


def test_the_archive_holds_every_file_and_is_made_the_same_again() -> None:
    files = package(CLIENT, PUBLIC)
    with ZipFile(BytesIO(zipped(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    assert zipped(files) == zipped(package(CLIENT, PUBLIC))
