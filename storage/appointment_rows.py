"""Appointments between rows and values: two statements load any number of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.appointments import Answer, Appointment, Ending, EndingKind, Invitation
from core.people import PartyKind, PartyRef
from core.times import Interval
from storage.tables import appointments, invitations, parties

_A, _I, _P = appointments.c, invitations.c, parties.c

APPOINTMENTS = sa.select(
    _A.id,
    _A.case_number,
    _A.main_worker_id,
    _A.creator_id,
    _A.starts_at,
    _A.ends_at,
    _A.zone,
    _A.place_id,
    _A.comment,
    _A.created_at,
    _A.revision,
    _A.version,
    _A.ending,
    _A.ended_by,
    _A.reason,
    _A.settles_at,
    _A.was_cancelled,
    _A.kind,
)
ONE = APPOINTMENTS.where(_A.id == sa.bindparam("appointment"))

_KINDS = (PartyKind.WORKER, PartyKind.CLIENT, PartyKind.PERSONAL_CONTACT, PartyKind.PROFESSIONAL_CONTACT)
_PARTY_COLUMNS = (_P.worker_id, _P.client_id, _P.personal_contact_id, _P.professional_contact_id)
_COLUMN_OF = {kind: column.name for kind, column in zip(_KINDS, _PARTY_COLUMNS, strict=True)}
_NO_PARTY = dict.fromkeys(_COLUMN_OF.values())


def _members(chosen_invitations: Any, chosen_parties: Any) -> sa.CompoundSelect[Any]:
    """Invitations and parties in one statement; a row without an answer is a party."""
    nothing = sa.null()
    return sa.union_all(
        sa.select(
            _I.appointment_id,
            _I.position,
            _I.answer,
            _I.previous,
            _I.sequence,
            _I.version,
            _I.settles_at,
            _I.optional,
            _I.worker_id,
            nothing,
            nothing,
            nothing,
        ).where(chosen_invitations),
        sa.select(_P.appointment_id, _P.position, *[nothing] * 6, *_PARTY_COLUMNS).where(chosen_parties),
    )


_MEMBERS_OF_ONE = _members(
    _I.appointment_id == sa.bindparam("appointment"), _P.appointment_id == sa.bindparam("appointment")
)
_SOUGHT: sa.BindParameter[Any] = sa.bindparam("appointments", expanding=True)
_MEMBERS = _members(_I.appointment_id.in_(_SOUGHT), _P.appointment_id.in_(_SOUGHT))


def load(connection: sa.Connection, statement: sa.Select[Any], values: dict[str, Any]) -> list[Appointment]:
    """Return the appointments that `statement` (made from APPOINTMENTS) selects, in its order."""
    rows = connection.execute(statement, values).all()
    if not rows:
        return []
    if len(rows) == 1:
        members = connection.execute(_MEMBERS_OF_ONE, {"appointment": rows[0][0]}).all()
    else:
        members = connection.execute(_MEMBERS, {"appointments": [row[0] for row in rows]}).all()
    invited: dict[int, list[Invitation]] = {row[0]: [] for row in rows}
    concerned: dict[int, list[PartyRef]] = {row[0]: [] for row in rows}
    for appointment_id, _, answer, previous, *more in sorted(members, key=_position):
        said, party = more[:4], more[4:]
        if answer is None:
            concerned[appointment_id].append(_ref(party))
        else:
            invited[appointment_id].append(Invitation(party[0], Answer(answer), Answer(previous), *said))
    return [_appointment(row, tuple(concerned[row[0]]), tuple(invited[row[0]])) for row in rows]


def appointment_values(appointment: Appointment) -> dict[str, Any]:
    """Return the columns of the appointment itself, without id and version."""
    ending = appointment.ending
    return {
        "case_number": appointment.case_number,
        "main_worker_id": appointment.main_worker_id,
        "creator_id": appointment.creator_id,
        "starts_at": appointment.during.start,
        "ends_at": appointment.during.end,
        "zone": appointment.zone,
        "place_id": appointment.place_id,
        "comment": appointment.comment,
        "created_at": appointment.created_at,
        "revision": appointment.revision,
        "ending": str(ending.kind) if ending else None,
        "ended_by": ending.by_id if ending else None,
        "reason": ending.reason if ending else None,
        "settles_at": ending.settles_at if ending else None,
        "was_cancelled": ending.was_cancelled if ending else None,
        "kind": appointment.kind,
    }


def party_rows(appointment: Appointment) -> list[dict[str, Any]]:
    """Return the rows of the concerned parties."""
    return [
        {"appointment_id": appointment.id, "position": position, **_NO_PARTY, _COLUMN_OF[ref.kind]: ref.id}
        for position, ref in enumerate(appointment.parties)
    ]


def invitation_rows(appointment: Appointment) -> list[dict[str, Any]]:
    """Return the rows of the invitations."""
    return [
        {
            "appointment_id": appointment.id,
            "worker_id": invitation.worker_id,
            "position": position,
            "answer": str(invitation.answer),
            "previous": str(invitation.previous),
            "sequence": invitation.sequence,
            "version": invitation.version,
            "settles_at": invitation.settles_at,
            "optional": invitation.optional,
            "starts_at": appointment.during.start,
            "ends_at": appointment.during.end,
        }
        for position, invitation in enumerate(appointment.invitations)
    ]


def answer_row(appointment_id: int, invitation: Invitation, now: datetime) -> dict[str, Any]:
    """Return the row that keeps this answer."""
    return {
        "appointment_id": appointment_id,
        "worker_id": invitation.worker_id,
        "answer": str(invitation.answer),
        "at": now,
    }


def _position(member: Sequence[Any]) -> int:
    position: int = member[1]
    return position


def _ref(ids: Sequence[int | None]) -> PartyRef:
    return next(PartyRef(kind, found) for kind, found in zip(_KINDS, ids, strict=True) if found is not None)


def _appointment(row: Sequence[Any], concerned: tuple[PartyRef, ...], invited: tuple[Invitation, ...]) -> Appointment:
    (
        appointment_id,
        case_number,
        main_worker_id,
        creator_id,
        starts_at,
        ends_at,
        zone,
        place_id,
        comment,
        created_at,
        revision,
        version,
        ending,
        ended_by,
        reason,
        settles_at,
        was_cancelled,
        kind,
    ) = row
    return Appointment(
        id=appointment_id,
        case_number=case_number,
        main_worker_id=main_worker_id,
        creator_id=creator_id,
        during=Interval(starts_at, ends_at),
        zone=zone,
        place_id=place_id,
        comment=comment,
        parties=concerned,
        invitations=invited,
        created_at=created_at,
        revision=revision,
        version=version,
        ending=Ending(EndingKind(ending), ended_by, reason, settles_at, was_cancelled) if ending else None,
        kind=kind,
    )
