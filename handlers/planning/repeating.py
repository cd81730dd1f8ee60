"""How a range repeats, as a choice in its form: the choice's value, and the rule that it stands for."""

from datetime import date

from core.repetition import ending, joined, parts_of
from handlers.cards.repetition import NTHS, WEEKDAYS, weekday_name
from handlers.i18n import Texts
from handlers.ui import Option
from handlers.words import Every, Repeats
from handlers.words.repeating import nths

NEVER = "never"
KEPT = "kept"
"""The rule that the range has, which is none of the others."""

_MONTHLY = "month"
_MOST_A_MONTH = 4
_RULES = {
    Every.DAY: {"FREQ": "DAILY"},
    Every.WEEK: {"FREQ": "WEEKLY"},
    Every.SECOND_WEEK: {"FREQ": "WEEKLY", "INTERVAL": "2"},
}


def monthly(nth: int, weekday: int) -> str:
    """Return the value of "the n-th weekday of the month"; Monday is 0, -1 the last one."""
    return f"{_MONTHLY}.{nth}.{weekday}"


def said_value(repeats: Repeats | None) -> str:
    """Return the choice that typed words mean."""
    if repeats is None:
        return NEVER
    return monthly(repeats.nth, repeats.weekday or 0) if repeats.every is Every.MONTH else repeats.every


def value_of(rule: str, day: date) -> str:
    """Return the choice that a stored rule is on `day`, one of its days."""
    if not rule:
        return NEVER
    parts = {name: value for name, value in parts_of(rule).items() if name not in {"UNTIL", "WKST"}}
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    own = WEEKDAYS[day.weekday()]
    if parts.get("FREQ") == "WEEKLY" and parts.get("BYDAY") == own:
        del parts["BYDAY"]
    for every, plain in _RULES.items():
        if parts == plain:
            return every
    on = parts.pop("BYDAY", "").removeprefix("+")
    for nth in nths(day):
        if parts == {"FREQ": "MONTHLY"} and on == f"{nth}{own}":
            return monthly(nth, day.weekday())
    return KEPT


def options(day: date | None, chosen: str, kept: str, texts: Texts) -> tuple[Option, ...]:
    """Return the choices for a range that begins on `day`; `kept` is a rule in words that is none of the others."""
    t = texts.t
    values = [monthly(nth, day.weekday()) for nth in _nths(day)] if day else []
    if _parsed(chosen) and chosen not in values:
        values.append(chosen)
    return (
        Option(NEVER, t("Does not repeat")),
        Option(Every.WEEK, t("Every week")),
        Option(Every.SECOND_WEEK, t("Every second week")),
        *(Option(value, _monthly_words(value, texts)) for value in values),
        Option(Every.DAY, t("Every day")),
        *((Option(KEPT, t("As now: {repetition}", repetition=kept)),) if kept else ()),
    )


def following(chosen: str, day: date | None) -> str:
    """Return the choice after the day has changed: the n-th weekday follows it."""
    parsed = _parsed(chosen)
    if parsed is None or day is None:
        return chosen
    found = _nths(day)
    return monthly(parsed[0] if parsed[0] in found else found[0], day.weekday())


def rule_of(chosen: str, end: date | None, kept: str = "") -> str:
    """Return the rule of a choice, with its last day; `kept` is the rule that `KEPT` stands for."""
    if chosen == NEVER:
        return ""
    parsed = _parsed(chosen)
    if parsed:
        rule = joined({"FREQ": "MONTHLY", "BYDAY": f"{parsed[0]}{WEEKDAYS[parsed[1]]}"})
    elif chosen == KEPT:
        rule = joined({name: value for name, value in parts_of(kept).items() if name != "UNTIL"})
    else:
        rule = joined(_RULES[Every(chosen)])
    return ending(rule, end) if end else rule


def is_choice(chosen: str, kept: str) -> bool:
    """Tell whether this is a choice at all."""
    return chosen in {NEVER, *_RULES} or _parsed(chosen) is not None or (chosen == KEPT and bool(kept))


def _nths(day: date) -> list[int]:
    """Return which of its month the day is; a fifth one is called the last."""
    return [nth for nth in nths(day) if nth <= _MOST_A_MONTH]


def _parsed(value: str) -> tuple[int, int] | None:
    """Return n and the weekday of a monthly choice."""
    name, _, numbers = value.partition(".")
    nth, _, weekday = numbers.partition(".")
    if name != _MONTHLY or nth not in {str(n) for n in NTHS} or weekday not in {str(n) for n in range(7)}:
        return None
    return int(nth), int(weekday)


def _monthly_words(value: str, texts: Texts) -> str:
    nth, weekday = _parsed(value) or (1, 0)
    words = texts.t(NTHS[nth], weekday=weekday_name(WEEKDAYS[weekday], texts))
    return words[:1].upper() + words[1:]
