"""Which worker an account is: an administrator's word stands, an address is followed."""

import asyncio

import pytest

from core.joining import follow_email, is_given_away, join_by_email, refuse_account
from core.people import Account, Worker
from core.ports import Database, Transaction
from tests.builders import Guide, make_worker

WHERE = ("slack", "T1", "U1")


async def joined(database: Database, email: str) -> tuple[Account, Worker] | None:
    return await database.write(lambda tx: join_by_email(tx, *WHERE, email))


async def linked(database: Database, worker: Worker, email: str = "") -> Account:
    return await database.write(lambda tx: tx.accounts.link(worker.id, *WHERE, current=True, email=email))


async def holder(database: Database) -> str | None:
    """Return who the account is."""
    found = await database.read(lambda tx: tx.accounts.find(*WHERE))
    return found[1].handle if found else None


async def test_an_address_joins_and_is_remembered(database: Database, guide: Guide) -> None:
    found = await joined(database, "Agathe@Example.org")

    assert found is not None
    assert (found[1].handle, found[0].email, found[0].current) == ("Agathe", "Agathe@Example.org", True)
    assert await database.read(lambda tx: tx.accounts.of_worker(guide.agathe.id)) == [found[0]]


@pytest.mark.usefixtures("guide")
async def test_an_address_of_nobody_joins_nobody(database: Database) -> None:
    await database.write(lambda tx: tx.people.save_worker(make_worker("gone", active=False)))

    assert await joined(database, "nobody@example.org") is None
    assert await joined(database, "gone@example.org") is None
    assert await holder(database) is None


async def test_an_administrators_link_stands_while_its_worker_is_here(database: Database, guide: Guide) -> None:
    gone = await database.write(lambda tx: tx.people.save_worker(make_worker("gone", active=False)))
    account = await linked(database, guide.ecoute)

    assert await joined(database, "agathe@example.org") == (account, guide.ecoute)
    await linked(database, gone)
    await joined(database, "agathe@example.org")
    assert await holder(database) == "Agathe"


async def test_an_administrator_takes_over_what_an_address_joined(database: Database, guide: Guide) -> None:
    await linked(database, guide.agathe, "agathe@example.org")
    account = await linked(database, guide.agathe)

    assert account.email == ""


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("seforme@example.org", "seforme"),
        ("nobody@example.org", None),
        ("AGATHE@example.org", "Agathe"),
    ],
)
async def test_a_changed_address_is_followed(
    database: Database, guide: Guide, email: str, expected: str | None
) -> None:
    await linked(database, guide.agathe, "agathe@example.org")
    for _ in range(2):
        await database.write(lambda tx: follow_email(tx, *WHERE, email))

    assert await holder(database) == expected


async def test_no_address_is_followed_where_an_administrator_linked(database: Database, guide: Guide) -> None:
    await linked(database, guide.agathe)
    await database.write(lambda tx: follow_email(tx, *WHERE, "seforme@example.org"))
    assert await holder(database) == "Agathe"


@pytest.mark.usefixtures("guide")
async def test_an_address_joins_nobody_who_never_spoke(database: Database) -> None:
    await database.write(lambda tx: follow_email(tx, *WHERE, "agathe@example.org"))
    assert await holder(database) is None


async def test_who_is_refused_by_several_at_once_is_parted(database: Database, guide: Guide) -> None:
    await linked(database, guide.agathe)

    def refuse(tx: Transaction) -> bool:
        return refuse_account(tx, *WHERE)

    assert any(await asyncio.gather(*(database.write(refuse) for _ in range(4))))
    assert not await database.write(refuse)
    assert await holder(database) is None


async def test_what_is_joined_otherwise_meanwhile_stays(database: Database, guide: Guide) -> None:
    seen = await linked(database, guide.agathe, "agathe@example.org")
    await linked(database, guide.agathe)
    appointment = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    copy = await database.write(lambda tx: tx.outbox.save_copy(appointment.id, seen.id, ("M1",), 1))
    await database.write(lambda tx: tx.accounts.unlink(seen))
    assert await holder(database) == "Agathe"
    assert [c for c, _ in await database.read(lambda tx: tx.outbox.copies(appointment.id))] == [copy]
    await linked(database, guide.ecoute, "agathe@example.org")
    await database.write(lambda tx: tx.accounts.unlink(seen))
    assert await holder(database) == "ecoute"


async def test_what_is_given_away_is_known(database: Database, guide: Guide) -> None:
    def given(tx: Transaction) -> bool:
        return is_given_away(tx, *WHERE, guide.agathe)

    assert not await database.read(given)
    await linked(database, guide.ecoute, "ecoute@example.org")
    assert not await database.read(given)
    await linked(database, guide.ecoute)
    assert await database.read(given)
    await linked(database, guide.agathe)
    assert not await database.read(given)
