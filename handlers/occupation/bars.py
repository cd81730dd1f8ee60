"""What the figures show, bar by bar: the picture and the text are made from these, so that they tell the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.cases import Place
from core.occupation import Hours, Occupation
from handlers.i18n import Texts


@dataclass(frozen=True, slots=True)
class Bar:
    """One worker, place or week."""

    label: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class Section:
    """Bars under a heading."""

    title: str
    bars: tuple[Bar, ...]


def sections(found: Occupation, places: Mapping[int, Place], texts: Texts) -> tuple[Section, ...]:
    """Return the hours by worker, by place and by week."""
    t = texts.t
    workers = tuple(Bar(w.label, found.of_worker(w.id)) for w in found.workers)
    ids = {row.place_id for row in found.rows}
    by_place = sorted((Bar(place_name(p, places, texts), found.of_place(p)) for p in ids), key=lambda bar: bar.label)
    weeks = tuple(Bar(week_name(monday, texts), found.of_week(monday)) for monday in found.mondays)
    whole = (Section(t("By worker"), workers), Section(t("By place"), tuple(by_place)), Section(t("By week"), weeks))
    return tuple(section for section in whole if section.bars)


def place_name(place_id: int | None, places: Mapping[int, Place], texts: Texts) -> str:
    """Return the place's name, or that there is none."""
    place = places.get(place_id) if place_id is not None else None
    return place.label if place else texts.t("Without a place")


def week_name(monday: date, texts: Texts) -> str:
    """Return the week's number (ISO 8601) and its Monday."""
    return texts.t("Week {number}, from {day}", number=monday.isocalendar().week, day=texts.short_day(monday))


def hours_said(hours: Hours, texts: Texts) -> str:
    """Return hours offered, booked with their share, and cancelled."""
    rate = hours.rate
    return texts.t(
        "{offered} offered, {booked} booked{share}, {cancelled} cancelled",
        offered=texts.duration(hours.offered),
        booked=texts.duration(hours.booked),
        share=f" ({texts.share(rate)})" if rate is not None else "",
        cancelled=texts.duration(hours.cancelled),
    )


def in_words(title: str, shown: tuple[Section, ...], texts: Texts) -> str:
    """Return all that the picture shows."""
    lines = [title]
    for section in shown:
        lines += ["", section.title]
        lines += [texts.t("{name}: {hours}", name=b.label, hours=hours_said(b.hours, texts)) for b in section.bars]
    return "\n".join(lines)
