"""What stands in the booking form at one moment: read from its values, which are all the state there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from core.availability import Slot
from core.errors import NotFound
from core.people import PartyKind, PartyRef
from core.times import Interval
from handlers.booking import fields
from handlers.forms import day, many, one, whole
from handlers.ui import Value

DEFAULT_DURATION = timedelta(hours=1)
_BOTH = frozenset({fields.AVAILABILITY, fields.EXTERNAL})
_LATEST = 2**33


class Mode(StrEnum):
    """How the form was opened."""

    NEW = "new"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Opening:
    """What the form carries beside its values; never trusted.

    `case` is fixed when the form was opened from a case (0: not), `seen_case` the one whose clients it shows.
    `toggles` are the workers whose pair it shows, `asked` digests of the conflicts that it asks to confirm.
    `revealed` tells that it shows the fields of another time, `held` is the time that it holds (`held_value`).
    """

    mode: Mode = Mode.NEW
    case: int = 0
    appointment_id: int = 0
    revision: int = 0
    seen_case: int = 0
    toggles: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()
    revealed: bool = False
    held: str = ""

    def encode(self) -> str:
        """Return it as the form's context."""
        numbers = (self.case, self.appointment_id, self.revision, self.seen_case)
        head = ".".join([self.mode, *map(str, numbers)])
        lists = (".".join(map(str, self.toggles)), ".".join(self.asked))
        return "/".join([head, *lists, str(int(self.revealed)), self.held])

    @classmethod
    def decode(cls, text: str) -> "Opening":
        """Return what `encode` made. Raises NotFound for anything else."""
        try:
            head, toggles, asked, revealed, held = text.split("/")
            mode, *numbers = head.split(".")
            case, appointment_id, revision, seen_case = (_number(n) for n in numbers)
            shown = tuple(_number(n) for n in toggles.split(".") if n)
            names = tuple(name for name in asked.split(".") if name)
            return cls(Mode(mode), case, appointment_id, revision, seen_case, shown, names, revealed == "1", held)
        except ValueError:
            raise NotFound from None


@dataclass(frozen=True, slots=True)
class Draft:
    """The form's values, read; None or "" where nothing is chosen.

    `optional` are the workers without whom it can take place; with `everyone`, only times at which all others are free
    are offered.
    """

    opening: Opening = field(default_factory=Opening)
    nonce: str = ""
    case: int | None = None
    main: int | None = None
    parties: tuple[PartyRef, ...] = ()
    optional: frozenset[int] = frozenset()
    everyone: bool = False
    kind: str = ""
    shown: Mapping[int, frozenset[str]] = field(default_factory=dict)
    place: str = fields.PLACE_OF_SLOT
    duration: timedelta = DEFAULT_DURATION
    week: date | None = None
    slot: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    comment: str = ""
    instead: str = ""
    confirm: bool = False

    def shows(self, worker_id: int) -> frozenset[str]:
        """Return which of a worker's toggles are on; both, when he is new to the form."""
        return self.shown.get(worker_id, _BOTH)


def read_draft(context: str, nonce: str, values: Mapping[str, Value]) -> Draft:
    """Return what a form sent. Raises NotFound if the context is not one of ours."""
    opening = Opening.decode(context)
    minutes = whole(one(values, fields.DURATION))
    parties = (*many(values, fields.CLIENTS), *many(values, fields.PARTIES))
    return Draft(
        opening=opening,
        nonce=nonce,
        case=opening.case or whole(one(values, fields.CASE)),
        main=whole(one(values, fields.MAIN)),
        parties=tuple(dict.fromkeys(ref for p in parties if (ref := party(p)) is not None)),
        optional=frozenset(w for text in many(values, fields.OPTIONAL) if (w := whole(text))),
        everyone=one(values, fields.EVERYONE) == "yes",
        kind=one(values, fields.KIND),
        shown=_shown(opening, values),
        place=one(values, fields.PLACE) or fields.PLACE_OF_SLOT,
        duration=timedelta(minutes=minutes) if minutes and minutes <= 24 * 60 else DEFAULT_DURATION,
        week=monday(day(one(values, fields.WEEK))),
        slot=one(values, fields.SLOT),
        day=one(values, fields.DATE),
        starts=one(values, fields.FROM),
        ends=one(values, fields.UNTIL),
        comment=one(values, fields.COMMENT),
        instead=one(values, fields.INSTEAD),
        confirm=one(values, fields.CONFIRM) == "yes",
    )


def _shown(opening: Opening, values: Mapping[str, Value]) -> dict[int, frozenset[str]]:
    """Return which toggles are on: each worker's own pair, or the two lists of all (`handlers.booking.toggles`)."""
    lists = {
        toggle: set(many(values, name))
        for name, toggle in ((fields.AVAILABILITY_OF, fields.AVAILABILITY), (fields.EXTERNAL_OF, fields.EXTERNAL))
    }
    return {
        w: frozenset(many(values, fields.toggles_of(w))) | {toggle for toggle, on in lists.items() if str(w) in on}
        for w in opening.toggles
    }


def party(text: str) -> PartyRef | None:
    """Return the party in "worker:3", None for anything else."""
    kind, _, number = text.partition(":")
    found = whole(number)
    return PartyRef(PartyKind(kind), found) if found and kind in set(PartyKind) else None


def party_value(ref: PartyRef) -> str:
    """Return the value that `party` reads."""
    return f"{ref.kind}:{ref.id}"


def slot_value(slot: Slot) -> str:
    """Return the value of an offered slot: start, end, place."""
    start, end = int(slot.during.start.timestamp()), int(slot.during.end.timestamp())
    return f"{start}.{end}.{slot.place_id or 0}"


def slot(text: str) -> Slot | None:
    """Return the slot that `slot_value` wrote, None for anything else."""
    parts = text.split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) <= 10 for p in parts):  # noqa: PLR2004
        return None
    start, end, place = (int(p) for p in parts)
    if not start < end < _LATEST:
        return None
    return Slot(Interval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)), place or None)


def held_value(worker_id: int, during: Interval) -> str:
    """Return the name of a time in someone's agenda, for the form to carry."""
    return f"{worker_id}.{int(during.start.timestamp())}.{int(during.end.timestamp())}"


def monday(found: date | None) -> date | None:
    """Return the first day of that day's week."""
    return found - timedelta(days=found.weekday()) if found else None


def _number(text: str) -> int:
    found = whole(text)
    if found is None:
        raise ValueError(text)
    return found
