"""The names of actions, and their tokens: decimal numbers with dots between them."""

from core.appointments import Answer
from core.errors import NotFound
from handlers.ui import ActionRef

_LARGEST = 2**31 - 1

HELP = "help"
INVITATIONS = "invitations"
CASES = "cases"
BOOK = "book"

# Token: case number, or case number and page.
CASE = "case"
CASE_PAGE = "case-page"
CREATE = "create"
CREATE_FOR_LEAD = "create-lead"

# Token: appointment, revision (OPEN and UNDO act on what is there now, whatever its revision).
OPEN = "open"
EDIT = "edit"
CANCEL = "cancel"
DELETE = "delete"
UNDO = "undo"

# Token: appointment, revision, sequence of the own answer; from a list also its page.
ANSWERS = {"accept": Answer.ACCEPTED, "decline": Answer.DECLINED, "tentative": Answer.TENTATIVE}
UNDO_DECLINE = "undo-decline"
LIST_ANSWERS = {f"list-{name}": answer for name, answer in ANSWERS.items()}
LIST_UNDO = "list-undo"
INVITATIONS_PAGE = "invitations-page"

ANSWER_NAMES = {answer: name for name, answer in ANSWERS.items()}
LIST_ANSWER_NAMES = {answer: name for name, answer in LIST_ANSWERS.items()}


def ref(name: str, *numbers: int) -> ActionRef:
    """Return the reference of an action on the thing that `numbers` name."""
    return ActionRef(name, ".".join(str(n) for n in numbers))


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
