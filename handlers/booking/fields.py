"""The names of the booking form's fields, and of the choices that stand for more than a row."""

FORM = "booking"

CASE = "case"
MAIN = "main"
CLIENTS = "clients"
PARTIES = "parties"
PLACE = "place"
PLACE_NAME = "place_name"
PLACE_KIND = "place_kind"
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
NEW_PLACE = "new"
OTHER_TIME = "other"
SAME_START = "same"
BECOME_MAIN = "main"

AVAILABILITY = "availability"
EXTERNAL = "external"


def toggles_of(worker_id: int) -> str:
    """Return the name of a worker's pair of toggles (guide, step 7)."""
    return f"show-{worker_id}"
