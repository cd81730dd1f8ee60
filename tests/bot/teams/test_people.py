"""Who is who in Teams: the tenant's directory says it, when somebody first speaks and later."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.teams.app import build
from bot.teams.directory import AGAIN
from core.people import Account
from core.ports import Database
from core.rules import Rules
from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import TENANT, Fault, Member
from tests.bot.teams.screen import plain, text_of
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

OTHER = "6f2d7c1e-0000-4000-8000-000000000002"
STRANGER = "Nous ne nous connaissons pas encore"
Opened = Callable[..., AbstractAsyncContextManager[Hall]]


@pytest.fixture
def opened(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> Opened:
    """Return what runs the bot with these settings; nobody has spoken yet."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[Hall]:
        deps = deps_for(db, clock, rules, public_url="https://rdv.example.org")
        async with running(deps, clock, lambda deps: build(deps, teams.settings(**changes))) as hall:
            yield hall

    return run


async def account_of(hall: Hall, member: Member) -> Account | None:
    found = await hall.deps.db.read(lambda tx: tx.accounts.find("teams", member.tenant, member.object_id))
    return found[0] if found is not None else None


async def heard(hall: Hall, teams: FakeTeams, member: Member) -> str:
    """Return the answer to a command."""
    before = len(teams.screen(member.private))
    await Person(hall, teams, member).say("invitations")
    return "\n".join(plain(text_of(message.content)) for message in teams.screen(member.private)[before:])


async def test_the_directory_joins_somebody_by_his_address(opened: Opened, teams: FakeTeams) -> None:
    async with opened() as hall:
        member = teams.members["Agathe"]
        assert STRANGER not in await heard(hall, teams, member)
        account = await account_of(hall, member)
        assert account is not None
        assert (account.worker_id, account.email) == (hall.guide.agathe.id, "agathe@example.org")


async def test_a_name_or_what_is_sent_along_joins_nobody(opened: Opened, teams: FakeTeams) -> None:
    """Whoever is called as a worker, or says his address himself, is nobody until the directory says it."""
    member = teams.add_member("somebody", "somebody@elsewhere.example.org")
    async with opened() as hall:
        person = Person(hall, teams, member)
        said = person.activity("message", text="invitations")
        said["from"] |= {"name": "Agathe", "email": "agathe@example.org", "userPrincipalName": "agathe@example.org"}
        await person.deliver(said)
        assert STRANGER in text_of(person.screen[-1].content)
        assert await account_of(hall, member) is None


@pytest.mark.parametrize(
    "told",
    [
        {"email": ""},
        {"email": "", "upn": "agathe@example.org"},
        {"email": "agathe@example.org", "role": "guest"},
        {"email": "agathe@example.org", "role": "Guest"},
        {"email": "agathe@example.org", "upn": "agathe_example.org#EXT#@tenant.onmicrosoft.com"},
    ],
    ids=str,
)
async def test_guests_and_who_has_no_address_are_nobody(opened: Opened, teams: FakeTeams, told: dict[str, str]) -> None:
    member = teams.add_member("somebody", **told)
    async with opened() as hall:
        assert STRANGER in await heard(hall, teams, member)
        assert await account_of(hall, member) is None


async def test_guests_come_in_where_the_settings_say_so(opened: Opened, teams: FakeTeams) -> None:
    member = teams.add_member("somebody", "agathe@example.org", role="guest", upn="a_example.org#EXT#@t.example.org")
    async with opened(guests=True) as hall:
        assert STRANGER not in await heard(hall, teams, member)


async def test_people_of_other_tenants_are_nobody(opened: Opened, teams: FakeTeams) -> None:
    member = teams.add_member("somebody", "agathe@example.org", tenant=OTHER)
    async with opened() as hall:
        assert STRANGER in await heard(hall, teams, member)
        assert await account_of(hall, member) is None
        assert teams.called("member") == [], "nobody is even asked"


async def test_a_channel_of_another_tenant_is_not_greeted(opened: Opened, teams: FakeTeams) -> None:
    member = teams.add_member("somebody", "agathe@example.org", tenant=OTHER)
    channel = teams.add_channel("Équipe", member)
    channel.tenant = OTHER
    async with opened() as hall:
        await Person(hall, teams, member).install(channel)
        assert teams.calls == []


async def test_people_of_other_tenants_come_in_where_the_settings_say_so(opened: Opened, teams: FakeTeams) -> None:
    member = teams.add_member("somebody", "agathe@example.org", tenant=OTHER)
    async with opened(tenants=frozenset({OTHER})) as hall:
        assert STRANGER not in await heard(hall, teams, member)
        account = await account_of(hall, member)
        assert account is not None
        assert account.tenant == OTHER


async def test_who_is_known_from_a_tenant_that_is_no_longer_let_in_is_not_heard(
    opened: Opened, teams: FakeTeams
) -> None:
    member = teams.add_member("somebody", "agathe@example.org", tenant=OTHER)
    async with opened() as hall:
        link = hall.guide.agathe.id, "teams", OTHER, member.object_id
        await hall.deps.db.write(lambda tx: tx.accounts.link(*link, current=True))
        assert STRANGER in await heard(hall, teams, member)


