"""One's own availability: ranges, absences and what falls in them, copying, settings, export (/dispo)."""

from handlers.planning import absences, copying, exporting, hand_over, limits, ranges, removing
from handlers.planning.fields import (
    ABSENCE_FORM,
    ABSENCE_REMOVAL,
    COPY_FORM,
    HAND_OVER_FORM,
    LIMITS_FORM,
    RANGE_FORM,
    RANGE_REMOVAL,
)
from handlers.planning.listing import click, page
from handlers.planning.opening import command

__all__ = [
    "ABSENCE_FORM",
    "ABSENCE_REMOVAL",
    "COPY_FORM",
    "HAND_OVER_FORM",
    "LIMITS_FORM",
    "RANGE_FORM",
    "RANGE_REMOVAL",
    "absences",
    "click",
    "command",
    "copying",
    "exporting",
    "hand_over",
    "limits",
    "page",
    "ranges",
    "removing",
]
