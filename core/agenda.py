"""Agendas side by side over a stretch of time, as one person may see them (guide, steps 6 and 7; rule 9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.access import may_see_case
from core.appointments import Appointment
from core.availability import AbsenceKind, AvailabilityRange, Busy, BusyKind, OpenRange, Shown
from core.freetime import region_of
from core.holidays import public_holidays
from core.people import Client, PartyKind, Worker
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import Rules
from core.times import Interval, instant, merged

_OF_HIS_CALENDAR = {BusyKind.EXTERNAL, BusyKind.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that occupies the worker.

    TENTATIVE without an appointment is an external event that may not take place. `case_number` and `clients` are
    there for who has a right to them, `title` (of an external event) for the worker himself, `own` for who holds it.
    """

    during: Interval
    kind: BusyKind
    appointment_id: int | None = None
    place_id: int | None = None
    case_number: int | None = None
    clients: tuple[Client, ...] = ()
    title: str = ""
    own: bool = False

    @property
    def external(self) -> bool:
        """Whether it comes from the worker's calendar elsewhere."""
        return self.appointment_id is None and self.kind in _OF_HIS_CALENDAR


@dataclass(frozen=True, slots=True)
class Away:
    """The worker is absent; `kind` is there for himself alone."""

    during: Interval
    kind: AbsenceKind | None = None


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday, from midnight to midnight of the worker's zone; its name in the viewer's language."""

    during: Interval
    name: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """What shows of one worker in `window`, each by start; `shown` are his toggles as the viewer has set them."""

    worker: Worker
    window: Interval
    shown: Shown
    ranges: tuple[OpenRange, ...]
    absences: tuple[Away, ...]
    holidays: tuple[Holiday, ...]
    entries: tuple[Entry, ...]


def agendas_of(
    tx: Transaction,
    viewer: Worker,
    workers: Sequence[Worker],
    window: Interval,
    now: datetime,
    rules: Rules,
    shown: Mapping[int, Shown],
    *,
    private: bool = True,
) -> list[Agenda]:
    """Return the agendas of these workers, in their order, as `viewer` may see them.

    `shown` are his toggles; who is not in it has both on (guide, step 7). Appointments and absences always show.
    Unless it is `private`, nothing is told that the others in the channel may not read: no case, client, title or
    kind of absence (rule 9).
    """
    ids = [w.id for w in workers]
    toggles = {w.id: shown.get(w.id, Shown()) for w in workers}
    ranges = _by_worker(tx.agendas.ranges_of([w for w in ids if toggles[w].availability]))
    absences = tx.agendas.absences(ids, window)
    busy = tx.agendas.busy(ids, window, now)
    seen = viewer.id if private else 0
    entries = _entries(tx, seen, viewer.id, [b for b in busy if b.kind not in _OF_HIS_CALENDAR or b.appointment_id])
    for worker_id in ids:
        if toggles[worker_id].external:
            entries[worker_id] = [*entries.get(worker_id, []), *_external(tx, worker_id, seen, window, busy)]
    return [
        Agenda(
            worker=w,
            window=window,
            shown=toggles[w.id],
            ranges=tuple(open_ranges(ranges.get(w.id, ()), window)),
            absences=tuple(
                Away(a.during, a.kind if a.worker_id == seen else None) for a in absences if a.worker_id == w.id
            ),
            holidays=tuple(_holidays(w, window, rules, viewer.locale)),
            entries=tuple(sorted(entries.get(w.id, ()), key=lambda e: (e.during, e.kind, e.title))),
        )
        for w in workers
    ]


def _by_worker(ranges: Iterable[AvailabilityRange]) -> dict[int, list[AvailabilityRange]]:
    found: dict[int, list[AvailabilityRange]] = {}
    for r in ranges:
        found.setdefault(r.worker_id, []).append(r)
    return found


def _entries(tx: Transaction, viewer_id: int, holder_id: int, busy: Sequence[Busy]) -> dict[int, list[Entry]]:
    """Return appointments and holds by worker; 0 stands for a viewer who may be told nothing of them."""
    told = _told(tx, viewer_id, {b.appointment_id for b in busy if b.appointment_id}) if viewer_id else {}
    clients = tx.people.find({ref for a in told.values() for ref in a.parties if ref.kind is PartyKind.CLIENT})
    found: dict[int, list[Entry]] = {}
    for b in busy:
        a = told.get(b.appointment_id or 0)
        entry = Entry(
            b.during,
            b.kind,
            b.appointment_id,
            b.place_id,
            case_number=a.case_number if a else None,
            clients=tuple(c for ref in a.parties if isinstance(c := clients.get(ref), Client)) if a else (),
            own=b.held_by == holder_id,
        )
        found.setdefault(b.worker_id, []).append(entry)
    return found


def _told(tx: Transaction, viewer_id: int, appointment_ids: Iterable[int]) -> dict[int, Appointment]:
    """Return those of which the viewer may read the case: he is part of it, or may open the case (rule 9)."""
    found = tx.appointments.find_all(sorted(appointment_ids))
    numbers = {a.case_number for a in found if viewer_id not in a.audience}
    seen = {case.number for case in tx.cases.find_all(numbers) if may_see_case(case, viewer_id)}
    return {a.id: a for a in found if viewer_id in a.audience or a.case_number in seen}


def _external(
    tx: Transaction, worker_id: int, viewer_id: int, window: Interval, busy: Iterable[Busy]
) -> Iterable[Entry]:
    """Return what comes from the worker's calendar elsewhere: its titles for himself alone."""
    if worker_id == viewer_id:
        for event in tx.agendas.external_events(worker_id, window):
            kind = BusyKind.TENTATIVE if event.tentative else BusyKind.EXTERNAL
            yield Entry(event.during, kind, title=event.title)
        return
    his = [b for b in busy if b.worker_id == worker_id and b.appointment_id is None]
    for kind in sorted(_OF_HIS_CALENDAR):
        for during in merged(b.during for b in his if b.kind is kind):
            yield Entry(during, kind)


def _holidays(worker: Worker, window: Interval, rules: Rules, locale: str) -> Iterable[Holiday]:
    zone = ZoneInfo(worker.zone)
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    for day, name in sorted(public_holidays(region_of(worker, rules), first, last, locale).items()):
        begins, ends = (instant(d, time(), worker.zone) for d in (day, day + timedelta(days=1)))
        if begins < ends and begins < window.end and window.start < ends:
            yield Holiday(Interval(begins, ends), name)
