"""What the in-memory database holds: plain dictionaries of frozen values."""

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from core.appointments import Appointment
from core.availability import Absence, AvailabilityRange, ExternalEvent, Limits, Shown
from core.cases import Place, SupportCase
from core.counterproposals import CounterProposal
from core.notices import Notice, NoticeKind
from core.openings import Opening
from core.people import Account, Client, LinkCode, PersonalContact, ProfessionalContact, Worker
from core.ports import Copy
from core.preferences import Preferences
from core.shares import Share
from core.times import Interval

Subject = tuple[int, int, int, date | None]
"""The appointment's, the opening's and the counter-proposal's id, and the day: one of them is there."""
NoticeKey = tuple[Subject, int, NoticeKind, int, int]
ClaimOwner = tuple[int, int]
"""An appointment's id and 0, or 0 and the id of who holds the time in an open form."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A main worker's time is taken by one appointment or held; `expires_at` is None while an appointment stands."""

    worker_id: int
    during: Interval
    expires_at: datetime | None = None

    def gone(self, now: datetime) -> bool:
        """Tell whether it has expired at `now`."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice on its way; `settled` says why it will not be sent any more ("sent" included)."""

    id: int
    notice: Notice
    due_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    settled: str | None = None
    failed_at: datetime | None = None
    error: str = ""

    @property
    def waiting(self) -> bool:
        """Neither sent, dropped nor set aside."""
        return self.settled is None and self.failed_at is None


def notice_key(notice: Notice) -> NoticeKey:
    """Return what makes two notices the same one."""
    told = (notice.version, notice.minutes) if notice.appointment_id else (0, 0)
    return (subject(notice), notice.recipient_id, notice.kind, *told)


def subject(notice: Notice) -> Subject:
    """Return what the notice speaks of."""
    return (notice.appointment_id, notice.opening_id, notice.proposal_id, notice.day)


@dataclass(slots=True)
class State:
    """All tables. Values are frozen, so a copy of the dictionaries is a snapshot."""

    next_id: dict[str, int] = field(default_factory=dict)
    workers: dict[int, Worker] = field(default_factory=dict)
    clients: dict[int, Client] = field(default_factory=dict)
    personal_contacts: dict[int, PersonalContact] = field(default_factory=dict)
    professional_contacts: dict[int, ProfessionalContact] = field(default_factory=dict)
    keys: dict[tuple[str, str], int] = field(default_factory=dict)
    cases: dict[int, SupportCase] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    ranges: dict[int, tuple[AvailabilityRange, ...]] = field(default_factory=dict)
    external: dict[int, tuple[ExternalEvent, ...]] = field(default_factory=dict)
    absences: dict[int, Absence] = field(default_factory=dict)
    limits: dict[int, Limits] = field(default_factory=dict)
    toggles: dict[tuple[int, int], Shown] = field(default_factory=dict)
    preferences: dict[int, Preferences] = field(default_factory=dict)
    summaries: dict[int, datetime] = field(default_factory=dict)
    appointments: dict[int, Appointment] = field(default_factory=dict)
    claims: dict[ClaimOwner, Claim] = field(default_factory=dict)
    answers: dict[int, tuple[tuple[int, str, datetime], ...]] = field(default_factory=dict)
    openings: dict[int, Opening] = field(default_factory=dict)
    counterproposals: dict[int, CounterProposal] = field(default_factory=dict)
    shares: dict[int, Share] = field(default_factory=dict)
    deliveries: dict[str, str] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    codes: dict[str, LinkCode] = field(default_factory=dict)
    outbox: dict[NoticeKey, Pending] = field(default_factory=dict)
    copies: dict[int, Copy] = field(default_factory=dict)
    audit: dict[int, tuple[tuple[int, str, datetime, str], ...]] = field(default_factory=dict)

    def copy(self) -> "State":
        """Return a snapshot."""
        return State(**{f.name: dict(getattr(self, f.name)) for f in fields(self)})

    def everybody(self) -> dict[int, Worker]:
        """Return the workers, each with the language and zone that he chose in the place of those imported."""
        return {worker_id: self._as_chosen(worker) for worker_id, worker in self.workers.items()}

    def _as_chosen(self, worker: Worker) -> Worker:
        chosen = self.preferences.get(worker.id)
        if chosen is None:
            return worker
        return replace(worker, locale=chosen.locale or worker.locale, zone=chosen.zone or worker.zone)

    def new_id(self, table: str) -> int:
        """Return the next id of a table, from 1."""
        self.next_id[table] = self.next_id.get(table, 0) + 1
        return self.next_id[table]
