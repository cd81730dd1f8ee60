"""A card in a channel: each reader sees his own part of it, and nobody a client's name."""

import pytest

from bot.teams.api import Place
from bot.teams.app import TeamsPlatform
from bot.teams.directory import AT_ONCE
from bot.teams.views import MOST
from core.appointments import Answer, Appointment
from tests.bot.teams.client import Person
from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import Conversation, Fault, Message
from tests.bot.teams.screen import field_of, labels, plain, text_of
from tests.hall import Hall

ANSWERS = ["Accepter", "Refuser", "Accepter provisoirement"]
TITLE = "Rendez-vous – parcours n° 1285"


@pytest.fixture
async def appointment(hall: Hall) -> Appointment:
    """Agathe has booked with seforme, ecoute is invited."""
    return await hall.book()


@pytest.fixture
def chat(hall: Hall, teams: FakeTeams, appointment: Appointment) -> TeamsChat:
    """The guide's people, with that appointment."""
    assert appointment.id
    return TeamsChat(hall, teams)


async def shared(chat: TeamsChat, *members: str) -> tuple[Conversation, Message]:
    """Return the channel of these people in which Agathe has shown the appointment, and the message there."""
    people = [chat.people[who] for who in members]
    channel = chat.teams.add_channel("Équipe sociale", *(person.member for person in people))
    await people[0].install(channel)
    await chat.click("Agathe", "Partager dans un canal", about=TITLE)
    await chat.choose("Agathe", "Canal", "Équipe sociale")
    await chat.submit("Agathe")
    await chat.settle()
    return channel, chat.teams.screen(channel.id)[-1]


async def test_everybody_sees_the_appointment_without_names(chat: TeamsChat) -> None:
    _, message = await shared(chat, "Agathe", "ecoute", "Étienne")
    read = text_of(message.content)
    assert "27/01/2026 10:00 – 12:00" in read
    assert "LAFRAISE" not in read + message.summary
    assert not set(ANSWERS) & set(labels(message.content))


async def test_the_invitee_is_asked_and_the_organiser_is_not(chat: TeamsChat) -> None:
    _, message = await shared(chat, "Agathe", "ecoute", "Étienne")
    ecoute, agathe, other = chat.people["ecoute"], chat.people["Agathe"], chat.people["Étienne"]
    for person in (ecoute, agathe, other):
        await person.look(message)
    assert labels(ecoute.content(message))[:3] == ANSWERS
    assert "Que répondez-vous" in text_of(ecoute.content(message))
    assert not set(ANSWERS) & set(labels(agathe.content(message)))
    assert other.content(message) == message.content  # it is not asked for again on his account
    assert "LAFRAISE" not in text_of(ecoute.content(message)) + text_of(agathe.content(message))


async def test_looking_changes_nothing_for_anybody(chat: TeamsChat) -> None:
    """An update while a refresh is answered would make every client refresh again, without end."""
    _, message = await shared(chat, "Agathe", "ecoute")
    before = len(chat.teams.calls)
    await chat.people["ecoute"].look(message)
    await chat.settle()
    assert [call.name for call in chat.teams.calls[before:] if call.name in {"send", "update"}] == []


async def test_an_answer_in_the_channel_shows_everywhere(chat: TeamsChat, hall: Hall, appointment: Appointment) -> None:
    _, message = await shared(chat, "Agathe", "ecoute")
    ecoute = chat.people["ecoute"]
    await ecoute.look(message)
    await ecoute.press(message, "Accepter")
    assert "Accepter" not in labels(ecoute.content(message))
    await chat.settle()
    await ecoute.look(message)
    assert "Accepter" not in labels(ecoute.content(message))
    assert "accepté" in text_of(message.content)
    assert [i.answer for i in (await hall.stored(appointment)).invitations] == [Answer.ACCEPTED]
    for who in ("Agathe", "seforme", "ecoute"):
        assert any("ecoute (Travailleur-euse social) (Principal) – accepté" in card for card in await chat.cards(who))


async def test_whoever_is_not_invited_cannot_answer_with_another_ones_button(
    chat: TeamsChat, hall: Hall, appointment: Appointment
) -> None:
    channel, message = await shared(chat, "Agathe", "ecoute", "Étienne")
    ecoute, other = chat.people["ecoute"], chat.people["Étienne"]
    await ecoute.look(message)
    forged = ecoute.clicked(message, "Accepter") | {
        key: value for key, value in other.activity("invoke", channel).items() if key in {"id", "from"}
    }
    answer = await other.deliver(forged)
    assert answer
    assert [i.answer for i in (await hall.stored(appointment)).invitations] == [Answer.PENDING]


