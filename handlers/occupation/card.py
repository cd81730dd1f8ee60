"""The card of the figures."""

from collections.abc import Mapping
from datetime import date

from core.cases import Place
from core.occupation import Occupation
from handlers import actions
from handlers.i18n import Texts
from handlers.occupation.bars import sections
from handlers.occupation.periods import CHOICES, Period
from handlers.occupation.picture import occupation_picture
from handlers.ui import Action, Button, Card, Element, Facts, Notice, Option, Select, Text


def occupation_card(
    found: Occupation, places: Mapping[int, Place], texts: Texts, today: date, said: Notice | None = None
) -> Card:
    """Return the figures of a period; `said` tells of what was typed and not understood. It names no client."""
    t, hours = texts.t, found.total
    title = t("Occupation from {first} to {last}", first=texts.short_day(found.first), last=texts.short_day(found.last))
    booked = texts.duration(hours.booked)
    body: list[Element] = [said] if said else []
    body += [
        Facts(
            (
                (t("Hours offered"), texts.duration(hours.offered)),
                (t("Hours booked"), f"{booked} ({texts.share(hours.rate)})" if hours.rate is not None else booked),
                (t("Hours cancelled"), texts.duration(hours.cancelled)),
            )
        ),
        occupation_picture(title, sections(found, places, texts), texts),
        Text(t("Offered is what the ranges are today, without absences and public holidays.")),
    ]
    return Card(title, tuple(body), _actions(found, texts, today), neutral=t("Occupation figures"))


def _actions(found: Occupation, texts: Texts, today: date) -> tuple[Action, ...]:
    shown = Period(found.first, found.last)
    options = tuple(Option(value, texts.t(choice.label)) for value, choice in CHOICES.items())
    chosen = next((value for value, choice in CHOICES.items() if choice.of(today) == shown), None)
    table = actions.ref(actions.OCCUPATION_CSV, found.first.toordinal(), found.last.toordinal())
    return (
        Select(actions.ref(actions.OCCUPATION_PERIOD), texts.t("Period"), options, chosen),
        Button(actions.ref(actions.OCCUPATION_OTHER), texts.t("Another period"), opens_form=True),
        Button(table, texts.t("Table (CSV)")),
    )
