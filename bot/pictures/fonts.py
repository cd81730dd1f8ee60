"""The font, in the weights and sizes that pictures use."""

from functools import lru_cache
from importlib.resources import files

from PIL import ImageFont

from bot.pictures.reading import Unsupported

FONT_FILES = {"400": "SourceSansPro-Regular.ttf", "600": "SourceSansPro-Semibold.ttf"}


def font_path(weight: str) -> str:
    """Return where the font of that weight is. Raises Unsupported."""
    try:
        return str(files("font_source_sans_pro") / "files" / FONT_FILES[weight])
    except KeyError:
        raise Unsupported(f"font-weight={weight!r}") from None


@lru_cache(maxsize=32)
def font(weight: str, size: float) -> ImageFont.FreeTypeFont:
    """Return the font, ready to draw with. Raises Unsupported."""
    return ImageFont.truetype(font_path(weight), size)
