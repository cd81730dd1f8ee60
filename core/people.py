"""The people of an appointment: workers, clients and the two kinds of contact."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LOCALES = ("fr", "en")
"""The languages in which people are spoken to, the first one where nothing else is known."""


class PartyKind(StrEnum):
    """The four columns of the concerned parties (guide, step 4)."""

    CLIENT = "client"
    PERSONAL_CONTACT = "personal_contact"
    PROFESSIONAL_CONTACT = "professional_contact"
    WORKER = "worker"


@dataclass(frozen=True, slots=True, order=True)
class PartyRef:
    """One concerned party: which kind, and its id among that kind."""

    kind: PartyKind
    id: int


@dataclass(frozen=True, slots=True)
class Worker:
    """One of our own staff; `zone` is an IANA name, `locale` is "fr" or "en".

    `region` names the country, or country and region ("BE", "FR-57"), whose public holidays he has; "" for the
    organisation's own. A `manager` sees figures of everybody's occupation.
    """

    id: int
    handle: str
    name: str
    job: str
    service: str
    email: str
    zone: str = "Europe/Brussels"
    locale: str = "fr"
    active: bool = True
    region: str = ""
    manager: bool = False

    @property
    def label(self) -> str:
        """As the guide writes it: name (job) (service)."""
        return " ".join([self.name, *(f"({part})" for part in (self.job, self.service) if part)])

    @property
    def ref(self) -> PartyRef:
        """The worker as a concerned party."""
        return PartyRef(PartyKind.WORKER, self.id)


@dataclass(frozen=True, slots=True)
class Client:
    """A person the organisation accompanies; shown with given name, FAMILY NAME and age."""

    id: int
    given_name: str
    family_name: str
    birth_date: date | None = None

    @property
    def label(self) -> str:
        """Given name and FAMILY NAME; the age is added where a day is known."""
        return f"{self.given_name} {self.family_name.upper()}"

    @property
    def ref(self) -> PartyRef:
        """The client as a concerned party."""
        return PartyRef(PartyKind.CLIENT, self.id)

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on `day`, if the birth date is known."""
        if self.birth_date is None:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)


@dataclass(frozen=True, slots=True)
class PersonalContact:
    """A relative or neighbour of the clients of one case."""

    id: int
    given_name: str
    family_name: str
    relation: str = ""

    @property
    def label(self) -> str:
        """Given name, FAMILY NAME and what he is to the client."""
        name = f"{self.given_name} {self.family_name.upper()}"
        return f"{name} ({self.relation})" if self.relation else name

    @property
    def ref(self) -> PartyRef:
        """The contact as a concerned party."""
        return PartyRef(PartyKind.PERSONAL_CONTACT, self.id)


@dataclass(frozen=True, slots=True)
class ProfessionalContact:
    """A partner from another organisation; shared by all cases."""

    id: int
    name: str
    organisation: str = ""
    email: str = ""

    @property
    def label(self) -> str:
        """Name and organisation."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name

    @property
    def ref(self) -> PartyRef:
        """The contact as a concerned party."""
        return PartyRef(PartyKind.PROFESSIONAL_CONTACT, self.id)


Person = Worker | Client | PersonalContact | ProfessionalContact


@dataclass(frozen=True, slots=True)
class Account:
    """A worker's account on one chat platform; `current` is the one that notices go to.

    That is the `preferred` one if he chose any, else the one he last used; never a `muted` one. `outranked` says that
    another of his accounts is preferred: using this one makes it no more current. `email` is the address, verified by
    the platform, that joined it to him; "" when an administrator or a code did.
    """

    id: int
    worker_id: int
    platform: str
    tenant: str
    external_id: str
    current: bool = True
    email: str = ""
    muted: bool = False
    preferred: bool = False
    outranked: bool = False


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A one-time code that joins an account to this worker until `expires_at` (UTC); `account_id` once it is spent."""

    worker_id: int
    expires_at: datetime
    account_id: int | None = None
