"""What is checked inside the transaction before a time is booked: the two right columns of rule 3."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from core.availability import Busy, BusyKind, Limits
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import Away, Held, InThePast, OutsideAvailability, SlotTaken, TooFarAhead, TooLong
from core.freetime import Facts, facts_of
from core.obstacles import obstacles, occupying, open_anywhere
from core.ports import Transaction
from core.rules import HORIZON, LONGEST, Rules
from core.slots import within_availability
from core.times import Interval

AWAY = frozenset({BusyKind.ABSENCE, BusyKind.PUBLIC_HOLIDAY})
LIMITS = frozenset({BusyKind.NOTICE, BusyKind.BUFFER, BusyKind.TRAVEL, BusyKind.FULL_DAY})


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an appointment is to stand, and who wants it there.

    `kind` and `place_id` are the appointment's; `ignoring` is itself when it is moved.
    """

    actor_id: int
    main_id: int
    during: Interval
    kind: str
    place_id: int | None
    ignoring: int | None = None

    @property
    def colleague(self) -> bool:
        """Whether the agenda is another's."""
        return self.main_id != self.actor_id


def check_time(during: Interval, now: datetime) -> None:
    """Return if this time may be booked at all. Raises InThePast, TooLong, TooFarAhead."""
    if during.start < now:
        raise InThePast
    if during.duration > LONGEST:
        raise TooLong
    if during.start > now + HORIZON:
        raise TooFarAhead


def check_placing(
    tx: Transaction, placing: Placing, invitees: Sequence[int], confirmed: frozenset[str], now: datetime, rules: Rules
) -> None:
    """Return if the appointment may be booked or moved there (rules 2 and 3); `invitees` are the required ones.

    Raises InvalidTime, Away, OutsideAvailability, SlotTaken, Held, NeedsConfirmation: the first that holds.
    """
    check_time(placing.during, now)
    _lock(tx, placing, rules)
    facts = facts_of(tx, [placing.main_id, *invitees], placing.during, now, rules)
    found = _in_the_way(placing, invitees, facts)
    within = not placing.colleague or open_anywhere(facts[placing.main_id], placing.during, placing.kind)
    _refuse(placing, found, within=within)
    _confirm([o for o in found if placing.colleague or o.kind not in LIMITS], confirmed)


def check_asking(tx: Transaction, placing: Placing, now: datetime, rules: Rules) -> None:
    """Return if the owner of the agenda could open this time. Raises InvalidTime, Away, SlotTaken, Held."""
    check_time(placing.during, now)
    facts = facts_of(tx, [placing.main_id], placing.during, now, rules)
    _refuse(placing, _in_the_way(placing, (), facts))


def check_kind(tx: Transaction, placing: Placing) -> None:
    """Return if the time is open for this kind of appointment. Raises OutsideAvailability."""
    if placing.colleague and not within_availability(tx, placing.main_id, placing.during, kind=placing.kind, lock=True):
        raise OutsideAvailability(placing.main_id)


def check_edit(
    tx: Transaction,
    placing: Placing,
    added: Sequence[int],
    confirmed: frozenset[str],
    now: datetime,
    rules: Rules,
    *,
    new_place: bool,
) -> None:
    """Return if nothing that only this edit makes a question stands in the way unconfirmed; the time is as it was.

    That is whatever occupies those who were not required so far (`added`), and the way to a colleague's new place.
    Raises NeedsConfirmation.
    """
    travels = new_place and placing.colleague
    if added or travels:
        found = _in_the_way(placing, added, facts_of(tx, [placing.main_id, *added], placing.during, now, rules))
        _confirm([o for o in found if o.worker_id in added or (travels and o.kind is BusyKind.TRAVEL)], confirmed)


@contextmanager
def telling_holds(tx: Transaction, placing: Placing, now: datetime) -> Iterator[None]:
    """Claim a time inside this: a refusal is said to be a hold where nothing but another's hold is in the way."""
    try:
        yield
    except SlotTaken as refusal:
        busy = tx.agendas.busy([placing.main_id], placing.during, now)
        claims = [b for b in busy if b.kind in {BusyKind.APPOINTMENT, BusyKind.HOLD}]
        others = [b for b in claims if b.appointment_id is None or b.appointment_id != placing.ignoring]
        if others and all(b.kind is BusyKind.HOLD for b in others):
            raise Held(placing.main_id) from refusal
        raise


def _lock(tx: Transaction, placing: Placing, rules: Rules) -> None:
    """Keep a colleague's ranges as they are until the commit.

    An agenda with limits takes one booking at a time: two at once would not see each other's.
    """
    if not placing.colleague:
        return
    limits = tx.agendas.limits([placing.main_id]).get(placing.main_id, rules.limits)
    if limits == Limits():
        tx.agendas.lock_ranges(placing.main_id)
    else:
        tx.agendas.edit_ranges(placing.main_id)


def _in_the_way(placing: Placing, invitees: Sequence[int], facts: Mapping[int, Facts]) -> list[Busy]:
    """Return everything of the main worker and of these invitees, whether it can be confirmed or not."""
    mine, own = placing.actor_id, placing.ignoring
    main = facts[placing.main_id]
    found = obstacles(main, placing.during, place_id=placing.place_id, ignoring=own, viewer_id=mine)
    for worker_id in invitees:
        found += occupying(facts[worker_id], placing.during, ignoring=own, viewer_id=mine)
    return found


def _refuse(placing: Placing, found: Iterable[Busy], *, within: bool = True) -> None:
    """Raise the first of Away, OutsideAvailability, SlotTaken, Held that holds of the main worker."""
    own = {o.kind for o in found if o.worker_id == placing.main_id}
    if placing.colleague and own & AWAY:
        raise Away(placing.main_id)
    if not within:
        raise OutsideAvailability(placing.main_id)
    if BusyKind.APPOINTMENT in own:
        raise SlotTaken(placing.main_id)
    if BusyKind.HOLD in own:
        raise Held(placing.main_id)


def _confirm(found: Iterable[Busy], confirmed: frozenset[str]) -> None:
    conflicts = tuple(found)
    if {conflict_key(c) for c in conflicts} - confirmed:
        raise NeedsConfirmation(conflicts)
