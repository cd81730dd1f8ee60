"""Cases: opened by number or by client, and turned page by page (guide, steps 1 and 2)."""

from core.cases import SupportCase
from core.errors import CaseNotFound
from core.views import PAGE, view_case
from handlers import actions
from handlers.cards.case import case_card, cases_card
from handlers.commands import case_number
from handlers.context import Context
from handlers.ui import ActionClick, Card, Notice, Outcome, ReplaceCard, Reply


async def command(ctx: Context, text: str) -> Outcome:
    """Open the case that was typed; offer those that can be meant when it is not one number."""
    number = case_number(text)
    if number is None:
        return await _offer(ctx, text)
    try:
        return Reply(await _card(ctx, number))
    except CaseNotFound as refusal:
        return await not_found(ctx, refusal)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open a case."""
    return Reply(await _card(ctx, actions.number(click.ref.token)))


async def page(ctx: Context, click: ActionClick) -> Outcome:
    """Turn to another page of a case's appointments."""
    number, page = actions.numbers(click.ref.token, 2)
    return ReplaceCard(await _card(ctx, number, page))


async def search(ctx: Context, _: ActionClick) -> Outcome:
    """Offer the first cases that the person may open."""
    return await _offer(ctx, "")


async def find_cases(ctx: Context, text: str) -> tuple[list[SupportCase], bool]:
    """Return one page of the cases that `text` can mean, and whether there are more."""
    found = await ctx.read(lambda tx: tx.cases.search(text, ctx.actor.id, PAGE + 1))
    return found[:PAGE], len(found) > PAGE


async def choose_case(ctx: Context, text: str, found: list[SupportCase], *, more: bool) -> Outcome:
    """Offer the cases found, or all of them when none is meant."""
    texts = ctx.texts
    if found:
        said = Notice(texts.t("Which case? Choose one, or type its number."))
    elif text:
        said = Notice(
            texts.t("No case that you can open matches what you typed. Here are those you can open."), "warning"
        )
        found, more = await find_cases(ctx, "")
    else:
        said = Notice(texts.t("There is no case that you can open. Ask its lead to name you on it."), "warning")
    return Reply(cases_card(found, said, texts, ctx.now(), more=more))


async def not_found(ctx: Context, refusal: CaseNotFound) -> Outcome:
    """Say that there is no such case, and offer those there are."""
    found, more = await find_cases(ctx, "")
    return Reply(cases_card(found, Notice(ctx.texts.error(refusal), "warning"), ctx.texts, ctx.now(), more=more))


async def _offer(ctx: Context, text: str) -> Outcome:
    found, more = await find_cases(ctx, text)
    if text and len(found) == 1:
        return Reply(await _card(ctx, found[0].number))
    return await choose_case(ctx, text, found, more=more)


async def _card(ctx: Context, number: int, page: int = 0) -> Card:
    now = ctx.now()
    view = await ctx.read(lambda tx: view_case(tx, ctx.actor, number, now, page))
    return case_card(view, ctx.texts, now)
