"""One reader's language: messages through gettext, dates and durations through CLDR, in his own zone (rule 8)."""

import gettext
import io
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from core.errors import RdvError
from core.people import LOCALES
from core.times import Interval

_CATALOGUES = Path(__file__).parent / "locale"
NO_BREAK = "\u00a0"
_CLDR = {"en": "en_GB"}
"""Whose dates stand day before month, as all of ours do."""
_FIRST = re.compile(r"\b1(?= )")


def from_to(first: str, last: str) -> str:
    """Return "10:00 – 12:00"; where it does not fit, the line ends with the dash."""
    return f"{first}{NO_BREAK}– {last}"


def duration(length: timedelta) -> str:
    """Return a duration as the guide writes it, in any language: "02:15"."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


class Texts:
    """Says things to one reader; `zone` is his IANA zone, in which every instant is shown."""

    def __init__(self, locale: str, zone: str) -> None:
        self.locale = locale if locale in LOCALES else LOCALES[0]
        self.zone = ZoneInfo(zone)
        self._cldr = _cldr(self.locale)
        self._catalogue = _catalogue(self.locale)

    def t(self, message: str, **values: object) -> str:
        """Return the message in the reader's language, with `{name}` filled in from `values`."""
        text = self._catalogue.gettext(message)
        return text.format(**values) if values else text

    def n(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the message for `count`, which fills `{count}`."""
        return self._catalogue.ngettext(one, many, count).format(count=count, **values)

    def error(self, error: RdvError) -> str:
        """Return a refusal's message for a person."""
        return self._catalogue.gettext(error.message).format(**vars(error))

    def local(self, at: datetime) -> datetime:
        """Return the instant on the reader's clock."""
        return at.astimezone(self.zone)

    def day(self, at: datetime | date) -> str:
        """Return the day in words: "mardi 27 janvier 2026"."""
        return self._written(at, "full")

    def short_day(self, at: datetime | date) -> str:
        """Return the day in figures, as the guide writes it: "27/01/2026"."""
        return _formatted(self._date(at), "dd/MM/yyyy", self.locale)

    def day_and_month(self, at: datetime | date) -> str:
        """Return the day without the year: "mar. 27 janvier"."""
        return self._written(at, "EEE d MMMM")

    def weekday(self, at: datetime | date) -> str:
        """Return the name of the day: "mardi"."""
        return _formatted(self._date(at), "EEEE", self.locale)

    def month(self, day: date) -> str:
        """Return the month with its year: "janvier 2026"."""
        return _formatted(day, "LLLL yyyy", self.locale)

    def clock(self, at: datetime) -> str:
        """Return the time of day on the reader's clock: "10:00"."""
        return _clock(self.local(at))

    def hours(self, during: Interval) -> str:
        """Return from-to: "10:00 – 12:00", with the day of the end where it is another one."""
        start, end = self.local(during.start), self.local(during.end)
        until = _clock(end) if start.date() == end.date() else f"{self.short_day(end)} {_clock(end)}"
        return from_to(_clock(start), until)

    def duration(self, length: timedelta) -> str:
        """Return a duration as the guide writes it: "02:15"."""
        return duration(length)

    def share(self, part: float) -> str:
        """Return a part of a whole in per cent: "25 %"."""
        return format_percent(part, locale=self._cldr)

    def figure(self, number: float) -> str:
        """Return a number with two decimals, as a spreadsheet of the reader's reads it: "7,50"."""
        return format_decimal(number, "0.00", locale=self._cldr)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a list in words: "Agathe, seforme et ecoute"."""
        return format_list(list(names), locale=self._cldr)

    def _written(self, at: datetime | date, form: str) -> str:
        """Return the day in words; the first of a month is "1er" in French, which CLDR's forms leave out."""
        words = _formatted(self._date(at), form, self.locale)
        return _FIRST.sub("1er", words) if self.locale == "fr" else words

    def _date(self, at: datetime | date) -> date:
        return self.local(at).date() if isinstance(at, datetime) else at


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=4_096)
def _formatted(day: date, form: str, locale: str) -> str:
    """Return a day in one of CLDR's forms, which takes longer to write than to remember."""
    return format_date(day, form, locale=_cldr(locale))


@cache
def _cldr(locale: str) -> Locale:
    return Locale.parse(_CLDR.get(locale, locale))


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    if locale == "en":  # messages are written in English
        return gettext.NullTranslations()
    path = _CATALOGUES / locale / "LC_MESSAGES" / "rdv.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
