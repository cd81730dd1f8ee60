"""Pictures and files that cards lead to: who knows the name gets them, as long as a card may show them."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.pruning import KEPT, pruning_job
from bot.teams.hosted import Hosted
from handlers.ui import Download
from tests.bot.teams.checks import nodes
from tests.bot.teams.client import Person
from tests.bot.teams.conftest import PUBLIC
from tests.hall import Hall


async def shown(person: Person) -> str:
    """Ask for the agenda; return the path of its picture."""
    await person.say("agenda")
    urls = [node["url"] for message in person.screen for node in nodes(message.content) if node["type"] == "Image"]
    assert urls[-1].startswith(f"{PUBLIC}/teams/shown/")
    return urlsplit(urls[-1]).path


async def test_a_picture_is_fetched_under_its_name(hall: Hall, people: dict[str, Person]) -> None:
    found = await hall.http.get(await shown(people["seforme"]))
    assert found.status_code == 200
    assert found.content.startswith(b"\x89PNG")
    assert (found.headers["content-type"], found.headers["x-content-type-options"]) == ("image/png", "nosniff")


@pytest.mark.parametrize("other", ["", "x", "%25", "teams:form:1:", "0" * 64])
async def test_nothing_is_fetched_under_another_name(hall: Hall, people: dict[str, Person], other: str) -> None:
    path = await shown(people["seforme"])
    assert (await hall.http.get(f"/teams/shown/{other}")).status_code == 404
    assert (await hall.http.get(f"{path[:-1]}{'0' if path[-1] != '0' else '1'}")).status_code == 404


async def test_a_file_that_is_shown_again_stays(hall: Hall) -> None:
    """The same content has one name, in the oldest card and in the newest."""
    hosted, file = Hosted(hall.deps, hall.deps.pictures), Download("rdv.ics", "text/calendar", "BEGIN", "Agenda")
    prune = pruning_job(hall.deps.db, hall.clock)
    (first,) = (await hosted.of([file])).values()
    hall.clock.advance(KEPT - timedelta(hours=1))
    assert list((await hosted.of([file])).values()) == [first]
    hall.clock.advance(timedelta(hours=2))
    for expected in (200, 404):
        ran = prune.run()
        assert ran is not None
        await ran
        assert (await hall.http.get(urlsplit(first).path)).status_code == expected
        hall.clock.advance(KEPT)
