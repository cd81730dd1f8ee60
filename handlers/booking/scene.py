"""What the draft names, looked up for the person who fills it in: only what he may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.access import Right, access_appointment, access_case, require
from core.appointments import Appointment
from core.availability import Shown, Slot
from core.cases import SupportCase
from core.errors import CaseNotFound, Stale
from core.people import PartyKind, PartyRef, Person, Worker
from core.ports import Transaction
from core.preferring import shown_to
from core.rules import HORIZON, Rules
from core.slots import free_slots
from core.times import Interval, instant
from handlers.booking import fields
from handlers.booking.draft import Draft, Mode
from handlers.forms import MIDNIGHT
from handlers.i18n import Texts

TICKED = 3
"""A case with no more clients than that has them all concerned from the start."""
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Scene:
    """The draft made whole; `old` is the appointment being edited. `people` has the main worker and every party."""

    draft: Draft
    actor: Worker
    now: datetime
    rules: Rules
    case: SupportCase | None
    main: Worker | None
    people: Mapping[PartyRef, Person]
    old: Appointment | None

    @property
    def invited(self) -> tuple[Worker, ...]:
        """The workers among the concerned parties."""
        return tuple(w for p in self.draft.parties if isinstance(w := self.people[p], Worker))

    @property
    def optional(self) -> frozenset[int]:
        """Those of the invited workers without whom it can take place."""
        return self.draft.optional & {w.id for w in self.invited}

    @property
    def shown(self) -> tuple[Worker, ...]:
        """Whose agendas show: the main worker's first (guide, steps 3 and 7)."""
        return ((self.main,) if self.main else ()) + self.invited

    @property
    def ignoring(self) -> int | None:
        """The appointment that stands in nobody's way, since it is the one being moved."""
        return self.old.id if self.old else None


def set_scene(tx: Transaction, actor: Worker, draft: Draft, now: datetime, rules: Rules) -> Scene:
    """Look up what the draft names; what is not there for the actor is left out.

    Raises CaseNotFound for a case that he did not choose in the form itself; for an edited appointment NotFound,
    NotAllowed, Ended, Started, Stale.
    """
    old = _edited(tx, actor, draft, now)
    case = _case(tx, actor, draft)
    draft = _with_clients_of(draft, case, old)
    main_ref = PartyRef(PartyKind.WORKER, draft.main or 0)
    known = {PartyRef(PartyKind.WORKER, old.main_worker_id), *old.parties} if old else set()
    of_case = {c.ref: c for c in case.clients} if case else {}
    here: dict[PartyRef, Person] = {actor.ref: actor, **of_case}
    sought = [p for p in (main_ref, *draft.parties) if p not in here]
    found = {
        ref: person
        for ref, person in {**(tx.people.find(sought) if sought else {}), **here}.items()
        if not isinstance(person, Worker) or person.active or ref in known
    }
    main = found.get(main_ref)
    allowed = _allowed(case, old)
    parties = tuple(
        p
        for p in draft.parties
        if p in found
        and p != main_ref
        and (p in allowed or p.kind in {PartyKind.WORKER, PartyKind.PROFESSIONAL_CONTACT})
    )
    draft = replace(draft, case=case.number if case else None, main=main_ref.id if main else None, parties=parties)
    return Scene(
        draft=_with_toggles(tx, actor, draft),
        actor=actor,
        now=now,
        rules=rules,
        case=case,
        main=main if isinstance(main, Worker) else None,
        people=found,
        old=old,
    )


def in_a_week_with_slots(tx: Transaction, scene: Scene, texts: Texts) -> tuple[Scene, list[Slot]]:
    """Return the scene and the free slots of its week: the first one that has some, unless a possible one is chosen."""
    draft, weeks = scene.draft, weeks_from(scene.now, texts)
    if draft.week is not None and weeks[0] <= draft.week <= texts.local(scene.now + HORIZON).date():
        return scene, slots_of_week(tx, scene, texts)
    for week in weeks:
        if slots := _free(tx, scene, window_of(week, texts)):
            return replace(scene, draft=replace(draft, week=week)), slots
        if scene.main is None or not tx.agendas.ranges(scene.main.id):
            break
    return replace(scene, draft=replace(draft, week=weeks[0])), []


