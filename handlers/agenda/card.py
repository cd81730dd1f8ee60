"""The card of /agenda: the picture, two toggles for each person, and the ways on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from core.agenda import Agenda
from core.cases import Place
from core.people import Worker
from handlers import actions
from handlers.agenda.picture import agenda_picture
from handlers.agenda.view import View
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Toggle


def agenda_card(
    agendas: Sequence[Agenda],
    view: View,
    viewer: Worker,
    places: Mapping[int, Place],
    texts: Texts,
    now: datetime,
    said: Iterable[Element] = (),
) -> Card:
    """Return the card; `view` holds exactly the people of `agendas`, `said` stands above the picture."""
    title = f"{_whose(agendas, viewer, texts)} – {_when(view, texts)}"
    picture = agenda_picture(agendas, view.days, places, texts, now)
    found = (*_turns(view, texts, now), *_ways_on(view, viewer, texts), *_toggles(agendas, view, viewer, texts))
    return Card(title, (*said, picture), found, neutral=texts.t("Agenda"))


def _whose(agendas: Sequence[Agenda], viewer: Worker, texts: Texts) -> str:
    if [a.worker.id for a in agendas] == [viewer.id]:
        return texts.t("My agenda")
    return texts.t("Agenda: {names}", names=texts.listed(a.worker.name for a in agendas))


def _when(view: View, texts: Texts) -> str:
    if not view.week:
        return texts.day(view.day)
    first, last = texts.short_day(view.days[0]), texts.short_day(view.days[-1])
    return texts.t("week of {first} to {last}", first=first, last=last)


def _turns(view: View, texts: Texts, now: datetime) -> Iterator[Action]:
    today = texts.local(now).date()
    yield Button(view.turned(-1).ref(actions.AGENDA_TURN), texts.t("Previous"))
    yield Button(View(view.people, today, view.week).ref(actions.AGENDA_TURN), texts.t("Today"))
    yield Button(view.turned(1).ref(actions.AGENDA_TURN), texts.t("Next"))
    day = today if today in view.days else view.days[0]
    other = View(view.people, day, not view.week)
    yield Button(other.ref(actions.AGENDA_TURN), texts.t("Day") if view.week else texts.t("Week"))


def _ways_on(view: View, viewer: Worker, texts: Texts) -> Iterator[Action]:
    main = view.people[0]
    book = texts.t("Book an appointment")
    yield Button(actions.people_ref(actions.BOOK, main), book, "primary", opens_form=True)
    yield Button(actions.people_ref(actions.FIND, *view.people), texts.t("Find a time"), opens_form=True)
    yield Button(actions.people_ref(actions.WHY, *view.people), texts.t("Why not at this time?"), opens_form=True)
    if view.people == (viewer.id,):
        yield Button(actions.ref(actions.PLANNING), texts.t("My availability"))
        if viewer.manager:
            yield Button(actions.ref(actions.OCCUPATION), texts.t("Occupation figures"))


def _toggles(agendas: Sequence[Agenda], view: View, viewer: Worker, texts: Texts) -> Iterator[Action]:
    """Yield each person's two (guide, step 7)."""
    for n, agenda in enumerate(agendas):
        own, name, shown = agenda.worker.id == viewer.id, agenda.worker.name, agenda.shown
        availability = texts.t("My availability") if own else texts.t("Availability of {name}", name=name)
        external = texts.t("My external agenda") if own else texts.t("External agenda of {name}", name=name)
        yield Toggle(view.ref(actions.AGENDA_AVAILABILITY, n), availability, shown.availability)
        yield Toggle(view.ref(actions.AGENDA_EXTERNAL, n), external, shown.external)
