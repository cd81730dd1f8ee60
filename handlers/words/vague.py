"""What names a day or a time and yet is none to book at: "vers 10h", "pas lundi", "mardi ou jeudi"."""

from datetime import date

from handlers.words.dates import DAY, read_day
from handlers.words.names import WEEKDAY
from handlers.words.typed import Typed, pattern

_NOON = 12
_CLOCK = r"(?:[0-9]{1,2}(?: ?h(?: ?[0-9]{2})?| ?heures?|:[0-9]{2}| ?[ap]\.?m\.?)|midi|noon)"
_HOURS = rf"{_CLOCK}(?: ?- ?{_CLOCK})?"
_ABOUT = r"avant|before|vers|around|about|environ|d'ici|by|pas|not|sauf|except"
_DAYS = pattern(
    rf"(?:{_ABOUT}|(?:apres|after)(?! demain| tomorrow)) (?:le |the )?(?:{DAY})"
    rf"|(?:{DAY})(?: {_HOURS})? (?:ou|or) (?:{DAY})(?: {_HOURS})?"
    rf"|(?:{WEEKDAY}) (?:dernier|passe|en huit|en quinze|week)|last (?:{WEEKDAY})"
    r"|(?:chaque|tous les|toutes les|every|each) (?:(?:second|other|deuxieme|deux|quinze|two|[0-9]{1,2}) )?[a-z]+"
)
_DAY_OR_HOUR = pattern(
    rf"((?:{WEEKDAY}) (?P<first>[0-9]{{1,2}})) a (?:(?P<last>[0-9]{{1,2}}) ?(?:heures?|h|:)(?: ?[0-9]{{2}})?|midi)"
)
_TIMES = pattern(rf"(?:{_ABOUT}|apres|after|a partir de|des) {_HOURS}|{_HOURS} (?:ou|or) {_HOURS}")
_QUARTERS = pattern(rf"{_CLOCK} (?:et (?:demie?|quart)|moins (?:le quart|[0-9]{{1,2}}))")


def no_days_in(typed: Typed, today: date) -> None:
    """Set aside the days that are not exactly the one to book on: to be done before days are read.

    "vendredi 6 à 14h" is one of them where the 6th is a Friday: it may be from 6 to 14 on the next one as well.
    """
    typed.set_aside(_DAYS)
    typed.set_aside(
        _DAY_OR_HOUR, lambda m: int(m["first"]) < int(m["last"] or _NOON) and read_day(m[1], today) is not None
    )


def no_times_in(typed: Typed) -> None:
    """Set aside the times that are not exactly the one to begin at: to be done before times are read."""
    typed.set_aside(_TIMES)


def no_quarters_in(typed: Typed) -> None:
    """Set aside "10h et quart", of which only "10h" would be read; after durations, that may be said so."""
    typed.set_aside(_QUARTERS)
