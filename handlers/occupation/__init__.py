"""Occupation for a manager: what is offered, booked and cancelled; a picture, words, and a table to keep."""

from handlers.occupation.asking import FORM, asked, click, command, keep, other, period, submit

__all__ = ["FORM", "asked", "click", "command", "keep", "other", "period", "submit"]
