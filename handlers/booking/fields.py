"""The names of the booking form's fields, and of the choices that stand for more than a row."""

from handlers import placing
from handlers.forms import whole

FORM = "booking"

CASE = "case"
MAIN = "main"
CLIENTS = "clients"
PARTIES = "parties"
OPTIONAL = "optional"
EVERYONE = "everyone"
KIND = "kind"
PLACE = placing.PLACE
DURATION = "duration"
WEEK = "week"
SLOT = "slot"
DATE = "date"
FROM = "from"
UNTIL = "until"
COMMENT = "comment"
INSTEAD = "instead"
CONFIRM = "confirm"

PLACE_OF_SLOT = "slot"
NO_PLACE = "none"
OTHER_TIME = "other"
SAME_START = "same"
BECOME_MAIN = "main"
ASK_TO_OPEN = "ask"

AVAILABILITY = "availability"
EXTERNAL = "external"
AVAILABILITY_OF = "show-availability"
EXTERNAL_OF = "show-external"


_TOGGLES = "show-"


def toggles_of(worker_id: int) -> str:
    """Return the name of a worker's pair of toggles (guide, step 7)."""
    return f"{_TOGGLES}{worker_id}"


def toggled(field: str) -> int | None:
    """Return whose pair of toggles `field` names, None if it names none."""
    return whole(field.removeprefix(_TOGGLES)) if field.startswith(_TOGGLES) else None
