"""What a handler works with: who acts, the database, the clock, his language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Clock
from handlers.codec import decode, encode
from handlers.i18n import Texts
from handlers.ui import Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """One inbound event of one worker; `delivery_key` is what the platform names its delivery by, "" for none.

    `private` is False where others read along (a channel). `platform`, `tenant` and `external_id` are opaque names of
    where he is. `doors` says how one gets to the bot on each platform that runs: a link with "{code}" where the code
    that joins an account goes, or "" where it is typed.
    """

    actor: Worker
    db: Database
    clock: Clock
    texts: Texts
    rules: Rules
    delivery_key: str = ""
    private: bool = True
    platform: str = ""
    tenant: str = ""
    external_id: str = ""
    doors: Mapping[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self.clock.now()

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view."""
        return await self.db.read(work)

    async def write(self, work: Callable[[Transaction], Outcome], key: str = "") -> Outcome:
        """Run `work` once for this delivery: its outcome commits with its effect, and a repeat gets that outcome.

        `key` names the delivery better than the platform does (the nonce of a form).
        """
        name = key or self.delivery_key

        def once(tx: Transaction) -> Outcome:
            if name and (stored := tx.deliveries.find(name)) is not None:
                return cast("Outcome", decode(stored))
            outcome = work(tx)
            if name:
                tx.deliveries.add(name, encode(outcome), self.now())
            return outcome

        return await self.db.write(once)
