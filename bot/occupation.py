"""The command `rdv occupation`: figures for whoever runs the machine."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from bot.operating import in_database
from bot.shell import Shell, first_line
from core.cases import Place
from core.errors import InvalidTime
from core.occupation import Hours, Occupation, figures
from core.ports import Transaction
from core.times import SystemClock
from handlers.i18n import Texts
from handlers.occupation.bars import place_name, week_name
from handlers.occupation.periods import month_of
from handlers.occupation.table import table


def print_occupation(shell: Shell, first: str, last: str, csv: Path | None) -> None:
    """Print the figures of a period, and write them to a file if one is named; "" for this month's own day."""
    settings, t = shell.settings(), shell.texts.t
    now = SystemClock().now()
    texts = Texts(shell.texts.locale, settings.timezone)
    month = month_of(texts.local(now).date())
    start, end = _day(shell, first, month.first), _day(shell, last, month.last)

    def work(tx: Transaction) -> tuple[Occupation, dict[int, Place]]:
        found = figures(tx, tx.people.workers(), start, end, now, settings.rules)
        return found, {place.id: place for place in tx.places.all()}

    try:
        with shell.working(t("Counting…")):
            found, places = in_database(shell, lambda db: db.read(work))
    except InvalidTime as refusal:
        shell.fail(texts.error(refusal))
    shell.say(t("Occupation from {first} to {last}", first=texts.short_day(start), last=texts.short_day(end)))
    headings = (t("Worker"), t("Place"), t("Week"), t("Offered"), t("Booked"), "%", t("Cancelled"))
    shell.rows(headings, list(_rows(found, places, texts)))
    if csv is not None:
        try:
            csv.write_bytes(table(found, places, texts).encode())
        except OSError as fault:
            shell.fail(t("{path} could not be written: {why}", path=csv, why=first_line(fault)))
        shell.say(t("Written: {path}", path=csv))


def _rows(found: Occupation, places: Mapping[int, Place], texts: Texts) -> Iterator[tuple[str, ...]]:
    workers = {w.id: w.label for w in found.workers}
    for row in found.rows:
        where = place_name(row.place_id, places, texts)
        yield (workers[row.worker_id], where, week_name(row.monday, texts), *_hours(row.hours, texts))
    yield (texts.t("Total"), "", "", *_hours(found.total, texts))


def _hours(hours: Hours, texts: Texts) -> tuple[str, ...]:
    rate = hours.rate
    booked = (texts.duration(hours.booked), texts.share(rate) if rate is not None else "")
    return (texts.duration(hours.offered), *booked, texts.duration(hours.cancelled))


def _day(shell: Shell, text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        shell.fail(shell.texts.t("“{day}” is no day: write it as 2026-11-30.", day=text))
