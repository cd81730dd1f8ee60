"""How fast Teams lets us send (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit)."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from storage.paces import Rate

SECOND: Final = timedelta(seconds=1)
IN_ALL: Final = 50
"""Calls a second, of one app in one tenant."""
SOON: Final = timedelta(seconds=3)
"""How long a card waits for the turn of its own conversation while others wait for theirs."""
_BURST = 7
_HOUR, _IN_AN_HOUR = timedelta(hours=1), 1_800
_AT_ONCE = 3


def whole(tenant: str) -> Rate:
    """Return the limit of the app in one tenant."""
    return Rate(f"teams {tenant}", SECOND / (IN_ALL - _AT_ONCE), _AT_ONCE)


def rates(tenant: str, conversation: str) -> list[Rate]:
    """Return what limits one call about a conversation, the widest first.

    Seven may follow each other; then they come at the distance that 1,800 an hour leaves, which keeps the limits of two
    seconds and of half a minute too. What may follow at once is left free in each.
    """
    name = sha256(conversation.encode()).hexdigest()[:24]
    return [whole(tenant), Rate(f"teams {tenant} {name}", _HOUR / (_IN_AN_HOUR - _BURST), _BURST)]
