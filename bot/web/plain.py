"""Text that hides nothing: control characters and bidirectional overrides are shown as signs."""

import re

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PICTURES = 0x2400
_SPACE = 0x20


def plainly(text: str) -> str:
    """Return `text` with control characters and bidirectional overrides as signs, instead of taking effect."""
    return _HIDDEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_PICTURES + code) if code < _SPACE else f"[U+{code:04X}]"
