"""What somebody is in Slack, as far as it decides who may be a worker. Imports no SDK."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SLACKBOT = "USLACKBOT"
_UNWELCOME = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in Slack: `welcome` unless he is a guest, deactivated, or no person.

    `email` is the verified address of a full member of our own workspace or organisation, "" of anybody else.
    """

    welcome: bool
    email: str = ""


def is_welcome(user: Mapping[str, Any]) -> bool:
    """Tell whether Slack describes a person who is neither a guest nor deactivated."""
    return bool(user.get("id")) and user["id"] != SLACKBOT and not any(user.get(mark) for mark in _UNWELCOME)
