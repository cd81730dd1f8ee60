"""Calls of the connector: each of its errors has one meaning, and its limits are kept by all processes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import MessageGone, NotYet, TryAgain, Undeliverable
from bot.teams.api import PATIENCE, Api, ConversationGone, Place, Refused
from bot.teams.login import BEFORE, REST
from bot.teams.pace import rates, whole
from bot.teams.render import render
from core.ports import Database
from core.rules import Rules
from handlers.ui import Card
from storage.paces import Rate
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import TENANT, Fault, Member
from tests.clock import SetClock
from tests.hall import deps_for
from tests.virtual import VirtualTime, WatchedDatabase

SAID = render(Card("Bonjour", neutral="Rendez-vous"))[0]
ELSEWHERE = "https://smba.example.org/"


@pytest.fixture
async def api(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Api]:
    api = Api(deps_for(db, clock, rules), teams.settings())
    yield api
    await api.pacing.counted()
    await api.close()


@pytest.fixture
def agathe(teams: FakeTeams) -> Member:
    member = teams.members["Agathe"]
    teams.open_private(member)
    return member


@pytest.fixture
def place(teams: FakeTeams, agathe: Member) -> Place:
    return Place(teams.service_url, agathe.private)


async def test_a_message_is_sent_changed_and_taken_back(teams: FakeTeams, api: Api, place: Place) -> None:
    sent = await api.send(TENANT, place, SAID)
    await api.update(TENANT, place, sent, SAID | {"summary": "Autre"})
    (message,) = teams.screen(place.conversation)
    assert (message.id, message.summary, message.edits) == (sent, "Autre", 1)
    await api.delete(TENANT, place, sent)
    assert teams.screen(place.conversation) == []


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Fault(403, "BotNotInConversationRoster"), Undeliverable),
        (Fault(403, "MessageWritesBlocked"), Undeliverable),
        (Fault(404, "ConversationNotFound"), ConversationGone),
        (Fault(401, "Unauthorized"), NotYet),
        (Fault(429, "TooManyRequests"), NotYet),
        (Fault(412, "PreconditionFailed"), TryAgain),
        (Fault(500, "ServiceError"), TryAgain),
        (Fault(502), TryAgain),
        (Fault(503), TryAgain),
        (Fault(504), TryAgain),
        (Fault(400, "BadSyntax"), Refused),
        (Fault(413, "MessageSizeTooBig"), Refused),
    ],
    ids=str,
)
async def test_each_error_has_one_meaning(
    teams: FakeTeams, api: Api, place: Place, answer: Fault, meaning: type[Exception]
) -> None:
    teams.faults["send"] = [answer]
    with pytest.raises(meaning) as caught:
        await api.send(TENANT, place, SAID)
    assert type(caught.value) is meaning
    assert answer.code in str(caught.value)
    assert "what was sent" not in str(caught.value), "the service quotes it in its message"


@pytest.mark.parametrize("call", ["update", "delete"])
async def test_a_message_that_is_gone_is_not_one_that_cannot_be_sent(api: Api, place: Place, call: str) -> None:
    with pytest.raises(MessageGone):
        await (api.update(TENANT, place, "1", SAID) if call == "update" else api.delete(TENANT, place, "1"))


async def test_a_service_that_says_nothing_is_not_waited_for(teams: FakeTeams, api: Api, place: Place) -> None:
    http: httpx.AsyncClient = api._client.http
    assert http.timeout == httpx.Timeout(10)
    http.timeout = httpx.Timeout(0.05)
    teams.faults["send"] = [Fault(0)]
    with pytest.raises(TryAgain):
        await api.send(TENANT, place, SAID)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://[", "nowhere"])
async def test_a_service_that_is_not_there_is_tried_again(api: Api, address: str) -> None:
    with pytest.raises(TryAgain):
        await api.send(TENANT, Place(address, "a:1"), SAID)


async def test_nobody_is_a_member_of_what_the_bot_is_not_in(teams: FakeTeams, api: Api, agathe: Member) -> None:
    assert (await api.member(Place(teams.service_url, agathe.private), agathe.id) or {})["email"] == agathe.email
    assert await api.member(Place(teams.service_url, "a:another"), agathe.id) is None
    teams.faults["member"] = [Fault(503)]
    with pytest.raises(TryAgain):
        await api.member(Place(teams.service_url, agathe.private), agathe.id)


# --- a private conversation


async def test_a_conversation_is_begun_with_who_has_the_app(teams: FakeTeams, api: Api) -> None:
    member = teams.members["seforme"]
    begun = await api.create(teams.service_url, TENANT, member.object_id)
    assert begun == Place(teams.service_url, member.private)
    teams.installed.discard(member.object_id)
    with pytest.raises(Undeliverable):
        await api.create(teams.service_url, TENANT, member.object_id)


async def test_a_conversation_without_a_name_is_none(teams: FakeTeams, api: Api) -> None:
    teams.faults["create"] = [Fault(200)]
    with pytest.raises(TryAgain):
        await api.create(teams.service_url, TENANT, teams.members["seforme"].object_id)


# --- the bot's own token


async def test_a_token_is_kept_until_shortly_before_it_expires(
    teams: FakeTeams, api: Api, place: Place, clock: SetClock
) -> None:
    await asyncio.gather(*(api.send(TENANT, place, SAID) for _ in range(5)))
    assert teams.logins == 1
    clock.advance(timedelta(seconds=3599) - BEFORE - timedelta(seconds=1))
    await api.send(TENANT, place, SAID)
    assert teams.logins == 1
    clock.advance(timedelta(seconds=1))
    await api.send(TENANT, place, SAID)
    assert teams.logins == 2


async def test_a_token_that_the_connector_refuses_is_not_used_again(teams: FakeTeams, api: Api, place: Place) -> None:
    await api.send(TENANT, place, SAID)
    teams.faults["send"] = [Fault(401, "Unauthorized")]
    with pytest.raises(NotYet) as caught:
        await api.send(TENANT, place, SAID)
    assert caught.value.after == PATIENCE
    await api.send(TENANT, place, SAID)
    assert teams.logins == 2


@pytest.mark.parametrize("answer", [Fault(401, "invalid_client"), Fault(500), Fault(200)], ids=str)
async def test_without_a_token_nothing_is_sent_and_entra_is_let_alone(
    teams: FakeTeams, api: Api, place: Place, clock: SetClock, answer: Fault
) -> None:
    teams.faults["login"] = [answer] * 9
    for _ in range(3):
        with pytest.raises(NotYet):
            await api.send(TENANT, place, SAID)
    assert (teams.logins, teams.called("send")) == (1, [])
    clock.advance(REST)
    teams.faults["login"] = []
    await api.send(TENANT, place, SAID)
    assert teams.logins == 2


async def test_a_wrong_secret_gives_no_token_and_is_not_shown(
    teams: FakeTeams, db: Database, clock: SetClock, rules: Rules, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    api = Api(deps_for(db, clock, rules), teams.settings(client_secret="hunter2"))
    with pytest.raises(NotYet):
        await api.send(TENANT, place, SAID)
    await api.pacing.counted()
    await api.close()
    said = "".join(capfd.readouterr())
    assert "teams_gives_no_token" in said
    assert "hunter2" not in said


async def test_a_bot_that_checks_nobody_calls_this_machine_alone(
    teams: FakeTeams, db: Database, clock: SetClock, rules: Rules, place: Place
) -> None:
    api = Api(deps_for(db, clock, rules), teams.settings(skip_auth=True))
    teams.open_to_all = True
    await api.send(TENANT, place, SAID)
    assert teams.logins == 0
    for address in (ELSEWHERE, "http://127.0.0.1@smba.example.org/", "http://[", ""):
        with pytest.raises(Undeliverable):
            await api.send(TENANT, Place(address, "a:1"), SAID)
    with pytest.raises(Undeliverable):
        await api.create(ELSEWHERE, TENANT, "somebody")
    await api.pacing.counted()
    await api.close()


# --- the limits


LIMITS = (
    (7, timedelta(seconds=1)),
    (8, timedelta(seconds=2)),
    (60, timedelta(seconds=30)),
    (1_800, timedelta(hours=1)),
)
"""How many a conversation takes in how long (learn.microsoft.com: "Optimize your bot with rate limiting in Teams")."""


def moments(rate: Rate, pauses: list[float]) -> list[timedelta]:
    """Return when calls are let through that come after these seconds of rest, each as early as the rate allows."""
    free, now, found = timedelta(0), timedelta(0), []
    for pause in pauses:
        now = max(now + timedelta(seconds=pause), free - rate.early)
        free = max(free, now) + rate.every
        found.append(now)
    return found


@given(st.lists(st.one_of(st.just(0.0), st.floats(0, 40)), max_size=80))
def test_whatever_is_sent_when_each_limit_of_a_conversation_is_kept(pauses: list[float]) -> None:
    found = moments(rates("T", "a:1")[1], pauses + [0.0] * 80)
    for most, window in LIMITS[:3]:
        assert all(later - first >= window for first, later in zip(found, found[most:], strict=False))


def test_the_limit_of_an_hour_is_kept() -> None:
    found = moments(rates("T", "a:1")[1], [0.0] * 4_000)
    most, window = LIMITS[3]
    assert all(later - first >= window for first, later in zip(found, found[most:], strict=False))


def test_fifty_a_second_is_the_most_for_a_tenant_and_nearly_all_are_used() -> None:
    found = moments(whole("T"), [0.0] * 500)
    assert all(later - first >= timedelta(seconds=1) for first, later in zip(found, found[50:], strict=False))
    assert len(found) / (found[-1] - found[0]).total_seconds() > 45
    assert all(first <= later for first, later in pairwise(found))


async def test_a_conversation_rests_when_the_service_asks_for_it_and_others_go_on(
    teams: FakeTeams, api: Api, place: Place, clock: SetClock
) -> None:
    teams.faults["send"] = [Fault(429, "TooManyRequests", 60)]
    with pytest.raises(NotYet) as caught:
        await api.send(TENANT, place, SAID)
    assert caught.value.after == 60
    with pytest.raises(NotYet):
        await api.turn(TENANT, place)
    assert not await api.turn(TENANT, Place(teams.service_url, "a:another"))
    clock.advance(timedelta(seconds=60) + rates(TENANT, place.conversation)[1].every)
    await api.turn(TENANT, place)


async def test_two_processes_keep_one_limit(teams: FakeTeams, db: Database, rules: Rules) -> None:
    time = VirtualTime()
    watched = WatchedDatabase(db, time)
    deps = deps_for(watched, time, rules, sleep=time.sleep)  # type: ignore[arg-type]
    apis = [Api(deps, teams.settings()) for _ in range(2)]
    begun = time.now()

    async def send(number: int) -> float:
        await apis[number % 2].turn(TENANT, Place("http://127.0.0.1/", f"a:{number}"))
        return (time.now() - begun).total_seconds()

    async def crowd() -> list[float]:
        return sorted(await asyncio.gather(*(send(number) for number in range(100))))

    found = await time.run(crowd())
    assert all(later - first >= 1 for first, later in zip(found, found[50:], strict=False))
    assert found[-1] < 2.5
    for api in apis:
        await api.close()
