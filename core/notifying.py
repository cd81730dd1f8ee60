"""Who is told what when an appointment changes, and whether a notice still holds when it is sent (rules 5 to 7)."""

from collections.abc import Iterable
from datetime import datetime

from core.appointments import Answer, Appointment, EndingKind, Invitation
from core.counterproposals import CounterProposal, CounterState, why_over
from core.notices import Notice, NoticeKind
from core.openings import Opening, OpeningState
from core.reminding import Wanted, reminded, reminders


def booked_notices(appointment: Appointment, now: datetime, wanted: Wanted) -> list[Notice]:
    """Return the cards of a new appointment, the creator's first, and the reminders that are wanted of it."""
    notices = [_notice(appointment, appointment.creator_id, NoticeKind.SHOWN, now)]
    if appointment.main_worker_id != appointment.creator_id:
        notices.append(_notice(appointment, appointment.main_worker_id, NoticeKind.SHOWN, now))
    notices += _invited(appointment, appointment.invitations, now)
    return notices + reminders(appointment, reminded(appointment), now, wanted)


def changed_notices(old: Appointment, new: Appointment, actor_id: int, now: datetime, wanted: Wanted) -> list[Notice]:
    """Return what a change tells: everyone again after a move, else only what is new; `actor_id` needs no telling."""
    moved = (old.during, old.main_worker_id) != (new.during, new.main_worker_id)
    known, audience = set(old.audience), new.audience
    added = [i for i in new.invitations if i.worker_id not in known]
    asked = new.invitations if moved else added
    invited = {n.recipient_id for n in _invited(new, asked, now)}
    notices = [_notice(new, actor_id, NoticeKind.REFRESH, now, about=actor_id)]
    notices += [_notice(new, w, NoticeKind.REFRESH, now) for w in audience if w != actor_id and w in known]
    if new.main_worker_id not in known:
        notices.append(_notice(new, new.main_worker_id, NoticeKind.SHOWN, now))
    told = _what_changed(old, new)
    notices += [
        _notice(new, w, told, now, about=actor_id)
        for w in audience
        if w in known and w not in invited and w != actor_id
    ]
    notices += _invited(new, asked, now)
    notices += [_notice(new, w, NoticeKind.REFRESH, now) for w in known if w not in audience and w != actor_id]
    notices += [
        _notice(new, w, NoticeKind.REMOVED, now, about=actor_id) for w in known if w not in audience and w != actor_id
    ]
    anew = reminded(new) if moved else [w for w in reminded(new) if w not in reminded(old)]
    return notices + reminders(new, anew, now, wanted)


def answered_notices(appointment: Appointment, invitation: Invitation, now: datetime, *, told: bool) -> list[Notice]:
    """Return what an answer tells: the invitee's copies first, the other copies, then the organiser if `told`.

    While a decline can be undone (`invitation.settles_at`), the others are told only when it settles.
    """
    worker_id, settles = invitation.worker_id, invitation.settles_at
    notices = [_notice(appointment, worker_id, NoticeKind.REFRESH, now)]
    if settles is not None:
        notices.append(_notice(appointment, worker_id, NoticeKind.SETTLED, settles))
    others = [w for w in appointment.audience if w != worker_id]
    notices += [_notice(appointment, w, NoticeKind.REFRESH, settles or now) for w in others]
    if told and appointment.creator_id != worker_id:
        notices.append(
            _notice(appointment, appointment.creator_id, NoticeKind.ANSWERED, settles or now, about=worker_id)
        )
    return notices


def ended_notices(appointment: Appointment, actor_id: int, now: datetime, *, told: bool) -> list[Notice]:
    """Return what a cancellation or deletion tells, the others only when it settles and only if `told`."""
    ending = appointment.ending
    if ending is None:
        raise ValueError("the appointment has no ending")
    kind = NoticeKind.CANCELLED if ending.kind is EndingKind.CANCELLED else NoticeKind.DELETED
    others = [w for w in appointment.audience if w != actor_id]
    gone = {i.worker_id for i in appointment.invitations if i.answer is Answer.DECLINED}
    gone -= {appointment.creator_id, appointment.main_worker_id}
    notices = [
        _notice(appointment, actor_id, NoticeKind.REFRESH, now),
        _notice(appointment, actor_id, NoticeKind.SETTLED, ending.settles_at),
        *(_notice(appointment, w, NoticeKind.REFRESH, ending.settles_at) for w in others),
    ]
    if told:
        notices += [_notice(appointment, w, kind, ending.settles_at, about=actor_id) for w in others if w not in gone]
    return notices


def undone_notices(appointment: Appointment, actor_id: int, now: datetime) -> list[Notice]:
    """Return what an Undo tells: only the actor, since the others never knew."""
    return [_notice(appointment, actor_id, NoticeKind.REFRESH, now)]


def opening_asked_notice(opening: Opening, now: datetime) -> Notice:
    """Return the question to the owner of the agenda; after the start it is asked no more."""
    return _opening_notice(opening, opening.main_worker_id, NoticeKind.OPENING_ASKED, now, about=opening.asker_id)


def opening_refused_notice(opening: Opening, now: datetime) -> Notice:
    """Return what tells the asker that the time stays closed."""
    return _opening_notice(opening, opening.asker_id, NoticeKind.OPENING_REFUSED, now, about=opening.main_worker_id)


