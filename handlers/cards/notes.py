"""Short answers: a note, and the refusal of someone unknown."""

from typing import Literal

from handlers import actions
from handlers.i18n import Texts
from handlers.ui import Button, Card, Notice, Text

Kind = Literal["info", "success", "warning", "error"]


def note_card(text: str, kind: Kind, texts: Texts) -> Card:
    """Return a sentence that must be seen, with the way to what can be done."""
    title = texts.t("Appointments")
    return Card(title, (Notice(text, kind),), (help_button(texts),), neutral=title)


def help_button(texts: Texts) -> Button:
    """Return the way to everything that can be done."""
    return Button(actions.ref(actions.HELP), texts.t("What can I do here?"))


def stranger_card(contact: str, texts: Texts) -> Card:
    """Return the refusal that tells an unknown person whom to ask; `contact` may be empty."""
    title = texts.t("We do not know each other yet")
    ask = (
        texts.t("Ask {contact} to link your account.", contact=contact)
        if contact
        else texts.t("Ask the person who looks after rdv in your organisation to link your account.")
    )
    refusal = Notice(
        texts.t("This account is not linked to any worker, so nothing can be shown or done here."), "warning"
    )
    code = texts.t(
        "If I know you in another chat already: write “rdv link” to me there, and here, in private, the line with the "
        "code that you get. A code works once, for ten minutes."
    )
    return Card(title, (refusal, Text(ask), Text(code)), neutral=title)