def weeks_from(now: datetime, texts: Texts) -> list[date]:
    """Return the first days of this week and the next ones."""
    today = texts.local(now).date()
    this = today - timedelta(days=today.weekday())
    return [this + timedelta(weeks=n) for n in range(WEEKS)]


def window_of(week: date, texts: Texts) -> Interval:
    """Return a whole week on the reader's clock."""
    return Interval(_midnight(week, texts), _midnight(week + timedelta(days=7), texts))


def slots_of_week(tx: Transaction, scene: Scene, texts: Texts) -> list[Slot]:
    """Return the main worker's free slots in the chosen week."""
    return _free(tx, scene, window_of(scene.draft.week, texts)) if scene.draft.week else []


def _free(tx: Transaction, scene: Scene, window: Interval) -> list[Slot]:
    if scene.main is None:
        return []
    return free_slots(
        tx,
        scene.main.id,
        window,
        scene.draft.duration,
        scene.now,
        scene.rules,
        invitees=[w.id for w in scene.invited],
        optional=scene.optional,
        everyone=scene.draft.everyone,
        kind=scene.draft.kind,
        ignoring=scene.ignoring,
        viewer_id=scene.actor.id,
    )


def _midnight(day: date, texts: Texts) -> datetime:
    return instant(day, MIDNIGHT, texts.zone.key)


def _edited(tx: Transaction, actor: Worker, draft: Draft, now: datetime) -> Appointment | None:
    opening = draft.opening
    if opening.mode is not Mode.EDIT:
        return None
    old = access_appointment(tx, actor, opening.appointment_id, now)
    require(tx, actor, old, Right.EDIT, now)
    if old.revision != opening.revision:
        raise Stale
    return old


def _case(tx: Transaction, actor: Worker, draft: Draft) -> SupportCase | None:
    if draft.case is None:
        return None
    try:
        return access_case(tx, actor, draft.case)
    except CaseNotFound:
        if draft.opening.case:
            raise
        return None


def _with_clients_of(draft: Draft, case: SupportCase | None, old: Appointment | None) -> Draft:
    """A case that is new to the form brings its clients, the few it has already chosen."""
    number = case.number if case else 0
    opening = draft.opening
    if number == opening.seen_case:
        return draft
    clients = case.clients if case and old is None and len(case.clients) <= TICKED else ()
    parties = dict.fromkeys([*(c.ref for c in clients), *draft.parties])
    return replace(draft, parties=tuple(parties), opening=replace(opening, seen_case=number))


def _with_toggles(tx: Transaction, actor: Worker, draft: Draft) -> Draft:
    """Who is new to the form is shown as the actor last chose for him, or prefers (guide, step 7)."""
    workers = [draft.main or 0, *(p.id for p in draft.parties if p.kind is PartyKind.WORKER)]
    new = [w for w in workers if w and w not in draft.shown]
    chosen = shown_to(tx, actor, new) if new else {}
    return replace(draft, shown={**draft.shown, **{w: _switched_on(found) for w, found in chosen.items()}})


def _switched_on(shown: Shown) -> frozenset[str]:
    both = ((fields.AVAILABILITY, shown.availability), (fields.EXTERNAL, shown.external))
    return frozenset(name for name, on in both if on)


def _allowed(case: SupportCase | None, old: Appointment | None) -> set[PartyRef]:
    """Clients and personal contacts belong to a case: those of another are not to be named."""
    clients = [c.ref for c in case.clients] if case else []
    contacts = [c.ref for c in case.personal_contacts] if case else []
    return {*clients, *contacts, *(old.parties if old else ())}
