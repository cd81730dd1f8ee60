"""Sending one notice: read the state again, choose where, render, post or replace, remember the copies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.copies import shown_version, unsettled_until
from bot.ports import MessageGone, Messenger, TryAgain, Undeliverable
from core.appointments import Appointment
from core.notices import NoticeKind
from core.notifying import still_holds
from core.people import Account, Worker
from core.ports import Copy, Database, OutboxRow, Transaction
from core.times import Clock
from core.views import AppointmentView, view_of
from handlers.cards.appointment import appointment_card
from handlers.cards.notices import notice_card
from handlers.i18n import Texts
from handlers.ui import Card

SENT, NO_LONGER_TRUE = "sent", "no longer true"


@dataclass(frozen=True, slots=True)
class _State:
    """What is true of a notice at the moment of sending."""

    now: datetime
    recipient: Worker
    view: AppointmentView
    about: Worker | None
    accounts: tuple[Account, ...]
    copies: tuple[tuple[Copy, Account], ...]

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

    async def send(self, row: OutboxRow) -> None:
        """Send the notice, if it still holds, and mark its row as done. Raises TryAgain, Undeliverable."""
        state = await self._db.read(lambda tx: self._state(tx, row))
        if state is None:
            await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), NO_LONGER_TRUE))
            return
        match row.notice.kind:
            case NoticeKind.REFRESH | NoticeKind.SETTLED:
                await self._refresh(row, state)
            case NoticeKind.INVITED | NoticeKind.SHOWN:
                await self._post_card(row, state)
            case (
                NoticeKind.ANSWERED
                | NoticeKind.MOVED
                | NoticeKind.CHANGED
                | NoticeKind.REMOVED
                | NoticeKind.CANCELLED
                | NoticeKind.DELETED
                | NoticeKind.REMINDER
            ):
                card = notice_card(row.notice, state.view, state.about, state.texts, state.now)
                await self._post(state, card)
                await self._db.write(lambda tx: tx.outbox.done(row.id, self._clock.now(), SENT))
            case _:
                assert_never(row.notice.kind)

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

    async def _refresh(self, row: OutboxRow, state: _State) -> None:
        """Bring every outdated copy up to date, each alone; the row is done when all are."""
        failures: list[TryAgain] = []
        replaced: list[tuple[Copy, tuple[str, ...]]] = []
        for copy, account in state.copies:
            messenger = self._messengers.get(account.platform)
            if messenger is None or copy.version >= state.appointment.version:
                continue
            try:
                replaced.append((copy, await self._replaced(messenger, account, copy, state)))
            except TryAgain as fault:
                failures.append(fault)
            except Undeliverable:
                continue  # an account that is gone keeps no other from its update

        def remember(tx: Transaction) -> None:
            for copy, messages in replaced:
                tx.outbox.update_copy(copy.id, messages, shown_version(state.appointment, state.now))
            if not failures:
                self._refreshed(tx, row, state)

        await self._db.write(remember)
        if failures:
            raise max(failures, key=lambda fault: fault.after or 0)

    async def _replaced(self, messenger: Messenger, account: Account, copy: Copy, state: _State) -> tuple[str, ...]:
        """Return the ids the copy has now; none if its message is gone and nothing is left to show."""
        card = _card(state)
        try:
            return await messenger.replace(account, copy.messages, card)
        except MessageGone:
            stands = state.view.ended is None and not state.view.removed
            return await messenger.post(account, card) if stands else ()

    def _refreshed(self, tx: Transaction, row: OutboxRow, state: _State) -> None:
        """Mark the row, or keep it for the settling that it came too early for."""
        settles = unsettled_until(_of_others(state.appointment, state.recipient.id), state.now)
        if settles is not None and row.notice.kind is NoticeKind.REFRESH:
            tx.outbox.retry(row.id, settles, "")
        else:
            tx.outbox.done(row.id, self._clock.now(), SENT)

    async def _post(self, state: _State, card: Card) -> tuple[Account, tuple[str, ...]]:
        """Post to the current account, or to the next one that can be reached. Raises TryAgain, Undeliverable."""
        accounts = [a for a in state.accounts if a.platform in self._messengers]
        if not accounts:
            accounts = await self._found_accounts(state.recipient)
        if not accounts:
            raise TryAgain("no account")
        for account in accounts[:-1]:
            try:
                return account, await self._messengers[account.platform].post(account, card)
            except Undeliverable:
                continue
        return accounts[-1], await self._messengers[accounts[-1].platform].post(accounts[-1], card)

    async def _found_accounts(self, worker: Worker) -> list[Account]:
        """Look for the worker on the platforms that run, by verified e-mail, and store the first that knows him."""
        for platform, messenger in self._messengers.items():
            found = await messenger.find_account(worker)
            if found is not None:
                tenant, external_id = found
                return [await self._db.write(_linked(worker.id, platform, tenant, external_id))]
        return []


def _card(state: _State) -> Card:
    return appointment_card(state.view, state.texts, state.now)


def _linked(worker_id: int, platform: str, tenant: str, external_id: str) -> Callable[[Transaction], Account]:
    return lambda tx: tx.accounts.link(worker_id, platform, tenant, external_id, current=True)


def _of_others(appointment: Appointment, worker_id: int) -> Appointment:
    """Return the appointment without what this worker did himself: its settling has a notice of its own."""
    ending = appointment.ending
    return replace(
        appointment,
        ending=None if ending is not None and ending.by_id == worker_id else ending,
        invitations=tuple(i for i in appointment.invitations if i.worker_id != worker_id),
    )
