"""« Pourquoi pas à cette heure ? »: each reason as a sentence that betrays nothing of anybody's (rule 9)."""

from collections.abc import Iterable, Mapping, Sequence

from core.message import N_
from core.people import Worker
from core.ports import Transaction
from core.reasons import Reason, ReasonKind
from handlers.cards.words import stretch
from handlers.i18n import Texts
from handlers.ui import Notice

_OF_THE_TIME = {
    ReasonKind.PAST: N_("This time is in the past."),
    ReasonKind.TOO_FAR: N_("This day is too far ahead: agendas are known for twelve months."),
    ReasonKind.TOO_LONG: N_("An appointment lasts at most 12 hours."),
    ReasonKind.OFF_STEP: N_("Slots begin every quarter of an hour."),
}
_OF_SOMEONE = {
    ReasonKind.OUTSIDE: N_("outside availability"),
    ReasonKind.TWO_PLACES: N_("available at two places, one after the other"),
    ReasonKind.OTHER_KIND: N_("available for other kinds of appointment only"),
    ReasonKind.ABSENCE: N_("away"),
    ReasonKind.HOLIDAY: N_("public holiday"),
    ReasonKind.APPOINTMENT: N_("another appointment"),
    ReasonKind.HOLD: N_("being booked by a colleague"),
    ReasonKind.INVITATION: N_("invited to another appointment"),
    ReasonKind.EXTERNAL: N_("busy (external agenda)"),
    ReasonKind.NOTICE: N_("wants to be booked earlier than that"),
    ReasonKind.BUFFER: N_("free time kept around an appointment"),
    ReasonKind.TRAVEL: N_("time to travel between two places"),
    ReasonKind.FULL_DAY: N_("no more appointments that day"),
    ReasonKind.INVITEE: N_("not free"),
}


def why_notice(reasons: Sequence[Reason], names: Mapping[int, str], texts: Texts) -> Notice:
    """Return every reason against a time, each on a line; without any, that it is offered."""
    timed = {r.worker_id for r in reasons if r.kind is ReasonKind.INVITEE and r.during}
    said = [r for r in reasons if r.during or r.kind is not ReasonKind.INVITEE or r.worker_id not in timed]
    lines = list(dict.fromkeys(reason_words(reason, names, texts) for reason in said))
    if not lines:
        return Notice(texts.t("This time is one of the slots offered."), "success")
    return Notice("\n".join([texts.t("Why not at this time?"), *lines]))


def reason_words(reason: Reason, names: Mapping[int, str], texts: Texts) -> str:
    """Return one reason: of whom, what, and when it is known."""
    if reason.kind in _OF_THE_TIME:
        return texts.t(_OF_THE_TIME[reason.kind])
    name, what = names.get(reason.worker_id, ""), texts.t(_OF_SOMEONE[reason.kind])
    if reason.label:
        what = texts.t("{what}: {name}", what=what, name=reason.label)
    if reason.during is None:
        return texts.t("{name}: {what}", name=name, what=what)
    return texts.t("{name}: {what}, {time}", name=name, what=what, time=stretch(reason.during, texts))


def names_in(tx: Transaction, workers: Iterable[Worker], reasons: Iterable[Reason]) -> dict[int, str]:
    """Return the names of the workers that the reasons speak of."""
    known = {w.id: w.label for w in workers}
    unknown = {r.worker_id for r in reasons} - known.keys() - {0}
    return known | {w: tx.people.worker(w).label for w in unknown}
