"""Text as people type it: made comparable for search, and checked before it is kept."""

import unicodedata

from core.errors import BadText, TextTooLong

_QUOTED = 80


def fold(text: str) -> str:
    """Return `text` without accents, case or doubled spaces, for search and comparison."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def clean(text: str, *, limit: int) -> str:
    """Return `text` trimmed and in NFC, as it was typed otherwise.

    Raises:
        BadText: it holds control characters (line breaks and tabs are allowed) or bidirectional
            overrides, which would show something else than what is stored.
        TextTooLong: it has more than `limit` characters.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > limit:
        raise TextTooLong(limit=limit, length=len(text))
    if any(_is_forbidden(c) for c in text):
        raise BadText
    return text


def quoted(raw: str) -> str:
    """Return what somebody wrote so that it can be shown: short, and without characters that steer a terminal."""
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in raw.strip())
    return plain if len(plain) <= _QUOTED else plain[: _QUOTED - 1] + "…"


def _is_forbidden(c: str) -> bool:
    if c in "\n\t":
        return False
    return unicodedata.category(c) in {"Cc", "Cs"} or "\u202a" <= c <= "\u202e"
