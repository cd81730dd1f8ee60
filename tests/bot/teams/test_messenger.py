"""Cards that are sent unasked: to whom has spoken and to whom has not, from any process, once."""

from collections.abc import AsyncIterator

import pytest

from bot.ports import AccountGone, ChannelClosed, MessageGone, TryAgain, Undeliverable
from bot.teams.app import TeamsPlatform, build
from bot.teams.directory import EVERYWHERE
from bot.teams.inbound import Gone, read
from core.people import Account
from core.ports import Database
from core.rules import Rules
from core.shares import Share
from handlers.ui import ActionRef, Button, Card, Item, ItemList, Notice
from storage.conversations import any_conversation, conversation, private_conversation
from tests.bot.teams.client import Person
from tests.bot.teams.conftest import builder
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import BOT, TENANT, Fault
from tests.bot.teams.screen import text_of
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

CARD = Card("Titre", (Notice("texte"),), (Button(ActionRef("do"), "Faire"),), neutral="Rendez-vous")
OTHER = Card("Autre", (Notice("suite"),), neutral="Rendez-vous")
LONG = Card("Titre", (ItemList(tuple(Item(f"ligne {n} " + "x" * 400) for n in range(120))),), neutral="Rendez-vous")
ELSEWHERE = "6f2d7c1e-0000-4000-8000-000000000002"


@pytest.fixture
async def quiet(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Hall]:
    """The bot in a tenant in which nobody has spoken yet."""
    async with running(deps_for(db, clock, rules), clock, builder(teams)) as hall:
        yield hall


def platform(hall: Hall) -> TeamsPlatform:
    (found,) = hall.platforms
    assert isinstance(found, TeamsPlatform)
    return found


async def linked(hall: Hall, teams: FakeTeams, handle: str = "ecoute", tenant: str = TENANT) -> Account:
    """Let an administrator link somebody's account."""
    link = hall.guide.ecoute.id, "teams", tenant, teams.members[handle].object_id
    return await hall.deps.db.write(lambda tx: tx.accounts.link(*link, current=True))


def shown(teams: FakeTeams, handle: str = "ecoute") -> list[str]:
    return [text_of(message.content) for message in teams.screen(teams.members[handle].private)]


# --- where people are


async def test_who_has_never_spoken_is_written_to_all_the_same(quiet: Hall, teams: FakeTeams) -> None:
    account, messenger = await linked(quiet, teams), platform(quiet).messenger
    for _ in range(2):
        await messenger.turn(account, replacing=False)
        await messenger.post(account, CARD)
    assert len(shown(teams)) == 2
    (asked,) = teams.called("create")
    assert asked.body["members"] == [{"id": account.external_id}]
    kept = await quiet.deps.db.read(lambda tx: private_conversation(tx, "teams", TENANT, account.external_id))
    assert kept is not None
    assert kept.id == teams.members["ecoute"].private


async def test_who_has_not_the_app_cannot_be_written_to(quiet: Hall, teams: FakeTeams) -> None:
    account = await linked(quiet, teams)
    teams.installed.clear()
    with pytest.raises(Undeliverable):
        await platform(quiet).messenger.post(account, CARD)
    assert await quiet.deps.db.read(lambda tx: any_conversation(tx, "teams", TENANT)) is None


async def test_a_conversation_is_begun_where_the_tenant_is_served(quiet: Hall, teams: FakeTeams) -> None:
    """What the tenant's own activities tell comes before the address that serves everybody."""
    settings = platform(quiet).directory._settings
    assert settings.service_url == teams.service_url, "on loopback, instead of the one for everybody"
    assert EVERYWHERE.startswith("https://")
    await Person(quiet, teams, teams.members["Agathe"]).say("aide")
    account = await linked(quiet, teams)
    place = await platform(quiet).directory.place_of(account)
    assert place.service_url == teams.service_url


