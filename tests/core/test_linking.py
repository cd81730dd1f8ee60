"""One-time codes: they join one account to one worker, once, for ten minutes, on every database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AccountTaken, CodeUnknown, LastAccount, NotFound
from core.linking import VALID_FOR, burn, give_code, new_code, own_account, read_code, redeem, unlink
from core.people import Account, Worker
from core.ports import Database, Transaction
from storage.memory import MemoryDatabase
from tests.builders import Guide, store_guide
from tests.clock import START

NOW = START


async def given_code(database: Database, worker: Worker) -> str:
    code = new_code()
    expires_at = await database.write(lambda tx: give_code(tx, worker, code, NOW))
    assert expires_at == NOW + timedelta(minutes=10)
    return code


async def say(
    database: Database, code: str, external_id: str = "7", *, later: timedelta = timedelta(0)
) -> tuple[Account, Worker]:
    return await database.write(lambda tx: redeem(tx, code, "telegram", "telegram", external_id, NOW + later))


async def test_a_code_joins_the_account_that_says_it(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    account, worker = await say(database, code)

    assert worker.id == guide.agathe.id
    assert (account.platform, account.external_id, account.email, account.current) == ("telegram", "7", "", True)
    assert await say(database, code) == (account, worker)


async def test_a_code_is_spent_by_the_first_who_says_it(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    await say(database, code)
    with pytest.raises(CodeUnknown):
        await say(database, code, "8")
    assert await database.read(lambda tx: tx.accounts.find("telegram", "telegram", "8")) is None


async def test_of_two_who_say_a_code_at_once_one_is_joined(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    said = await asyncio.gather(*(say(database, code, str(n)) for n in range(5)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["CodeUnknown"] * 4 + ["tuple"]
    assert len(await database.read(lambda tx: tx.accounts.of_worker(guide.agathe.id))) == 1


async def test_a_code_said_five_times_at_once_by_one_account_joins_it(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    first, *others = await asyncio.gather(*(say(database, code) for _ in range(5)))
    assert others == [first] * 4


async def test_a_code_ends_after_ten_minutes(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    with pytest.raises(CodeUnknown):
        await say(database, code, later=VALID_FOR)
    joined = await say(database, code, later=VALID_FOR - timedelta(seconds=1))
    assert await say(database, code, later=VALID_FOR) == joined
    with pytest.raises(CodeUnknown):
        await say(database, code, "8", later=VALID_FOR)


async def test_a_new_code_takes_the_place_of_the_one_before(database: Database, guide: Guide) -> None:
    before, code = await given_code(database, guide.agathe), await given_code(database, guide.agathe)
    with pytest.raises(CodeUnknown):
        await say(database, before)
    await say(database, code)


async def test_a_code_that_others_have_read_joins_nobody(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    await database.write(lambda tx: burn(tx, code, NOW))
    with pytest.raises(CodeUnknown):
        await say(database, code)


async def test_the_account_of_another_active_worker_stays_his(database: Database, guide: Guide) -> None:
    await database.write(lambda tx: tx.accounts.link(guide.ecoute.id, "telegram", "telegram", "7", current=True))
    code = await given_code(database, guide.agathe)
    with pytest.raises(AccountTaken) as refusal:
        await say(database, code)
    assert refusal.value.name == guide.ecoute.name
    found = await database.read(lambda tx: tx.accounts.find("telegram", "telegram", "7"))
    assert found is not None
    assert found[1].id == guide.ecoute.id
    await say(database, code, "8")


async def test_a_worker_who_has_left_links_nothing(database: Database, guide: Guide) -> None:
    code = await given_code(database, guide.agathe)
    await database.write(lambda tx: tx.people.save_worker(replace(guide.agathe, active=False)))
    with pytest.raises(CodeUnknown):
        await say(database, code)


async def test_the_last_account_that_is_heard_is_not_unlinked(database: Database, guide: Guide) -> None:
    agathe = guide.agathe

    def join(tx: Transaction) -> tuple[Account, Account]:
        return (
            tx.accounts.link(agathe.id, "slack", "T1", "U1", current=True),
            tx.accounts.link(agathe.id, "teams", "T2", "O1", current=False),
        )

    slack, teams = await database.write(join)
    await database.write(lambda tx: unlink(tx, agathe, slack.id))
    with pytest.raises(LastAccount):
        await database.write(lambda tx: unlink(tx, agathe, teams.id))
    with pytest.raises(NotFound):
        await database.read(lambda tx: own_account(tx, guide.ecoute, teams.id))


@given(st.data())
def test_a_code_is_read_as_people_type_it(data: st.DataObject) -> None:
    code = new_code()
    between = data.draw(st.sampled_from(("-", " ", "", " – ")))
    typed = between.join(code.split("-"))
    if data.draw(st.booleans()):
        typed = typed.lower().replace("0", "o").replace("1", data.draw(st.sampled_from("iIlL")))
    assert read_code(f"  {typed} ") == code.replace("-", "")


@given(st.text())
def test_nothing_else_is_read_as_a_code(typed: str) -> None:
    found = read_code(typed)
    assert found == "" or (len(found) == 12 and found == read_code(found))


async def test_only_digests_are_stored(memory: MemoryDatabase) -> None:
    guide = await memory.write(store_guide)
    code = await given_code(memory, guide.agathe)
    stored = str(vars(memory))
    assert code not in stored
    assert read_code(code) not in stored
