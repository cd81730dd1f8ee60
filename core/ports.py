"""What the rules need from the outside.

A use case is a synchronous function over a `Transaction`. `Database.write` runs it in one transaction and
may run it again (a lost race, a repeated delivery), so it has no other effect than through its transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from core.appointments import Appointment, Invitation
from core.availability import AvailabilityRange, Busy, ExternalEvent
from core.cases import Place, SupportCase
from core.notices import Notice, NoticeKind
from core.people import Account, Client, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.times import Interval

T = TypeVar("T")


class People(Protocol):
    """Workers, clients and contacts."""

    def worker(self, worker_id: int) -> Worker:
        """Return the worker. Raises NotFound."""
        ...

    def worker_by_handle(self, handle: str) -> Worker | None:
        """Return the worker with that handle (case and accents ignored), active or not."""
        ...

    def worker_by_email(self, email: str) -> Worker | None:
        """Return the worker with that e-mail address (case ignored), active or not."""
        ...

    def workers(self) -> list[Worker]:
        """Return all active workers, by name."""
        ...

    def search_workers(self, text: str, limit: int) -> list[Worker]:
        """Return active workers whose folded name, job or service holds the folded `text`, by name."""
        ...

    def search_professional_contacts(self, text: str, limit: int) -> list[ProfessionalContact]:
        """Return professional contacts whose folded name or organisation holds the folded `text`, by name."""
        ...

    def find(self, refs: Iterable[PartyRef]) -> dict[PartyRef, Person]:
        """Return those of `refs` that exist."""
        ...

    def save_worker(self, worker: Worker) -> Worker:
        """Insert (id 0) or update a worker by handle; return it with its id."""
        ...

    def save_client(self, key: str, client: Client) -> Client:
        """Insert or update the client with that import key; return it with its id."""
        ...

    def save_personal_contact(self, key: str, contact: PersonalContact) -> PersonalContact:
        """Insert or update the contact with that import key; return it with its id."""
        ...

    def save_professional_contact(self, key: str, contact: ProfessionalContact) -> ProfessionalContact:
        """Insert or update the contact with that import key; return it with its id."""
        ...


class Cases(Protocol):
    """Support cases."""

    def find(self, number: int) -> SupportCase | None:
        """Return the case with its people."""
        ...

    def search(self, text: str, viewer_id: int, limit: int) -> list[SupportCase]:
        """Return cases whose number begins with `text` or of which a client's folded name holds it.

        Only cases that `viewer_id` may see (a confidential one: its lead and the workers named on it); by number.
        """
        ...

    def save(self, case: SupportCase) -> None:
        """Insert or update the case and who is on it."""
        ...


class Places(Protocol):
    """Places."""

    def find(self, place_id: int) -> Place | None:
        """Return the place."""
        ...

    def named(self, name: str, kind: str) -> Place | None:
        """Return the place with that name and kind, case and accents ignored."""
        ...

    def all(self) -> list[Place]:
        """Return all places, by name."""
        ...

    def add(self, name: str, kind: str) -> Place:
        """Add a place. Raises PlaceExists if one has that name and kind (case and accents ignored)."""
        ...


class Agendas(Protocol):
    """Availability and what occupies people."""

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        """Return all availability ranges of a worker."""
        ...

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        """Return the ranges as `ranges` does, and keep anyone else from changing them until the transaction ends."""
        ...

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        """Put `ranges` (ids ignored) in the place of all of the worker's."""
        ...

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        """Return what occupies these workers inside `window`, by start.

        APPOINTMENT: claims of which he is the main worker, a cancellation that can still be undone included,
        expired ones left out. ACCEPTED, TENTATIVE, PENDING: standing appointments to which he is invited, by his
        own answer (declined ones are left out). EXTERNAL: his external events, the tentative ones as TENTATIVE.
        An appointment whose ending has settled occupies nobody.
        """
        ...

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        """Put `events` in the place of all of the worker's."""
        ...