async def test_another_process_than_the_one_that_heard_somebody_writes_to_him(
    hall: Hall, teams: FakeTeams, clock: SetClock, rules: Rules
) -> None:
    other = build(deps_for(hall.deps.db, clock, rules), teams.settings())
    account = await linked(hall, teams)
    await other.messenger.post(account, CARD)
    assert len(shown(teams)) == 1
    assert teams.called("create") == [], "he was heard by the first"
    await other.stop()


async def test_a_card_that_one_process_sent_another_replaces(
    hall: Hall, teams: FakeTeams, clock: SetClock, rules: Rules
) -> None:
    account = await linked(hall, teams)
    posted = await platform(hall).messenger.post(account, CARD)
    other = build(deps_for(hall.deps.db, clock, rules), teams.settings())
    assert await other.messenger.replace(account, posted, OTHER) == posted
    assert len(shown(teams)) == 1
    assert "suite" in shown(teams)[0]
    await other.stop()


async def test_whoever_takes_the_app_out_and_back_is_known_again_by_all_processes(
    hall: Hall, teams: FakeTeams, clock: SetClock, rules: Rules
) -> None:
    agathe = Person(hall, teams, teams.members["Agathe"])
    channel = teams.add_channel("Équipe", agathe.member)
    await agathe.install(channel)
    other = build(deps_for(hall.deps.db, clock, rules), teams.settings())
    assert isinstance(other, TeamsPlatform)
    removed = read(agathe.activity("conversationUpdate", channel, membersRemoved=[{"id": BOT}]))
    assert isinstance(removed, Gone)
    await other.directory.forget(removed.origin)
    assert await hall.deps.db.read(lambda tx: conversation(tx, "teams", TENANT, channel.id)) is None
    await other.stop()
    await agathe.install(channel)
    back = await hall.deps.db.read(lambda tx: conversation(tx, "teams", TENANT, channel.id))
    assert back is not None


async def test_nobody_of_a_tenant_that_is_not_let_in_is_written_to(quiet: Hall, teams: FakeTeams) -> None:
    account = await linked(quiet, teams, tenant=ELSEWHERE)
    with pytest.raises(Undeliverable):
        await platform(quiet).messenger.post(account, CARD)
    assert teams.calls == []


# --- what becomes of a card


@pytest.mark.parametrize("code", ["BotNotInConversationRoster", "MessageWritesBlocked", "ConversationBlockedByUser"])
async def test_who_took_the_app_out_is_undeliverable(hall: Hall, teams: FakeTeams, code: str) -> None:
    account = await linked(hall, teams)
    teams.faults["send"] = [Fault(403, code)]
    with pytest.raises(Undeliverable, match=code):
        await platform(hall).messenger.post(account, CARD)


async def test_who_is_in_another_conversation_now_is_written_to_there(hall: Hall, teams: FakeTeams) -> None:
    """As after the app was registered anew: the old one is not there, and nobody has left."""
    account, messenger = await linked(hall, teams), platform(hall).messenger
    teams.faults["send"] = [Fault(404, "ConversationNotFound")]
    await messenger.post(account, CARD)
    await messenger.post(account, CARD)
    assert len(teams.called("create")) == 1
    assert len(shown(teams)) == 2


async def test_who_is_in_no_conversation_any_more_is_undeliverable(hall: Hall, teams: FakeTeams) -> None:
    account, messenger = await linked(hall, teams), platform(hall).messenger
    teams.faults["send"] = [Fault(404, "ConversationNotFound")] * 2
    with pytest.raises(Undeliverable) as caught:
        await messenger.post(account, CARD)
    assert not isinstance(caught.value, AccountGone), "he is still who he was"
    teams.faults["send"] = [Fault(404, "ConversationNotFound")]
    teams.installed.clear()
    with pytest.raises(Undeliverable, match="ForbiddenOperation"):
        await messenger.post(account, CARD)
    assert shown(teams) == []


