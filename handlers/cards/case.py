"""A case: its header, its appointments, and the two ways to add one (guide, steps 1 and 2)."""

from collections.abc import Sequence
from datetime import datetime

from core.appointments import EndingKind
from core.cases import CaseKind, SupportCase
from core.message import N_
from core.views import AppointmentView, CaseView
from handlers import actions
from handlers.cards.words import client_name, client_names, moment, topic_path
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Divider, Element, Facts, Item, ItemList, Notice, Text

_KINDS = {CaseKind.OCCASIONAL: N_("occasional"), CaseKind.REGULAR: N_("regular")}


def case_card(view: CaseView, texts: Texts, now: datetime) -> Card:
    """Return the header of the case and one page of its appointments."""
    title = texts.t("Support case no. {number}", number=view.case.number)
    shown: Element = (
        ItemList(tuple(_appointment(v, texts, now) for v in view.appointments))
        if view.appointments
        else Text(texts.t("No appointment yet in this case."))
    )
    body = (*_flags(view.case, texts), _header(view, texts, now), Divider(), shown)
    return Card(title, body, _actions(view, texts), neutral=title)


def cases_card(found: Sequence[SupportCase], said: Notice, texts: Texts, now: datetime, *, more: bool) -> Card:
    """Return cases to choose from, when a command named none or several; `said` explains why."""
    title = texts.t("Support cases")
    body: list[Element] = [said]
    if found:
        body.append(ItemList(tuple(_case(case, texts, now) for case in found)))
    if more:
        body.append(Text(texts.t("There are more cases: give a number or a client’s name.")))
    body.append(Text(texts.t("Type for example: {example}", example="/parcours 1285")))
    return Card(title, tuple(body), neutral=title)


def _header(view: CaseView, texts: Texts, now: datetime) -> Facts:
    case = view.case
    pairs = (
        (texts.t("Clients"), "\n".join(client_name(c, texts, now) for c in case.clients)),
        (texts.t("Kind"), texts.t(_KINDS[case.kind])),
        (texts.t("Topic"), topic_path(case)),
        (texts.t("Case lead"), view.lead.label),
        (texts.t("Workers"), "\n".join(w.label for w in view.workers)),
    )
    return Facts(tuple((label, value) for label, value in pairs if value))


def _flags(case: SupportCase, texts: Texts) -> tuple[Notice, ...]:
    flags = [
        flag
        for flag, is_set in ((texts.t("URGENT"), case.urgent), (texts.t("CONFIDENTIAL"), case.confidential))
        if is_set
    ]
    return (Notice(" – ".join(flags), "warning"),) if flags else ()


def _appointment(view: AppointmentView, texts: Texts, now: datetime) -> Item:
    a = view.appointment
    title = moment(a.during, texts)
    if view.ended is EndingKind.CANCELLED:
        title = texts.t("{time} – cancelled", time=title)
    lines = (
        a.kind,
        view.main_worker.label,
        texts.t("Duration: {duration}", duration=texts.duration(a.during.duration)),
        texts.t("Clients: {names}", names=client_names(view.clients, texts, now)) if view.clients else "",
        view.place.label if view.place else "",
    )
    show = Button(actions.ref(actions.OPEN, a.id, a.revision), texts.t("Open"))
    return Item(title, tuple(line for line in lines if line), (show,))


def _case(case: SupportCase, texts: Texts, now: datetime) -> Item:
    lines = (client_names(case.clients, texts, now), topic_path(case))
    buttons = (
        Button(actions.ref(actions.CASE, case.number), texts.t("Open")),
        Button(actions.ref(actions.CREATE, case.number), texts.t("Book an appointment"), opens_form=True),
    )
    return Item(texts.t("Case no. {number}", number=case.number), tuple(line for line in lines if line), buttons)


def _actions(view: CaseView, texts: Texts) -> tuple[Action, ...]:
    number = view.case.number
    buttons = [
        Button(actions.ref(actions.CREATE, number), texts.t("Create"), "primary", opens_form=True),
        Button(actions.ref(actions.CREATE_FOR_LEAD, number), texts.t("Create for the case lead"), opens_form=True),
    ]
    if view.page > 0:
        buttons.append(Button(actions.ref(actions.CASE_PAGE, number, view.page - 1), texts.t("Previous")))
    if view.more:
        buttons.append(Button(actions.ref(actions.CASE_PAGE, number, view.page + 1), texts.t("Next")))
    return tuple(buttons)
