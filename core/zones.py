"""The names of time zones, as IANA writes them."""

from functools import cache
from zoneinfo import available_timezones

_NO_ZONES = {"localtime", "posixrules", "Factory"}


def is_zone(name: str) -> bool:
    """Tell whether `name` is an IANA time zone, written as IANA does."""
    return known_zones().get(name.casefold()) == name


@cache
def known_zones() -> dict[str, str]:
    """Return every name by its casefolded form."""
    return {name.casefold(): name for name in available_timezones() - _NO_ZONES}
