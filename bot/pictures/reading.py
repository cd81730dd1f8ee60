"""Reading an attribute of a shape."""

import re
from collections.abc import Mapping

Attributes = Mapping[str, str]
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Unsupported(ValueError):
    """A picture holds something that is not drawn."""


def figure(given: Attributes, name: str, default: float | None = None) -> float:
    """Return a length in pixels. Raises Unsupported if it is missing, and has no default, or is none."""
    try:
        return default if default is not None and name not in given else float(given[name])
    except (KeyError, ValueError):
        raise Unsupported(f"{name}={given.get(name)!r}") from None


def pixels(given: Attributes, name: str) -> int:
    """Return a whole number of pixels. Raises Unsupported."""
    found = figure(given, name)
    if found != int(found):
        raise Unsupported(f"{name}={found}")
    return int(found)


def lengths(text: str) -> tuple[float, ...]:
    """Return several lengths; none for "" or "none". Raises Unsupported."""
    try:
        return tuple(float(part) for part in text.replace(",", " ").split()) if text != "none" else ()
    except ValueError:
        raise Unsupported(text) from None


def colour(given: Attributes, name: str, default: str) -> str:
    """Return a colour, "" for none. Raises Unsupported for anything but #rrggbb and none."""
    found = given.get(name, default)
    if found == "none":
        return ""
    if not _COLOUR.fullmatch(found):
        raise Unsupported(f"{name}={found!r}")
    return found
