"""Open forms: what changed in one is followed before it is sent; how it stood, and what lies under it, is kept.

A form comes back with its values alone. How it was shown is kept in the database by its owner, a worker's number, and
its nonce, for whoever must say what is wrong with it, or goes back to it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from bot.filled import filled, values_of
from bot.platform import Deps
from bot.teams.forms import BACK, OPEN, Surroundings
from bot.teams.hosted import Hosted
from bot.teams.state import REFRESH, SUBMIT, FormState
from core.ports import Transaction
from handlers.codec import decode, encode
from handlers.forms import form_key
from handlers.i18n import Texts
from handlers.ui import (
    ChannelField,
    Field,
    FieldErrors,
    Form,
    FormSubmit,
    Inbound,
    Notice,
    OpenForm,
    Option,
    OptionGroup,
    Options,
    OptionSearch,
    Outcome,
    Picture,
    PopForm,
    PushForm,
    SearchField,
    UpdateForm,
    Value,
)
from storage.drafts import find_draft, save_draft

Ask = Callable[[Inbound], Awaitable[Outcome]]
Channels = Callable[[], Awaitable[tuple[Option, ...]]]
FormOutcome = OpenForm | UpdateForm | PushForm | PopForm | FieldErrors
_WARNS: Final = frozenset({"warning", "error"})


class Dialogs:
    """Follows what happens in forms, in any process."""

    def __init__(self, deps: Deps, hosted: Hosted) -> None:
        self._deps = deps
        self._hosted = hosted

    async def outcome(self, owner: int, state: FormState, ask: Ask, texts: Texts) -> Outcome | None:
        """Return what comes of a form that came back; None where nothing is left to come back to.

        What was changed is followed first, one field after the other. A form that is sent is sent at once if it still
        is what the person saw then; else it is shown anew, and says why.
        """
        if state.asked == BACK:
            below = await self._kept(owner, state.below)
            return PopForm(below) if below else None
        if state.asked == OPEN:
            kept = await self._kept(owner, state.nonce)
            return UpdateForm(kept) if kept else None
        if state.asked == SUBMIT and state.changed and await self._was_sent(state.nonce):
            return await ask(state.submit())  # which has the outcome of the first time
        followed = await self._followed(state, ask)
        if followed is None:
            return await ask(state.submit())
        if not isinstance(followed, Form):
            return followed
        if state.asked == REFRESH:
            return UpdateForm(followed)
        if not _as_seen(state, followed):
            return UpdateForm(followed if _warns(followed) else _to_check(followed, texts))
        return await ask(FormSubmit(followed.id, followed.context, followed.nonce, state.values))

    async def shown(
        self, owner: int, outcome: FormOutcome, state: FormState | None, ask: Ask, channels: Channels
    ) -> tuple[Form, Surroundings] | None:
        """Return the form that an outcome shows, with all around it; None if it is no longer known.

        It is kept for what comes back from it.
        """
        below, errors = state.below if state else "", tuple[tuple[str, str], ...]()
        match outcome:
            case OpenForm(form) | UpdateForm(form):
                pass
            case PopForm(form):
                below = ""
            case PushForm(form, under):
                below = under.nonce
                await self._keep(owner, under, await self._hosted.of(under.parts))
            case FieldErrors(errors):
                kept = await self._kept(owner, state.nonce) if state else None
                if kept is None or state is None:
                    return None
                form = filled(kept, state.values)
        hosted = await self._hosted.of(form.parts)
        await self._keep(owner, form, hosted)
        asks = any(isinstance(part, ChannelField) for part in form.parts)
        found = {part.id: await _offered(form, part, ask) for part in form.parts if isinstance(part, SearchField)}
        return form, Surroundings(errors, await channels() if asks else (), hosted, found, below)

    async def _followed(self, state: FormState, ask: Ask) -> Form | Outcome | None:
        """Return the form after all changes, or whatever else comes of one; None if nothing was changed."""
        changed = state.changed or ([""] if state.asked == REFRESH else [])
        context, values, form = state.context, dict(state.values), None
        later: dict[str, Value] = {name: state.values[name] for name in changed if name}
        for name in changed:
            values.update({other: state.seen[other] for other in later})
            values.update({name: later.pop(name)} if name else {})
            outcome = await ask(state.change(context, values, name))
            if not isinstance(outcome, UpdateForm | OpenForm):
                return outcome
            form = outcome.form
            context, values = form.context, values_of(form)
        return form

    async def _was_sent(self, nonce: str) -> bool:
        """Tell whether this opening of a form was acted on: what follows from its choices is another matter by now."""
        key = form_key(nonce)
        return bool(key) and await self._deps.db.read(lambda tx: tx.deliveries.find(key)) is not None

    async def _keep(self, owner: int, form: Form, hosted: Mapping[str, str]) -> None:
        """Keep a form, with the addresses of its pictures in their place."""
        parts = tuple(
            Picture(hosted.get(str(part.svg), ""), part.alt) if isinstance(part, Picture) else part
            for part in form.parts
        )
        payload, key = encode(UpdateForm(replace(form, parts=parts))), _key(owner, form.nonce)

        def keep(tx: Transaction) -> None:
            known = find_draft(tx, key)
            save_draft(tx, key, payload, known.version if known else 0, self._deps.clock.now())

        if form.nonce:
            await self._deps.db.write(keep)

    async def _kept(self, owner: int, nonce: str) -> Form | None:
        found = await self._deps.db.read(lambda tx: find_draft(tx, _key(owner, nonce))) if nonce else None
        return cast("UpdateForm", decode(found.payload)).form if found else None


async def _offered(form: Form, field: SearchField, ask: Ask) -> tuple[OptionGroup, ...]:
    """Return what a search offers before anything is typed."""
    found = await ask(OptionSearch(form.id, field.id, "", form.context, values_of(form)))
    return found.groups if isinstance(found, Options) else ()


def _as_seen(state: FormState, form: Form) -> bool:
    """Tell whether the form still holds just what was sent, asks for nothing more, and has nothing new to say."""
    asks = {part.id for part in form.parts if isinstance(part, Field)}
    same = form.id == state.form_id and asks == set(state.values) and values_of(form) == state.values
    return same and not _warns(form)


def _warns(form: Form) -> bool:
    return any(isinstance(part, Notice) and part.kind in _WARNS for part in form.parts)


def _to_check(form: Form, texts: Texts) -> Form:
    said = Notice(texts.t("This follows from what you have changed. Check it, then send the form."))
    return replace(form, parts=(said, *form.parts))


def _key(owner: int, nonce: str) -> str:
    return f"teams:form:{owner}:{nonce}"