class Appointments(Protocol):
    """Appointments with their parties and invitations."""

    def find(self, appointment_id: int) -> Appointment | None:
        """Return the appointment, ended ones too."""
        ...

    def of_case(self, number: int, viewer_id: int, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        """Return the appointments of a case that are not deleted for this viewer at `now`, the latest start first."""
        ...

    def invited(self, worker_id: int, since: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        """Return appointments that start after `since`, await an answer of `worker_id` and stand for him, by start.

        One that another is ending stands for him until that settles (`ended_for` at `since`).
        """
        ...

    def count_invited(self, worker_id: int, since: datetime) -> int:
        """Return how many `invited` would return without a limit."""
        ...

    def add(self, appointment: Appointment) -> Appointment:
        """Insert it (id 0) with parties, invitations and the claim on the main worker's time.

        Claims of that worker that had expired at `created_at` are deleted first. An invitation that is not pending is
        appended to the answers kept. Returns it with its id. Raises SlotTaken.
        """
        ...

    def replace(self, old: Appointment, new: Appointment, now: datetime) -> Appointment:
        """Store `new` over `old` (same id), parties and invitations included; move the claim if worker or time differ.

        Sets `version` to `old.version + 1`, the value returned. Raises VersionConflict if the stored version is
        not `old.version`, SlotTaken if the claim is refused; claims of that worker that have expired at `now` are
        deleted first. While `new.ending` is None the claim stands (it is made anew if it had expired); a new ending
        that is not `was_cancelled` lets it expire at `settles_at`, and never makes one. Each invitation whose answer
        differs from the old one (or is new and not pending) is appended to the answers kept.
        """
        ...

    def answer(self, appointment: Appointment, invitation: Invitation, now: datetime) -> Appointment:
        """Store one invitation's new answer, append it to the answers kept, and raise the appointment's version.

        Cheaper than `replace`: touches one invitation. `invitation.sequence` is the new one; the stored one must be
        one less, else VersionConflict. Returns the appointment as stored, with the new version, which is the
        invitation's `version` too.
        """
        ...

    def answers(self, appointment_id: int) -> list[tuple[int, str, datetime]]:
        """Return every answer ever given: (worker id, answer, instant), in order."""
        ...


class Deliveries(Protocol):
    """Which clicks and forms have been acted on, with their outcome."""

    def find(self, key: str) -> str | None:
        """Return the stored outcome."""
        ...

    def add(self, key: str, outcome: str, now: datetime) -> None:
        """Store the outcome. Raises DuplicateDelivery if the key is there."""
        ...


class Accounts(Protocol):
    """Which worker is behind an account, and where he is reached."""

    def find(self, platform: str, tenant: str, external_id: str) -> tuple[Account, Worker] | None:
        """Return the account with its worker, inactive workers included."""
        ...

    def of_worker(self, worker_id: int) -> list[Account]:
        """Return a worker's accounts, the current one first."""
        ...

    def link(self, worker_id: int, platform: str, tenant: str, external_id: str, *, current: bool) -> Account:
        """Join an account to a worker (moving it if it was another's); with `current`, notices go there from now on.

        The first account of a worker is always current.
        """
        ...

    def make_current(self, account: Account) -> None:
        """Send the worker's notices to this account from now on."""
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
    """A notice being sent: `attempts` counts this one; `created_at` in UTC."""

    id: int
    notice: Notice
    attempts: int


class Outbox(Protocol):
    """Notices waiting to be sent, and the card copies that were sent."""

    def add(self, notices: Iterable[Notice], now: datetime) -> None:
        """Store notices; one that is there already is left alone.

        The same one: the same appointment, recipient, kind, version and minutes.
        """
        ...

    def withdraw(
        self, appointment_id: int, kind: NoticeKind, now: datetime, *, recipient_id: int | None = None
    ) -> None:
        """Drop the unsent notices of that kind, of one recipient or of all (a move makes new reminders)."""
        ...

    def refresh_again(self, appointment_id: int, worker_id: int, version: int, now: datetime) -> None:
        """Make the worker's copies count as outdated, and their REFRESH due now even if it was sent already."""
        ...

    def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> list[OutboxRow]:
        """Lease due rows, oldest first, at most one for each (appointment, recipient).

        None for a pair of which another row is in flight (leased, the lease not run out).
        """
        ...

    def done(self, row_id: int, now: datetime, why: str = "sent") -> None:
        """Mark a row as sent, or as dropped with the reason."""
        ...

    def retry(self, row_id: int, due_at: datetime, error: str) -> None:
        """Free the row and make it due again at `due_at`."""
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


class Transaction(Protocol):
    """Everything one use case may read and write, all or nothing."""

    @property
    def people(self) -> People: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def places(self) -> Places: ...
    @property
    def agendas(self) -> Agendas: ...
    @property
    def appointments(self) -> Appointments: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> Audit: ...


class Database(Protocol):
    """Runs use cases in transactions."""

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view; it writes nothing."""
        ...

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` and commit, durably, before returning; on any exception nothing is kept.

        Runs it again after DuplicateDelivery, VersionConflict, a deadlock or a serialization failure.
        """
        ...

    async def close(self) -> None:
        """Release what is held."""
        ...
