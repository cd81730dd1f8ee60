"""Another time that an invitee proposes: the organiser's question, what became of it, and its refusal (rule 5)."""

from datetime import datetime

from core.appointments import EndingKind
from core.counter_views import CounterView
from core.counterproposals import CounterState
from handlers import actions
from handlers.cards.words import answer_lines, client_names, moment, neutral_line
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Facts, Notice


def counter_card(view: CounterView, texts: Texts, now: datetime, said: Notice | None = None) -> Card:
    """Return the question to the organiser, or what became of it; `said` tells why a click did nothing."""
    title, state = texts.t("Another time proposed"), _state(view, texts)
    first = (said, state) if said and said.text != state.text else (state,)
    return Card(title, (*first, _facts(view, texts, now)), _actions(view, texts), _neutral(title, view, texts))


def counter_refused_card(view: CounterView, texts: Texts, now: datetime) -> Card:
    """Return what tells who proposed another time that the appointment keeps its own; of one not his any more, less."""
    title, shown = texts.t("The planned time is kept"), view.appointment
    if shown.removed:
        return Card(title, (Notice(texts.t("This appointment no longer concerns you.")),), neutral=title)
    text = texts.t(
        "{name} keeps the planned time: {time}.",
        name=shown.creator.name,
        time=moment(shown.appointment.during, texts),
    )
    body = (Notice(text, "warning"), _facts(view, texts, now))
    return Card(title, body, _show(view, texts), _neutral(title, view, texts))


def _state(view: CounterView, texts: Texts) -> Notice:
    name = view.proposer.name
    match view.proposal.state:
        case CounterState.ACCEPTED:
            return Notice(
                texts.t("You have moved the appointment to this time; everyone concerned is asked again."), "success"
            )
        case CounterState.REFUSED:
            return Notice(texts.t("You keep the planned time; {name} is told.", name=name))
        case _ if view.over is not None:
            return Notice(texts.error(view.over), "warning")
        case _:
            time = moment(view.proposal.during, texts)
            return Notice(texts.t("{name} proposes another time: {time}.", name=name, time=time))


def _facts(view: CounterView, texts: Texts, now: datetime) -> Facts:
    shown = view.appointment
    a, proposed = shown.appointment, view.proposal.during
    pairs = (
        (texts.t("Planned time"), moment(a.during, texts)),
        (texts.t("Proposed time"), moment(proposed, texts) if proposed != a.during else ""),
        (texts.t("Duration"), texts.duration(proposed.duration)),
        (texts.t("Proposed by"), view.proposer.label),
        (texts.t("Kind of appointment"), a.kind),
        (texts.t("Main worker"), shown.main_worker.label),
        (texts.t("Clients"), client_names(shown.clients, texts, now)),
        (texts.t("Workers"), "\n".join(answer_lines(shown, texts))),
        (texts.t("Place"), view.place.label if view.place else ""),
        (texts.t("Case"), texts.t("no. {number}", number=a.case_number)),
    )
    return Facts(tuple((label, value) for label, value in pairs if value))


def _actions(view: CounterView, texts: Texts) -> tuple[Action, ...]:
    if view.over is not None:
        return _show(view, texts)
    return (
        Button(actions.ref(actions.COUNTER_ACCEPT, view.proposal.id), texts.t("Move to this time"), "primary"),
        Button(actions.ref(actions.COUNTER_REFUSE, view.proposal.id), texts.t("Keep the planned time")),
        *_show(view, texts),
    )


def _show(view: CounterView, texts: Texts) -> tuple[Action, ...]:
    if view.appointment.ended is EndingKind.DELETED:
        return ()
    a = view.appointment.appointment
    return (Button(actions.ref(actions.OPEN, a.id, a.revision), texts.t("Show the appointment")),)


def _neutral(title: str, view: CounterView, texts: Texts) -> str:
    """Return what a preview may show: case number and time, nobody's name (rule 9)."""
    return f"{title} – {neutral_line(view.appointment, texts)}"
