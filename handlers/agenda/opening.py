"""/agenda: whose and when as they are typed, then turned, and people switched on and off."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from core.agenda import Agenda, agendas_of
from core.cases import Place
from core.errors import NotFound
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.preferring import shown_to
from core.text import fold, quoted
from handlers import actions, occupation
from handlers.agenda.card import agenda_card
from handlers.agenda.view import MOST_PEOPLE, View, read_view, view_of
from handlers.context import Context
from handlers.ui import ActionClick, Card, Notice, Outcome, ReplaceCard, Reply
from handlers.words import Colleagues, Days, read_words

_MYSELF = frozenset({"moi", "moi-meme", "me", "myself"})
_ON = {"on": True, "off": False}


class _Asked(NamedTuple):
    """What was typed: people in order, days, and what was not understood."""

    people: tuple[Worker, ...]
    days: Days | None
    unknown: tuple[str, ...]


async def command(ctx: Context, text: str) -> Outcome:
    """Show the agendas of those named, one's own without a name: this week's, or the day or week that is said."""
    rest = occupation.asked(text)
    if rest is not None:
        return await occupation.command(ctx, rest)
    today = ctx.texts.local(ctx.now()).date()
    asked = await ctx.read(lambda tx: _asked(tx, ctx.actor, text, today))
    days, people = asked.days, [w.id for w in asked.people] or [ctx.actor.id]
    one_day = days is not None and days.first == days.last and not days.onwards
    view = view_of(people, days.first if days else today, week=not one_day)
    return Reply(await _card(ctx, view, _said(ctx, asked)))


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Show one's own agenda."""
    return await command(ctx, "")


async def turn(ctx: Context, click: ActionClick) -> Outcome:
    """Show other days of the same people, in the place of the card."""
    view, _ = read_view(click.ref.token)
    return ReplaceCard(await _card(ctx, view))


async def switch(ctx: Context, click: ActionClick) -> Outcome:
    """Switch one of a person's two toggles, and remember it for who clicked (guide, step 7)."""
    view, meant = read_view(click.ref.token)
    on = _ON.get(click.value)
    if meant is None or on is None:
        raise NotFound
    worker_id = view.people[meant]
    availability = click.ref.name == actions.AGENDA_AVAILABILITY

    def work(tx: Transaction) -> None:
        _workers(tx, [worker_id])
        before = shown_to(tx, ctx.actor, [worker_id])[worker_id]
        after = replace(before, availability=on) if availability else replace(before, external=on)
        tx.agendas.save_shown(ctx.actor.id, worker_id, after)

    await ctx.db.write(work)  # twice is as once: it needs no delivery key
    return ReplaceCard(await _card(ctx, view))


async def _card(ctx: Context, view: View, said: Iterable[Notice] = ()) -> Card:
    now = ctx.now()

    def look(tx: Transaction) -> tuple[list[Agenda], dict[int, Place]]:
        workers = _workers(tx, view.people)
        shown = shown_to(tx, ctx.actor, [w.id for w in workers])
        window = view.window(ctx.texts)
        agendas = agendas_of(tx, ctx.actor, workers, window, now, ctx.rules, shown, private=ctx.private)
        return agendas, {place.id: place for place in tx.places.all()}

    agendas, places = await ctx.read(look)
    view = replace(view, people=tuple(a.worker.id for a in agendas))
    return agenda_card(agendas, view, ctx.actor, places, ctx.texts, now, said)


def _workers(tx: Transaction, ids: Sequence[int]) -> list[Worker]:
    """Return those who are still active, in order. Raises NotFound if none is."""
    refs = [PartyRef(PartyKind.WORKER, i) for i in ids]
    people = tx.people.find(refs)
    found = [w for ref in refs if isinstance(w := people.get(ref), Worker) and w.active]
    if not found:
        raise NotFound
    return found


def _asked(tx: Transaction, actor: Worker, text: str, today: date) -> _Asked:
    """Read what was typed; a name without its "@" is understood too."""
    colleagues = Colleagues(tx.people.workers() if text else ())
    named = colleagues.named_in(text)
    said = read_words(named.rest, today)
    people, unknown = list(named.workers), list(named.unknown)
    for words in (part.strip() for phrase in said.unclear for part in phrase.split(",")):
        if fold(words) in _MYSELF:
            people.append(actor)
            continue
        left = words
        while left and (again := colleagues.named_in(f"@{left}")).workers:
            people += again.workers
            left = again.rest
        unknown += [left] if left else []
    return _Asked(tuple(dict.fromkeys(people)), said.days, tuple(unknown))


def _said(ctx: Context, asked: _Asked) -> list[Notice]:
    t = ctx.texts.t
    found = []
    if asked.unknown:
        said = quoted(", ".join(asked.unknown))
        words = t("I do not understand “{text}”. Name colleagues as @name, and say a day or a week.", text=said)
        found.append(Notice(words, "warning"))
    if len(asked.people) > MOST_PEOPLE:
        found.append(Notice(t("Here are the first five: more agendas side by side could not be read."), "warning"))
    return found