async def test_a_card_is_asked_for_again_for_no_more_than_teams_takes(chat: TeamsChat) -> None:
    _, message = await shared(chat, "Agathe", "ecoute", "seforme", "Étienne")
    users = message.content["refresh"]["userIds"]
    members = chat.teams.members
    assert sorted(users) == sorted(members[who].id for who in ("Agathe", "ecoute", "seforme"))
    assert len(users) <= MOST


async def test_channels_and_groups_are_offered_by_name_to_those_who_are_there(chat: TeamsChat) -> None:
    agathe, other = chat.people["Agathe"], chat.people["Étienne"]
    general = chat.teams.add_channel("Équipe sociale", agathe.member)
    await agathe.install(general)
    found = [
        chat.teams.add_channel("Équipe sociale", agathe.member, channel="Garde", team=general.team),
        chat.teams.add_channel("Réunion du lundi", agathe.member, kind="groupChat"),
        chat.teams.add_channel("", agathe.member, kind="groupChat"),
    ]
    for place in found:
        await agathe.say("aide", place)
    elsewhere = chat.teams.add_channel("Ailleurs", other.member)
    await other.install(elsewhere)
    await chat.click("Agathe", "Partager dans un canal", about=TITLE)
    offered = {plain(choice["title"]) for choice in field_of(agathe.dialog_card, "Canal")["choices"]} - {"—"}
    names = {"Équipe sociale", "Équipe sociale – Garde", "Réunion du lundi", "Une discussion de groupe sans nom"}
    assert offered == names


async def test_channels_are_asked_side_by_side_whatever_one_of_them_answers(
    chat: TeamsChat, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the form waits ten seconds at most, however many channels have the app."""
    agathe = chat.people["Agathe"]
    for n in range(3 * AT_ONCE):
        await agathe.install(chat.teams.add_channel(f"Équipe {n:02}", agathe.member))
    (platform,) = hall.platforms
    assert isinstance(platform, TeamsPlatform)
    ask, asking, most = platform.api.member, 0, 0

    async def watched(place: Place, member: str) -> dict[str, object] | None:
        nonlocal asking, most
        asking += 1
        most = max(most, asking)
        try:
            return await ask(place, member)
        finally:
            asking -= 1

    monkeypatch.setattr(platform.api, "member", watched)
    chat.teams.faults["member"] = [Fault(503)]
    await chat.click("Agathe", "Partager dans un canal", about=TITLE)
    offered = [plain(choice["title"]) for choice in field_of(agathe.dialog_card, "Canal")["choices"]]
    assert len(offered) == 3 * AT_ONCE
    assert offered == sorted(offered, key=lambda name: (name != "—", name))
    assert most == AT_ONCE


async def test_a_card_is_shared_to_a_group_too(chat: TeamsChat) -> None:
    agathe = chat.people["Agathe"]
    group = chat.teams.add_channel("Réunion", agathe.member, chat.people["ecoute"].member, kind="groupChat")
    await agathe.say("aide", group)
    await chat.click("Agathe", "Partager dans un canal", about=TITLE)
    await chat.choose("Agathe", "Canal", "Réunion")
    await chat.submit("Agathe")
    await chat.settle()
    message = chat.teams.screen(group.id)[-1]
    await chat.people["ecoute"].look(message)
    assert labels(chat.people["ecoute"].content(message))[:3] == ANSWERS


async def test_a_command_in_a_channel_is_answered_in_private(chat: TeamsChat) -> None:
    agathe: Person = chat.people["Agathe"]
    channel = chat.teams.add_channel("Équipe sociale", agathe.member)
    await agathe.install(channel)
    await agathe.say("parcours 1285", channel)
    assert "Gisèle LAFRAISE" in text_of(agathe.screen[-1].content)
    said = [text_of(m.content) for m in chat.teams.screen(channel.id)]
    assert any("conversation privée" in text for text in said)
    assert not any("LAFRAISE" in text for text in said)


async def test_a_message_that_does_not_mention_the_bot_is_not_heard(chat: TeamsChat) -> None:
    agathe = chat.people["Agathe"]
    channel = chat.teams.add_channel("Équipe sociale", agathe.member)
    before = len(chat.teams.messages)
    await agathe.deliver(agathe.activity("message", channel, text="agenda"))
    assert len(chat.teams.messages) == before
