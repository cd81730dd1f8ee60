"""Sending one notice: read the state again, choose where, render, post or replace, remember the copies."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from bot.ports import MessageGone, Messenger, TryAgain, Undeliverable
from bot.reaching import Letter, Posted, reach
from bot.shares import ChannelCards
from core.appointments import Appointment
from core.notices import NoticeKind
from core.people import Account, Worker
from core.ports import Copy, Database, OutboxRow, Transaction
from core.settling import shown_version, unsettled_until
from core.standing import still_true
from core.times import Clock
from core.views import AppointmentView, view_of
from handlers.cards.appointment import appointment_card
from handlers.i18n import Texts
from handlers.revealing import copy_ref, reveal_ref
from handlers.telling import told
from handlers.ui import Card

SENT, NO_LONGER_TRUE = "sent", "no longer true"


@dataclass(frozen=True, slots=True)
class _State:
    """What is true of a notice at the moment of sending."""

    now: datetime
    recipient: Worker
    view: AppointmentView
    copies: tuple[tuple[Copy, Account], ...]

    def outdated(self, copy_id: int) -> Copy | None:
        """Return the copy if it is there and shows less than this."""
        found = (c for c, _ in self.copies if c.id == copy_id and c.version < self.appointment.version)
        return next(found, None)

    @property
    def appointment(self) -> Appointment:
        return self.view.appointment


class Delivery:
    """Sends one claimed row and marks it; raises as the messengers do when it must be tried again or given up."""

    def __init__(self, db: Database, messengers: Mapping[str, Messenger], clock: Clock) -> None:
        """`messengers` by platform name: those that run in this process."""
        self._db = db
        self._messengers = messengers
        self._clock = clock
        self._channels = ChannelCards(db, messengers, clock)

    async def send(self, row: OutboxRow, *, waits: bool = True, last: bool = False) -> None:
        """Send the notice, if it still holds, and mark its row as done. Raises TryAgain, Undeliverable.

        A REFRESH that does not wait for the platform's pace brings the recipient's own copies up to date; channels
        follow when it is their turn. With `last`, the row is not tried again.
        """
        match row.notice.kind:
            case NoticeKind.REFRESH if not waits:
                await self._as_it_stands(row, partial(self._refresh, late=(), waits=False))
            case NoticeKind.REFRESH | NoticeKind.SETTLED:
                late = await self._channels.refresh(row.notice)
                await self._as_it_stands(row, partial(self._refresh, late=late), late=late)
            case NoticeKind.SHARED:
                why = SENT if await self._channels.post(row.notice) else NO_LONGER_TRUE
                await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), why))
            case (
                NoticeKind.INVITED
                | NoticeKind.SHOWN
                | NoticeKind.ANSWERED
                | NoticeKind.MOVED
                | NoticeKind.REASSIGNED
                | NoticeKind.CHANGED
                | NoticeKind.REMOVED
                | NoticeKind.CANCELLED
                | NoticeKind.DELETED
                | NoticeKind.REMINDER
                | NoticeKind.OPENING_ASKED
                | NoticeKind.OPENING_REFUSED
                | NoticeKind.COUNTER_PROPOSED
                | NoticeKind.COUNTER_REFUSED
                | NoticeKind.SUMMARY
            ):
                await self._tell(row, last=last)
            case _:
                assert_never(row.notice.kind)

    async def _tell(self, row: OutboxRow, *, last: bool) -> None:
        """Post what the notice tells as a new message, or drop what is no longer true; the ledger says which."""
        posted = await reach(self._db, self._messengers, partial(self._letter, row=row), last=last)
        await self._db.write(lambda tx: self._posted(tx, row, posted))

    def _letter(self, tx: Transaction, row: OutboxRow) -> Letter | None:
        """Return what is to be posted now, and kept back from notifications that show it (rule 9); None for nothing."""
        now, notice = self._clock.now(), row.notice
        recipient = tx.people.worker(notice.recipient_id)
        said = told(tx, notice, recipient, now) if still_true(tx, notice, recipient, now) else None
        if said is None:
            return None
        card = replace(said.card, reveal=reveal_ref(row.id, notice))
        return Letter(recipient, tx.accounts.of_worker(recipient.id), card, said.live)

    def _posted(self, tx: Transaction, row: OutboxRow, posted: Posted | None) -> None:
        if posted is not None and (live := posted.letter.live) is not None:
            tx.outbox.save_copy(live.appointment_id, posted.account.id, posted.messages, live.version)
        tx.outbox.done(row.id, self._clock.now(), _why(posted))

    async def _as_it_stands(
        self,
        row: OutboxRow,
        act: Callable[[OutboxRow, _State], Awaitable[None]],
        *,
        late: Sequence[TryAgain] = (),
    ) -> None:
        """Act on the appointment as it is now, or drop what is no longer true of it.

        `late`: what already has to wait, and is not dropped.
        """
        state = await self._read(row)
        if state is not None:
            await act(row, state)
        else:
            _wait_for(late)
            await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), NO_LONGER_TRUE))

    async def _read(self, row: OutboxRow) -> _State | None:
        return await self._db.read(lambda tx: self._state(tx, row))

    def _state(self, tx: Transaction, row: OutboxRow) -> _State | None:
        now, notice = self._clock.now(), row.notice
        recipient = tx.people.worker(notice.recipient_id)
        appointment = tx.appointments.find(notice.appointment_id)
        if appointment is None or not recipient.active:
            return None
        return _State(
            now=now,
            recipient=recipient,
            view=view_of(tx, recipient, appointment, now),
            copies=tuple(tx.outbox.copies(appointment.id, recipient.id)),
        )

    async def _refresh(self, row: OutboxRow, state: _State, *, late: Sequence[TryAgain], waits: bool = True) -> None:
        """Bring every outdated copy up to date, each alone as things stand by then; the row is done when all are.

        `late`: what already has to wait.
        """
        failures = list(late)
        marks: list[Callable[[Transaction], None]] = []
        for known, account in state.copies:
            messenger = self._messengers.get(account.platform)
            if messenger is None or state.outdated(known.id) is None:
                continue
            await self._write(marks)
            try:
                if waits and await messenger.turn(account, replacing=True):
                    fresh = await self._read(row)
                    if fresh is None:
                        break
                    state = fresh  # the newest wins, and is not sent twice
                copy = state.outdated(known.id)
                if copy is not None:
                    marks.append(_shows(copy, await self._replaced(messenger, account, copy, state), state))
            except TryAgain as fault:
                failures.append(fault)
            except Undeliverable:
                continue  # an account that is gone keeps no other from its update
        if not failures:
            marks.append(lambda tx: self._refreshed(tx, row, state, waits=waits))
        await self._write(marks)
        _wait_for(failures)

    async def _write(self, marks: list[Callable[[Transaction], None]]) -> None:
        """Store what was done, before something else takes its time."""
        done = marks[:]
        marks.clear()

        def write(tx: Transaction) -> None:
            for mark in done:
                mark(tx)

        if done:
            await self._db.write(write)

    async def _replaced(self, messenger: Messenger, account: Account, copy: Copy, state: _State) -> tuple[str, ...]:
        """Return the ids the copy has now; none if its message is gone and nothing is left to show."""
        card = _card(state)
        try:
            return await messenger.replace(account, copy.messages, card)
        except MessageGone:
            stands = state.view.ended is None and not state.view.removed
            return await messenger.post(account, card) if stands and not account.muted else ()

    def _refreshed(self, tx: Transaction, row: OutboxRow, state: _State, *, waits: bool) -> None:
        """Mark the row, or keep it for channels, or for the settling that it came too early for."""
        settles = unsettled_until(_of_others(state.appointment, state.recipient.id), state.now)
        if settles is not None and row.notice.kind is NoticeKind.REFRESH:
            tx.outbox.retry(row.id, settles, "")
        elif not waits and tx.shares.of(state.appointment.id):
            tx.outbox.postpone(row.id, self._clock.now())
        else:
            tx.outbox.done(row.id, self._clock.now(), SENT)


def _why(posted: Posted | None) -> str:
    """Return what the ledger says: that it was sent, and where, if that was not where it should have been."""
    if posted is None:
        return NO_LONGER_TRUE
    return f"{SENT}: {posted.account.platform}; failed: {'; '.join(posted.failed)}" if posted.failed else SENT


def _wait_for(failures: Sequence[TryAgain]) -> None:
    """Raise the one that must wait longest, if there is any."""
    if failures:
        raise max(failures, key=lambda fault: fault.after or 0)


def _shows(copy: Copy, messages: tuple[str, ...], state: _State) -> Callable[[Transaction], None]:
    version = shown_version(state.appointment, state.now)
    return lambda tx: tx.outbox.update_copy(copy.id, messages, version)


def _card(state: _State) -> Card:
    """Return the card; of a copy that is still hidden, the platform shows no more than before (rule 9)."""
    texts = Texts(state.recipient.locale, state.recipient.zone)
    card = appointment_card(state.view, texts, state.now)
    return replace(card, reveal=copy_ref(state.appointment.id))


def _of_others(appointment: Appointment, worker_id: int) -> Appointment:
    """Return the appointment without what this worker did himself: its settling has a notice of its own."""
    ending = appointment.ending
    return replace(
        appointment,
        ending=None if ending is not None and ending.by_id == worker_id else ending,
        invitations=tuple(i for i in appointment.invitations if i.worker_id != worker_id),
    )