def opening_still_holds(notice: Notice, opening: Opening | None, now: datetime) -> bool:
    """Tell whether a notice with an `opening_id` is still true of that opening when it is sent."""
    if opening is None or (notice.expires_at is not None and now >= notice.expires_at):
        return False
    asked = notice.kind is NoticeKind.OPENING_ASKED
    return opening.state is (OpeningState.ASKED if asked else OpeningState.REFUSED)


def counter_proposed_notice(proposal: CounterProposal, appointment: Appointment, now: datetime) -> Notice:
    """Return the question to the organiser; once one of the two times has come it is asked no more.

    While someone is ending the appointment, which the invitee cannot know, it waits for whether that is taken back.
    """
    ending, about = appointment.ending, proposal.proposer_id
    due_at = max(now, ending.settles_at) if ending is not None else now
    kind = NoticeKind.COUNTER_PROPOSED
    return _counter_notice(proposal, appointment, appointment.creator_id, kind, due_at, about=about)


def counter_refused_notice(proposal: CounterProposal, appointment: Appointment, now: datetime) -> Notice:
    """Return what tells who proposed another time that the appointment keeps its own."""
    told, about = proposal.proposer_id, appointment.creator_id
    return _counter_notice(proposal, appointment, told, NoticeKind.COUNTER_REFUSED, now, about=about)


def counter_still_holds(
    notice: Notice, proposal: CounterProposal | None, appointment: Appointment | None, now: datetime
) -> bool:
    """Tell whether a notice with a `proposal_id` is still true of that proposal when it is sent."""
    if proposal is None or appointment is None or (notice.expires_at is not None and now >= notice.expires_at):
        return False
    if notice.kind is NoticeKind.COUNTER_PROPOSED:
        return why_over(proposal, appointment, notice.recipient_id, now) is None
    stands = appointment.ended_for(notice.recipient_id, now) is None and notice.recipient_id in appointment.audience
    return proposal.state is CounterState.REFUSED and stands


def still_holds(notice: Notice, appointment: Appointment | None, now: datetime) -> bool:
    """Tell whether the notice is still true of the appointment as it stands when it is sent.

    One that speaks of an opening is true of no appointment: `opening_still_holds`; nor is one of a counter-proposal:
    `counter_still_holds`; nor a summary.
    """
    if appointment is None or (notice.expires_at is not None and now >= notice.expires_at):
        return False
    recipient = notice.recipient_id
    ended = appointment.ended_for(recipient, now)
    match notice.kind:
        case NoticeKind.REFRESH | NoticeKind.SETTLED | NoticeKind.SHARED:
            return True
        case NoticeKind.CANCELLED:
            told_late = appointment.ending is not None and appointment.ending.was_cancelled
            return ended is EndingKind.CANCELLED or (ended is EndingKind.DELETED and told_late)
        case NoticeKind.DELETED:
            return ended is EndingKind.DELETED
        case NoticeKind.REMINDER:
            return (
                ended is None
                and notice.expires_at == appointment.during.start
                and recipient in reminded(appointment)
                and not _declined(appointment, recipient)
            )
        case NoticeKind.INVITED:
            return ended is None and appointment.invitation_of(recipient) is not None
        case NoticeKind.ANSWERED:
            about = appointment.invitation_of(notice.about_id or 0)
            return ended is None and about is not None and about.version == notice.version
        case NoticeKind.SHOWN | NoticeKind.MOVED | NoticeKind.REASSIGNED | NoticeKind.CHANGED | NoticeKind.REMOVED:
            part_of_it = recipient in appointment.audience
            return ended is None and part_of_it is (notice.kind is not NoticeKind.REMOVED)
        case (
            NoticeKind.OPENING_ASKED
            | NoticeKind.OPENING_REFUSED
            | NoticeKind.COUNTER_PROPOSED
            | NoticeKind.COUNTER_REFUSED
            | NoticeKind.SUMMARY
        ):
            return False


def _what_changed(old: Appointment, new: Appointment) -> NoticeKind:
    if old.during != new.during:
        return NoticeKind.MOVED
    return NoticeKind.CHANGED if old.main_worker_id == new.main_worker_id else NoticeKind.REASSIGNED


def _declined(appointment: Appointment, worker_id: int) -> bool:
    invitation = appointment.invitation_of(worker_id)
    return invitation is not None and invitation.answer is Answer.DECLINED


def _invited(appointment: Appointment, invitations: Iterable[Invitation], now: datetime) -> list[Notice]:
    return [
        _notice(appointment, i.worker_id, NoticeKind.INVITED, now)
        for i in invitations
        if i.worker_id != appointment.creator_id
    ]


def _notice(
    appointment: Appointment, recipient_id: int, kind: NoticeKind, due_at: datetime, *, about: int | None = None
) -> Notice:
    return Notice(appointment.id, recipient_id, kind, appointment.version, due_at, about_id=about)


def _opening_notice(opening: Opening, recipient_id: int, kind: NoticeKind, now: datetime, *, about: int) -> Notice:
    return Notice(
        0,
        recipient_id,
        kind,
        version=1,
        due_at=now,
        about_id=about,
        expires_at=opening.during.start,
        opening_id=opening.id,
    )


def _counter_notice(
    proposal: CounterProposal,
    appointment: Appointment,
    recipient_id: int,
    kind: NoticeKind,
    due_at: datetime,
    *,
    about: int,
) -> Notice:
    return Notice(
        0,
        recipient_id,
        kind,
        version=1,
        due_at=due_at,
        about_id=about,
        expires_at=min(proposal.during.start, appointment.during.start),
        proposal_id=proposal.id,
    )
