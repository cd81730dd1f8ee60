"""Public holidays by country and region, from the holidays library."""

from datetime import date
from functools import lru_cache

import holidays

_LANGUAGES = {"fr": "fr", "en": "en_US"}
_UNDERSTOOD_BY_ALL = "en_US"


def public_holidays(region: str, first: date, last: date, locale: str = "fr") -> dict[date, str]:
    """Return the public holidays of a region from `first` up to and with `last`, with their names, by day.

    The names are in the language of `locale` ("fr" or "en"), in English where a country has none in it. No region
    ("") and one that the library does not know have no holidays; `is_region` tells when one is chosen.
    """
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found.update((day, name) for day, name in _of_year(region, year, locale) if first <= day <= last)
    return found


def is_region(text: str) -> bool:
    """Tell whether `text` names a country, or a country and region, whose holidays are known: "BE", "FR-57"."""
    country, dash, part = text.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (part in parts if dash else True)


@lru_cache(maxsize=1024)
def _of_year(region: str, year: int, locale: str) -> tuple[tuple[date, str], ...]:
    if not is_region(region):
        return ()
    country, _, part = region.partition("-")
    spoken = holidays.country_holidays(country).supported_languages
    wanted = _LANGUAGES.get(locale, _UNDERSTOOD_BY_ALL)
    language = next((each for each in (wanted, _UNDERSTOOD_BY_ALL) if each in spoken), None)
    days = holidays.country_holidays(country, subdiv=part or None, years=year, language=language)
    return tuple((day, name.replace("'", "’")) for day, name in sorted(days.items()) if day.year == year)
