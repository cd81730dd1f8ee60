"""What is not what it seems: deliveries that look alike, other channels of the Bot Service, data put together."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.teams.app import build
from core.ports import Database
from core.rules import Rules
from core.sharing import share_appointment
from tests.bot.teams.client import Person
from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams, sign
from tests.bot.teams.fake_state import BOT
from tests.bot.teams.screen import text_of
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running


def newest(person: Person) -> str:
    return text_of(person.screen[-1].content)


async def test_the_same_number_in_two_conversations_is_two_deliveries(people: dict[str, Person]) -> None:
    """Teams counts a conversation's messages by the millisecond: what one gets is never shown to another."""
    agathe, ecoute = people["Agathe"], people["ecoute"]
    for person in (agathe, ecoute):
        await person.deliver(person.activity("message", text="lier") | {"id": "1769000000000"})
    codes = [newest(person).partition("rdv lier ")[2][:14] for person in (agathe, ecoute)]
    assert len(codes[0]) == len(codes[1]) == 14
    assert codes[0] != codes[1]


async def test_deliveries_without_a_number_are_not_one_another(people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    for _ in range(2):
        activity = agathe.activity("message", text="aide")
        del activity["id"]
        await agathe.deliver(activity)
    assert len(agathe.screen) == 2


@pytest.mark.parametrize("channel", ["directline", "webchat", "emulator", None])
async def test_whoever_comes_by_another_channel_of_the_bot_is_not_heard(
    hall: Hall, teams: FakeTeams, people: dict[str, Person], channel: str | None
) -> None:
    """There, whoever writes says himself who he is."""
    agathe = people["Agathe"]
    response = await agathe.send(agathe.activity("message", text="aide") | {"channelId": channel})
    await hall.answered()
    assert response.status_code == 403
    assert teams.messages == []


async def booked_and_shared(hall: Hall, teams: FakeTeams, *members: Person) -> tuple[int, Any]:
    """Return the number of an appointment and the channel of these members that Agathe shared it to."""
    channel = teams.add_channel("Équipe", *(person.member for person in members))
    await members[0].install(channel)
    appointment = await hall.book()
    agathe, now = hall.guide.agathe, hall.clock.now()
    tenant = members[0].member.tenant
    await hall.deps.db.write(lambda tx: share_appointment(tx, agathe, appointment.id, "teams", tenant, channel.id, now))
    await hall.settle()
    return appointment.id, channel


def asks_for_view(person: Person, appointment_id: int, place: Any, message: str = "1") -> dict[str, Any]:
    data = {"teams-view": f"teams-view:{appointment_id}"}
    value = {"action": {"type": "Action.Execute", "verb": "rdv", "data": data}, "trigger": "automatic"}
    return person.activity("invoke", place, name="adaptiveCard/action", value=value, replyToId=message)


async def test_a_shared_card_is_only_looked_at_where_it_was_shared(
    hall: Hall, teams: FakeTeams, people: dict[str, Person]
) -> None:
    """Its workers, its place and its time are nobody's business who is not in that channel."""
    agathe, stranger = people["Agathe"], people["Étienne"]
    appointment_id, channel = await booked_and_shared(hall, teams, agathe)
    elsewhere = teams.add_channel("Autre équipe", stranger.member)

    seen = await agathe.deliver(asks_for_view(agathe, appointment_id, channel))
    assert "seforme" in text_of(seen["value"])
    for place in (None, elsewhere):
        refused = await stranger.deliver(asks_for_view(stranger, appointment_id, place))
        assert refused["type"] == "application/vnd.microsoft.error"
        assert "seforme" not in json.dumps(refused)


@pytest.fixture
async def open_hall(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Hall]:
    """A bot on one machine, which asks nobody who he is."""
    settings = teams.settings(client_secret="", skip_auth=True)
    teams.open_to_all = True
    async with running(deps_for(db, clock, rules), clock, lambda deps: build(deps, settings)) as hall:
        yield hall


@pytest.mark.parametrize("headers", [{"origin": "https://example.org"}, {"origin": "null"}])
async def test_a_page_of_another_site_cannot_speak_to_a_bot_that_asks_nobody(
    open_hall: Hall, teams: FakeTeams, headers: dict[str, str]
) -> None:
    """A browser on the machine sends what any page says, to localhost too."""
    person = Person(open_hall, teams, teams.members["Agathe"])
    activity = person.activity("message", text="aide")
    assert (await person.send(activity, **headers)).status_code == 403
    assert (await person.send(activity, origin="http://localhost:3000")).status_code == 200


@pytest.mark.parametrize("address", ["http://[", "https://smba.example.org/", "http://127.0.0.1@example.org/", 7])
async def test_a_bot_that_asks_nobody_answers_on_this_machine_alone(
    open_hall: Hall, teams: FakeTeams, address: object
) -> None:
    person = Person(open_hall, teams, teams.members["Agathe"])
    response = await person.send(person.activity("message", text="aide") | {"serviceUrl": address})
    assert response.status_code == 403
    assert teams.calls == []


async def test_the_form_under_a_form_is_shown_to_who_filled_it_in_alone(
    hall: Hall, teams: FakeTeams, people: dict[str, Person]
) -> None:
    """Its name in the data of a form is what anybody may write there."""
    agathe, stranger = TeamsChat(hall, teams), people["Étienne"]
    await agathe.command("Agathe", "/parcours 1285")
    await agathe.click("Agathe", "Créer pour le référent")
    opened = agathe.people["Agathe"].used("Réserver")["value"]["data"]["form"]
    goes_back = {"id": "place", "in": "", "of": "a nonce", "on": opened["of"], "do": "back", "has": []}

    for name in ("task/submit", "adaptiveCard/action"):
        data = {"form": goes_back}
        value = {"data": data, "action": {"type": "Action.Execute", "verb": "rdv", "data": data}}
        answer = await stranger.deliver(stranger.activity("invoke", name=name, value=value))
        assert "LAFRAISE" not in json.dumps([answer, *(m.activity for m in stranger.screen)])
    mine = agathe.people["Agathe"].activity("invoke", name="task/submit", value={"data": {"form": goes_back}})
    assert "LAFRAISE" in json.dumps(await agathe.people["Agathe"].deliver(mine))


async def test_a_token_that_never_ends_is_none(teams: FakeTeams, people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    token = sign({"serviceurl": teams.service_url}, without="exp")
    response = await agathe.send(agathe.activity("message", text="aide"), authorization=f"Bearer {token}")
    assert response.status_code == 401
    assert teams.messages == []


async def test_the_name_of_an_unknown_invoke_may_be_anything(people: dict[str, Person]) -> None:
    response = await people["Agathe"].send(people["Agathe"].activity("invoke", name="\ud800\n"))
    assert response.status_code == 501


async def test_a_conversation_of_several_is_none_of_one_because_its_kind_is_not_told(
    teams: FakeTeams, people: dict[str, Person]
) -> None:
    agathe = people["Agathe"]
    place = teams.add_channel("Équipe", agathe.member, kind="groupChat")
    mention = {"type": "mention", "text": "<at>rdv</at>", "mentioned": {"id": BOT}}
    activity = agathe.activity("message", place, text="<at>rdv</at> parcours 1285", entities=[mention])
    del activity["conversation"]["conversationType"]
    await agathe.deliver(activity)
    assert "LAFRAISE" not in json.dumps([m.activity for m in teams.screen(place.id)])
    assert "LAFRAISE" in text_of(agathe.screen[-1].content)


@pytest.mark.parametrize("asked", ["refresh", "submit", "cancel"])
async def test_a_form_never_takes_the_place_of_what_a_channel_reads(
    hall: Hall, teams: FakeTeams, people: dict[str, Person], asked: str
) -> None:
    """A form is in private alone, whatever message its data say that it came from."""
    chat = TeamsChat(hall, teams)
    _, channel = await booked_and_shared(hall, teams, people["Agathe"])
    before = [message.activity for message in teams.screen(channel.id)]
    await chat.command("Agathe", "/parcours 1285")
    await chat.click("Agathe", "Créer pour le référent")
    data = chat.people["Agathe"].used("Réserver")["value"]["data"]
    data["form"]["do"] = asked
    for parts in (
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": data}}},
        {"type": "message", "value": data},
    ):
        place = teams.screen(channel.id)[0]
        await people["Agathe"].deliver(people["Agathe"].activity("", channel, replyToId=place.id) | parts)
    assert [message.activity for message in teams.screen(channel.id)][: len(before)] == before
    assert "LAFRAISE" not in json.dumps([message.activity for message in teams.screen(channel.id)])


@pytest.mark.parametrize("way", ["execute", "submit"])
async def test_what_is_shown_to_one_alone_never_takes_the_place_of_what_a_channel_reads(
    hall: Hall, teams: FakeTeams, people: dict[str, Person], way: str
) -> None:
    agathe = people["Agathe"]
    appointment_id, channel = await booked_and_shared(hall, teams, agathe)
    (shared,) = teams.screen(channel.id)[-1:]
    before, data = shared.activity, {"rdv": f"reveal-copy:{appointment_id}"}
    execute = {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": data}}}
    parts = execute if way == "execute" else {"type": "message", "value": data}
    await agathe.deliver(agathe.activity("", channel, replyToId=shared.id) | parts)
    assert shared.activity == before
    assert "LAFRAISE" not in json.dumps([message.activity for message in teams.screen(channel.id)])
    assert "LAFRAISE" in text_of(agathe.screen[-1].content)
