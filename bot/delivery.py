"""Sending one notice: read the state again, choose where, render, post or replace, remember the copies."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from bot.copies import shown_version, unsettled_until
from bot.counters import counter_told
from bot.ports import MessageGone, Messenger, TryAgain, Undeliverable
from bot.reaching import post_to, turn_of
from bot.shares import ChannelCards
from bot.summaries import summary_to_send
from core.appointments import Appointment
from core.notices import NoticeKind
from core.notifying import opening_still_holds, still_holds
from core.opening_views import view_opening
from core.people import Account, Worker
from core.ports import Copy, Database, OutboxRow, Transaction
from core.times import Clock
from core.views import AppointmentView, view_of
from handlers.cards.appointment import appointment_card
from handlers.cards.notices import notice_card
from handlers.cards.openings import opening_card, opening_refused_card
from handlers.i18n import Texts
from handlers.ui import Card

SENT, NO_LONGER_TRUE = "sent", "no longer true"
_Told = tuple[Worker, list[Account], Card]
"""Whom to tell, his accounts, and the card."""


@dataclass(frozen=True, slots=True)
class _State:
    """What is true of a notice at the moment of sending."""

    now: datetime
    recipient: Worker
    view: AppointmentView
    about: Worker | None
    accounts: tuple[Account, ...]
    copies: tuple[tuple[Copy, Account], ...]

    def outdated(self, copy_id: int) -> Copy | None:
        """Return the copy if it is there and shows less than this."""
        found = (c for c, _ in self.copies if c.id == copy_id and c.version < self.appointment.version)
        return next(found, None)

    @property
    def appointment(self) -> Appointment:
        return self.view.appointment

    @property
    def texts(self) -> Texts:
        return Texts(self.recipient.locale, self.recipient.zone)


class Delivery:
    """Sends one claimed row and marks it; raises as the messengers do when it must be tried again or given up."""

    def __init__(self, db: Database, messengers: Mapping[str, Messenger], clock: Clock) -> None:
        """`messengers` by platform name: those that run in this process."""
        self._db = db
        self._messengers = messengers
        self._clock = clock
        self._channels = ChannelCards(db, messengers, clock)

    async def send(self, row: OutboxRow, *, waits: bool = True) -> None:
        """Send the notice, if it still holds, and mark its row as done. Raises TryAgain, Undeliverable.

        A REFRESH that does not wait for the platform's pace brings the recipient's own copies up to date; channels
        follow when it is their turn.
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
            case NoticeKind.INVITED | NoticeKind.SHOWN:
                await self._as_it_stands(row, self._post_card, posts=True)
            case (
                NoticeKind.ANSWERED
                | NoticeKind.MOVED
                | NoticeKind.REASSIGNED
                | NoticeKind.CHANGED
                | NoticeKind.REMOVED
                | NoticeKind.CANCELLED
                | NoticeKind.DELETED
                | NoticeKind.REMINDER
            ):
                await self._as_it_stands(row, self._tell, posts=True)
            case NoticeKind.OPENING_ASKED | NoticeKind.OPENING_REFUSED:
                await self._tell_once(row, self._opening_card)
            case NoticeKind.COUNTER_PROPOSED | NoticeKind.COUNTER_REFUSED:
                await self._tell_once(row, lambda tx, row: counter_told(tx, row.notice, self._clock.now()))
            case NoticeKind.SUMMARY:
                await self._tell_once(row, lambda tx, row: summary_to_send(tx, row.notice, self._clock.now()))
            case _:
                assert_never(row.notice.kind)

    async def _as_it_stands(
        self,
        row: OutboxRow,
        act: Callable[[OutboxRow, _State], Awaitable[None]],
        *,
        posts: bool = False,
        late: Sequence[TryAgain] = (),
    ) -> None:
        """Act on the appointment as it is now, or drop what is no longer true of it; `posts`: when it is its turn.

        `late`: what already has to wait, and is not dropped.
        """
        state = await self._read(row)
        if state is not None and posts:
            waited = await turn_of(self._db, self._messengers, state.recipient, state.accounts)
            state = await self._read(row) if waited else state
        if state is not None:
            await act(row, state)
        else:
            _wait_for(late)
            await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), NO_LONGER_TRUE))

    async def _read(self, row: OutboxRow) -> _State | None:
        return await self._db.read(lambda tx: self._state(tx, row))

    async def _tell(self, row: OutboxRow, state: _State) -> None:
        """Post the short message of the notice."""
        await self._post(state, notice_card(row.notice, state.view, state.about, state.texts, state.now))
        await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), SENT))

    def _state(self, tx: Transaction, row: OutboxRow) -> _State | None:
        now, notice = self._clock.now(), row.notice
        appointment = tx.appointments.find(notice.appointment_id)
        if appointment is None or not still_holds(notice, appointment, now):
            return None
        recipient = tx.people.worker(notice.recipient_id)
        if not recipient.active:
            return None
        return _State(
            now=now,
            recipient=recipient,
            view=view_of(tx, recipient, appointment, now),
            about=tx.people.worker(notice.about_id) if notice.about_id is not None else None,
            accounts=tuple(tx.accounts.of_worker(recipient.id)),
            copies=tuple(tx.outbox.copies(appointment.id, recipient.id)),
        )

    async def _post_card(self, row: OutboxRow, state: _State) -> None:
        """Post the whole card as a new message, to be kept up to date from now on."""
        account, messages = await self._post(state, _card(state))

        def remember(tx: Transaction) -> None:
            version = shown_version(state.appointment, state.now)
            tx.outbox.save_copy(state.appointment.id, account.id, messages, version)
            tx.outbox.done(row.id, self._clock.now(), SENT)

        await self._db.write(remember)

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
            return await messenger.post(account, card) if stands else ()

    def _refreshed(self, tx: Transaction, row: OutboxRow, state: _State, *, waits: bool) -> None:
        """Mark the row, or keep it for channels, or for the settling that it came too early for."""
        settles = unsettled_until(_of_others(state.appointment, state.recipient.id), state.now)
        if settles is not None and row.notice.kind is NoticeKind.REFRESH:
            tx.outbox.retry(row.id, settles, "")
        elif not waits and tx.shares.of(state.appointment.id):
            tx.outbox.postpone(row.id, self._clock.now())
        else:
            tx.outbox.done(row.id, self._clock.now(), SENT)

    async def _post(self, state: _State, card: Card) -> tuple[Account, tuple[str, ...]]:
        return await post_to(self._db, self._messengers, state.accounts, card)

    async def _tell_once(self, row: OutboxRow, told: Callable[[Transaction, OutboxRow], _Told | None]) -> None:
        """Post what there is to tell of a request or a proposal; its card is kept up to date by its own buttons."""
        found = await self._db.read(lambda tx: told(tx, row))
        if found is not None and await turn_of(self._db, self._messengers, found[0], found[1]):
            found = await self._db.read(lambda tx: told(tx, row))
        if found is not None:
            _, accounts, card = found
            await post_to(self._db, self._messengers, accounts, card)
        why = SENT if found else NO_LONGER_TRUE
        await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), why))

    def _opening_card(self, tx: Transaction, row: OutboxRow) -> _Told | None:
        """Return whom to tell and the card; None if it is no longer true."""
        now, notice = self._clock.now(), row.notice
        recipient = tx.people.worker(notice.recipient_id)
        if not opening_still_holds(notice, tx.openings.find(notice.opening_id), now) or not recipient.active:
            return None
        texts, view = Texts(recipient.locale, recipient.zone), view_opening(tx, recipient, notice.opening_id)
        made = opening_card if notice.kind is NoticeKind.OPENING_ASKED else opening_refused_card
        return recipient, tx.accounts.of_worker(recipient.id), made(view, texts, now)


def _wait_for(failures: Sequence[TryAgain]) -> None:
    """Raise the one that must wait longest, if there is any."""
    if failures:
        raise max(failures, key=lambda fault: fault.after or 0)


def _shows(copy: Copy, messages: tuple[str, ...], state: _State) -> Callable[[Transaction], None]:
    version = shown_version(state.appointment, state.now)
    return lambda tx: tx.outbox.update_copy(copy.id, messages, version)


def _card(state: _State) -> Card:
    return appointment_card(state.view, state.texts, state.now)


def _of_others(appointment: Appointment, worker_id: int) -> Appointment:
    """Return the appointment without what this worker did himself: its settling has a notice of its own."""
    ending = appointment.ending
    return replace(
        appointment,
        ending=None if ending is not None and ending.by_id == worker_id else ending,
        invitations=tuple(i for i in appointment.invitations if i.worker_id != worker_id),
    )
