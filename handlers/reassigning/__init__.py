"""Giving an appointment to another main worker."""

from handlers.reassigning.form import FORM
from handlers.reassigning.submitting import change_form, click, search, submit

__all__ = ["FORM", "change_form", "click", "search", "submit"]
