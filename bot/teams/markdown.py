"""User text in Adaptive Cards: what Teams would take for Markdown is shown as it was typed.

Teams reads a part of Markdown in TextBlock and Fact (learn.microsoft.com: "Format text in Adaptive Cards").
"""

import re

_SIGNS = re.compile(r"([\\`*_~\[\]<>#|!])")
_LIST = re.compile(r"^(\s*)([-+])(?=[\s-]|$)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MACRO = re.compile(r"\{\{")
_ADDRESS = re.compile(r"(?<=[a-z])://|\b(www)\.", re.IGNORECASE)
_ANY = re.compile(r"[\\`*_~\[\]<>#|!&\n]|\{\{|://|www\.|^[\s\d+-]", re.IGNORECASE)
"""What one of the others may find: most words have none of it."""
HARD_SPACE = "\u00a0"
JOINER = "\u2060"
"""Joins two signs without showing: what stands between them is no longer read as one."""


def escape(text: str) -> str:
    """Return the text as Markdown that shows it, line by line; nothing in it becomes a link, a date or a list."""
    if not _ANY.search(text):
        return text
    found = _SIGNS.sub(r"\\\1", text)
    found = _LIST.sub(r"\1\\\2", found)
    found = _NUMBERED.sub(r"\1\\\2", found)
    found = _MACRO.sub(f"{{{JOINER}{{", found)  # {{DATE(…)}} would be written anew in the reader's language
    found = _ENTITY.sub(f"&{JOINER}", _ADDRESS.sub(_apart, found))
    found = _INDENT.sub(lambda indent: HARD_SPACE * len(indent[0]), found)  # four make a block of code
    return found.replace("\n", "\n\n")


def bold(text: str) -> str:
    """Return one line of text in bold."""
    return f"**{escape(text).strip()}**" if text.strip() else ""


def plain(text: str) -> str:
    """Return the text for where no Markdown is read: buttons, choices, labels."""
    return _MACRO.sub(f"{{{JOINER}{{", text)


def _apart(found: re.Match[str]) -> str:
    return f"{found[1]}{JOINER}." if found[1] else f"{JOINER}://"
