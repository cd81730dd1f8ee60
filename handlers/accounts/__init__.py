"""Mes comptes: linking another account by a code, and which of them hears what."""

from handlers.accounts.choosing import ask_unlink, hear, keep, mute, prefer, unlink, usual
from handlers.accounts.linking import click, code_in, command, without_code
from handlers.accounts.listing import show

__all__ = [
    "ask_unlink",
    "click",
    "code_in",
    "command",
    "hear",
    "keep",
    "mute",
    "prefer",
    "show",
    "unlink",
    "usual",
    "without_code",
]
