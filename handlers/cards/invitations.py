"""Mes invitations (n): what waits for an answer, with the three answers on each (guide, steps 8 and 9)."""

from datetime import datetime

from core.views import AppointmentView, InvitationsView
from handlers import actions
from handlers.cards.appointment import answer_buttons
from handlers.cards.words import answer_lines, client_names, moment
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Item, ItemList, Notice, Text


def invitations_card(
    view: InvitationsView, texts: Texts, now: datetime, said: Notice | None = None, undo: Button | None = None
) -> Card:
    """Return one page of what waits; `said` tells of the click that led here, `undo` takes it back."""
    title = texts.t("My invitations ({count})", count=view.count)
    waiting: Element = (
        ItemList(tuple(_invitation(v, view.page, texts, now) for v in view.waiting))
        if view.waiting
        else Text(texts.t("No invitation awaits your answer."))
    )
    body = (said, waiting) if said else (waiting,)
    return Card(title, body, (*([undo] if undo else []), *_pages(view, texts)), neutral=title)


def _invitation(view: AppointmentView, page: int, texts: Texts, now: datetime) -> Item:
    a = view.appointment
    lines = (
        a.kind,
        texts.t("Duration: {duration}", duration=texts.duration(a.during.duration)),
        texts.t("Main worker: {name}", name=view.main_worker.label),
        texts.t("Clients: {names}", names=client_names(view.clients, texts, now)) if view.clients else "",
        texts.t("Workers: {names}", names=", ".join(answer_lines(view, texts))),
        view.place.label if view.place else "",
    )
    buttons = (
        *answer_buttons(view, texts, actions.LIST_ANSWER_NAMES, page),
        Button(actions.ref(actions.OPEN, a.id, a.revision), texts.t("Open")),
    )
    return Item(moment(a.during, texts), tuple(line for line in lines if line), buttons)


def _pages(view: InvitationsView, texts: Texts) -> tuple[Action, ...]:
    buttons = []
    if view.page > 0:
        buttons.append(Button(actions.ref(actions.INVITATIONS_PAGE, view.page - 1), texts.t("Previous")))
    if view.more:
        buttons.append(Button(actions.ref(actions.INVITATIONS_PAGE, view.page + 1), texts.t("Next")))
    return tuple(buttons)
