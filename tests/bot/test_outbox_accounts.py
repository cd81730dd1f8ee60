"""Where notices go when somebody has several accounts: what he chose, and the next one where that fails for good."""

import pytest
import sqlalchemy as sa

from bot.outbox import OutboxSender
from bot.ports import AccountGone, NotYet, TryAgain, Undeliverable
from core.appointments import Answer
from core.booking import book
from core.people import Account, Worker
from core.ports import Database, Transaction
from tests.bot.messengers import RecordingMessenger
from tests.bot.office import RULES, Office
from tests.builders import store_guide
from tests.clock import SetClock


def to(messenger: RecordingMessenger, worker: Worker) -> list[str]:
    return [s.how for s in messenger.taken() if s.account.worker_id == worker.id]


async def prefer(office: Office, account: Account) -> None:
    await office.db.write(lambda tx: tx.accounts.prefer(account, preferred=True))


async def mute(office: Office, account: Account) -> None:
    await office.db.write(lambda tx: tx.accounts.mute(account, muted=True))


async def web_of(office: Office, worker: Worker) -> Account:
    accounts = await office.db.read(lambda tx: tx.accounts.of_worker(worker.id))
    return next(a for a in accounts if a.platform == "web")


async def test_the_preferred_account_is_told_whichever_was_used_last(office: Office) -> None:
    ecoute = office.guide.ecoute
    await prefer(office, await office.join(ecoute, "slack", current=False))
    web = await web_of(office, ecoute)
    await office.db.write(lambda tx: tx.accounts.make_current(web))
    await office.book()
    await office.send_all()
    assert to(office.slack, ecoute) == ["post"]
    assert to(office.web, ecoute) == []


async def test_a_muted_account_gets_nothing_new_but_its_copies_stay_up_to_date(office: Office) -> None:
    ecoute = office.guide.ecoute
    first = await office.book()
    await office.send_all()
    office.web.taken()
    await office.join(ecoute, "slack", current=False)
    await mute(office, await web_of(office, ecoute))

    await office.change(first, comment="Apporter le bail")
    await office.send_all()
    assert to(office.web, ecoute) == ["replace"]
    assert to(office.slack, ecoute) == ["post"]


