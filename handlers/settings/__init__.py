"""Mes réglages: language, time zone, reminders, daily summary, and how colleagues' agendas show at first."""

from handlers.settings.form import FORM, click
from handlers.settings.saving import submit
from handlers.settings.zones import search

__all__ = ["FORM", "click", "search", "submit"]
