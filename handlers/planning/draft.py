"""What stands in the form of a range at one moment: read from its values, which are all the state there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import NotFound
from core.series import Scope
from handlers.forms import one, whole
from handlers.planning import fields
from handlers.ui import Value


@dataclass(frozen=True, slots=True)
class Opening:
    """What the form carries beside its values; never trusted.

    `range_id` is the edited range, 0 for a new one. `asked` names the appointments that it shows as left outside, ""
    for none.
    """

    range_id: int = 0
    asked: str = ""

    def encode(self) -> str:
        """Return it as the form's context."""
        return f"{self.range_id}/{self.asked}"

    @classmethod
    def decode(cls, text: str) -> "Opening":
        """Return what `encode` made. Raises NotFound for anything else."""
        number, _, asked = text.partition("/")
        range_id = whole(number)
        if range_id is None:
            raise NotFound
        return cls(range_id, asked)


@dataclass(frozen=True, slots=True)
class Draft:
    """The form's values as they were typed; "" where nothing is chosen, or what the form did not ask for."""

    opening: Opening = field(default_factory=Opening)
    nonce: str = ""
    occurrence: str = ""
    scope: Scope | None = None
    day: str = ""
    starts: str = ""
    ends: str = ""
    place: str = fields.NO_PLACE
    kinds: str = ""
    repeats: str = ""
    end: str = ""
    confirm: bool = False


def read_draft(context: str, nonce: str, values: Mapping[str, Value]) -> Draft:
    """Return what a form sent. Raises NotFound if the context is not one of ours."""
    scope = one(values, fields.SCOPE)
    return Draft(
        opening=Opening.decode(context),
        nonce=nonce,
        occurrence=one(values, fields.OCCURRENCE),
        scope=Scope(scope) if scope in set(Scope) else None,
        day=one(values, fields.DAY),
        starts=one(values, fields.FROM),
        ends=one(values, fields.UNTIL),
        place=one(values, fields.PLACE) or fields.NO_PLACE,
        kinds=one(values, fields.KINDS),
        repeats=one(values, fields.REPEATS),
        end=one(values, fields.END),
        confirm=one(values, fields.CONFIRM) == "yes",
    )
