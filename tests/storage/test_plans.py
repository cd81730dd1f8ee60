"""Lookups go through an index, so that they stay as quick with a million rows."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.appointments import Answer, Appointment
from core.booking import book, change
from core.counterproposals import CounterProposal, CounterState
from core.endings import cancel, delete, undo
from core.home import view_home
from core.invitations import answer_invitation, undo_decline
from core.notices import NoticeKind
from core.people import Account
from core.ports import Copy
from core.preferences import Preferences
from core.rules import Rules
from core.shares import Share
from storage.homes import any_home_due, claim_home, close_home, home_shown, open_home, postpone_home
from storage.marking import mark_homes
from storage.sqlite import connect
from storage.transaction import SqlTransaction
from tests.builders import TUESDAY_AT_TEN, Guide, between, store_guide
from tests.clock import START

RULES = Rules()
SMALL = {"workers", "places"}  # an organisation has hundreds


class Plans:
    """Runs works in one transaction and tells which tables each of their statements would read from end to end."""

    def __init__(self, path: Path) -> None:
        self.driver = connect(path)
        engine = sa.create_engine("sqlite://", creator=lambda: self.driver, poolclass=sa.pool.StaticPool)
        self.tx = SqlTransaction(engine.connect())
        self._seen: list[str] = []

    def scanned(self, work: Callable[[SqlTransaction], object]) -> set[str]:
        """Run `work`; return the tables that were scanned, small ones left out."""
        self._seen.clear()
        self.driver.set_trace_callback(self._seen.append)
        work(self.tx)
        self.driver.set_trace_callback(None)
        assert self._seen
        return {table for statement in self._seen for table in self._scans(statement)} - SMALL

    def _scans(self, statement: str) -> set[str]:
        if statement.startswith("--"):  # what a trigger does
            return set()
        plan = [row[3] for row in self.driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
        return {found[1] for line in plan if (found := re.match(r"SCAN (?!\d* ?CONSTANT)(\w+)", line))}


@pytest.fixture
def plans(sqlite_url: str) -> Iterator[Plans]:
    opened = Plans(Path(sqlite_url.removeprefix("sqlite:///")))
    yield opened
    opened.driver.close()


@pytest.fixture
def guide(plans: Plans) -> Guide:
    return store_guide(plans.tx)


@pytest.fixture
def appointment(plans: Plans, guide: Guide) -> Appointment:
    return book(plans.tx, guide.agathe, guide.request(), START, RULES)


@pytest.fixture
def copy(plans: Plans, guide: Guide, appointment: Appointment) -> tuple[Copy, Account]:
    account = plans.tx.accounts.link(guide.ecoute.id, "web", "local", "ecoute", current=True)
    return plans.tx.outbox.save_copy(appointment.id, account.id, ("1",), 1), account


def test_a_scan_would_be_seen(plans: Plans, appointment: Appointment) -> None:
    def look(tx: SqlTransaction) -> None:
        tx.connection.execute(
            sa.text("SELECT id FROM appointments WHERE comment = :comment"), {"comment": appointment.comment}
        )

    assert plans.scanned(look) == {"appointments"}


def test_booking_and_changing(plans: Plans, guide: Guide, appointment: Appointment) -> None:
    def work(tx: SqlTransaction) -> None:
        other = guide.request(during=between("2026-01-28 10:00", "12:00"))
        booked = book(tx, guide.agathe, other, START, RULES)
        moved = guide.request(during=between("2026-01-28 11:00", "13:00"), comment="later")
        changed = change(tx, guide.agathe, booked.id, 1, moved, START, RULES)
        cancel(tx, guide.agathe, booked.id, changed.revision, "ill", START, RULES)
        undo(tx, guide.agathe, booked.id, START)
        delete(tx, guide.agathe, booked.id, changed.revision, START, RULES)

    assert plans.scanned(work) == set()
    assert appointment.id == 1


def test_answering(plans: Plans, guide: Guide, appointment: Appointment) -> None:
    def work(tx: SqlTransaction) -> None:
        tx.deliveries.find("click")
        answer_invitation(tx, guide.ecoute, appointment.id, 1, 0, Answer.DECLINED, START, RULES)
        undo_decline(tx, guide.ecoute, appointment.id, 1, START)
        tx.deliveries.add("click", "", START)

    assert plans.scanned(work) == set()


def test_looking(plans: Plans, guide: Guide, appointment: Appointment) -> None:
    def work(tx: SqlTransaction) -> None:
        tx.cases.find(guide.case.number)
        tx.appointments.of_case(guide.case.number, guide.agathe.id, START, limit=10)
        tx.appointments.invited(guide.ecoute.id, START, limit=10)
        tx.appointments.count_invited(guide.ecoute.id, START)
        tx.appointments.answers(appointment.id)
        tx.appointments.coming(guide.ecoute.id, START)
        tx.appointments.unsettled(guide.agathe.id, START)
        view_home(tx, guide.ecoute, START)
        tx.agendas.ranges(guide.seforme.id)
        tx.agendas.busy([w.id for w in guide.workers], TUESDAY_AT_TEN, START)
        tx.people.find([guide.gisele.ref, guide.aunt.ref, guide.partner.ref, guide.ecoute.ref])
        tx.people.worker_by_email("ecoute@example.org")
        tx.accounts.find("web", "local", "ecoute")
        tx.accounts.of_worker(guide.ecoute.id)
        tx.audit.of(appointment.id)

    assert plans.scanned(work) == set()


def test_sending(plans: Plans, guide: Guide, copy: tuple[Copy, Account]) -> None:
    def work(tx: SqlTransaction) -> None:
        rows = tx.outbox.claim_due(START, START + timedelta(minutes=1), 10)
        tx.outbox.claim_due(START, START + timedelta(minutes=1), 10, closed=[("slack", "T1"), ("slack", "T2")])
        tx.outbox.postpone(rows[0].id, START)
        tx.outbox.done(rows[0].id, START)
        tx.outbox.retry(rows[1].id, START, "busy")
        tx.outbox.set_aside(rows[2].id, START, "gone")
        tx.outbox.failed(10)
        tx.outbox.oldest_due(START)
        tx.outbox.next_due()
        tx.outbox.copies(copy[0].appointment_id, guide.ecoute.id)
        tx.outbox.refresh_again(copy[0].appointment_id, guide.ecoute.id, 1, START)
        tx.outbox.withdraw(copy[0].appointment_id, NoticeKind.REMINDER, START)
        tx.outbox.drop_reminders(guide.ecoute.id, [copy[0].appointment_id], START)
        tx.outbox.update_copy(copy[0].id, (), 2)

    assert plans.scanned(work) == set()


def test_choosing_proposing_and_sharing(plans: Plans, guide: Guide, appointment: Appointment) -> None:
    def work(tx: SqlTransaction) -> None:
        tx.choices.save(guide.ecoute.id, Preferences(locale="en"), START)
        tx.choices.of([w.id for w in guide.workers])
        tx.choices.summaries_due(START, 10)
        tx.choices.summary_next(guide.ecoute.id, START, START + timedelta(days=1))
        during = between("2026-01-28 10:00", "12:00")
        proposal = tx.counterproposals.add(CounterProposal(0, appointment.id, 1, guide.ecoute.id, during, None, START))
        tx.counterproposals.find(proposal.id)
        tx.counterproposals.of(appointment.id)
        tx.counterproposals.decide(replace(proposal, state=CounterState.REFUSED))
        tx.accounts.unlink(tx.accounts.link(guide.ecoute.id, "web", "local", "ecoute", current=True))
        share = tx.shares.add(Share(0, appointment.id, "slack", "T1", "C1", guide.agathe.id))
        tx.shares.find(share.id)
        tx.shares.of(appointment.id)
        tx.shares.update(share.id, ("1",), 1)
        tx.shares.delete(share.id)

    assert plans.scanned(work) == set()


def test_looking_after_homes(plans: Plans, guide: Guide) -> None:
    account = plans.tx.accounts.link(guide.ecoute.id, "slack", "T1", "ecoute", current=True)

    def work(tx: SqlTransaction) -> None:
        home = open_home(tx, account.id, START, START + timedelta(minutes=1))
        assert home is not None
        home_shown(tx, home, "shown", START)
        mark_homes(tx.connection, [w.id for w in guide.workers], START)
        assert any_home_due(tx, START)
        assert claim_home(tx, START, START + timedelta(minutes=1), ["T2"]) is not None
        postpone_home(tx, home, START)
        tx.accounts.link(guide.seforme.id, "slack", "T1", "ecoute", current=True)
        close_home(tx, home)

    assert plans.scanned(work) == set()


def test_no_sort_stands_between_a_sweep_and_the_oldest_row(plans: Plans, appointment: Appointment) -> None:
    seen: list[str] = []
    plans.driver.set_trace_callback(seen.append)
    plans.tx.outbox.claim_due(START, START + timedelta(minutes=1), 10)
    plans.tx.appointments.of_case(appointment.case_number, 1, START, limit=10)
    claim_home(plans.tx, START, START + timedelta(minutes=1), ["T1"])
    plans.driver.set_trace_callback(None)
    for ordered in ("ORDER BY outbox", "ORDER BY appointments", "ORDER BY homes"):
        statement = next(s for s in seen if ordered in s)
        plan = [row[3] for row in plans.driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
