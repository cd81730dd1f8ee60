"""Open modals: forms are shown at once, in words where Slack has no picture yet; the pictures follow."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.patience import patiently
from bot.ports import TryAgain
from bot.slack import beneath
from bot.slack.api import Api, Refused
from bot.slack.blocks import Block
from bot.slack.files import Files
from bot.slack.forms import modal, with_error
from bot.slack.inbound import Origin
from bot.slack.render import Drawn
from bot.slack.state import FormState
from bot.slack.updates import Updates
from core.ports import Database
from core.times import Clock
from handlers.ui import Form, PushForm

Opened = tuple[str, str]
"""A modal's id, and the hash of what it shows."""

SPENT = "exchanged_trigger_id"
"""What Slack says to a delivery that comes again: the first one has opened its form."""


class Modals:
    """The modals of one workspace."""

    def __init__(self, api: Api, files: Files, db: Database, clock: Clock) -> None:
        self._api = api
        self._files = files
        self._db = db
        self._clock = clock
        self._updates = Updates()

    def arrived(self, origin: Origin) -> None:
        """Remember that something in a modal has changed: what answers an older change comes too late."""
        if origin.form is not None:
            self._updates.arrived(origin.form.view_id, origin.action_ts)

    def answer(self, origin: Origin, form: Form) -> Block:
        """Return the form as the answer to what was sent."""
        return {"response_action": "update", "view": modal(form, origin.form, self._files.known(form.parts))}

    def push_answer(self, form: Form) -> Block:
        """Return the form as the answer to what was sent, to open above it."""
        return {"response_action": "push", "view": modal(form)}

    async def open(self, origin: Origin, form: Form) -> Opened | None:
        """Open the form in words, above the one that was clicked in; None if this delivery has opened it before.

        Raises Refused and TryAgain when it does not open.
        """
        method = "views.push" if origin.form else "views.open"
        try:
            said = await self._api.call(method, trigger_id=origin.trigger_id, view=modal(form))
        except Refused as fault:
            if fault.error == SPENT:
                return None
            raise
        return _view(said)

    async def illustrate(self, opened: Opened | None, form: Form) -> None:
        """Put the pictures into a form that was opened in words."""
        if opened is not None:
            await self._draw(*opened, "", form, None, ())

    async def show(self, origin: Origin, form: Form) -> None:
        """Put the form in the place of the open one, unless that has changed meanwhile."""
        if origin.form is not None:
            await self._put(origin.form, origin.action_ts, form)

    async def keep_below(self, origin: Origin, pushed: PushForm) -> None:
        """Keep how the modal will stand under the pushed form, for whoever comes back to it."""
        if origin.form is not None:
            fields = beneath.shown_fields(pushed.below, modal(pushed.below, origin.form))
            await self._db.write(lambda tx: beneath.keep(tx, pushed.form.nonce, fields, self._clock.now()))

    async def come_back(self, origin: Origin, form: Form) -> None:
        """Put the form in the place of the modal that lay under the one that was sent."""
        view_id = str(origin.view.get("previous_view_id") or "")
        nonce = origin.form.nonce if origin.form else ""
        fields = await self._db.read(lambda tx: beneath.kept(tx, nonce))
        if view_id and fields is not None:
            before = FormState(view_id, "", form.id, form.context, form.nonce, fields, {})
            await self._put(before, "", form)

    async def blame(self, origin: Origin, message: str) -> None:
        """Say in the open form what is wrong with it."""
        if origin.form is not None:
            view = with_error(origin.view, message)
            await self._update(origin.form.view_id, origin.form.hash, origin.action_ts, view)

    async def _put(self, before: FormState, action_ts: str, form: Form) -> None:
        """Show the form where `before` stands; without `action_ts`, as the newest of what happens there."""
        view_id, known = before.view_id, self._files.known(form.parts)
        action_ts = action_ts or self._updates.newest(view_id)
        if await self._update(view_id, before.hash, action_ts, modal(form, before, known)):
            await self._draw(view_id, before.hash, action_ts, form, before, known)

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
            replaced = {"hash": newest} if newest else {}
            said = await patiently(lambda: self._api.call("views.update", view_id=view_id, view=view, **replaced))
            return _view(said)[1]

        return await self._updates.apply(view_id, seen, action_ts, update)


def _view(said: Mapping[str, Any]) -> Opened:
    view = said.get("view") or {}
    return str(view.get("id") or ""), str(view.get("hash") or "")
