"""The scenarios in Teams, with every card of them checked by the schema and by Microsoft's own parser."""

import pytest

from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.hall import Hall
from tests.scenarios import guide


async def test_the_walk_through_the_guide(hall: Hall, teams: FakeTeams) -> None:
    await guide.walk(TeamsChat(hall, teams))
    assert not [m.summary for m in teams.messages if "LAFRAISE" in m.summary]


@pytest.mark.slow
async def test_a_reminder_follows(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await guide.walk(chat)
    await guide.remind(chat)


@pytest.mark.slow
async def test_moving_and_cancelling(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await guide.walk(chat)
    await guide.move_and_cancel(chat)


async def test_a_place_is_created_while_booking(hall: Hall, teams: FakeTeams) -> None:
    await guide.create_a_place(TeamsChat(hall, teams))
