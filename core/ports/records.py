"""What was received, sent and done, as the rules need it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.notices import Notice, NoticeKind
from core.people import Account


class Deliveries(Protocol):
    """Which clicks and forms have been acted on, with their outcome."""

    def find(self, key: str) -> str | None:
        """Return the stored outcome."""
        ...

    def add(self, key: str, outcome: str, now: datetime) -> None:
        """Store the outcome. Raises DuplicateDelivery if the key is there."""
        ...


@dataclass(frozen=True, slots=True)
class Copy:
    """One message (or several that make one card) that shows an appointment to one account."""

    id: int
    appointment_id: int
    account_id: int
    messages: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A notice being sent: `attempts` counts this one.

    `towards` is (platform, tenant) of the recipient's current account.
    """

    id: int
    notice: Notice
    attempts: int
    towards: tuple[str, str] | None = None


class Outbox(Protocol):
    """Notices waiting to be sent, and the card copies that were sent."""

    def add(self, notices: Iterable[Notice], now: datetime) -> None:
        """Store notices; one that is there already is left alone.

        The same one: the same appointment, recipient, kind, version and minutes; of an opening or a counter-proposal,
        the same one, recipient and kind; of a summary, the same day and recipient.
        """
        ...

    def notice(self, row_id: int) -> Notice | None:
        """Return the notice of a row, sent or not."""
        ...

    def withdraw(
        self, appointment_id: int, kind: NoticeKind, now: datetime, *, recipient_id: int | None = None
    ) -> None:
        """Drop the unsent notices of that kind, of one recipient or of all (a move makes new reminders)."""
        ...

    def drop_reminders(self, recipient_id: int, appointment_ids: Collection[int], now: datetime) -> None:
        """Forget the reminders of these appointments to this recipient that fall due after `now`.

        They may be added again.
        """
        ...

    def refresh_again(self, appointment_id: int, worker_id: int, version: int, now: datetime) -> None:
        """Make the worker's copies count as outdated, and their REFRESH due now even if it was sent already."""
        ...

    def claim_due(
        self, now: datetime, lease_until: datetime, limit: int, *, closed: Collection[tuple[str, str]] = ()
    ) -> list[OutboxRow]:
        """Lease due rows, oldest first, at most one for each (appointment, recipient).

        None for a pair of which another row is in flight (leased, the lease not run out), and none whose recipient's
        current account is on one of the `closed` (platform, tenant) pairs.
        """
        ...

    def claim_own(self, recipient_id: int, now: datetime, lease_until: datetime) -> list[OutboxRow]:
        """Lease the due REFRESH rows of one recipient, the newest of each appointment of which no row is in flight."""
        ...

    def done(self, row_id: int, now: datetime, why: str = "sent") -> None:
        """Mark a row as sent, or as dropped with the reason."""
        ...

    def retry(self, row_id: int, due_at: datetime, error: str) -> None:
        """Free the row and make it due again at `due_at`."""
        ...

    def postpone(self, row_id: int, due_at: datetime) -> None:
        """Free the row and make it due again at `due_at`; the attempt does not count: nothing was tried."""
        ...

    def set_aside(self, row_id: int, now: datetime, error: str) -> None:
        """Give up on a row; it stays, to be reported."""
        ...

    def failed(self, limit: int) -> list[tuple[OutboxRow, str]]:
        """Return rows that were set aside, with their errors, the newest first."""
        ...

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the oldest unsent due row has waited: the figure that raises an alarm."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next unsent, unleased row falls due."""
        ...

    def copies(self, appointment_id: int, worker_id: int | None = None) -> list[tuple[Copy, Account]]:
        """Return the card copies of an appointment, of one worker or of all."""
        ...

    def save_copy(self, appointment_id: int, account_id: int, messages: tuple[str, ...], version: int) -> Copy:
        """Store a new copy."""
        ...

    def update_copy(self, copy_id: int, messages: tuple[str, ...], version: int) -> None:
        """Store that a copy shows `version` now; no messages: the copy is gone and its row is deleted."""
        ...


class Audit(Protocol):
    """Who did what, in order; deleted appointments keep their lines."""

    def add(self, actor_id: int, action: str, appointment_id: int, now: datetime, detail: str = "") -> None:
        """Store a line; `detail` holds no client's name."""
        ...

    def of(self, appointment_id: int) -> list[tuple[int, str, datetime, str]]:
        """Return (actor id, action, instant, detail) in order."""
        ...
