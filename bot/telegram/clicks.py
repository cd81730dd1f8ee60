"""What a click makes of the form: another question, or an answer to this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.telegram import marked
from bot.telegram.answers import choose, cleared, options_of, put, tick
from bot.telegram.asking import back, passed, turned
from bot.telegram.state import SUMMARY, Layer, State
from handlers import forms
from handlers.ui import DateField, Field, SearchField, TimeField, YesNo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """The form after a click; `changed` is the field that was answered, None where only the question is another."""

    top: Layer
    changed: Field | None = None


def after_click(state: State, what: str) -> Turn | None:
    """Return what comes of a button of the present question, None for one that does nothing."""
    top, number = state.top, what[1:]
    match what[:1]:
        case marked.ALL:
            return Turn(turned(top, SUMMARY))
        case marked.BACK:
            return Turn(back(top))
        case marked.SKIP:
            return Turn(passed(top))
        case marked.QUESTION if (found := _nth(top.fields, number)) is not None:
            return Turn(turned(top, found.id))
        case marked.TICK if isinstance(found := _nth(top.fields, number), YesNo):
            return Turn(tick(top, found, yes=not found.value), found)
        case _:
            field = top.question
            answered = _answered(state, field, what) if field is not None else None
            return Turn(answered, field) if answered is not None else None


def _answered(state: State, field: Field, what: str) -> Layer | None:
    top, value = state.top, what[1:]
    match what[:1]:
        case marked.CHOOSE if (option := _nth(options_of(field, state.found), value)) is not None:
            return choose(top, field, option)
        case marked.REMOVE if isinstance(field, SearchField) and (option := _nth(field.chosen, value)) is not None:
            return choose(top, field, option)
        case marked.CLEAR:
            return cleared(top, field)
        case marked.YES | marked.NO if isinstance(field, YesNo):
            return tick(top, field, yes=what == marked.YES)
        case marked.DAY if isinstance(field, DateField) and (day := forms.day(value)):
            return put(top, replace(field, value=day.isoformat()))
        case marked.TIME if isinstance(field, TimeField) and (at := forms.clock(value)) is not None:
            return put(top, replace(field, value=f"{at:%H:%M}"))
        case _:
            return None


def _nth(found: Sequence[T], number: str) -> T | None:
    """Return the one of that number, as buttons write it."""
    known = number.isascii() and number.isdecimal() and int(number) < len(found)
    return found[int(number)] if known else None
