"""Asking for the figures: typed after /agenda, chosen, or from one day to another."""

from datetime import date

from core.cases import Place
from core.errors import InvalidTime, NotFound
from core.occupation import Occupation, occupation
from core.ports import Transaction
from core.text import fold
from handlers import actions
from handlers.context import Context
from handlers.forms import day, new_nonce, one
from handlers.occupation.card import occupation_card
from handlers.occupation.periods import CHOICES, Period, month_of, read_period
from handlers.occupation.table import download
from handlers.ui import (
    ActionClick,
    Card,
    DateField,
    FieldErrors,
    Form,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    ReplaceCard,
    Reply,
)

FORM = "occupation"
FIRST, LAST = "first", "last"
_WORDS = frozenset({"occupation", "figures", "chiffres", "statistiques"})


def asked(text: str) -> str | None:
    """Return what follows when `text` begins with the word for these figures, None when it does not."""
    word, _, rest = text.strip().partition(" ")
    return rest.strip() if fold(word) in _WORDS else None


async def command(ctx: Context, text: str) -> Outcome:
    """Show the figures of the period that was typed, of this month when none was. Raises ForManagers."""
    today = _today(ctx)
    try:
        meant = read_period(text, today)
        if meant is not None:
            return Reply(await _card(ctx, meant))
        said = ctx.texts.t("I do not understand this period. Here is this month; choose another one below.")
    except InvalidTime as refusal:
        said = ctx.texts.error(refusal)
    return Reply(await _card(ctx, month_of(today), Notice(said, "warning")))


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Show the figures of this month. Raises ForManagers."""
    return await command(ctx, "")


async def period(ctx: Context, click: ActionClick) -> Outcome:
    """Show the figures of the period that was chosen. Raises ForManagers, NotFound."""
    if click.value not in CHOICES:
        raise NotFound
    return ReplaceCard(await _card(ctx, CHOICES[click.value].of(_today(ctx))))


async def other(ctx: Context, _: ActionClick) -> Outcome:
    """Ask from which day to which."""
    t, shown = ctx.texts.t, month_of(_today(ctx))
    parts = (
        DateField(FIRST, t("First day"), shown.first.isoformat(), required=True),
        DateField(LAST, t("Last day"), shown.last.isoformat(), required=True),
    )
    return OpenForm(Form(FORM, t("Occupation"), parts, t("Show"), nonce=new_nonce()))


async def submit(ctx: Context, form: FormSubmit) -> Outcome:
    """Show the figures of the days that were filled in. Raises ForManagers."""
    first, last = (day(one(form.values, field)) for field in (FIRST, LAST))
    missing = ctx.texts.t("Choose a day.")
    if first is None or last is None:
        return FieldErrors(tuple((field, missing) for field, at in ((FIRST, first), (LAST, last)) if at is None))
    try:
        return Reply(await _card(ctx, Period(first, last)))
    except InvalidTime as refusal:
        return FieldErrors(((LAST, ctx.texts.error(refusal)),))


async def keep(ctx: Context, click: ActionClick) -> Outcome:
    """Give the figures as a table. Raises ForManagers, NotFound."""
    try:
        first, last = (date.fromordinal(number) for number in actions.numbers(click.ref.token, 2))
        found, places = await ctx.read(lambda tx: _look(tx, ctx, Period(first, last)))
    except (ValueError, OverflowError, InvalidTime):
        raise NotFound from None
    title = ctx.texts.t("Occupation figures")
    return Reply(Card(title, (download(found, places, ctx.texts),), neutral=title))


async def _card(ctx: Context, meant: Period, said: Notice | None = None) -> Card:
    found, places = await ctx.read(lambda tx: _look(tx, ctx, meant))
    return occupation_card(found, places, ctx.texts, _today(ctx), said)


def _look(tx: Transaction, ctx: Context, meant: Period) -> tuple[Occupation, dict[int, Place]]:
    found = occupation(tx, ctx.actor, meant.first, meant.last, ctx.now(), ctx.rules)
    return found, {place.id: place for place in tx.places.all()}


def _today(ctx: Context) -> date:
    return ctx.texts.local(ctx.now()).date()
