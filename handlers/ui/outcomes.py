"""What goes out: the answer to one event."""

from dataclasses import dataclass

from handlers.ui.cards import Card, OptionGroup
from handlers.ui.forms import Form


@dataclass(frozen=True, slots=True)
class Live:
    """Marks a card as a copy of an appointment, shown at `version`: to be kept up to date from now on."""

    appointment_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the person alone. With `live`, the card is posted to his private conversation and kept as a copy."""

    card: Card
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """Put this card in the place of the one clicked (a list turned to another page).

    With `live`, the message that was clicked is a copy of that appointment, and shows `version` of it now.
    """

    card: Card
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The appointment changed, or its card was old: the copies, the clicked one first, follow through the outbox.

    `notice`, if any, is said to the person alone ("nothing was done: the card had changed").
    """

    appointment_id: int
    notice: str = ""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a form."""

    form: Form


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """Show the same form anew, after a change or a question that came up."""

    form: Form


@dataclass(frozen=True, slots=True)
class PushForm:
    """Open `form` above the open one, which shows `below` meanwhile: closing `form` leads back there."""

    form: Form
    below: Form


@dataclass(frozen=True, slots=True)
class PopForm:
    """Close the form above, and show `below` in the place of the one it was opened from."""

    below: Form


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """Say beside the fields what is wrong; "" as the key for the whole form."""

    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CloseForm:
    """Close the form; `notice` is said to the person alone."""

    notice: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """Answer to `OptionSearch`."""

    groups: tuple[OptionGroup, ...]


Outcome = (
    Reply | ReplaceCard | Refreshed | OpenForm | UpdateForm | PushForm | PopForm | FieldErrors | CloseForm | Options
)
