"""The appointment's card: the whole of it, the question for who is invited, what else may be done (guide, step 9)."""

from datetime import datetime
from typing import Literal

from core.access import Right
from core.appointments import Answer, Appointment, EndingKind
from core.message import N_
from core.views import AppointmentView
from handlers import actions
from handlers.cards.words import ANSWER_VERBS, answer_lines, client_name, moment, neutral_line
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Facts, Menu, Notice

_STYLES: dict[Answer, Literal["plain", "primary", "danger"]] = {
    Answer.ACCEPTED: "primary",
    Answer.DECLINED: "danger",
    Answer.TENTATIVE: "plain",
}

_ENDED_TITLES = {EndingKind.CANCELLED: N_("Appointment cancelled"), EndingKind.DELETED: N_("Appointment deleted")}
_OWN_ENDINGS = {
    EndingKind.CANCELLED: N_(
        "You cancelled this appointment. You can still take that back: the others hear of it after."
    ),
    EndingKind.DELETED: N_("You deleted this appointment. You can still take that back: the others hear of it after."),
}


def appointment_card(view: AppointmentView, texts: Texts, now: datetime) -> Card:
    """Return the card as the viewer may see it at `now`."""
    neutral = neutral_line(view, texts)
    if view.removed:
        gone = Notice(texts.t("This appointment no longer concerns you."))
        return Card(texts.t("Appointment"), (gone,), neutral=neutral)
    title = texts.t("Appointment – case no. {number}", number=view.appointment.case_number)
    if view.ended is EndingKind.DELETED:
        return Card(title, (_deleted(view, texts),), undo_buttons(view, texts), neutral)
    return Card(title, (*_state(view, texts), appointment_facts(view, texts, now)), _actions(view, texts), neutral)


def ended_card(ended: Appointment, kind: EndingKind, texts: Texts) -> Card:
    """Return the answer to who has just ended it, with Undo; it has no names, and is not kept up to date."""
    title = texts.t(_ENDED_TITLES[kind])
    facts = Facts(
        (
            (texts.t("Date"), moment(ended.during, texts)),
            (texts.t("Case"), texts.t("no. {number}", number=ended.case_number)),
        )
    )
    return Card(title, (_own_ending(kind, texts), facts), (_restore(actions.UNDO_HERE, ended, texts),), neutral=title)


def appointment_facts(view: AppointmentView, texts: Texts, now: datetime) -> Facts:
    """Return all that is known of it, in the guide's order; what is empty is left out."""
    a = view.appointment
    organiser = "" if view.creator.id == view.main_worker.id else view.creator.label
    reason = a.ending.reason if a.ending and view.ended else ""
    pairs = (
        (texts.t("Date"), moment(a.during, texts)),
        (texts.t("Duration"), texts.duration(a.during.duration)),
        (texts.t("Kind of appointment"), a.kind),
        (texts.t("Main worker"), view.main_worker.label),
        (texts.t("Clients"), "\n".join(client_name(c, texts, now) for c in view.clients)),
        (texts.t("Personal contacts"), "\n".join(c.label for c in view.personal_contacts)),
        (texts.t("Professional contacts"), "\n".join(c.label for c in view.professional_contacts)),
        (texts.t("Workers"), "\n".join(answer_lines(view, texts))),
        (texts.t("Place"), view.place.label if view.place else ""),
        (texts.t("Comment"), a.comment),
        (texts.t("Case"), texts.t("no. {number}", number=a.case_number)),
        (texts.t("Organised by"), organiser),
        (texts.t("Reason"), reason),
    )
    return Facts(tuple((label, value) for label, value in pairs if value))


def answer_buttons(view: AppointmentView, texts: Texts, names: dict[Answer, str], *more: int) -> tuple[Button, ...]:
    """Return the three answers but the one given; `more` follows in the tokens."""
    return tuple(
        Button(
            actions.ref(names[answer], view.appointment.id, view.appointment.revision, view.own_sequence, *more),
            texts.t(ANSWER_VERBS[answer]),
            style,
        )
        for answer, style in _STYLES.items()
        if answer is not view.own_answer
    )


