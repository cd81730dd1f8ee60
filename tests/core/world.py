"""The guide's people at work: use cases through a database, and a sender that only writes down what it would send."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core import asking, booking, countering, endings, holding, invitations
from core.appointments import Answer, Appointment
from core.availability import Absence, AbsenceKind, BusyKind, Limits, Slot
from core.booking import BookingRequest
from core.conflicts import NeedsConfirmation, conflict_key
from core.counterproposals import CounterProposal
from core.notices import Notice, NoticeKind
from core.notifying import counter_still_holds, opening_still_holds, still_holds
from core.openings import Opening
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from core.views import AppointmentView, view_of
from tests.builders import ZONE, Guide
from tests.clock import SetClock

T = TypeVar("T")

QUIET = (NoticeKind.REFRESH, NoticeKind.SETTLED)
"""What edits cards in place, and posts nothing."""


@dataclass
class World:
    """Each method is what one person does now; `sent` is all that was ever told."""

    db: Database
    clock: SetClock
    rules: Rules
    guide: Guide
    sent: list[Notice] = field(default_factory=list)

    async def book(self, actor: Worker, **changes: Any) -> Appointment:
        """Book the guide's third appointment with `changes`."""
        return await self.book_as(actor, self.guide.request(**changes))

    async def book_as(self, actor: Worker, request: BookingRequest) -> Appointment:
        """Book `request`."""
        return await self.db.write(lambda tx: booking.book(tx, actor, request, self.clock.now(), self.rules))

    async def change(self, actor: Worker, old: Appointment, **changes: Any) -> Appointment:
        """Send the form of an appointment as it was seen, with `changes`."""
        request = BookingRequest(
            **{
                "case_number": old.case_number,
                "main_worker_id": old.main_worker_id,
                "during": old.during,
                "zone": old.zone,
                "parties": old.parties,
                "place": old.place_id,
                "comment": old.comment,
                "kind": old.kind,
                "optional": frozenset(i.worker_id for i in old.invitations if i.optional),
                **changes,
            }
        )
        return await self.db.write(
            lambda tx: booking.change(tx, actor, old.id, old.revision, request, self.clock.now(), self.rules)
        )

    async def hold(self, actor: Worker, worker: Worker, during: Interval, *, old: Appointment | None = None) -> None:
        """Choose a slot in an open form; what is refused leaves everything as it was."""
        now = self.clock.now()
        await self.db.write(lambda tx: holding.hold_slot(tx, actor, worker.id, during, now, self.rules, old=old))

    async def held(self, worker: Worker, during: Interval) -> list[tuple[str, Interval]]:
        """Return what is held of the worker's time, as (handle of the holder, interval)."""
        now = self.clock.now()
        busy = await self.db.read(lambda tx: tx.agendas.busy([worker.id], during, now))
        return [(self.name(b.held_by or 0), b.during) for b in busy if b.kind is BusyKind.HOLD]

    async def absent(self, worker: Worker, during: Interval, kind: AbsenceKind = AbsenceKind.LEAVE) -> Absence:
        """Let the worker be away."""
        return await self.db.write(lambda tx: tx.agendas.save_absence(Absence(0, worker.id, kind, during, ZONE)))

    async def limit(self, worker: Worker, limits: Limits) -> None:
        """Let the worker choose how he is booked."""
        await self.db.write(lambda tx: tx.agendas.save_limits(worker.id, limits))

    async def ask(self, actor: Worker, **changes: Any) -> Opening:
        """Ask the main worker to open the time of the guide's third appointment with `changes`."""
        request = self.guide.request(**changes)
        return await self.db.write(lambda tx: asking.ask_opening(tx, actor, request, self.clock.now(), self.rules))

    async def open(self, actor: Worker, opening: Opening) -> Appointment:
        """Click "open and book" on the card that asks."""
        return await self.db.write(lambda tx: asking.open_and_book(tx, actor, opening.id, self.clock.now(), self.rules))

    async def refuse(self, actor: Worker, opening: Opening) -> Opening:
        """Click "leave it closed" on the card that asks."""
        return await self.db.write(lambda tx: asking.refuse_opening(tx, actor, opening.id, self.clock.now()))

    async def offers(self, actor: Worker, seen: Appointment, window: Interval) -> list[Slot]:
        """Open the form that proposes another time."""
        now = self.clock.now()
        return await self.db.read(lambda tx: countering.offer(tx, actor, seen.id, window, now, self.rules))

    async def propose(self, actor: Worker, seen: Appointment, slot: Slot) -> CounterProposal:
        """Send the form that proposes another time for what the card shows."""
        now = self.clock.now()
        return await self.db.write(
            lambda tx: countering.propose(tx, actor, seen.id, seen.revision, slot, now, self.rules)
        )

    async def accept(self, actor: Worker, proposal: CounterProposal) -> Appointment:
        """Click "move to this time" on the card that asks."""
        return await self.db.write(lambda tx: countering.accept(tx, actor, proposal.id, self.clock.now(), self.rules))

    async def keep(self, actor: Worker, proposal: CounterProposal) -> CounterProposal:
        """Click "keep the planned time" on the card that asks."""
        return await self.db.write(lambda tx: countering.refuse(tx, actor, proposal.id, self.clock.now()))

    async def answer(self, actor: Worker, seen: Appointment, answer: Answer) -> Appointment:
        """Click an answer on the card that shows `seen`."""
        own = seen.invitation_of(actor.id)
        sequence = own.sequence if own else 0
        return await self.db.write(
            lambda tx: invitations.answer_invitation(
                tx, actor, seen.id, seen.revision, sequence, answer, self.clock.now(), self.rules
            )
        )

    async def undo_decline(self, actor: Worker, seen: Appointment) -> Appointment:
        """Click Undo on the card that shows the decline in `seen`."""
        own = seen.invitation_of(actor.id)
        assert own is not None
        return await self.db.write(
            lambda tx: invitations.undo_decline(tx, actor, seen.id, own.sequence, self.clock.now())
        )

    async def cancel(self, actor: Worker, seen: Appointment, reason: str = "") -> Appointment:
        """Cancel what the card shows."""
        return await self.db.write(
            lambda tx: endings.cancel(tx, actor, seen.id, seen.revision, reason, self.clock.now(), self.rules)
        )

    async def delete(self, actor: Worker, seen: Appointment) -> Appointment:
        """Delete what the card shows."""
        return await self.db.write(
            lambda tx: endings.delete(tx, actor, seen.id, seen.revision, self.clock.now(), self.rules)
        )

    async def undo(self, actor: Worker, seen: Appointment) -> Appointment:
        """Take back one's own ending."""
        return await self.db.write(lambda tx: endings.undo(tx, actor, seen.id, self.clock.now()))

    async def find(self, appointment: Appointment) -> Appointment:
        """Return the appointment as it stands."""
        found = await self.db.read(lambda tx: tx.appointments.find(appointment.id))
        assert found is not None
        return found

    async def view(self, viewer: Worker, appointment: Appointment) -> AppointmentView:
        """Return what a card of the viewer shows now."""
        now = self.clock.now()

        def look(tx: Transaction) -> AppointmentView:
            found = tx.appointments.find(appointment.id)
            assert found is not None
            return view_of(tx, viewer, found, now)

        return await self.db.read(look)

    async def deliver(self) -> list[Notice]:
        """Send what is due and still true; return it, in order."""
        now = self.clock.now()

        def send(tx: Transaction) -> list[Notice]:
            sent = []
            while rows := tx.outbox.claim_due(now, now + timedelta(minutes=1), 100):
                for row in rows:
                    if _holds(tx, row.notice, now):
                        sent.append(row.notice)
                    tx.outbox.done(row.id, now)
            return sent

        sent = await self.db.write(send)
        self.sent += sent
        return sent

    async def told(self, **parts: float) -> list[tuple[NoticeKind, str]]:
        """Let time pass, deliver, and return who was told what aloud: (kind, handle), sorted."""
        self.clock.advance(timedelta(**parts))
        return self.aloud(await self.deliver())

    async def refreshed(self, **parts: float) -> list[str]:
        """Let time pass, deliver, and return whose cards were brought up to date: handles, sorted."""
        self.clock.advance(timedelta(**parts))
        return sorted({self.name(n.recipient_id) for n in await self.deliver() if n.kind in QUIET})

    async def quiet(self) -> None:
        """Deliver what is due, of which the test wants to know nothing."""
        await self.deliver()

    async def waiting(self, worker: Worker) -> int:
        """Return the figure of "Mes invitations (n)"."""
        now = self.clock.now()
        return await self.db.read(lambda tx: tx.appointments.count_invited(worker.id, now))

    def aloud(self, notices: Iterable[Notice]) -> list[tuple[NoticeKind, str]]:
        """Return (kind, handle) of the notices that post something, sorted."""
        return sorted((n.kind, self.name(n.recipient_id)) for n in notices if n.kind not in QUIET)

    def name(self, worker_id: int) -> str:
        """Return the worker's handle."""
        return next(w.handle for w in self.guide.workers if w.id == worker_id)

    async def store(self, work: Callable[[Transaction], T]) -> T:
        """Prepare something directly."""
        return await self.db.write(work)


def _holds(tx: Transaction, notice: Notice, now: datetime) -> bool:
    if notice.opening_id:
        return opening_still_holds(notice, tx.openings.find(notice.opening_id), now)
    if notice.proposal_id:
        proposal = tx.counterproposals.find(notice.proposal_id)
        about = tx.appointments.find(proposal.appointment_id) if proposal else None
        return counter_still_holds(notice, proposal, about, now)
    return still_holds(notice, tx.appointments.find(notice.appointment_id), now)


def shown(refusal: NeedsConfirmation) -> frozenset[str]:
    """Return what a person confirms who was shown this refusal."""
    return frozenset(conflict_key(c) for c in refusal.conflicts)
