"""A simple picture of what must happen, against which random sequences are held."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.appointments import Answer, EndingKind
from core.availability import BusyKind, Limits
from core.conflicts import NeedsConfirmation
from core.errors import (
    AnsweredAlready,
    Away,
    Ended,
    Held,
    InThePast,
    NotAllowed,
    NotInvited,
    OutsideAvailability,
    RdvError,
    SlotTaken,
    Stale,
    Started,
    TooLateToUndo,
)
from core.times import Interval

Refusal = type[RdvError] | None
UNDO = timedelta(seconds=10)


@dataclass
class Said:
    """One invitation: what he said, what others know, and how often he has spoken."""

    answer: Answer = Answer.PENDING
    before: Answer = Answer.PENDING
    sequence: int = 0
    settles: datetime | None = None
    optional: bool = False


@dataclass
class End:
    """How it ended."""

    kind: EndingKind
    by: int
    settles: datetime
    was_cancelled: bool = False
    cancelled_by: int = 0


@dataclass
class Booked:
    """One appointment."""

    main: int
    creator: int
    during: Interval
    said: dict[int, Said]
    revision: int = 1
    end: End | None = None

    def takes_time(self, now: datetime) -> bool:
        """Whether it occupies its main worker and those who did not decline."""
        return self.end is None or (now < self.end.settles and not self.end.was_cancelled)

    def ended_for(self, worker: int, now: datetime) -> EndingKind | None:
        """What the worker knows of its end."""
        if self.end is None:
            return None
        if worker == self.end.by or now >= self.end.settles:
            return self.end.kind
        return EndingKind.CANCELLED if self.end.was_cancelled else None


@dataclass
class Hold:
    """A slot that someone has chosen in an open form."""

    main: int
    during: Interval
    until: datetime


@dataclass
class Model:
    """All appointments, by id; `lead` is the lead of the one case. `questions` are those of the last placing."""

    lead: int
    opens: int = 9
    closes: int = 17
    booked: dict[int, Booked] = field(default_factory=dict)
    holds: dict[int, Hold] = field(default_factory=dict)
    absences: list[tuple[int, Interval]] = field(default_factory=list)
    limits: dict[int, Limits] = field(default_factory=dict)
    questions: set[tuple[int, BusyKind]] = field(default_factory=set)

    def conflicts(
        self, actor: int, workers: Iterable[int], during: Interval, now: datetime, ignoring: int | None
    ) -> set[tuple[int, BusyKind]]:
        """What stands in these workers' agendas, what the actor holds left out."""
        found = set()
        for key, b in self.booked.items():
            if key == ignoring or not b.takes_time(now) or not b.during.overlaps(during):
                continue
            if b.main in workers:
                found.add((b.main, BusyKind.APPOINTMENT))
            for worker, said in b.said.items():
                if worker in workers and said.answer is not Answer.DECLINED:
                    found.add((worker, BusyKind(str(said.answer))))
        for holder, hold in self.holds.items():
            if holder != actor and hold.main in workers and now < hold.until and hold.during.overlaps(during):
                found.add((hold.main, BusyKind.HOLD))
        found |= {(w, BusyKind.ABSENCE) for w, away in self.absences if w in workers and away.overlaps(during)}
        return found

    def broken(self, main: int, during: Interval, now: datetime, ignoring: int | None) -> set[tuple[int, BusyKind]]:
        """Which of the main worker's limits this would break."""
        limits = self.limits.get(main, Limits())
        others = [b for key, b in self.booked.items() if key != ignoring and b.takes_time(now)]
        found = set()
        if during.start < now + limits.notice:
            found.add((main, BusyKind.NOTICE))
        if limits.daily and sum(b.main == main and _day(b.during) == _day(during) for b in others) >= limits.daily:
            found.add((main, BusyKind.FULL_DAY))
        apart = max(limits.before, limits.after)
        around = Interval(during.start - apart, during.end + apart)
        for b in others:
            there = b.main == main or (main in b.said and b.said[main].answer is Answer.ACCEPTED)
            if there and b.during.overlaps(around) and not b.during.overlaps(during):
                found.add((main, BusyKind.BUFFER))
        return found

    def placing(
        self,
        actor: int,
        main: int,
        required: set[int],
        during: Interval,
        now: datetime,
        ignoring: int | None = None,
    ) -> Refusal:
        """Why a time cannot be booked just like that."""
        hours = during.start.hour + 1, during.end.hour + 1  # winter in Brussels
        conflicts = self.conflicts(actor, {main, *required}, during, now, ignoring)
        if during.start < now:
            return InThePast
        if actor != main:
            if (main, BusyKind.ABSENCE) in conflicts:
                return Away
            if not (self.opens <= hours[0] and hours[1] <= self.closes):
                return OutsideAvailability
            conflicts |= self.broken(main, during, now, ignoring)
        if (main, BusyKind.APPOINTMENT) in conflicts:
            return SlotTaken
        if (main, BusyKind.HOLD) in conflicts:
            return Held
        self.questions = conflicts
        return NeedsConfirmation if conflicts else None

    def adding(self, actor: int, key: int, required: set[int], now: datetime) -> Refusal:
        """Why these workers cannot be required from now on, just like that."""
        self.questions = self.conflicts(actor, required, self.booked[key].during, now, key)
        return NeedsConfirmation if self.questions else None

    def holding(self, actor: int, main: int, during: Interval, now: datetime) -> Refusal:
        """Why a slot cannot be held."""
        if during.start < now:
            return InThePast
        claims = {kind for _, kind in self.conflicts(actor, {main}, during, now, None)}
        if BusyKind.APPOINTMENT in claims:
            return SlotTaken
        return Held if BusyKind.HOLD in claims else None

    def held(self, main: int, now: datetime) -> set[tuple[int, Interval]]:
        """Who holds what of the worker's time."""
        return {(who, h.during) for who, h in self.holds.items() if h.main == main and now < h.until}

    def acting(self, actor: int, key: int, revision: int, now: datetime, *, also_begun: bool = False) -> Refusal:
        """Why someone may not change or end it; `also_begun`: deleting, which is possible afterwards too."""
        b = self.booked[key]
        ended = b.ended_for(actor, now)
        over = EndingKind.DELETED if also_begun else ended
        if ended is EndingKind.DELETED and not self.may_undo(actor, key, now):
            return Ended
        if actor not in (b.creator, b.main, self.lead):
            return NotAllowed
        if ended is not None and ended is over:
            return Ended
        if b.during.start <= now and not also_begun:
            return Started
        if b.end is not None and b.end.by != actor and now < b.end.settles:
            return Ended
        return Stale if b.revision != revision else None

    def answering(
        self, actor: int, key: int, revision: int, sequence: int, now: datetime, answer: Answer | None = None
    ) -> Refusal:
        """Why someone may not answer."""
        b = self.booked[key]
        if actor not in b.said:
            return NotInvited
        if b.ended_for(actor, now) is not None:
            return Ended
        if b.during.start <= now:
            return Started
        if (b.revision, b.said[actor].sequence) == (revision, sequence):
            return None
        return AnsweredAlready if b.revision == revision and b.said[actor].answer is answer else Stale

    def undoing_decline(self, actor: int, key: int, sequence: int, now: datetime) -> Refusal:
        """Why someone may not take his decline back."""
        b = self.booked[key]
        refusal = self.answering(actor, key, b.revision, sequence, now)
        if refusal is not None:
            return refusal
        settles = b.said[actor].settles
        return None if settles is not None and now < settles else TooLateToUndo

    def may_undo(self, actor: int, key: int, now: datetime) -> bool:
        """Whether this is who ended it, and in time."""
        end = self.booked[key].end
        return end is not None and end.by == actor and now < end.settles

    def undoing(self, actor: int, key: int, now: datetime) -> Refusal:
        """Why someone may not take an ending back."""
        b = self.booked[key]
        if self.may_undo(actor, key, now):
            return None
        someone_elses = b.end is None or b.end.by != actor
        return Ended if someone_elses and b.ended_for(actor, now) is EndingKind.DELETED else TooLateToUndo

    def waiting(self, worker: int, now: datetime) -> int:
        """How many invitations await the worker's answer."""
        return sum(
            b.during.start > now
            and b.ended_for(worker, now) is None
            and worker in b.said
            and b.said[worker].answer is Answer.PENDING
            for b in self.booked.values()
        )

    def listed(self, worker: int, now: datetime) -> set[int]:
        """Which appointments the case shows to the worker."""
        return {key for key, b in self.booked.items() if b.ended_for(worker, now) is not EndingKind.DELETED}


def _day(during: Interval) -> date:
    return (during.start + timedelta(hours=1)).date()  # winter in Brussels
