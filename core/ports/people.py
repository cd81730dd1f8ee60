"""People, their accounts, cases and places, as the rules need them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.cases import Place, SupportCase
from core.people import Account, Client, LinkCode, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.preferences import Preferences


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

    def imported_zone(self, handle: str) -> str | None:
        """Return the zone that was imported for the worker with that handle, whatever he chose himself since."""
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


class Accounts(Protocol):
    """Which worker is behind an account, and where he is reached."""

    def find(self, platform: str, tenant: str, external_id: str) -> tuple[Account, Worker] | None:
        """Return the account with its worker, inactive workers included."""
        ...

    def of_worker(self, worker_id: int) -> list[Account]:
        """Return a worker's accounts, the current one first."""
        ...

    def link(
        self, worker_id: int, platform: str, tenant: str, external_id: str, *, current: bool, email: str = ""
    ) -> Account:
        """Join an account to a worker (moving it if it was another's); with `current`, notices go there from now on.

        `email` is the verified address that says so, if one does. The first account of a worker is always current.
        """
        ...

    def make_current(self, account: Account) -> None:
        """Send the worker's notices to this account from now on, unless it is muted or another one is preferred."""
        ...

    def prefer(self, account: Account, *, preferred: bool) -> None:
        """Let notices go to this account whichever he uses (it is no more muted then), or to the one he last used."""
        ...

    def mute(self, account: Account, *, muted: bool) -> None:
        """Post nothing new to this account, or post again; a muted one is neither preferred nor current.

        Raises LastAccount if nothing would be left that notices can go to.
        """
        ...

    def unlink(self, account: Account) -> None:
        """Forget the account with its card copies; another of the worker's, if any, becomes the current one.

        One that was joined otherwise meanwhile stays.
        """
        ...


class LinkCodes(Protocol):
    """One-time codes that join an account to a worker; only their digests are stored."""

    def add(self, digest: str, worker_id: int, expires_at: datetime) -> None:
        """Store a code of the worker's; one that he had before is no longer valid."""
        ...

    def find(self, digest: str) -> LinkCode | None:
        """Return the code, whether it may still be used or not."""
        ...

    def use(self, digest: str, account_id: int) -> bool:
        """Spend the code on this account; False if it was spent (the database decides between two at once)."""
        ...

    def prune(self, before: datetime) -> None:
        """Forget codes that expired before then."""
        ...


class Choices(Protocol):
    """What workers have chosen for themselves. Their language and zone show in `People.worker` and its like at once."""

    def of(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        """Return the preferences of these workers; the defaults for who has chosen nothing."""
        ...

    def lock(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        """Return the preferences as `of` does, and keep anyone from changing them until the transaction ends."""
        ...

    def save(self, worker_id: int, preferences: Preferences, summary_due: datetime | None) -> None:
        """Store them; `summary_due` is the instant of the next daily summary, None without one."""
        ...

    def summary_due(self, worker_id: int) -> datetime | None:
        """Return the instant of this worker's next summary, which may have passed; None without one."""
        ...

    def summaries_due(self, now: datetime, limit: int) -> list[tuple[int, datetime]]:
        """Return (worker id, instant) of the daily summaries that have fallen due, the oldest first."""
        ...

    def summary_next(self, worker_id: int, due: datetime, after: datetime) -> bool:
        """Make `after` the instant of the next summary in the place of `due`; tell whether `due` still stood there."""
        ...


class Cases(Protocol):
    """Support cases."""

    def find(self, number: int) -> SupportCase | None:
        """Return the case with its people."""
        ...

    def find_all(self, numbers: Iterable[int]) -> list[SupportCase]:
        """Return those of these cases that exist, with their people, by number, in two queries."""
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

    def find_all(self, place_ids: Collection[int]) -> list[Place]:
        """Return those of these places that exist, by name, in one query."""
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
