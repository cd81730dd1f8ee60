"""Asking a colleague to open a time outside his availability, and his one click (rule 2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.access import access_case
from core.appointments import Appointment
from core.availability import AvailabilityRange, BusyKind
from core.booking import BookingRequest, enter, parties_of, place_of, workers_among
from core.checking import Placing, check_asking
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import AskerGone, DecidedAlready, MissingChoice, NotAllowed, NotFound, TooManyRanges
from core.kinds import takes
from core.notifying import opening_asked_notice, opening_refused_notice
from core.openings import Opening, OpeningState
from core.people import Worker
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import COMMENT_LIMIT, KIND_LIMIT, MOST_RANGES, Rules
from core.text import clean
from core.times import Interval, instant, merged, without


def ask_opening(tx: Transaction, actor: Worker, request: BookingRequest, now: datetime, rules: Rules) -> Opening:
    """Ask the main worker of `request` to open its time, for that one appointment; he is told at once.

    Nothing is claimed while he is asked. What he may override by his click is not asked of the actor; the row itself
    keeps who asked what, and the audit of the appointment says later who opened it.

    Raises:
        NotAllowed: it is the actor's own agenda, where any time may be booked.
        CaseNotFound, MissingChoice, NotFound, InvalidTime, BadText, TextTooLong: as `book`.
        Away, SlotTaken, Held: no click would open this time.
    """
    if request.main_worker_id == actor.id:
        raise NotAllowed
    case = access_case(tx, actor, request.case_number)
    parties = parties_of(tx, request, case)
    kind, place_id = clean(request.kind, limit=KIND_LIMIT), place_of(tx, request.place)
    placing = Placing(actor.id, request.main_worker_id, request.during, kind, place_id)
    check_asking(tx, placing, now, rules)
    opening = tx.openings.add(
        Opening(
            id=0,
            asker_id=actor.id,
            main_worker_id=request.main_worker_id,
            case_number=request.case_number,
            during=request.during,
            zone=request.zone,
            parties=parties,
            place_id=place_id,
            comment=clean(request.comment, limit=COMMENT_LIMIT),
            created_at=now,
            kind=kind,
            optional=request.optional & frozenset(workers_among(parties)),
        )
    )
    tx.agendas.release(actor.id)
    tx.outbox.add([opening_asked_notice(opening, now)], now)
    return opening


def open_and_book(tx: Transaction, actor: Worker, opening_id: int, now: datetime, rules: Rules) -> Appointment:
    """Open what of the time is not open yet, for that place and kind, and book it as the asker's.

    His click counts as the confirmation of whatever may be confirmed. The asker's rights are those of now.

    Raises:
        NotFound, NotAllowed: no such opening, or not in the actor's agenda.
        DecidedAlready: he has answered.
        InThePast, SlotTaken, Held, Away: too late.
        AskerGone: who asked may no longer book this.
        TooManyRanges: he has as many ranges as he may have.
    """
    ranges = tx.agendas.edit_ranges(actor.id)  # first: of two clicks at once, the second finds the answer of the first
    opening = _asked(tx, actor, opening_id)
    _open(tx, actor, ranges, opening)
    _let_go(tx, actor, opening, now)
    try:
        appointment = _book(tx, opening, now, rules)
    except (NotFound, MissingChoice) as gone:
        raise AskerGone from gone
    tx.openings.decide(replace(opening, state=OpeningState.OPENED, appointment_id=appointment.id))
    tx.audit.add(actor.id, "opened", appointment.id, now)
    return appointment


def refuse_opening(tx: Transaction, actor: Worker, opening_id: int, now: datetime) -> Opening:
    """Leave the time closed, and tell the asker. Raises NotFound, NotAllowed, DecidedAlready."""
    opening = replace(_asked(tx, actor, opening_id), state=OpeningState.REFUSED)
    tx.openings.decide(opening)
    tx.outbox.add([opening_refused_notice(opening, now)], now)
    return opening


def _asked(tx: Transaction, actor: Worker, opening_id: int) -> Opening:
    opening = tx.openings.find(opening_id)
    if opening is None:
        raise NotFound
    if opening.main_worker_id != actor.id:
        raise NotAllowed
    if opening.state is not OpeningState.ASKED:
        raise DecidedAlready
    return opening


def _open(tx: Transaction, owner: Worker, ranges: Sequence[AvailabilityRange], opening: Opening) -> None:
    """Add to the owner's `ranges` one of a single day for each part of the time that is not open for this kind."""
    fitting = merged(r.during for r in open_ranges(ranges, opening.during) if takes(r.kinds, opening.kind))
    missing = without(opening.during, fitting)
    if missing and len(ranges) + len(missing) > MOST_RANGES:
        raise TooManyRanges
    for piece in missing:
        tx.agendas.save_range(_single(owner, opening, piece))


def _single(owner: Worker, opening: Opening, piece: Interval) -> AvailabilityRange:
    """Return the range of wall time that covers `piece`; on the night of a clock change it may cover an hour more."""
    zone = ZoneInfo(owner.zone)
    starts, ends = (at.astimezone(zone).replace(tzinfo=UTC, fold=0) for at in (piece.start, piece.end))
    # The end's second occurrence (RFC 5545 knows only the first) lies later on the clock.
    ends += max(piece.end - instant(ends.date(), ends.time(), owner.zone), timedelta(0))
    kinds = frozenset({opening.kind}) if opening.kind else frozenset[str]()
    return AvailabilityRange(
        id=0,
        worker_id=owner.id,
        place_id=opening.place_id,
        first_day=starts.date(),
        starts=starts.time(),
        lasts=ends - starts,
        zone=owner.zone,
        kinds=kinds,
    )


def _let_go(tx: Transaction, owner: Worker, opening: Opening, now: datetime) -> None:
    """Let go of what the two of them hold of this time; what the asker holds elsewhere stays his."""
    tx.agendas.release(owner.id)
    held = [b.held_by for b in tx.agendas.busy([owner.id], opening.during, now) if b.kind is BusyKind.HOLD]
    if opening.asker_id in held:
        tx.agendas.release(opening.asker_id)


def _book(tx: Transaction, opening: Opening, now: datetime, rules: Rules) -> Appointment:
    """Book what was asked for, as the asker, over whatever may be confirmed. Raises AskerGone, and as `book`."""
    asker = tx.people.worker(opening.asker_id)
    if not asker.active:
        raise AskerGone
    request = BookingRequest(
        case_number=opening.case_number,
        main_worker_id=opening.main_worker_id,
        during=opening.during,
        zone=opening.zone,
        parties=opening.parties,
        place=opening.place_id,
        comment=opening.comment,
        kind=opening.kind,
        optional=opening.optional,
    )
    try:
        return enter(tx, asker, request, now, rules)
    except NeedsConfirmation as question:
        accepted = frozenset(conflict_key(c) for c in question.conflicts)
        return enter(tx, asker, replace(request, confirmed=accepted), now, rules)
