"""Time zones by typing: IANA's names, and the cities as the reader's language writes them, each with its offset now."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_gmt

from core.text import fold
from core.zones import known_zones
from handlers.context import Context
from handlers.i18n import Texts
from handlers.settings import fields
from handlers.ui import Option, OptionGroup, Options, OptionSearch, Outcome

MOST = 20
_USUAL = ("Europe/Brussels", "Europe/Paris", "Europe/Luxembourg", "Europe/London", "America/New_York", "UTC")
"""What is offered before anything is typed."""


async def search(ctx: Context, event: OptionSearch) -> Outcome:
    """Return the zones that match, those first whose last word begins so; the usual ones if nothing is typed."""
    if event.field_id != fields.ZONE:
        return Options(())
    found = _matching(event.query, ctx.texts) if event.query.strip() else _usual(ctx.actor.zone)
    options = tuple(zone_option(name, ctx.texts, ctx.now()) for name in found)
    return Options((OptionGroup("", options),) if options else ())


def zone_option(name: str, texts: Texts, now: datetime) -> Option:
    """Return the zone as a choice."""
    return Option(name, zone_words(name, texts, now))


def zone_words(name: str, texts: Texts, now: datetime) -> str:
    """Return the zone with its offset now: "Europe/Brussels – Bruxelles (UTC+01:00)"."""
    offset = get_timezone_gmt(now.astimezone(ZoneInfo(name)), locale="en").replace("GMT", "UTC")
    city = _cities(texts.locale).get(name, "")
    return f"{name} – {city} ({offset})" if city and fold(city) not in _spoken(name) else f"{name} ({offset})"


def _usual(own: str) -> list[str]:
    return list(dict.fromkeys([own, *_USUAL]))


def _matching(query: str, texts: Texts) -> list[str]:
    wanted, cities = _spoken(query), _cities(texts.locale)
    places = [(name, [_spoken(name), fold(cities.get(name, ""))]) for name in sorted(known_zones().values())]
    found = [(name, known) for name, known in places if any(wanted in place for place in known)]
    found.sort(key=lambda hit: not any(place.rpartition("/")[2].startswith(wanted) for place in hit[1]))
    return [name for name, _ in found[:MOST]]


def _spoken(name: str) -> str:
    return fold(name.replace("_", " "))


@cache
def _cities(locale: str) -> Mapping[str, str]:
    """Return what a zone's city is called in that language, where CLDR knows it."""
    zones = Locale.parse(locale).time_zones
    return {str(name): str(zones[name]["city"]) for name in zones if "city" in zones[name]}
