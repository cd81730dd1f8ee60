"""Mes invitations (n): what waits for an answer, with the three answers on each (guide, steps 8 and 9)."""

from datetime import datetime

from core.views import AppointmentView, InvitationsView
from handlers import actions
from handlers.cards.appointment import answer_buttons, propose_buttons
from handlers.cards.words import answer_lines, client_names, moment
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Item, ItemList, Notice, Text


def invitations_card(view: InvitationsView, texts: Texts, now: datetime, said: Notice | None = None) -> Card:
    """Return one page of what waits, below what may be taken back; `said` tells of the click that led here."""
    title = texts.t("My invitations ({count})", count=view.count)
    waiting: Element = (
        ItemList(tuple(_invitation(v, view.page, texts, now) for v in view.waiting))
        if view.waiting
        else Text(texts.t("No invitation awaits your answer."))
    )
    body = (*((said,) if said else ()), *_declined(view, texts), waiting)
    return Card(title, body, _pages(view, texts), neutral=title)


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


def _declined(view: InvitationsView, texts: Texts) -> tuple[Element, ...]:
    """Return what the viewer has just declined, with the ways on: taking it back, proposing another time (rule 6)."""
    if not view.declined:
        return ()
    items = []
    for each in view.declined:
        a = each.appointment
        undo = actions.ref(actions.LIST_UNDO, a.id, a.revision, each.own_sequence, view.page)
        back = Button(undo, texts.t("Take back my refusal"), "primary")
        title = texts.t("{time} – declined", time=moment(a.during, texts))
        items.append(Item(title, (each.main_worker.label,), (back, *propose_buttons(each, texts))))
    if view.declined_more:
        said = texts.n("… and {count} more", "… and {count} more", view.declined_more)
        items.append(Item(said, (texts.t("Their own cards let you take them back."),)))
    return (Notice(texts.t("You can still take this back: the others hear of it after.")), ItemList(tuple(items)))


def _pages(view: InvitationsView, texts: Texts) -> tuple[Action, ...]:
    buttons = []
    if view.page > 0:
        buttons.append(Button(actions.ref(actions.INVITATIONS_PAGE, view.page - 1), texts.t("Previous")))
    if view.more:
        buttons.append(Button(actions.ref(actions.INVITATIONS_PAGE, view.page + 1), texts.t("Next")))
    return tuple(buttons)
