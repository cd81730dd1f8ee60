"""Answers to people: a passing fault of Teams' loses none of them, and none is doubled."""

import pytest

from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import Fault
from tests.bot.teams.screen import text_of

PASSING = [Fault(429, retry_after=0.0), Fault(412, retry_after=0.0), Fault(502, retry_after=0.0)]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: str(fault.status))
async def test_an_answer_follows_when_teams_takes_it(teams: FakeTeams, people: dict[str, Person], fault: Fault) -> None:
    teams.faults["send"] = [fault]
    await people["Agathe"].say("aide")
    assert len(people["Agathe"].screen) == 1


async def test_what_was_asked_in_a_channel_follows_too(teams: FakeTeams, people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    channel = teams.add_channel("Équipe", agathe.member)
    teams.faults["send"] = PASSING[:2]
    await agathe.say("aide", channel)
    assert len(agathe.screen) == 1
    assert "privée" in text_of(teams.screen(channel.id)[-1].content)


async def test_a_repeated_delivery_is_answered_once(people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    activity = agathe.activity("message", text="aide")
    for _ in range(3):
        await agathe.deliver(activity)
    assert len(agathe.screen) == 1


async def test_a_channel_is_greeted_where_it_is_and_reads_how_to_ask(
    teams: FakeTeams, people: dict[str, Person]
) -> None:
    agathe = people["Agathe"]
    channel = teams.add_channel("Équipe", agathe.member)
    await agathe.install(channel)
    (greeting,) = teams.screen(channel.id)
    assert "@rdv parcours" in text_of(greeting.content)
    assert agathe.screen == []


async def test_in_private_nobody_is_sent_elsewhere(people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    await agathe.say("parcours 1285")
    await agathe.say("aide")
    await agathe.press(agathe.screen[-1], "Mes disponibilités")
    assert [words for _, words in agathe.said] == ["La réponse est ci-dessous."]
