"""Finding a time: the slots common to several people, the best first, and from there into the booking form."""

from handlers.finding.fields import FORM
from handlers.finding.opening import click, rdv
from handlers.finding.searching import search
from handlers.finding.submitting import change_form, submit

__all__ = ["FORM", "change_form", "click", "rdv", "search", "submit"]
