"""What follows the guide, in Teams: changing, finding, planning, quick booking, settings."""

import pytest

from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.hall import Hall
from tests.scenarios import changing, finding, guide, planning, quick, settings


async def test_everything_that_may_change(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await guide.walk(chat)
    await changing.change_everything(chat)


@pytest.mark.slow
async def test_keeping_the_planned_time(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await guide.walk(chat)
    await changing.keep_the_time(chat)


async def test_finding_a_time_and_booking_it(hall: Hall, teams: FakeTeams) -> None:
    await finding.find_and_book(TeamsChat(hall, teams))


@pytest.mark.slow
async def test_asking_to_open_a_time(hall: Hall, teams: FakeTeams) -> None:
    await finding.ask_to_open(TeamsChat(hall, teams))


async def test_planning_and_handing_over(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await planning.plan(chat)
    await guide.walk(chat)
    await planning.hand_over(chat)


async def test_booking_in_words(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await quick.in_french(chat)
    await quick.in_english(chat)


async def test_unclear_words(hall: Hall, teams: FakeTeams) -> None:
    await quick.unclear(TeamsChat(hall, teams))


@pytest.mark.slow
async def test_a_time_that_is_not_free(hall: Hall, teams: FakeTeams) -> None:
    await quick.not_free(TeamsChat(hall, teams))


@pytest.mark.slow
async def test_ones_own_settings(hall: Hall, teams: FakeTeams) -> None:
    chat = TeamsChat(hall, teams)
    await guide.walk(chat)
    await settings.settle_in(chat)
