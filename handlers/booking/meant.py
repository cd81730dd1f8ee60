"""Who, which case and where is meant by the words of a quick booking: looked up for the person who typed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from core.access import access_case
from core.cases import Place, SupportCase
from core.errors import CaseNotFound
from core.ports import Transaction
from core.text import fold, quoted
from handlers.context import Context
from handlers.i18n import Texts
from handlers.words import People, Spoken, people_in, read_booking

_MOST_CASES = 50
_MOST_NAMED = 5
_SHORTEST_NAME = 3
_TITLES = frozenset({"m", "mr", "mrs", "ms", "mme", "mlle", "madame", "monsieur", "mademoiselle"})


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed, with its case if it names one alone; `doubts` are what is to be asked, for a person to read."""

    said: Spoken
    people: People
    case: SupportCase | None
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """The case, or why none; `left` is what is still unclear."""

    case: SupportCase | None
    doubts: tuple[str, ...]
    left: tuple[str, ...]


def read_meant(tx: Transaction, ctx: Context, text: str) -> Meant | None:
    """Return what `text` means; None where it says nothing of an appointment: it may be a client's name."""
    people, places = people_in(tx, text), tx.places.all()
    today = ctx.texts.local(ctx.now()).date()

    @cache
    def known(number: int) -> bool:
        return _accessible(tx, ctx, number) is not None

    said = read_booking(people.rest, today, places, known)
    if not (said.anything or people.workers or people.unknown):
        return None
    found = _case(tx, ctx, said)
    alike, left = _places_alike(found.left, places, ctx.texts)
    which = found.doubts or (() if found.case else (ctx.texts.t("For which case?"),))
    doubts = (*_unknown(people, ctx.texts), *which, *alike, *_unclear(left, ctx.texts), *_unsigned(tx, left, ctx.texts))
    return Meant(said, people, found.case, doubts)


def _accessible(tx: Transaction, ctx: Context, number: int) -> SupportCase | None:
    try:
        return access_case(tx, ctx.actor, number)
    except CaseNotFound:
        return None


def _case(tx: Transaction, ctx: Context, said: Spoken) -> _Found:
    t = ctx.texts.t
    match said.cases:
        case ():
            return _case_of_client(tx, ctx, said.unclear)
        case (number,):
            case = _accessible(tx, ctx, number)
            return _Found(case, () if case else (ctx.texts.error(CaseNotFound(number)),), said.unclear)
        case numbers:
            listed = ", ".join(map(str, numbers))
            return _Found(None, (t("You named several cases ({numbers}): choose one.", numbers=listed),), said.unclear)


def _case_of_client(tx: Transaction, ctx: Context, unclear: tuple[str, ...]) -> _Found:
    """Look for a client's name in what is left: all of it first, since "de la" in a name is no word to keep."""
    for n, phrase in enumerate((" ".join(unclear), *unclear[:_MOST_NAMED])):
        found = _cases_of(tx, ctx, phrase)
        left = unclear[:0] if n == 0 else (*unclear[: n - 1], *unclear[n:])
        if len(found) == 1:
            return _Found(found[0], (), left)
        if found:
            numbers = ", ".join(str(c.number) for c in found[:_MOST_NAMED]) + ("…" if len(found) > _MOST_NAMED else "")
            doubt = ctx.texts.t(
                "Several cases have a client of the name “{name}” ({numbers}): choose one.",
                name=quoted(phrase),
                numbers=numbers,
            )
            return _Found(None, (doubt,), left)
    return _Found(None, (), unclear)


def _cases_of(tx: Transaction, ctx: Context, phrase: str) -> list[SupportCase]:
    """Return the cases with a client in whose name every word of the phrase stands."""
    words = {word.strip(".,;:!?()") for word in fold(phrase).split()} - _TITLES - {""}
    longest = max(words, key=len, default="")
    if len(longest) < _SHORTEST_NAME or not all(word[0].isalpha() for word in words):
        return []
    cases = tx.cases.search(longest, ctx.actor.id, _MOST_CASES)
    return [c for c in cases if any(words <= _name_words(p.given_name, p.family_name) for p in c.clients)]


def _name_words(*names: str) -> set[str]:
    return {word for name in names for word in fold(name).split()}


def _unknown(people: People, texts: Texts) -> list[str]:
    alike = people.alike[:_MOST_NAMED]
    doubts = []
    for name, workers in alike:
        labels = ", ".join(w.label for w in workers[:_MOST_NAMED]) + ("…" if len(workers) > _MOST_NAMED else "")
        doubts.append(
            texts.t("Several colleagues are called “{name}”: {names}. Choose one.", name=quoted(name), names=labels)
        )
    strangers = [name for name in people.unknown if name not in dict(alike)]
    if strangers:
        doubts.append(texts.t("There is no colleague “{name}”.", name=_listed(strangers)))
    if not people.led:
        doubts.append(texts.t("Choose the main worker."))
    return doubts


def _places_alike(
    unclear: Iterable[str], places: Sequence[Place], texts: Texts
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what to ask where several places have the name, and what is left."""
    doubts, left = [], []
    for phrase in unclear:
        alike = [p.label for p in places if fold(p.name) == fold(phrase).strip(".,;:!?()")]
        if alike:
            listed = ", ".join(alike)
            doubts.append(
                texts.t("Several places are called “{name}”: {names}. Choose one.", name=phrase, names=listed)
            )
        else:
            left.append(phrase)
    return tuple(doubts), tuple(left)


def _unclear(left: Sequence[str], texts: Texts) -> list[str]:
    return [texts.t("I do not understand “{text}”.", text=_listed(left))] if left else []


def _unsigned(tx: Transaction, left: Sequence[str], texts: Texts) -> list[str]:
    """Say how a colleague is named, where one of the words that are not understood is what one is called."""
    words = [word for phrase in left if len(word := phrase.strip(".,;:!?()")) >= _SHORTEST_NAME]
    named = [f"@{quoted(word)}" for word in words[:_MOST_NAMED] if _is_called(tx, fold(word))]
    return [texts.t("Type @ before a colleague’s name: {names}", names=" ".join(named))] if named else []


def _is_called(tx: Transaction, word: str) -> bool:
    return any(word in {fold(w.name), *fold(w.name).split()} for w in tx.people.search_workers(word, _MOST_NAMED))


def _listed(typed: Iterable[str]) -> str:
    """Return what was typed so that it can be shown, in one line."""
    return " … ".join(map(quoted, typed))
