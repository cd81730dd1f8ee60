"""Sharing an appointment to a channel: who may, and what everybody there may read of it (rule 9)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core.access import Right, access_appointment, require
from core.appointments import Answer, Appointment, EndingKind
from core.cases import SupportCase
from core.notices import Notice, NoticeKind
from core.people import Client, Person, PersonalContact, ProfessionalContact, Worker
from core.ports import Transaction
from core.shares import Share
from core.text import fold
from core.times import Interval

OUTSIDER: Final = 0
"""The viewer who is nobody in particular: no worker has this id."""

_SHORT: Final = 3
_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class SharedView:
    """What everybody in a channel may read of an appointment: no client, no contact, no comment, no reason.

    `case_number` is None for a confidential case. `workers` are the invited ones, with what others may know of their
    answers, and whether it can take place without them. `zone` is the appointment's own.
    """

    appointment_id: int
    revision: int
    case_number: int | None
    during: Interval
    zone: str
    kind: str
    main_worker: Worker
    workers: tuple[tuple[Worker, Answer, bool], ...]
    place: str
    ended: EndingKind | None


def shareable(tx: Transaction, actor: Worker, appointment_id: int, now: datetime) -> Appointment:
    """Return the appointment, if the actor may share it now. Raises NotFound, Ended."""
    appointment = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, appointment, Right.SHARE, now)
    return appointment


def share_appointment(
    tx: Transaction, actor: Worker, appointment_id: int, platform: str, tenant: str, channel: str, now: datetime
) -> Share:
    """Have the appointment's card posted to a channel, or brought up to date where it stands there already.

    The outbox posts it and tells the actor what came of it. Raises NotFound, Ended.
    """
    appointment = shareable(tx, actor, appointment_id, now)
    share = tx.shares.add(Share(0, appointment.id, platform, tenant, channel, actor.id))
    tx.outbox.add([_shared_notice(share, actor, now)], now)
    tx.audit.add(actor.id, "shared", appointment.id, now, f"{platform} {channel}")
    return share


def view_shared(tx: Transaction, appointment: Appointment, now: datetime) -> SharedView:
    """Return what the channel may read at `now`; whatever is still to settle is not known there yet."""
    case = tx.cases.find(appointment.case_number)
    people = tx.people.find(appointment.parties)
    place = tx.places.find(appointment.place_id) if appointment.place_id is not None else None
    hidden = _private_words(people.values(), case)
    invitations = {i.worker_id: i for i in appointment.invitations}
    return SharedView(
        appointment_id=appointment.id,
        revision=appointment.revision,
        case_number=None if case is None or case.confidential else appointment.case_number,
        during=appointment.during,
        zone=appointment.zone,
        kind=_unless_named(appointment.kind, hidden),
        main_worker=tx.people.worker(appointment.main_worker_id),
        workers=tuple(
            (worker, invitation.seen_by(OUTSIDER, now), invitation.optional)
            for ref in appointment.parties
            if isinstance(worker := people.get(ref), Worker) and (invitation := invitations.get(worker.id)) is not None
        ),
        place=_unless_named(place.label, hidden) if place is not None else "",
        ended=appointment.ended_for(OUTSIDER, now),
    )


def _shared_notice(share: Share, actor: Worker, now: datetime) -> Notice:
    """Return what has the share posted, one after the other for each share; asked again, it is done and told again."""
    asked = (now - _SINCE) // timedelta(seconds=1)
    return Notice(share.appointment_id, share.by_id, NoticeKind.SHARED, share.id, now, asked, about_id=actor.id)


def _private_words(parties: Iterable[Person], case: SupportCase | None) -> frozenset[str]:
    """Return the names of clients and contacts, whole and in words, as `_unless_named` looks for them."""
    of_case = (*case.clients, *case.personal_contacts) if case else ()
    names: list[str] = []
    for person in (*parties, *of_case):
        match person:
            case Client(given_name=given, family_name=family) | PersonalContact(given_name=given, family_name=family):
                names += [given, family]
            case ProfessionalContact(name=name):
                names.append(name)
            case Worker():
                pass
    phrases = [_words(name) for name in names]
    single = {word for phrase in phrases for word in phrase.split() if len(word) > _SHORT}
    return frozenset(phrase for phrase in {*phrases, *single} if phrase)


def _unless_named(text: str, names: frozenset[str]) -> str:
    """Return the text, or "" if a person is named in it: a place may be somebody's home."""
    said = f" {_words(text)} "
    return "" if any(f" {name} " in said for name in names) else text


def _words(text: str) -> str:
    """Return the text as names are looked for in it: in capitals first, which tell fewer letters apart (ß, ı)."""
    return _NO_WORD.sub(" ", fold(text.upper())).strip()