async def test_a_notice_is_not_lost_with_the_conversation(
    hall: Hall, teams: FakeTeams, people: dict[str, Person]
) -> None:
    teams.faults["send"] = [Fault(404, "ConversationNotFound")] * 3
    await hall.book()
    await hall.settle(minutes=5)
    assert [len(people[who].screen) for who in ("Agathe", "seforme", "ecoute")] == [1, 1, 1]


async def test_a_card_of_several_messages_is_sent_whole_or_not_at_all(hall: Hall, teams: FakeTeams) -> None:
    account, messenger = await linked(hall, teams), platform(hall).messenger
    posted = await messenger.post(account, LONG)
    assert len(posted) > 1
    assert all(f"ligne {n} " in "\n".join(shown(teams)) for n in range(120))
    assert await messenger.replace(account, posted, CARD) == posted[:1]
    assert len(shown(teams)) == 1
    again = await messenger.replace(account, posted[:1], LONG)
    assert (again[0], len(shown(teams))) == (posted[0], len(posted))


async def test_what_was_sent_is_taken_back_when_the_rest_cannot_be(
    hall: Hall, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, sent = await linked(hall, teams), []
    api = platform(hall).api
    send = api.send

    async def once(*args: object) -> str:
        if sent:
            raise TryAgain("503")
        sent.append(await send(*args))  # type: ignore[arg-type]
        return sent[0]

    monkeypatch.setattr(api, "send", once)
    with pytest.raises(TryAgain):
        await platform(hall).messenger.post(account, LONG)
    assert len(sent) == 1
    assert shown(teams) == []


async def test_a_card_whose_message_is_gone_leaves_no_other_behind(hall: Hall, teams: FakeTeams) -> None:
    account, messenger = await linked(hall, teams), platform(hall).messenger
    posted = await messenger.post(account, LONG)
    teams.messages.pop(0)
    with pytest.raises(MessageGone):
        await messenger.replace(account, posted, OTHER)
    assert shown(teams) == []


async def test_a_card_waits_for_its_turn(hall: Hall, teams: FakeTeams) -> None:
    account, messenger = await linked(hall, teams), platform(hall).messenger
    begun = hall.clock.now()
    for _ in range(8):
        await messenger.turn(account, replacing=False)
        await messenger.post(account, CARD)
    assert len(shown(teams)) == 8
    assert (hall.clock.now() - begun).total_seconds() >= 1


# --- in channels


def a_share(channel: str, messages: tuple[str, ...] = ()) -> Share:
    return Share(1, 1, "teams", TENANT, channel, 1, messages)


async def test_a_channel_is_posted_to_and_replaced_in(hall: Hall, teams: FakeTeams) -> None:
    agathe = Person(hall, teams, teams.members["Agathe"])
    channel = teams.add_channel("Équipe", agathe.member)
    await agathe.install(channel)
    teams.messages.clear()
    messenger = platform(hall).messenger
    posted = await messenger.share(a_share(channel.id), CARD)
    assert await messenger.share(a_share(channel.id, posted), OTHER) == posted
    (message,) = teams.screen(channel.id)
    assert "suite" in text_of(message.content)


@pytest.mark.parametrize(
    "fault", [Fault(403, "BotNotInConversationRoster"), Fault(404, "ConversationNotFound")], ids=str
)
async def test_a_channel_that_takes_nothing_says_what_to_do(hall: Hall, teams: FakeTeams, fault: Fault) -> None:
    agathe = Person(hall, teams, teams.members["Agathe"])
    channel = teams.add_channel("Équipe", agathe.member)
    await agathe.install(channel)
    teams.faults["send"] = [fault]
    with pytest.raises(ChannelClosed) as caught:
        await platform(hall).messenger.share(a_share(channel.id), CARD)
    assert "Add the app" in caught.value.advice


async def test_nothing_is_shared_to_a_private_conversation_or_one_that_is_unknown(hall: Hall, teams: FakeTeams) -> None:
    for where in (teams.members["Agathe"].private, "19:unknown@thread.tacv2"):
        with pytest.raises(ChannelClosed):
            await platform(hall).messenger.share(a_share(where), CARD)
    assert teams.messages == []
