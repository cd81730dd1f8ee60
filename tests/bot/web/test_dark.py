"""Pictures in the dark: the page gives their words and grounds other colours, as far apart as in the light."""

import re

import pytest

from bot.web.render import STATIC
from handlers.agenda.looks import PAINTS, Look
from tests.handlers.test_agenda_picture import contrast

_SHEET = (STATIC / "chat.css").read_text(encoding="utf-8")
_DARK = _SHEET.partition("/* --- pictures in the dark")[2].partition("\n}\n")[0]
_RULE = re.compile(r"\.drawn (?::is\((.+?)\)|\.([\w-]+))( rect| path)?(?:, \.drawn \.\w+)? \{ (.+?) \}")
SURFACE = re.findall(r"--surface: (#[0-9a-f]{6})", _SHEET)[1]


def dark() -> dict[str, dict[str, str]]:
    """Return the colours by class, those inside a pattern under its class and shape."""
    found: dict[str, dict[str, str]] = {}
    for several, one, shape, declared in _RULE.findall(_DARK):
        for name in re.findall(r"[\w-]+", several) or [one]:
            colours = dict(re.findall(r"(fill|stroke): ([^;]+);", declared))
            found.setdefault(f"{name}{shape}", {}).update(colours)
    return found


@pytest.mark.parametrize("look", list(Look))
def test_words_stand_out_in_the_dark(look: Look) -> None:
    colours, paint = dark(), PAINTS[look]
    words = colours[f"{look}-words"]["fill"]
    if not paint.fill:  # they stand on a plate
        behind = [colours["plate"]["fill"]]
    elif paint.strokes:
        behind = [colours[f"{look}-strokes rect"]["fill"], colours[f"{look}-strokes path"]["stroke"]]
    else:
        behind = [colours[str(look)]["fill"]]
    assert all(contrast(words, colour) >= 4.5 for colour in behind)


def test_edges_and_lines_are_seen_in_the_dark() -> None:
    colours = dark()
    edged = [look for look in Look if "stroke" in colours.get(str(look), {})]
    assert {Look.APPOINTMENT, Look.TENTATIVE, Look.EXTERNAL, Look.EXTERNAL_TENTATIVE, Look.HOLD} <= set(edged)
    for name in (*map(str, edged), "now"):
        assert contrast(colours[name]["stroke"], SURFACE) >= 3, name
