"""From a neutral event to its outcome: who is it, what does he want, and what to say when it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from core.errors import RdvError
from core.joining import join_by_email
from core.linking import burn, redeem
from core.people import Account, Worker
from core.ports import Database
from core.rules import Rules
from core.times import Clock
from handlers import router
from handlers.accounts import code_in
from handlers.cards.notes import note_card, stranger_card
from handlers.context import Context
from handlers.i18n import Texts
from handlers.ui import ActionClick, Card, FieldErrors, FormChange, FormSubmit, Inbound, Outcome, Reply

log = structlog.get_logger()


def may_notify(event: Inbound) -> bool:
    """Tell whether the event may leave notices to be sent; commands, searches and changes of a form only read."""
    return isinstance(event, ActionClick | FormSubmit)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent something, in his platform's terms."""

    platform: str
    tenant: str
    external_id: str


class Dispatcher:
    """Resolves the worker and calls the handler; every platform hands its events to this."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        rules: Rules,
        *,
        locale: str,
        zone: str,
        contact: str,
        doors: Mapping[str, str] | None = None,
    ) -> None:
        """Answer in the worker's language, strangers in `locale`; `contact` is whom a stranger is told to ask.

        `doors` is how one gets to the bot on each platform, as `Context` has it.
        """
        self._doors = doors if doors is not None else {}
        self._db = db
        self._clock = clock
        self._rules = rules
        self._stranger_texts = Texts(locale, zone)
        self._contact = contact

    async def find(self, sender: Sender) -> tuple[Account, Worker] | None:
        """Return the account with its worker; None for a stranger or a worker who has left."""
        found = await self._db.read(lambda tx: tx.accounts.find(sender.platform, sender.tenant, sender.external_id))
        return found if found is not None and found[1].active else None

    async def known(self, sender: Sender, event: Inbound | None, *, private: bool) -> tuple[Account, Worker] | None:
        """Return the account with its worker, as `find`; a code that a stranger says in private joins him first.

        Where others read along the code joins nobody any more.
        """
        found = await self.find(sender)
        code = code_in(event) if found is None else ""
        if not code:
            return found
        now = self._clock.now()
        try:
            if private:
                return await self._db.write(
                    lambda tx: redeem(tx, code, sender.platform, sender.tenant, sender.external_id, now)
                )
            await self._db.write(lambda tx: burn(tx, code, now))
        except RdvError as refusal:
            log.info("code_refused", reason=type(refusal).__name__, platform=sender.platform)
        return None

    async def link(self, sender: Sender, email: str) -> tuple[Account, Worker] | None:
        """Join the sender to the worker with this e-mail address, verified by the platform; None if there is none."""
        return await self._db.write(
            lambda tx: join_by_email(tx, sender.platform, sender.tenant, sender.external_id, email)
        )

    def stranger(self) -> Card:
        """Return the polite refusal that says whom to ask."""
        return stranger_card(self._contact, self._stranger_texts)

    async def handle(
        self, who: tuple[Account, Worker], event: Inbound, *, delivery_key: str = "", private: bool = True
    ) -> Outcome:
        """Return the outcome of one event; a refusal becomes a card, or an error beside the form."""
        account, worker = who
        if not (account.current or account.muted or account.outranked):
            await self._db.write(lambda tx: tx.accounts.make_current(account))
        texts = Texts(worker.locale, worker.zone)
        context = Context(
            worker,
            self._db,
            self._clock,
            texts,
            self._rules,
            delivery_key,
            private,
            platform=account.platform,
            tenant=account.tenant,
            external_id=account.external_id,
            doors=self._doors,
        )
        try:
            return await router.handle(context, event)
        except RdvError as refusal:
            log.info("refused", sent=type(event).__name__, reason=type(refusal).__name__, worker=worker.id)
            if isinstance(event, FormSubmit | FormChange):
                return FieldErrors((("", texts.error(refusal)),))
            return Reply(note_card(texts.error(refusal), "error", texts))