def _state(view: AppointmentView, texts: Texts) -> tuple[Element, ...]:
    if view.ended is EndingKind.CANCELLED:
        if Right.UNDO in view.rights:
            return (_own_ending(EndingKind.CANCELLED, texts),)
        by = view.ended_by.name if view.ended_by else ""
        cancelled = texts.t("Cancelled by {name}.", name=by) if by else texts.t("This appointment is cancelled.")
        return (Notice(cancelled, "warning"),)
    match view.own_answer:
        case Answer.PENDING if Right.ANSWER in view.rights:
            if view.asked_again:
                return (Notice(texts.t("This appointment was moved or reassigned. What is your answer now?")),)
            return (Notice(texts.t("You are invited to this appointment. What is your answer?")),)
        case Answer.ACCEPTED:
            return (Notice(texts.t("Your answer: accepted."), "success"),)
        case Answer.TENTATIVE:
            return (Notice(texts.t("Your answer: tentatively accepted."), "success"),)
        case Answer.DECLINED:
            return (Notice(texts.t("Your answer: declined."), "warning"),)
        case _:
            return ()


def _own_ending(kind: EndingKind, texts: Texts) -> Notice:
    return Notice(texts.t(_OWN_ENDINGS[kind]), "warning")


def _deleted(view: AppointmentView, texts: Texts) -> Notice:
    if Right.UNDO in view.rights:
        return _own_ending(EndingKind.DELETED, texts)
    return Notice(texts.t("This appointment was deleted."), "warning")


def _actions(view: AppointmentView, texts: Texts) -> tuple[Action, ...]:
    return (
        *undo_buttons(view, texts),
        *propose_buttons(view, texts),
        *_answers(view, texts),
        *_changes(view, texts),
        *_share(view, texts),
    )


def undo_buttons(view: AppointmentView, texts: Texts) -> tuple[Button, ...]:
    """Return the button that takes back what the viewer has just done, if he may."""
    a = view.appointment
    if Right.UNDO not in view.rights:
        return ()
    if view.ended is not None:
        return (_restore(actions.UNDO, a, texts),)
    token = actions.ref(actions.UNDO_DECLINE, a.id, a.revision, view.own_sequence)
    return (Button(token, texts.t("Take back my refusal"), "primary"),)


def _restore(action: str, a: Appointment, texts: Texts) -> Button:
    return Button(actions.ref(action, a.id, a.revision), texts.t("Restore the appointment"), "primary")


def propose_buttons(view: AppointmentView, texts: Texts) -> tuple[Button, ...]:
    """Return the way to propose another time, for who declined this one."""
    a = view.appointment
    if Right.PROPOSE not in view.rights:
        return ()
    return (Button(actions.ref(actions.PROPOSE, a.id, a.revision), texts.t("Propose another time"), opens_form=True),)


def _answers(view: AppointmentView, texts: Texts) -> tuple[Action, ...]:
    if Right.ANSWER not in view.rights or view.own_answer is None:
        return ()
    buttons = answer_buttons(view, texts, actions.ANSWER_NAMES)
    return buttons if view.own_answer is Answer.PENDING else (Menu(texts.t("Change my answer"), buttons),)


def _changes(view: AppointmentView, texts: Texts) -> tuple[Button, ...]:
    a = view.appointment
    offered = (
        (Right.EDIT, Button(actions.ref(actions.EDIT, a.id, a.revision), texts.t("Edit or move"), opens_form=True)),
        (Right.EDIT, Button(actions.ref(actions.REASSIGN, a.id, a.revision), texts.t("Reassign"), opens_form=True)),
        (Right.CANCEL, Button(actions.ref(actions.CANCEL, a.id, a.revision), texts.t("Cancel"), opens_form=True)),
        (
            Right.DELETE,
            Button(actions.ref(actions.DELETE, a.id, a.revision), texts.t("Delete"), "danger", opens_form=True),
        ),
    )
    return tuple(button for right, button in offered if right in view.rights)


def _share(view: AppointmentView, texts: Texts) -> tuple[Button, ...]:
    """Return the way to show it in a channel; what has ended is not shared any more, though it could be."""
    a = view.appointment
    if Right.SHARE not in view.rights or view.ended is not None:
        return ()
    share = actions.ref(actions.SHARE, a.id, a.revision)
    return (Button(share, texts.t("Share in a channel"), opens_form=True, for_channels=True),)
