"""The cards in channels: posted when somebody shares an appointment, kept up to date with it from then on."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Literal

import structlog

from bot.ports import ChannelClosed, MessageGone, Messenger, TryAgain, Undeliverable
from bot.reaching import Letter, reach
from core.appointments import Appointment, EndingKind
from core.message import N_
from core.notices import Notice
from core.ports import Database, Transaction
from core.settling import shown_version
from core.shares import Share
from core.sharing import OUTSIDER, view_shared
from core.times import Clock
from handlers.cards.notes import note_card
from handlers.cards.shared import shared_card
from handlers.i18n import Texts
from handlers.ui import Card

_SHARED: Final = N_("The appointment is in the channel now, without any client’s name. Its card stays up to date.")
_CLOSED: Final = N_("The appointment could not be posted in that channel.")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Made:
    """A share, the card to be seen there, and the version of the appointment that it shows."""

    share: Share
    card: Card
    version: int


class ChannelCards:
    """Posts and replaces them; one share is worked on by one row of the outbox at a time until it stands."""

    def __init__(self, db: Database, messengers: Mapping[str, Messenger], clock: Clock) -> None:
        """`messengers` by platform name: those that run in this process."""
        self._db = db
        self._messengers = messengers
        self._clock = clock

    async def post(self, notice: Notice) -> bool:
        """Post what was shared and tell who did it what came of it; False if there is nothing to share any more.

        Raises TryAgain.
        """
        made = await self._db.read(lambda tx: self._made(tx, notice))
        if made is None:
            await self._db.write(lambda tx: tx.shares.delete(notice.version))
            return False
        try:
            messages = await self._shown(made)
        except Undeliverable as fault:
            log.info("share_refused", share=made.share.id, reason=str(fault))
            with suppress(Undeliverable):
                await self._tell(notice, fault.advice if isinstance(fault, ChannelClosed) else _CLOSED, "warning")
            await self._db.write(partial(_forget, share=made.share))
            return True
        await self._db.write(partial(self._remember, made=made, messages=messages))
        with suppress(TryAgain, Undeliverable):  # the card in the channel says it too
            await self._tell(notice, _SHARED, "success")
        return True

    async def refresh(self, notice: Notice) -> list[TryAgain]:
        """Bring the channels up to date, at the one notice that each change has for the creator; return what must wait.

        What cannot be kept up to date any more is forgotten: the channel is closed, or somebody deleted the message.
        """
        failures: list[TryAgain] = []
        for made in await self._db.read(lambda tx: self._outdated(tx, notice)):
            try:
                messages = await self._messengers[made.share.platform].share(made.share, made.card)
            except TryAgain as fault:
                failures.append(fault)
            except (Undeliverable, MessageGone) as fault:
                log.info("share_forgotten", share=made.share.id, reason=str(fault))
                await self._db.write(partial(_forget, share=made.share))
            else:
                await self._db.write(partial(_keep, made=made, messages=messages))
        return failures

    async def _shown(self, made: _Made) -> tuple[str, ...]:
        """Show the card in the channel, anew if its message was deleted there."""
        messenger = self._messengers.get(made.share.platform)
        if messenger is None:
            raise TryAgain("its platform does not run")
        try:
            return await messenger.share(made.share, made.card)
        except MessageGone:
            return await messenger.share(replace(made.share, messages=()), made.card)

    def _made(self, tx: Transaction, notice: Notice) -> _Made | None:
        share, appointment = tx.shares.find(notice.version), tx.appointments.find(notice.appointment_id)
        now = self._clock.now()
        if share is None or appointment is None:
            return None
        gone = appointment.ended_for(OUTSIDER, now) is EndingKind.DELETED
        return None if gone and not share.messages else _make(tx, share, appointment, now)

    def _outdated(self, tx: Transaction, notice: Notice) -> list[_Made]:
        standing = [s for s in tx.shares.of(notice.appointment_id) if s.messages and s.platform in self._messengers]
        appointment = tx.appointments.find(notice.appointment_id) if standing else None
        if appointment is None or notice.recipient_id != appointment.creator_id:
            return []
        now = self._clock.now()
        return [_make(tx, s, appointment, now) for s in standing if s.version < appointment.version]

    def _remember(self, tx: Transaction, made: _Made, messages: tuple[str, ...]) -> None:
        """Keep where the card stands; what changed while it was on its way follows."""
        _keep(tx, made, messages)
        appointment, now = tx.appointments.find(made.share.appointment_id), self._clock.now()
        if appointment is not None and shown_version(appointment, now) > made.version:
            tx.outbox.refresh_again(appointment.id, appointment.creator_id, appointment.version, now)

    async def _tell(self, notice: Notice, message: str, kind: Literal["success", "warning"]) -> None:
        def look(tx: Transaction) -> Letter:
            worker = tx.people.worker(notice.about_id or notice.recipient_id)
            texts = Texts(worker.locale, worker.zone)
            return Letter(worker, tx.accounts.of_worker(worker.id), note_card(texts.t(message), kind, texts))

        await reach(self._db, self._messengers, look)


def _make(tx: Transaction, share: Share, appointment: Appointment, now: datetime) -> _Made:
    card = shared_card(view_shared(tx, appointment, now), tx.people.worker(share.by_id).locale)
    return _Made(share, card, shown_version(appointment, now))


def _keep(tx: Transaction, made: _Made, messages: tuple[str, ...]) -> None:
    tx.shares.update(made.share.id, messages, made.version)


def _forget(tx: Transaction, share: Share) -> None:
    tx.shares.delete(share.id)
