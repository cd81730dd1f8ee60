"""The form that finds a time: who and when above, the proposals below, the best first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.cases import Place
from core.finding import Proposal, Search, find_times
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval
from handlers.booking.chosen import Misread
from handlers.booking.parties import kind_parts
from handlers.booking.times import duration_field, slot_option
from handlers.finding import fields
from handlers.finding.wanted import WEEKS, People, Wanted, people_of, search_of
from handlers.finding.why import why_parts
from handlers.i18n import Texts
from handlers.ui import (
    ChoiceField,
    DateField,
    Element,
    Field,
    Form,
    Notice,
    Option,
    OptionGroup,
    SearchField,
    SlotField,
    TimeField,
    YesNo,
)

EARLIER = 6
_Parts = tuple[Field | Element, ...]


def build(
    tx: Transaction,
    viewer: Worker,
    wanted: Wanted,
    texts: Texts,
    now: datetime,
    rules: Rules,
    said: Sequence[Notice] = (),
) -> Form:
    """Return the form as it is filled in, below what is `said`."""
    people = people_of(tx, wanted)
    places = {place.id: place for place in tx.places.all()}
    parts: _Parts = (
        *said,
        *people_fields(people, texts),
        duration_field(wanted.duration, texts),
        *kind_parts(tx, people.main.id if people.main else 0, wanted.kind, texts),
        _place(wanted, places.values(), texts),
        *_when(wanted, texts),
        proposals(tx, viewer, wanted, people, places, texts, now, rules),
        YesNo(fields.WHY, texts.t("Why not at a certain time?"), value=wanted.why, refreshes=True),
        *(why_parts(tx, viewer, wanted, people, texts, now, rules) if wanted.why else ()),
    )
    return Form(
        id=fields.FORM,
        title=texts.t("Find a time"),
        parts=parts,
        submit=texts.t("Continue"),
        nonce=wanted.nonce,
    )


def proposals(
    tx: Transaction,
    viewer: Worker,
    wanted: Wanted,
    people: People,
    places: Mapping[int, Place],
    texts: Texts,
    now: datetime,
    rules: Rules,
) -> SlotField:
    """Return the times found, those at which everyone is free apart from those without some of the optional people."""
    search = search_of(wanted, people, texts, now)
    label = texts.t("Proposals")
    if isinstance(search, Misread):
        return SlotField(fields.SLOT, label, (), hint=search.message, required=True)
    found = _found(tx, viewer, search, now, rules)
    names = {w.id: w.name for w in people.optional}
    options = [(p, _option(p, names, places, texts)) for p in found]
    groups = (
        OptionGroup(texts.t("Everyone free"), tuple(o for p, o in options if not p.busy_optional)),
        OptionGroup(texts.t("All required free, not all optional"), tuple(o for p, o in options if p.busy_optional)),
    )
    values = {o.value for _, o in options}
    hint = "" if found else texts.t("No time suits everyone required: change the duration, the period or the people.")
    shown = tuple(group for group in groups if group.options)
    chosen = wanted.slot if wanted.slot in values else ""
    return SlotField(fields.SLOT, label, shown, chosen, hint, required=True)


def _found(tx: Transaction, viewer: Worker, search: Search, now: datetime, rules: Rules) -> list[Proposal]:
    """Return the best times; where everyone is free at all of them, also the earlier ones that someone would miss."""
    found = find_times(tx, search, now, rules, viewer_id=viewer.id)
    first = found[0].slot.during.start if found else now
    if not search.optional or any(p.busy_optional for p in found) or first <= search.window.start:
        return found
    earlier = replace(search, window=Interval(search.window.start, first))
    return [*found, *find_times(tx, earlier, now, rules, viewer_id=viewer.id, limit=EARLIER)]


def worker_options(workers: Iterable[Worker]) -> tuple[Option, ...]:
    """Return workers as choices."""
    return tuple(Option(str(w.id), w.label) for w in workers)


def _option(proposal: Proposal, names: Mapping[int, str], places: Mapping[int, Place], texts: Texts) -> Option:
    if not proposal.busy_optional:
        return slot_option(proposal.slot, places, texts, with_day=True)
    option = slot_option(replace(proposal.slot, marked=False), places, texts, with_day=True)
    missing = texts.listed(names[w] for w in proposal.busy_optional)
    return Option(option.value, texts.t("{time} – without {names}", time=option.label, names=missing), option.hint)


def people_fields(people: People, texts: Texts, *, optional: bool = True) -> tuple[Field, ...]:
    """Return the fields of who must be there, and with `optional` of who may be missing."""
    main = worker_options((people.main,) if people.main else ())
    required, missing = worker_options(people.required), worker_options(people.optional)
    always = (
        SearchField(fields.MAIN, texts.t("Main worker"), main, required=True, refreshes=True),
        SearchField(fields.REQUIRED, texts.t("Must be there"), required, multiple=True, refreshes=True),
    )
    may_be_missing = SearchField(fields.OPTIONAL, texts.t("May be missing"), missing, multiple=True, refreshes=True)
    return (*always, may_be_missing) if optional else always


def _place(wanted: Wanted, places: Iterable[Place], texts: Texts) -> Field:
    options = (
        Option(fields.ANYWHERE, texts.t("Any place")),
        *(Option(str(p.id), p.label) for p in places),
    )
    chosen = wanted.place if wanted.place in {o.value for o in options} else fields.ANYWHERE
    groups = (OptionGroup("", options),)
    return ChoiceField(fields.PLACE, texts.t("Place"), groups, chosen, required=True, refreshes=True)


def _when(wanted: Wanted, texts: Texts) -> tuple[Field, ...]:
    options = (
        Option(fields.THIS_WEEK, texts.t("This week")),
        Option(fields.NEXT_WEEK, texts.t("Next week")),
        *(Option(str(n), texts.n("The next {count} week", "The next {count} weeks", n)) for n in WEEKS),
        Option(fields.FROM_A_DAY, texts.t("From a day on…")),
    )
    chosen = wanted.period if wanted.period in {o.value for o in options} else str(WEEKS[0])
    groups = (OptionGroup("", options),)
    period = ChoiceField(fields.PERIOD, texts.t("Period"), groups, chosen, required=True, refreshes=True)
    since = DateField(fields.SINCE, texts.t("From the day"), wanted.since, required=True, refreshes=True)
    return (
        period,
        *((since,) if chosen == fields.FROM_A_DAY else ()),
        TimeField(fields.AFTER, texts.t("Not before"), wanted.after, refreshes=True),
        TimeField(fields.BEFORE, texts.t("Not after"), wanted.before, refreshes=True),
    )
