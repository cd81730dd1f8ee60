"""How each thing in an agenda is drawn, and what the legend calls it."""

from dataclasses import dataclass
from enum import StrEnum

from core.message import N_


class Look(StrEnum):
    """Each with a pattern or an edge of its own, so that colour is never the only sign; the last lie over the first."""

    AVAILABLE = "available"
    ABSENCE = "absence"
    HOLIDAY = "holiday"
    APPOINTMENT = "appointment"
    TENTATIVE = "tentative"
    EXTERNAL = "external"
    EXTERNAL_TENTATIVE = "external-tentative"
    HOLD = "hold"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours in the light (a page darkens them by class); `strokes` and `every` make the pattern, `dashes` the edge.

    `ink` is the colour of words: 4.5:1 at least to `fill` and to the pattern's strokes. Without a `fill`, what lies
    behind shines through, and words stand on a plate.
    """

    fill: str
    edge: str
    ink: str
    strokes: str = ""
    every: int = 0
    stroke: str = ""
    dashes: str = ""


INK, SOFT, NOW = "#1b2628", "#4c5a59", "#b3261e"
"""Words, hours, and the present."""

_SLANTED = "M-2 2L2 -2M-2 10L10 -2M6 10L10 6"
_CROSSED = "M-1 11L11 -1M-1 -1L11 11"
_UPRIGHT = "M3 0L3 6"

PAINTS = {
    Look.AVAILABLE: Paint("#d5efdd", "#2f6b45", "#14502d"),
    Look.ABSENCE: Paint("", "#5b686b", "#1b2628", _CROSSED, 10, "#98a4a6"),
    Look.HOLIDAY: Paint("", "#8b3a5b", "#6b1f45", _UPRIGHT, 6, "#cf9fb4"),
    Look.APPOINTMENT: Paint("#1d5f73", "#123f4d", "#ffffff"),
    Look.TENTATIVE: Paint("#ffffff", "#1d5f73", "#174c5d", dashes="6 4"),
    Look.EXTERNAL: Paint("#f1edf9", "#5b4a86", "#33245c", _SLANTED, 8, "#d5cbec"),
    Look.EXTERNAL_TENTATIVE: Paint("#f1edf9", "#5b4a86", "#33245c", _SLANTED, 8, "#d5cbec", "6 4"),
    Look.HOLD: Paint("#fff4d6", "#7a4f00", "#5c3b00", dashes="2 3"),
    Look.MORE: Paint("#e7eceb", "#52605f", "#1b2628"),
}

NAMES = {
    Look.AVAILABLE: N_("Available"),
    Look.ABSENCE: N_("Away"),
    Look.HOLIDAY: N_("Public holiday"),
    Look.APPOINTMENT: N_("Appointment"),
    Look.TENTATIVE: N_("Appointment to be confirmed"),
    Look.EXTERNAL: N_("External agenda"),
    Look.EXTERNAL_TENTATIVE: N_("External agenda, to be confirmed"),
    Look.HOLD: N_("Held"),
}
