"""The shortcuts of Slack's menus, and the message that one is used on: its author and its link, never its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.message import N_
from handlers.ui import ActionRef

GLOBAL, MESSAGE = "rdv", "rdv-message"
"""Their callback ids."""

LABEL = N_("Book an appointment")
SHORTCUTS = {
    GLOBAL: ("global", N_("Open the booking form from anywhere.")),
    MESSAGE: ("message", N_("Book with the author of this message, and keep its link.")),
}
"""Each with its kind and what Slack's menu says of it."""

ABOUT = "about"
"""The button that opens the form again; a short name, so that a message in a thread fits beside it."""

_ID = re.compile(r"[A-Z0-9]{1,20}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{1,12}\.\d{6}", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A message: where it stands, when it was written, in which thread, and by whom; "" for what there is not."""

    channel: str
    ts: str
    thread_ts: str = ""
    author: str = ""

    def link(self, domain: str) -> str:
        """Return the message's permalink in the workspace `domain`, "" if it cannot be told.

        Its form is that of chat.getPermalink.
        """
        if not _DOMAIN.fullmatch(domain):
            return ""
        link = f"https://{domain}.slack.com/archives/{self.channel}/p{self.ts.replace('.', '')}"
        return f"{link}?thread_ts={self.thread_ts}&cid={self.channel}" if self.thread_ts else link

    def again(self) -> ActionRef | None:
        """Return the button that comes back to the message, None if it does not fit one."""
        parts = (self.channel, self.ts.replace(".", ""), self.author, self.thread_ts.replace(".", ""))
        try:
            return ActionRef(ABOUT, ".".join(parts))
        except ValueError:
            return None


def read_source(channel: str, message: Mapping[str, Any]) -> Source:
    """Return the message of a payload; a bot's has no author. Raises ValueError."""
    ts, thread_ts = str(message.get("ts") or ""), str(message.get("thread_ts") or "")
    author = "" if message.get("bot_id") else str(message.get("user") or "")
    return _checked(Source(channel, ts, thread_ts if thread_ts != ts else "", author))


def source_of(ref: ActionRef) -> Source:
    """Return the message that `again` came from. Raises ValueError."""
    channel, ts, author, thread_ts = ref.token.split(".")
    return _checked(Source(channel, _dotted(ts), _dotted(thread_ts), author))


def _dotted(digits: str) -> str:
    return f"{digits[:-6]}.{digits[-6:]}" if digits else ""


def _checked(source: Source) -> Source:
    ids = [source.channel, *([source.author] if source.author else [])]
    times = [source.ts, *([source.thread_ts] if source.thread_ts else [])]
    if not all(map(_ID.fullmatch, ids)) or not all(map(_TIMESTAMP.fullmatch, times)):
        raise ValueError("not a message of Slack's")
    return source
