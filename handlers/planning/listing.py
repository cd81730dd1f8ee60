"""Mes disponibilités: the list, page by page."""

from collections.abc import Container, Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.absences import falling_in
from core.availability import Absence, AvailabilityRange
from core.freetime import region_of
from core.holidays import public_holidays
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import HORIZON
from core.times import Interval, merged, without
from core.views import PAGE
from handlers import actions
from handlers.cards.planning import AbsenceEntry, PlanningView, RangeEntry, planning_card
from handlers.cards.repetition import last_day
from handlers.context import Context
from handlers.ui import ActionClick, Card, Notice, Outcome, ReplaceCard, Reply

_ALWAYS = timedelta(days=366 * 10)


async def show(ctx: Context, *said: Notice) -> Outcome:
    """Show the first page; what is `said` stands above it."""
    return Reply(await ctx.read(lambda tx: planning(tx, ctx, *said)))


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Show the first page."""
    return await show(ctx)


async def page(ctx: Context, click: ActionClick) -> Outcome:
    """Turn to another page."""
    (number,) = actions.numbers(click.ref.token, 1)
    return ReplaceCard(await ctx.read(lambda tx: planning(tx, ctx, page=number)))


def planning(tx: Transaction, ctx: Context, *said: Notice, page: int = 0) -> Card:
    """Return the card of one page; of the first one, if there is no such page any more."""
    now, worker_id = ctx.now(), ctx.actor.id
    today = ctx.texts.local(now).date()
    found: list[AvailabilityRange | Absence] = [
        *sorted((r for r in tx.agendas.ranges(worker_id) if _is_to_come(r, today)), key=_order),
        *tx.agendas.absences([worker_id], Interval.lasting(now, _ALWAYS)),
    ]
    page = page if page * PAGE < len(found) else 0
    shown = found[page * PAGE : (page + 1) * PAGE]
    view = PlanningView(
        entries=tuple(_entries(tx, ctx, shown)),
        places={p.id: p for p in tx.places.all()},
        limits=tx.agendas.limits([worker_id]).get(worker_id, ctx.rules.limits),
        page=page,
        more=(page + 1) * PAGE < len(found),
    )
    return planning_card(view, ctx.texts, now, *said)


def _is_to_come(r: AvailabilityRange, today: date) -> bool:
    last = last_day(r.rule) if r.rule else r.first_day
    return last is None or last >= today


def _order(r: AvailabilityRange) -> tuple[object, ...]:
    """Series by weekday and time, then single days by date."""
    return (not r.rule, r.first_day.weekday() if r.rule else r.first_day, r.starts, r.first_day, r.id)


def _entries(
    tx: Transaction, ctx: Context, shown: Iterable[AvailabilityRange | Absence]
) -> Iterable[RangeEntry | AbsenceEntry]:
    now, worker = ctx.now(), ctx.actor
    window = Interval.lasting(now, HORIZON)
    away = merged(absence.during for absence in tx.agendas.absences([worker.id], window))
    closed = public_holidays(region_of(worker, ctx.rules), window.start.date(), window.end.date())
    for entry in shown:
        if isinstance(entry, Absence):
            yield AbsenceEntry(entry, len(falling_in(tx, entry.worker_id, entry.during, now)))
        else:
            yield RangeEntry(entry, _next_time(entry, window, away, closed))


def _next_time(
    r: AvailabilityRange, window: Interval, away: Sequence[Interval], closed: Container[date]
) -> Interval | None:
    """Return when the range next takes place, at least in part, outside absences and public holidays."""
    zone = ZoneInfo(r.zone)
    for coming in open_ranges([r], window):
        if coming.during.start.astimezone(zone).date() not in closed and without(coming.during, away):
            return coming.during
    return None