async def test_who_comes_from_elsewhere_to_a_shared_channel_is_nobody(opened: Opened, teams: FakeTeams) -> None:
    """There, the channel's tenant is said, and the directory tells whose the person is."""
    member = teams.add_member("somebody", "agathe@example.org", tenant=OTHER)
    channel = teams.add_channel("Équipe", member)
    async with opened() as hall:
        await Person(hall, teams, member).say("invitations", channel)
        known = await hall.deps.db.read(lambda tx: tx.accounts.find("teams", TENANT, member.object_id))
        assert known is None


async def test_whoever_claims_to_be_another_is_nobody(opened: Opened, teams: FakeTeams) -> None:
    """The directory's id and the one that was sent must be the same person's."""
    agathe, other = teams.members["Agathe"], teams.add_member("somebody", "somebody@elsewhere.example.org")
    async with opened() as hall:
        assert STRANGER not in await heard(hall, teams, agathe)
        hall.clock.advance(AGAIN)
        person = Person(hall, teams, other)
        said = person.activity("message", text="invitations")
        said["from"]["aadObjectId"] = agathe.object_id
        await person.deliver(said)
        assert STRANGER in text_of(person.screen[-1].content)


# --- later


async def test_the_directory_is_asked_again_after_some_minutes_and_not_before(opened: Opened, teams: FakeTeams) -> None:
    member = teams.members["Agathe"]
    async with opened() as hall:
        await heard(hall, teams, member)
        await heard(hall, teams, member)
        asked = len(teams.called("member"))
        for _ in range(5):
            await heard(hall, teams, member)
        assert len(teams.called("member")) == asked
        hall.clock.advance(AGAIN)
        await heard(hall, teams, member)
        assert len(teams.called("member")) == asked + 1
        assert timedelta(minutes=2) <= AGAIN <= timedelta(hours=1)


@pytest.mark.parametrize("joined_by", ["an address", "an administrator"])
async def test_who_has_become_a_guest_is_parted(opened: Opened, teams: FakeTeams, joined_by: str) -> None:
    member = teams.members["Agathe"]
    async with opened() as hall:
        if joined_by == "an administrator":
            link = hall.guide.agathe.id, "teams", TENANT, member.object_id
            await hall.deps.db.write(lambda tx: tx.accounts.link(*link, current=True))
        assert STRANGER not in await heard(hall, teams, member)
        teams.members["Agathe"] = Member(member.handle, member.number, member.email, role="guest")
        hall.clock.advance(AGAIN)
        assert STRANGER in await heard(hall, teams, member)
        assert await account_of(hall, member) is None


async def test_who_has_left_is_not_heard(opened: Opened, teams: FakeTeams) -> None:
    member = teams.members["Agathe"]
    async with opened() as hall:
        assert STRANGER not in await heard(hall, teams, member)
        teams.open_private(member).members.clear()
        hall.clock.advance(AGAIN)
        assert STRANGER in await heard(hall, teams, member)
        teams.open_private(member).members.add(member.object_id)
        assert STRANGER not in await heard(hall, teams, member)


async def test_who_has_another_address_is_the_worker_of_that_one(opened: Opened, teams: FakeTeams) -> None:
    member = teams.members["Agathe"]
    async with opened() as hall:
        await heard(hall, teams, member)
        teams.members["Agathe"] = Member(member.handle, member.number, "seforme@example.org")
        hall.clock.advance(AGAIN)
        await heard(hall, teams, member)
        account = await account_of(hall, member)
        assert account is not None
        assert account.worker_id == hall.guide.seforme.id
        teams.members["Agathe"] = Member(member.handle, member.number, "nobody@elsewhere.example.org")
        hall.clock.advance(AGAIN)
        assert STRANGER in await heard(hall, teams, member)


async def test_while_the_directory_is_away_what_it_said_before_stands(opened: Opened, teams: FakeTeams) -> None:
    agathe, seforme = teams.members["Agathe"], teams.members["seforme"]
    async with opened() as hall:
        await heard(hall, teams, agathe)
        hall.clock.advance(AGAIN)
        teams.faults["member"] = [Fault(503)] * 2
        assert STRANGER not in await heard(hall, teams, agathe)
        said = await heard(hall, teams, seforme)
        assert STRANGER not in said, "of who is not known yet, nothing is said"
        assert await account_of(hall, seforme) is None
        teams.faults["member"] = []
        await heard(hall, teams, seforme)
        assert await account_of(hall, seforme) is not None


async def test_an_account_that_an_administrator_linked_needs_no_address(opened: Opened, teams: FakeTeams) -> None:
    member = teams.add_member("somebody", "", upn="somebody@elsewhere.example.org")
    async with opened() as hall:
        link = hall.guide.agathe.id, "teams", TENANT, member.object_id
        await hall.deps.db.write(lambda tx: tx.accounts.link(*link, current=True))
        assert STRANGER not in await heard(hall, teams, member)
