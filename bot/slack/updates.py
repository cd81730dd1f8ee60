"""Keeping a modal's updates in order: changes made quickly one after another must not overtake each other."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.slack.api import Refused

MODALS = 500
CONFLICT = "hash_conflict"

log = structlog.get_logger()


@dataclass(slots=True)
class _Modal:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: str = ""
    replaced: dict[str, str] = field(default_factory=dict)

    def current(self, seen: str) -> str:
        """Return the hash of what our own updates made of the modal that was seen."""
        while seen in self.replaced:
            seen = self.replaced[seen]
        return seen


class Updates:
    """The modals that were lately updated; what was left to another process is caught by Slack's own hash."""

    def __init__(self) -> None:
        self._modals: OrderedDict[str, _Modal] = OrderedDict()

    def arrived(self, view_id: str, action_ts: str) -> None:
        """Remember the newest change of a modal."""
        modal = self._modal(view_id)
        modal.newest = max(modal.newest, action_ts)

    def newest(self, view_id: str) -> str:
        """Return the time of a modal's newest change, "" if none has arrived here."""
        return self._modal(view_id).newest

    async def apply(self, view_id: str, seen: str, action_ts: str, update: Callable[[str], Awaitable[str]]) -> bool:
        """Call `update` with the hash to replace, which returns the new one; tell whether the modal took it.

        An older change, or one that lost against another process, is dropped: the newer one knows what it knew.
        """
        modal = self._modal(view_id)
        async with modal.lock:
            if action_ts < modal.newest:
                return False
            before = modal.current(seen)
            try:
                after = await update(before)
            except Refused as fault:
                if fault.error != CONFLICT:
                    raise
                log.info("slack_modal_changed_meanwhile")
                return False
            if after and after != before:
                modal.replaced[before] = after
                modal.replaced.pop(after, None)
            return True

    def _modal(self, view_id: str) -> _Modal:
        modal = self._modals.setdefault(view_id, _Modal())
        self._modals.move_to_end(view_id)
        while len(self._modals) > MODALS:
            self._modals.popitem(last=False)
        return modal
