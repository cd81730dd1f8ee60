"""Answers to who types in a search field of the booking form: only what he may see, accents ignored."""

from collections.abc import Iterable

from core.access import access_case
from core.cases import SupportCase
from core.errors import NotFound
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.text import fold
from handlers.booking import fields
from handlers.booking.draft import Opening, party, party_value
from handlers.cards.words import case_name, client_name, topic_path
from handlers.commands import case_number
from handlers.context import Context
from handlers.forms import many, one, whole
from handlers.ui import Option, OptionGroup, Options, OptionSearch, Outcome

MOST = 20


async def search(ctx: Context, event: OptionSearch) -> Outcome:
    """Return what matches, in groups."""
    match event.field_id:
        case fields.CASE:
            return await ctx.read(lambda tx: _cases(tx, ctx, event.query))
        case fields.MAIN:
            return await ctx.read(lambda tx: _main_workers(tx, event.query))
        case fields.PARTIES:
            return await ctx.read(lambda tx: _parties(tx, ctx, event))
        case fields.OPTIONAL:
            return await ctx.read(lambda tx: _workers(tx, event, many(event.values, fields.PARTIES)))
        case fields.AVAILABILITY_OF | fields.EXTERNAL_OF:
            main = f"{PartyKind.WORKER}:{one(event.values, fields.MAIN)}"
            return await ctx.read(lambda tx: _workers(tx, event, (main, *many(event.values, fields.PARTIES))))
        case _:
            return Options(())


def _cases(tx: Transaction, ctx: Context, query: str) -> Options:
    number = case_number(query)
    found = tx.cases.search(query if number is None else str(number), ctx.actor.id, MOST)
    return _groups([("", [Option(str(c.number), case_name(c, ctx.texts, ctx.now()), topic_path(c)) for c in found])])


def _main_workers(tx: Transaction, query: str) -> Options:
    return _groups([("", [Option(str(w.id), w.label) for w in tx.people.search_workers(query, MOST)])])


def _parties(tx: Transaction, ctx: Context, event: OptionSearch) -> Options:
    case, t, now = _case(tx, ctx, event), ctx.texts.t, ctx.now()
    clients = [(c.ref, client_name(c, ctx.texts, now)) for c in case.clients] if case else []
    personal = [(c.ref, c.label) for c in case.personal_contacts] if case else []
    professional = [(c.ref, c.label) for c in tx.people.search_professional_contacts(event.query, MOST)]
    workers = [(w.ref, w.label) for w in _named_first(tx.people.search_workers(event.query, MOST), case)]
    return _groups(
        [
            (t("Clients"), _options(_matching(clients, event.query))),
            (t("Personal contacts"), _options(_matching(personal, event.query))),
            (t("Professional contacts"), _options(professional)),
            (t("Workers"), _options(workers)),
        ]
    )


def _workers(tx: Transaction, event: OptionSearch, among: Iterable[str]) -> Options:
    """Return the workers among these parties that match."""
    found = tx.people.find(p for text in among if (p := party(text)) is not None)
    workers = [person for person in found.values() if isinstance(person, Worker)]
    matching = _matching([(w.ref, w.label) for w in workers], event.query)
    return _groups([("", [Option(str(ref.id), label) for ref, label in matching])])


def _case(tx: Transaction, ctx: Context, event: OptionSearch) -> SupportCase | None:
    try:
        fixed = Opening.decode(event.context).case
        return access_case(tx, ctx.actor, fixed or whole(one(event.values, fields.CASE)) or 0)
    except NotFound:
        return None


def _matching(people: Iterable[tuple[PartyRef, str]], query: str) -> list[tuple[PartyRef, str]]:
    wanted = fold(query)
    return [(ref, label) for ref, label in people if wanted in fold(label)][:MOST]


def _named_first(workers: list[Worker], case: SupportCase | None) -> list[Worker]:
    named = {case.lead_id, *case.worker_ids} if case else set()
    return sorted(workers, key=lambda w: w.id not in named)


def _options(people: Iterable[tuple[PartyRef, str]]) -> list[Option]:
    return [Option(party_value(ref), label) for ref, label in people]


def _groups(found: Iterable[tuple[str, list[Option]]]) -> Options:
    return Options(tuple(OptionGroup(label, tuple(options)) for label, options in found if options))
