"""The card of the home: invitations first, what may be taken back, today, the rest of the week, and the ways on."""

from collections.abc import Iterator
from datetime import datetime

from core.appointments import EndingKind
from core.home import HomeView
from core.views import AppointmentView
from handlers import actions
from handlers.cards.appointment import answer_buttons, propose_buttons, undo_buttons
from handlers.cards.days import (
    agenda_button,
    entries,
    entry_lines,
    invitations_button,
    more,
    open_button,
    waiting_words,
)
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.ui import Button, Card, Divider, Element, Item, ItemList, Notice, Text


def home_card(view: HomeView, texts: Texts, now: datetime) -> Card:
    """Return the home as its worker may see it: names show, so it is for nobody else; the `neutral` line has none."""
    title = texts.t("Appointments")
    body = (
        *_invitations(view, texts, now),
        *_unsettled(view, texts, now),
        *_today(view, texts, now),
        *_week(view, texts, now),
    )
    return Card(title, body, _ways_on(texts), neutral=title)


def _invitations(view: HomeView, texts: Texts, now: datetime) -> Iterator[Element]:
    if not view.count:
        yield Text(texts.t("No invitation awaits your answer."))
        return
    yield Notice(waiting_words(view.count, texts))
    items = tuple(_invitation(v, texts, now) for v in view.invitations)
    yield ItemList((*items, *more(view.count - len(items), texts, invitations_button(view.count, texts))))


def _invitation(view: AppointmentView, texts: Texts, now: datetime) -> Item:
    buttons = (*answer_buttons(view, texts, actions.ANSWER_NAMES), open_button(view, texts))
    return Item(moment(view.appointment.during, texts), entry_lines(view, texts, now), buttons)


def _unsettled(view: HomeView, texts: Texts, now: datetime) -> Iterator[Element]:
    if not view.unsettled.views:
        return
    yield Notice(texts.t("You can still take this back: the others hear of it after."), "warning")
    items = [_taken_back(v, texts, now) for v in view.unsettled.views]
    if view.unsettled.more:
        said = texts.n("… and {count} more", "… and {count} more", view.unsettled.more)
        items.append(Item(said, (texts.t("Their own cards let you take them back."),)))
    yield ItemList(tuple(items))


def _taken_back(view: AppointmentView, texts: Texts, now: datetime) -> Item:
    time = moment(view.appointment.during, texts)
    match view.ended:
        case EndingKind.CANCELLED:
            title = texts.t("{time} – cancelled", time=time)
        case EndingKind.DELETED:
            title = texts.t("{time} – deleted", time=time)
        case None:
            title = texts.t("{time} – declined", time=time)
    buttons = (*undo_buttons(view, texts), *propose_buttons(view, texts))
    return Item(title, entry_lines(view, texts, now), buttons)


def _today(view: HomeView, texts: Texts, now: datetime) -> Iterator[Element]:
    yield Divider()
    yield Text(texts.t("Today, {day}", day=texts.day(now)))
    if view.today.views:
        yield entries(view.today, texts, now, lambda v: texts.hours(v.appointment.during), agenda_button(texts))
    else:
        yield Text(texts.t("Nothing more today."))


def _week(view: HomeView, texts: Texts, now: datetime) -> Iterator[Element]:
    yield Divider()
    if view.week.views:
        yield Text(texts.t("This week"))
        yield entries(view.week, texts, now, lambda v: _later(v, texts), agenda_button(texts))
    else:
        yield Text(texts.t("Nothing else this week."))


def _later(view: AppointmentView, texts: Texts) -> str:
    during = view.appointment.during
    return f"{texts.day_and_month(during.start)} {texts.hours(during)}"


def _ways_on(texts: Texts) -> tuple[Button, ...]:
    return (
        Button(actions.ref(actions.BOOK), texts.t("Book an appointment"), "primary", opens_form=True),
        Button(actions.ref(actions.FIND), texts.t("Find a time"), opens_form=True),
        agenda_button(texts),
        Button(actions.ref(actions.PLANNING), texts.t("My availability")),
        Button(actions.ref(actions.SETTINGS), texts.t("My settings"), opens_form=True),
        Button(actions.ref(actions.ACCOUNTS), texts.t("My accounts")),
    )