async def test_a_muted_account_does_not_take_over_where_another_fails(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    await mute(office, await web_of(office, ecoute))
    office.slack.faults = [Undeliverable("blocked")]
    await office.book()
    await office.send_all()
    assert to(office.web, ecoute) == []
    assert await office.failed() == ["undeliverable: slack: blocked"]


async def test_a_card_that_was_deleted_from_a_muted_account_is_not_posted_anew(office: Office) -> None:
    ecoute = office.guide.ecoute
    appointment = await office.book()
    await office.send_all()
    (copy,) = await office.copies(appointment, ecoute)
    office.web.gone.update(copy.messages)
    await office.join(ecoute, "slack", current=False)
    await mute(office, await web_of(office, ecoute))
    office.web.taken()

    await office.answer(appointment, Answer.ACCEPTED)
    await office.send_all()
    assert to(office.web, ecoute) == []
    assert await office.copies(appointment, ecoute) == []


async def test_whoever_has_only_muted_accounts_left_is_reported(office: Office) -> None:
    ecoute = office.guide.ecoute
    slack = await office.join(ecoute, "slack", current=True)
    await mute(office, await web_of(office, ecoute))
    await office.db.write(lambda tx: tx.accounts.unlink(slack))
    await office.book()
    for _ in range(40):
        await office.send_all(minutes=20)
    assert to(office.web, ecoute) == []
    assert "try again: no account" in await office.failed()


async def test_the_next_account_waits_for_its_own_turn(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.faults = [Undeliverable("blocked")] * 2
    office.web.turns = [None, None, NotYet("no room", 30)]
    await office.book()
    await office.send_all()
    assert to(office.web, ecoute) == []
    await office.send_all(seconds=30)
    assert to(office.web, ecoute) == ["post"]
    assert await office.failed() == []


async def test_the_next_account_is_told_where_one_has_no_conversation_to_wait_for(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.turns = [Undeliverable("not installed")] * 2
    await office.book()
    await office.send_all()
    assert to(office.web, ecoute) == ["post"]
    assert await office.failed() == []


async def test_the_next_account_is_told_before_a_notice_is_given_up(office: Office) -> None:
    """A platform that has been away for hours has failed for good, as far as this notice goes."""
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.faults = [TryAgain("503")] * 40
    await office.book()
    for _ in range(30):
        await office.send_all(minutes=61)
    assert to(office.web, ecoute) == ["post"]
    assert await office.failed() == []


async def test_what_changed_while_the_next_one_waited_is_what_it_shows(office: Office) -> None:
    ecoute = office.guide.ecoute
    await office.join(ecoute, "slack", current=True)
    office.slack.faults = [Undeliverable("blocked")]
    appointment = await office.book()

    async def cancelled_meanwhile() -> None:
        await office.cancel(appointment)
        office.clock.advance(seconds=20)

    office.web.turns = [None, None, cancelled_meanwhile]
    await office.sender.sweep()
    assert to(office.web, ecoute) == []


async def test_somebody_who_mutes_it_while_it_waits_is_told_elsewhere(office: Office) -> None:
    ecoute = office.guide.ecoute
    slack = await office.join(ecoute, "slack", current=True)

    async def muted_meanwhile() -> None:
        await mute(office, slack)

    office.slack.turns = [muted_meanwhile]
    await office.book()
    await office.send_all()
    assert to(office.slack, ecoute) == []
    assert to(office.web, ecoute) == ["post"]


async def test_a_passing_fault_keeps_to_the_preferred_account(office: Office) -> None:
    ecoute = office.guide.ecoute
    await prefer(office, await office.join(ecoute, "slack", current=True))
    office.slack.faults = [TryAgain("busy")]
    await office.book()
    await office.send_all()
    assert to(office.web, ecoute) == []
    await office.send_all(seconds=10)
    assert to(office.slack, ecoute) == ["post"]


# --- the ledger


@pytest.fixture
async def ledger(db: Database) -> Database:
    """A stored database with the guide's people; ecoute has three accounts, of which Slack's is preferred."""
    guide = await db.write(store_guide)

    def join(tx: Transaction) -> None:
        for worker in guide.workers:
            tx.accounts.link(worker.id, "web", "local", worker.handle, current=True)
        tx.accounts.link(guide.ecoute.id, "teams", "T2", "ecoute", current=True)
        tx.accounts.prefer(tx.accounts.link(guide.ecoute.id, "slack", "T1", "ecoute", current=True), preferred=True)

    await db.write(join)
    clock = SetClock()
    await db.write(lambda tx: book(tx, guide.agathe, guide.request(), clock.now(), RULES))
    return db


async def sent(db: Database, **faults: Exception) -> tuple[list[str], list[str]]:
    """Send everything, with one fault on each of these platforms; return what the ledger says of ecoute's row."""
    messengers = {name: RecordingMessenger(name) for name in ("slack", "teams", "web")}
    sender = OutboxSender(db, messengers, SetClock())
    for name, fault in faults.items():
        messengers[name].faults = [fault] * 9
    while await sender.sweep():
        pass

    def look(tx: Transaction) -> tuple[list[str], list[str]]:
        rows = sa.text("SELECT settled, error FROM outbox WHERE kind = 'invited'")
        found = tx.connection.execute(rows).all()  # type: ignore[attr-defined]
        return [row[0] for row in found if row[0]], [row[1] for row in found if row[1]]

    return await db.read(look)


async def test_the_ledger_says_that_it_was_sent(ledger: Database) -> None:
    assert await sent(ledger) == (["sent"], [])


async def test_the_ledger_says_where_it_was_sent_and_what_failed(ledger: Database) -> None:
    said = await sent(ledger, slack=Undeliverable("account_inactive"))
    assert said == (["sent: web; failed: slack: account_inactive"], [])


async def test_the_ledger_tells_of_each_platform_that_failed(ledger: Database) -> None:
    said = await sent(ledger, slack=AccountGone("user_disabled"), web=Undeliverable("closed"))
    assert said == (["sent: teams; failed: slack: user_disabled; web: closed"], [])


async def test_the_ledger_tells_what_failed_where_nothing_could_be_sent(ledger: Database) -> None:
    gone = AccountGone("gone")
    assert await sent(ledger, slack=gone, web=gone, teams=gone) == (
        [],
        ["undeliverable: slack: gone; web: gone; teams: gone"],
    )
    left = await ledger.read(lambda tx: [a.platform for a in tx.accounts.of_worker(_ecoute(tx))])
    assert left == ["teams"], "the last one stays"


def _ecoute(tx: Transaction) -> int:
    worker = tx.people.worker_by_handle("ecoute")
    assert worker is not None
    return worker.id
