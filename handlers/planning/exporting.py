"""Exporting one's availability as a calendar file (RFC 7953)."""

from core.exporting import availability_calendar
from core.ports import Transaction
from handlers.context import Context
from handlers.ui import ActionClick, Card, Download, Outcome, Reply, Text


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Answer with the file."""
    return Reply(await ctx.read(lambda tx: _card(tx, ctx)))


def _card(tx: Transaction, ctx: Context) -> Card:
    t, actor = ctx.texts.t, ctx.actor
    content = availability_calendar(actor, tx.agendas.ranges(actor.id), tx.places.all(), ctx.now()).decode()
    file = Download(f"{actor.handle}.ics", "text/calendar", content, t("Download my availability"))
    title = t("My availability")
    return Card(title, (Text(t("A calendar file (VAVAILABILITY) with all your ranges.")), file), neutral=title)
