"""Notices waiting to be sent and the card copies, in memory."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from core.notices import Notice, NoticeKind
from core.people import Account
from core.ports import Copy, OutboxRow
from storage.memory.state import Pending, State, Subject, notice_key, subject

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class MemoryOutbox:
    """Implements `core.ports.Outbox`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, notices: Iterable[Notice], now: datetime) -> None:  # noqa: ARG002 - no figure is kept of it here
        for notice in notices:
            if notice_key(notice) not in self._state.outbox:
                self._store(Pending(self._state.new_id("outbox"), notice, notice.due_at))

    def notice(self, row_id: int) -> Notice | None:
        row = self._find(row_id)
        return row.notice if row is not None else None

    def withdraw(
        self,
        appointment_id: int,
        kind: NoticeKind,
        now: datetime,  # noqa: ARG002
        *,
        recipient_id: int | None = None,
    ) -> None:
        for row in list(self._state.outbox.values()):
            notice = row.notice
            named = recipient_id in (None, notice.recipient_id)
            if row.waiting and named and notice.appointment_id == appointment_id and notice.kind is kind:
                self._store(replace(row, settled="withdrawn"))

    def drop_reminders(self, recipient_id: int, appointment_ids: Collection[int], now: datetime) -> None:
        for key, row in list(self._state.outbox.items()):
            notice = row.notice
            meant = notice.recipient_id == recipient_id and notice.appointment_id in appointment_ids
            if meant and notice.kind is NoticeKind.REMINDER and notice.due_at > now:
                del self._state.outbox[key]

    def refresh_again(self, appointment_id: int, worker_id: int, version: int, now: datetime) -> None:
        for copy, _account in self.copies(appointment_id, worker_id):
            self._state.copies[copy.id] = replace(copy, version=0)
        notice = Notice(appointment_id, worker_id, NoticeKind.REFRESH, version, now)
        # A new id: whoever is sending the row that was there must not mark this one as sent.
        self._store(Pending(self._state.new_id("outbox"), notice, now))

    def claim_due(
        self, now: datetime, lease_until: datetime, limit: int, *, closed: Collection[tuple[str, str]] = ()
    ) -> list[OutboxRow]:
        waiting = sorted((r for r in self._state.outbox.values() if r.waiting), key=lambda r: (r.due_at, r.id))
        taken = {_pair(r) for r in waiting if _leased(r, now)}
        claimed: list[OutboxRow] = []
        for row in waiting:
            if len(claimed) == limit or row.due_at > now:
                break
            if _pair(row) in taken or self._towards(row) in closed:
                continue
            taken.add(_pair(row))
            claimed.append(self._lease(row, lease_until))
        return claimed

    def claim_own(self, recipient_id: int, now: datetime, lease_until: datetime) -> list[OutboxRow]:
        waiting = [r for r in self._state.outbox.values() if r.waiting and r.notice.recipient_id == recipient_id]
        taken = {_pair(r) for r in waiting if _leased(r, now)}
        due = [r for r in waiting if r.due_at <= now and r.notice.kind is NoticeKind.REFRESH and _pair(r) not in taken]
        newest = {_pair(r): r for r in sorted(due, key=lambda r: r.id)}
        return [self._lease(row, lease_until) for row in newest.values()]

    def done(self, row_id: int, now: datetime, why: str = "sent") -> None:  # noqa: ARG002
        row = self._find(row_id)
        if row is not None and row.waiting:
            self._store(replace(row, settled=why, lease_until=None))

    def retry(self, row_id: int, due_at: datetime, error: str) -> None:
        row = self._find(row_id)
        if row is not None and row.waiting:
            self._store(replace(row, due_at=due_at, error=error, lease_until=None))

    def postpone(self, row_id: int, due_at: datetime) -> None:
        row = self._find(row_id)
        if row is not None and row.waiting:
            self._store(replace(row, due_at=due_at, attempts=row.attempts - 1, lease_until=None))

    def set_aside(self, row_id: int, now: datetime, error: str) -> None:
        row = self._find(row_id)
        if row is not None and row.waiting:
            self._store(replace(row, failed_at=now, error=error, lease_until=None))

    def failed(self, limit: int) -> list[tuple[OutboxRow, str]]:
        rows = [r for r in self._state.outbox.values() if r.failed_at is not None]
        rows.sort(key=lambda r: (r.failed_at or _LONG_AGO, r.id), reverse=True)
        return [(self._row(r), r.error) for r in rows[:limit]]

    def oldest_due(self, now: datetime) -> datetime | None:
        return min((r.due_at for r in self._state.outbox.values() if r.waiting and r.due_at <= now), default=None)

    def next_due(self) -> datetime | None:
        rows = self._state.outbox.values()
        return min((r.due_at for r in rows if r.waiting and r.lease_until is None), default=None)

    def copies(self, appointment_id: int, worker_id: int | None = None) -> list[tuple[Copy, Account]]:
        found = [
            (copy, self._state.accounts[copy.account_id])
            for copy in self._state.copies.values()
            if copy.appointment_id == appointment_id
        ]
        return [(copy, account) for copy, account in found if worker_id is None or account.worker_id == worker_id]

    def save_copy(self, appointment_id: int, account_id: int, messages: tuple[str, ...], version: int) -> Copy:
        copy = Copy(self._state.new_id("copies"), appointment_id, account_id, messages, version)
        self._state.copies[copy.id] = copy
        return copy

    def update_copy(self, copy_id: int, messages: tuple[str, ...], version: int) -> None:
        copy = self._state.copies.get(copy_id)
        if copy is None:
            return
        if messages:
            self._state.copies[copy_id] = replace(copy, messages=messages, version=version)
        else:
            del self._state.copies[copy_id]

    def _lease(self, row: Pending, until: datetime) -> OutboxRow:
        leased = replace(row, lease_until=until, attempts=row.attempts + 1)
        self._store(leased)
        return self._row(leased)

    def _store(self, row: Pending) -> None:
        self._state.outbox[notice_key(row.notice)] = row

    def _row(self, row: Pending) -> OutboxRow:
        return OutboxRow(row.id, row.notice, row.attempts, self._towards(row))

    def _towards(self, row: Pending) -> tuple[str, str] | None:
        current = (a for a in self._state.accounts.values() if a.current and a.worker_id == row.notice.recipient_id)
        return next(((a.platform, a.tenant) for a in current), None)

    def _find(self, row_id: int) -> Pending | None:
        return next((r for r in self._state.outbox.values() if r.id == row_id), None)


def _pair(row: Pending) -> tuple[Subject, int]:
    return subject(row.notice), row.notice.recipient_id


def _leased(row: Pending, now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > now
