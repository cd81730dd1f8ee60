"""Answers to people: a passing fault of Teams' loses none of them, and none is doubled."""

import pytest

from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import BOT, Fault
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


async def test_what_was_asked_in_a_thread_is_answered_like_all_else(
    teams: FakeTeams, people: dict[str, Person]
) -> None:
    """There, Teams names the message that was replied to: nobody has clicked on it."""
    agathe = people["Agathe"]
    channel = teams.add_channel("Équipe", agathe.member)
    mention = {"type": "mention", "text": "<at>rdv</at>", "mentioned": {"id": BOT}}
    said = agathe.activity("message", channel, text="<at>rdv</at> aide", entities=[mention], replyToId="1769000000000")
    said["conversation"]["id"] += ";messageid=1769000000000"
    await agathe.deliver(said)
    assert len(agathe.screen) == 1
    assert "privée" in text_of(teams.screen(channel.id)[-1].content)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("<at>rdv</at>\xa0agenda <at>seforme</at> demain", "<at>rdv</at>"),
        ("<at>seforme</at> <at>rdv</at> agenda demain", "<at>rdv</at>"),
        ('<at id="0">rdv</at> agenda <at id="1">seforme</at>', "<at>rdv</at>"),
        ("<at>rdv</at> agenda <at>seforme</at>", "rdv"),
        ("<at>rdv</at> agenda <at>seforme</at>", ""),
    ],
)
async def test_a_colleague_who_is_mentioned_is_named(
    teams: FakeTeams, people: dict[str, Person], text: str, ours: str
) -> None:
    agathe = people["Agathe"]
    group = teams.add_channel("Équipe", agathe.member, people["seforme"].member, kind="groupChat")
    mentioned = [(ours, {"id": BOT, "name": "rdv"}), ("<at>seforme</at>", {"id": people["seforme"].member.id})]
    entities = [{"type": "mention", "text": said, "mentioned": who} for said, who in mentioned]
    await agathe.deliver(agathe.activity("message", group, text=text, entities=entities))
    assert text_of(agathe.screen[-1].content).startswith("Agenda : seforme")


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
