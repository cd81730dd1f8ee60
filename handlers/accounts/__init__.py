"""Mes comptes: linking another account by a code, and which of them hears what."""

from handlers.accounts.choosing import hear, mute, prefer, unlink, usual
from handlers.accounts.linking import click, code_in, command, without_code
from handlers.accounts.listing import show

__all__ = ["click", "code_in", "command", "hear", "mute", "prefer", "show", "unlink", "usual", "without_code"]
