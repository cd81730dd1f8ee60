"""An office with the guide's people, an outbox and messengers that remember: what tests of sending work with."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.outbox import OutboxSender
from core.appointments import Answer, Appointment
from core.booking import book, change
from core.endings import cancel, undo
from core.invitations import answer_invitation
from core.people import Account, Worker
from core.ports import Copy, Transaction
from core.rules import Rules
from storage.memory import MemoryDatabase
from tests.bot.messengers import RecordingMessenger
from tests.builders import Guide, store_guide
from tests.clock import SetClock

RULES = Rules()


@dataclass
class Office:
    """Everybody has a web account; `web` and `slack` are the messengers that run."""

    db: MemoryDatabase
    clock: SetClock
    guide: Guide
    web: RecordingMessenger = field(default_factory=RecordingMessenger)
    slack: RecordingMessenger = field(default_factory=lambda: RecordingMessenger("slack"))

    @classmethod
    async def open(cls) -> "Office":
        """Return an office whose workers were all in the web chat."""
        db = MemoryDatabase()
        guide = await db.write(store_guide)

        def join(tx: Transaction) -> None:
            for worker in guide.workers:
                tx.accounts.link(worker.id, "web", "local", worker.handle, current=True)

        await db.write(join)
        return cls(db, SetClock(), guide)

    @property
    def sender(self) -> OutboxSender:
        """A new sender, as after a restart."""
        messengers = {m.platform: m for m in (self.slack, self.web)}
        return OutboxSender(self.db, messengers, self.clock, jitter=lambda: 0.0)

    async def send_all(self, **later: float) -> int:
        """Let time pass, then send until nothing is due; return how many rows were handled."""
        self.clock.advance(**later)
        sender, handled = self.sender, 0
        while count := await sender.sweep():
            handled += count
        return handled

    async def book(self, **changes: Any) -> Appointment:
        """Agathe books in seforme's agenda, ecoute is invited."""
        request, now = self.guide.request(**changes), self.clock.now()
        return await self.db.write(lambda tx: book(tx, self.guide.agathe, request, now, RULES))

    async def change(self, old: Appointment, **changes: Any) -> Appointment:
        """Agathe changes it."""
        request, now = self.guide.request(**changes), self.clock.now()
        return await self.db.write(lambda tx: change(tx, self.guide.agathe, old.id, old.revision, request, now, RULES))

    async def cancel(self, appointment: Appointment) -> Appointment:
        """Agathe cancels it."""
        now = self.clock.now()
        return await self.db.write(
            lambda tx: cancel(tx, self.guide.agathe, appointment.id, appointment.revision, "reason", now, RULES)
        )

    async def undo(self, appointment: Appointment) -> Appointment:
        """Agathe takes it back."""
        now = self.clock.now()
        return await self.db.write(lambda tx: undo(tx, self.guide.agathe, appointment.id, now))

    async def answer(self, appointment: Appointment, answer: Answer, sequence: int = 0) -> Appointment:
        """Ecoute answers."""
        now, revision = self.clock.now(), appointment.revision
        return await self.db.write(
            lambda tx: answer_invitation(tx, self.guide.ecoute, appointment.id, revision, sequence, answer, now, RULES)
        )

    async def join(self, worker: Worker, platform: str, *, current: bool) -> Account:
        """Give a worker one more account."""
        return await self.db.write(
            lambda tx: tx.accounts.link(worker.id, platform, "T1", f"U{worker.id}", current=current)
        )

    async def copies(self, appointment: Appointment, worker: Worker) -> list[Copy]:
        """Return a worker's copies."""
        return [c for c, _ in await self.db.read(lambda tx: tx.outbox.copies(appointment.id, worker.id))]

    async def failed(self) -> list[str]:
        """Return the errors of the notices given up."""
        return [error for _, error in await self.db.read(lambda tx: tx.outbox.failed(100))]

    async def due_in(self) -> timedelta | None:
        """Return how long until the next notice falls due."""
        due = await self.db.read(lambda tx: tx.outbox.next_due())
        return due - self.clock.now() if due else None
