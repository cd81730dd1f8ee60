"""Proposing another time after declining, and the organiser's one click (guide, step 9)."""

from handlers.proposing.deciding import accept, refuse
from handlers.proposing.form import FORM
from handlers.proposing.submitting import change_form, click, submit

__all__ = ["FORM", "accept", "change_form", "click", "refuse", "submit"]
