"""A shared card that each reader sees in his own way: Teams asks for it again for those whom it concerns.

learn.microsoft.com: "Up-to-date cards" and "User-specific views". What differs is what one may do; no name of a client
is in any of them (rule 9), since a channel's screen may be seen by others.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.platform import Deps
from bot.teams.actions import VERB
from bot.teams.api import Api, Place
from bot.teams.inbound import PLATFORM, REFRESHES, Origin
from core.access import Right
from core.appointments import Answer
from core.people import Worker
from core.ports import Transaction
from core.shares import Share
from core.sharing import view_shared
from core.views import view_of
from handlers import actions
from handlers.cards.appointment import answer_buttons
from handlers.cards.shared import shared_card
from handlers.i18n import Texts
from handlers.ui import Card, Notice

Json = dict[str, Any]
MOST: Final = 60
"""People whose clients ask for a card by themselves."""


class Views:
    """Says for whom a shared card is asked for again."""

    def __init__(self, deps: Deps, api: Api) -> None:
        self._deps = deps
        self._api = api

    async def refresh(self, share: Share, place: Place) -> Json | None:
        """Return what makes the clients of the appointment's workers ask for their own view; None for nobody.

        Raises TryAgain.
        """
        people = await self._deps.db.read(lambda tx: _people(tx, share))
        members = [await self._api.member(place, person) for person in people[:MOST]]
        users = [str(member["id"]) for member in members if member is not None and member.get("id")]
        if not users:
            return None
        ref = actions.ref(REFRESHES, share.appointment_id)
        action = {"type": "Action.Execute", "title": "rdv", "verb": VERB, "data": {REFRESHES: ref.encode()}}
        return {"action": action, "userIds": users}


def own_view(tx: Transaction, worker: Worker, appointment_id: int, origin: Origin, now: datetime) -> Card | None:
    """Return a shared card as this worker sees it: with his own question, or his own answer.

    It is worded in his own language. None if it is gone, or was not shared where it is asked for.
    """
    appointment = tx.appointments.find(appointment_id)
    here = (PLATFORM, origin.tenant, origin.root)
    if appointment is None or all((s.platform, s.tenant, s.channel) != here for s in tx.shares.of(appointment_id)):
        return None
    card = shared_card(view_shared(tx, appointment, now), worker.locale)
    view, texts = view_of(tx, worker, appointment, now), Texts(worker.locale, worker.zone)
    if view.ended is not None or view.removed or Right.ANSWER not in view.rights:
        return card
    asks = view.own_answer is Answer.PENDING
    said = (Notice(texts.t("You are invited to this appointment. What is your answer?")),) if asks else ()
    buttons = answer_buttons(view, texts, actions.ANSWER_NAMES)
    return replace(card, body=(*said, *card.body), actions=(*buttons, *card.actions))


def _people(tx: Transaction, share: Share) -> list[str]:
    """Return the ids of those whom the appointment concerns and who are known in that tenant."""
    appointment = tx.appointments.find(share.appointment_id)
    if appointment is None:
        return []
    accounts = [a for worker_id in sorted(appointment.audience) for a in tx.accounts.of_worker(worker_id)]
    return [a.external_id for a in accounts if a.platform == PLATFORM and a.tenant == share.tenant]
