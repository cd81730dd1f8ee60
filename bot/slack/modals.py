"""Open modals: forms are shown at once, in words where Slack has no picture yet; the pictures follow."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.ports import TryAgain
from bot.slack.api import Api, Refused, patiently
from bot.slack.blocks import Block
from bot.slack.files import Files
from bot.slack.forms import modal, with_error
from bot.slack.inbound import Origin
from bot.slack.render import Drawn
from bot.slack.state import FormState
from bot.slack.updates import Updates
from handlers.ui import Form


class Modals:
    """The modals of one workspace."""

    def __init__(self, api: Api, files: Files) -> None:
        self._api = api
        self._files = files
        self._updates = Updates()

    def arrived(self, origin: Origin) -> None:
        """Remember that something in a modal has changed: what answers an older change comes too late."""
        if origin.form is not None:
            self._updates.arrived(origin.form.view_id, origin.action_ts)

    def answer(self, origin: Origin, form: Form) -> Block:
        """Return the form as the answer to what was sent."""
        return {"response_action": "update", "view": modal(form, origin.form, self._files.known(form.parts))}

    async def open(self, origin: Origin, form: Form) -> None:
        """Open the form, above the one that was clicked in. Raises Refused and TryAgain when it does not open."""
        method = "views.push" if origin.form else "views.open"
        known = self._files.known(form.parts)
        try:
            said = await self._api.call(method, trigger_id=origin.trigger_id, view=modal(form, drawn=known))
        except Refused:
            self._files.forget(file for _, file in known)
            raise
        view_id, seen = _view(said)
        await self._draw(view_id, seen, "", form, None, known)

    async def show(self, origin: Origin, form: Form) -> None:
        """Put the form in the place of the open one, unless that has changed meanwhile."""
        if (before := origin.form) is None:
            return
        known = self._files.known(form.parts)
        if await self._update(before.view_id, before.hash, origin.action_ts, modal(form, before, known)):
            await self._draw(before.view_id, before.hash, origin.action_ts, form, before, known)

    async def blame(self, origin: Origin, message: str) -> None:
        """Say in the open form what is wrong with it."""
        if origin.form is not None:
            view = with_error(origin.view, message)
            await self._update(origin.form.view_id, origin.form.hash, origin.action_ts, view)

    async def _draw(
        self, view_id: str, seen: str, action_ts: str, form: Form, before: FormState | None, known: Drawn
    ) -> None:
        """Put pictures in the place of their words, if the modal is still that one."""
        drawn = await self._files.drawn(form.parts)
        if set(drawn) == set(known):
            return
        view = modal(form, before, drawn)
        with suppress(Refused, TryAgain):  # the words stay
            files = [file for _, file in drawn]
            await self._files.when_read(files, lambda: self._update(view_id, seen, action_ts, view))

    async def _update(self, view_id: str, seen: str, action_ts: str, view: Block) -> bool:
        """Show another view in an open modal; tell whether it is still the one that was seen."""

        async def update(newest: str) -> str:
            said = await patiently(lambda: self._api.call("views.update", view_id=view_id, hash=newest, view=view))
            return _view(said)[1]

        return await self._updates.apply(view_id, seen, action_ts, update)


def _view(said: Mapping[str, Any]) -> tuple[str, str]:
    """Return a modal's id, and the hash of what it shows."""
    view = said.get("view") or {}
    return str(view.get("id") or ""), str(view.get("hash") or "")
