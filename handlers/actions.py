"""The names of actions, and their tokens: decimal numbers with dots between them."""

from core.appointments import Answer
from core.errors import NotFound
from handlers.ui import REF_BYTES, ActionRef

_LARGEST = 2**31 - 1

HELP = "help"
INVITATIONS = "invitations"
CASES = "cases"
SETTINGS = "settings"
BOOK = "book"

# Token: case number, or case number and page.
CASE = "case"
CASE_PAGE = "case-page"
CREATE = "create"
CREATE_FOR_LEAD = "create-lead"

# Token: appointment, revision (OPEN and both UNDO act on what is there now, whatever its revision).
OPEN = "open"
EDIT = "edit"
CANCEL = "cancel"
DELETE = "delete"
UNDO = "undo"
UNDO_HERE = "undo-here"
PROPOSE = "propose"
REASSIGN = "reassign"
SHARE = "share"

# Token: appointment, revision, sequence of the own answer; from a list also its page.
ANSWERS = {"accept": Answer.ACCEPTED, "decline": Answer.DECLINED, "tentative": Answer.TENTATIVE}
UNDO_DECLINE = "undo-decline"
LIST_ANSWERS = {f"list-{name}": answer for name, answer in ANSWERS.items()}
LIST_UNDO = "list-undo"
INVITATIONS_PAGE = "invitations-page"

# Token: the notice's row of the outbox; the appointment.
REVEAL = "reveal"
REVEAL_COPY = "reveal-copy"

# Token: one of one's own accounts (ACCOUNTS and LINK have none).
ACCOUNTS = "accounts"
LINK = "link"
ACCOUNT_PREFER = "account-prefer"
ACCOUNT_USUAL = "account-usual"
ACCOUNT_MUTE = "account-mute"
ACCOUNT_HEAR = "account-hear"
ACCOUNT_UNLINK = "account-unlink"
ACCOUNT_UNLINK_SURE = "account-unlink-sure"
ACCOUNT_KEEP = "account-keep"

# Token: the workers meant, the main one first; perhaps nobody.
FIND = "find"
WHY = "why"

# Token: the first and the last day of the period, as ordinals (OCCUPATION and OCCUPATION_PERIOD have none).
OCCUPATION = "occupation"
OCCUPATION_PERIOD = "occupation-period"
OCCUPATION_OTHER = "occupation-other"
OCCUPATION_CSV = "occupation-csv"

# Token: the request to open a time.
OPENING_ACCEPT = "opening-accept"
OPENING_REFUSE = "opening-refuse"

# Token: the proposal of another time.
COUNTER_ACCEPT = "counter-accept"
COUNTER_REFUSE = "counter-refuse"

# Token: page of one's own availability.
PLANNING = "planning"
PLANNING_PAGE = "planning-page"
PLANNING_COPY = "planning-copy"
PLANNING_LIMITS = "planning-limits"
PLANNING_EXPORT = "planning-export"

# Token: availability range.
RANGE_ADD = "range-add"
RANGE_EDIT = "range-edit"
RANGE_REMOVE = "range-remove"

# Token: absence.
ABSENCE_ADD = "absence-add"
ABSENCE_EDIT = "absence-edit"
ABSENCE_REMOVE = "absence-remove"
HAND_OVER = "hand-over"

# Token: people and days, as `handlers.agenda.view` writes them (AGENDA has none).
AGENDA = "agenda"
AGENDA_TURN = "agenda-turn"
AGENDA_AVAILABILITY = "agenda-open"
AGENDA_EXTERNAL = "agenda-external"

ANSWER_NAMES = {answer: name for name, answer in ANSWERS.items()}
LIST_ANSWER_NAMES = {answer: name for name, answer in LIST_ANSWERS.items()}


def ref(name: str, *numbers: int) -> ActionRef:
    """Return the reference of an action on the thing that `numbers` name."""
    return ActionRef(name, ".".join(str(n) for n in numbers))


def people_ref(name: str, *worker_ids: int) -> ActionRef:
    """Return the reference of an action about these workers; those of many who do not fit a token are left out."""
    fitting = worker_ids
    while len(f"{name}:{'.'.join(map(str, fitting))}") > REF_BYTES:
        fitting = fitting[:-1]
    return ref(name, *fitting)


def people(token: str) -> tuple[int, ...]:
    """Return the workers of a token that `people_ref` made. Raises NotFound for any other."""
    return numbers(token, token.count(".") + 1) if token else ()


def numbers(token: str, count: int) -> tuple[int, ...]:
    """Return the `count` numbers of a token. Raises NotFound if it is not such a token."""
    parts = token.split(".")
    if len(parts) != count or not all(p.isascii() and p.isdigit() and len(p) <= len(str(_LARGEST)) for p in parts):
        raise NotFound
    found = tuple(int(p) for p in parts)
    if max(found) > _LARGEST:
        raise NotFound
    return found


def number(token: str) -> int:
    """Return the first number of a token. Raises NotFound if there is none."""
    return numbers(token.partition(".")[0], 1)[0]
