"""The booking form: book, edit, move (guide, steps 3 to 7)."""

from handlers.booking.changing import change_form
from handlers.booking.fields import FORM
from handlers.booking.opening import about_message, click, command, create, create_for_lead, edit
from handlers.booking.searching import search
from handlers.booking.submitting import submit

__all__ = [
    "FORM",
    "about_message",
    "change_form",
    "click",
    "command",
    "create",
    "create_for_lead",
    "edit",
    "search",
    "submit",
]
