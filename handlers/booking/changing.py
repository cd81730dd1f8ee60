"""The booking form as it changes: shown anew after each choice, with the chosen slot held."""

from dataclasses import dataclass, replace

from core.availability import Shown
from core.errors import OutsideAvailability, SlotTaken
from core.ports import Transaction
from handlers.booking import fields
from handlers.booking.draft import Draft, monday, read_draft
from handlers.booking.form import build
from handlers.booking.holding import Hold, carrying, chosen_hold, hold, is_held, taken_meanwhile
from handlers.booking.questions import ask, take
from handlers.booking.scene import Scene, set_scene
from handlers.context import Context
from handlers.forms import day
from handlers.placing import push_place_form, wants_new_place
from handlers.ui import Form, FormChange, Notice, Outcome, UpdateForm

_ELSEWHERE = {fields.MAIN, fields.WEEK}
"""Choices that leave the chosen slot behind: whether somebody takes it is no longer told."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The form after a change; `unheld` when the time that it shows as chosen is still to be held."""

    scene: Scene
    form: Form
    wanted: Hold | None
    unheld: bool


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice.

    It writes only what must outlast the form: the hold on a slot, and whose agenda is shown how. A delivery that
    comes twice does the same twice.
    """
    if wants_new_place(event.values):
        return await push_place_form(ctx, event, change_form)
    draft = _after(read_draft(event.context, event.nonce, event.values), event.changed)
    look = await ctx.read(lambda tx: _look(tx, ctx, draft, event.changed))
    toggles, moved = _toggles(draft, event.changed), _moved(draft, look)
    if not toggles and not moved:
        return UpdateForm(carrying(look.form, look.wanted))

    def write(tx: Transaction) -> SlotTaken | None:
        for worker_id, shown in toggles:
            tx.agendas.save_shown(ctx.actor.id, worker_id, shown)
        return hold(tx, ctx, look.wanted) if moved else None

    taken = await ctx.db.write(write)
    if taken is None:
        return UpdateForm(carrying(look.form, look.wanted))
    return UpdateForm(await ctx.read(lambda tx: carrying(ask(tx, look.scene, taken, ctx.texts), None)))


def scene_of(tx: Transaction, ctx: Context, draft: Draft) -> Scene:
    """Return the scene after the chosen way on, if one was chosen."""
    scene = set_scene(tx, ctx.actor, draft, ctx.now(), ctx.rules)
    taken = take(scene, ctx.texts)
    return scene if taken is None else set_scene(tx, ctx.actor, taken, ctx.now(), ctx.rules)


def way_on(tx: Transaction, ctx: Context, draft: Draft) -> tuple[Scene, Form]:
    """Return the form after the chosen way on out of a refused time, with the scene that it shows."""
    scene = scene_of(tx, ctx, draft)
    if draft.instead == fields.ASK_TO_OPEN and scene.main is not None:
        return scene, ask(tx, scene, OutsideAvailability(scene.main.id), ctx.texts)
    said = Notice(ctx.texts.t("You are the main worker now: look at both agendas, then send the form."))
    question = (said,) if draft.instead == fields.BECOME_MAIN else ()
    return scene, build(tx, scene, ctx.texts, question, keep_time=True)


def _look(tx: Transaction, ctx: Context, draft: Draft, changed: str) -> _Look:
    if changed == fields.INSTEAD and draft.instead:
        scene, form = way_on(tx, ctx, draft)
    else:
        scene = set_scene(tx, ctx.actor, draft, ctx.now(), ctx.rules)
        form = build(tx, scene, ctx.texts)
    wanted = chosen_hold(scene, form)
    if wanted is None and changed not in _ELSEWHERE and (taken := taken_meanwhile(tx, scene)) is not None:
        form = ask(tx, scene, taken, ctx.texts)
    return _Look(scene, form, wanted, wanted is not None and not is_held(tx, scene, wanted))


def _toggles(draft: Draft, changed: str) -> list[tuple[int, Shown]]:
    """Return the pairs of toggles to keep for the person's next look at those agendas (guide, step 7)."""
    listed = changed in {fields.AVAILABILITY_OF, fields.EXTERNAL_OF}
    workers = [w for w in draft.opening.toggles if listed or w == fields.toggled(changed)]
    on = {w: draft.shows(w) for w in workers}
    return [(w, Shown(fields.AVAILABILITY in on[w], fields.EXTERNAL in on[w])) for w in workers]


def _moved(draft: Draft, look: _Look) -> bool:
    """Tell whether a hold is to be taken, moved or let go; not while it is as the form says."""
    dropped = look.wanted is None and draft.opening.held != ""
    return dropped or look.unheld


def _after(draft: Draft, changed: str) -> Draft:
    """Show the week that goes with what has changed."""
    if changed == fields.MAIN:
        return replace(draft, week=None)
    if changed == fields.DATE and (chosen := monday(day(draft.day))):
        return replace(draft, week=chosen)
    return draft
