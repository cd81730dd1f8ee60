"""views.*: modals, and the triggers that open them."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from tests.bot.slack.checks import home_faults, view_faults
from tests.bot.slack.fake_state import Arguments, FakeState, Modal, Refusal

TRIGGER_SECONDS = 3.0
STACK = 3


class ViewMethods(FakeState):
    """Modals."""

    def trigger(self, user: str) -> str:
        """Return a trigger_id, good once and for three seconds."""
        name = f"{self._next()}.{secrets.token_hex(8)}"
        self._triggers[name] = (user, time.monotonic())
        return name

    def expire(self, trigger: str) -> None:
        """Let three seconds pass for a trigger."""
        user, _ = self._triggers[trigger]
        self._triggers[trigger] = (user, time.monotonic() - TRIGGER_SECONDS)

    def modal_of(self, user: str) -> Modal | None:
        """Return the modal that is open on somebody's screen, the topmost."""
        found = self.stack_of(user)
        return found[-1] if found else None

    def stack_of(self, user: str) -> list[Modal]:
        """Return the modals that lie on one another on somebody's screen, the topmost last."""
        return [m for m in self.modals.values() if m.user == user]

    def open_modal(self, user: str, view: Mapping[str, Any], view_id: str = "") -> Modal:
        """Show a modal, or another in its place."""
        self.check(view_faults(view))
        modal = Modal(view_id or f"V{self._next()}", user, f"{self._next()}.{secrets.token_hex(4)}", dict(view))
        self.modals[modal.id] = modal
        return modal

    # --- methods

    def _views_open(self, a: Arguments) -> dict[str, Any]:
        user = self._spend(a["trigger_id"])
        for modal in self.stack_of(user):
            del self.modals[modal.id]
        return {"view": self._shown(self.open_modal(user, a["view"]))}

    def _views_push(self, a: Arguments) -> dict[str, Any]:
        user = self._spend(a["trigger_id"])
        if len(self.stack_of(user)) == STACK:
            raise Refusal("push_limit_reached")
        return {"view": self._shown(self.open_modal(user, a["view"]))}

    def _views_update(self, a: Arguments) -> dict[str, Any]:
        modal = self.modals.get(a["view_id"])
        if modal is None:
            raise Refusal("not_found")
        if a.get("hash") and a["hash"] != modal.hash:
            raise Refusal("hash_conflict")
        return {"view": self._shown(self.open_modal(modal.user, a["view"], modal.id))}

    def _views_publish(self, a: Arguments) -> dict[str, Any]:
        user, view = a["user_id"], a["view"]
        if not self.home_enabled:
            raise Refusal("not_enabled")
        if user not in self.users or self.users[user]["deleted"]:
            raise Refusal("user_not_found")
        old = self.homes.get(user, {"id": f"V{self._next()}", "hash": ""})
        if a.get("hash") and a["hash"] != old["hash"]:
            raise Refusal("hash_conflict")
        self.check(home_faults(view))
        self.homes[user] = {**view, "id": old["id"], "hash": f"{self._next()}.{secrets.token_hex(4)}"}
        return {"view": self.homes[user]}

    # --- helpers

    def _spend(self, trigger: str) -> str:
        if trigger not in self._triggers:
            raise Refusal("invalid_trigger_id")
        if trigger in self._spent:
            raise Refusal("exchanged_trigger_id")
        user, at = self._triggers[trigger]
        if time.monotonic() - at >= TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._spent.add(trigger)
        return user

    def _shown(self, modal: Modal) -> dict[str, Any]:
        return {**modal.view, "id": modal.id, "hash": modal.hash}
