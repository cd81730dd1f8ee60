"""The figures as a table to keep: CSV as the reader's spreadsheet opens it."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta

from core.cases import Place
from core.occupation import Occupation
from handlers.i18n import Texts
from handlers.occupation.bars import place_name
from handlers.ui import Download

MEDIA_TYPE = "text/csv"
_BOM = "\ufeff"
_SEPARATORS = {"fr": ";"}
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_HOUR = timedelta(hours=1)


def table(found: Occupation, places: Mapping[int, Place], texts: Texts) -> str:
    """Return one row for each worker, place and week (ISO 8601), in hours.

    Begins with a byte order mark, by which Excel knows UTF-8. What a spreadsheet would take for a formula is quoted
    (OWASP, CSV injection).
    """
    t = texts.t
    written = io.StringIO(newline="")
    rows = csv.writer(written, delimiter=_SEPARATORS.get(texts.locale, ","), lineterminator="\r\n")
    rows.writerow(
        (t("Worker"), t("Place"), t("Week"), t("Monday"), t("Hours offered"), t("Hours booked"), t("Hours cancelled"))
    )
    workers = {w.id: w.label for w in found.workers}
    for row in found.rows:
        year, week, _ = row.monday.isocalendar()
        place = place_name(row.place_id, places, texts) if row.place_id is not None else ""
        figures = (row.hours.offered, row.hours.booked, row.hours.cancelled)
        rows.writerow(
            (
                _harmless(workers[row.worker_id]),
                _harmless(place),
                f"{year}-W{week:02}",
                row.monday.isoformat(),
                *(texts.figure(lasts / _HOUR) for lasts in figures),
            )
        )
    return _BOM + written.getvalue()


def download(found: Occupation, places: Mapping[int, Place], texts: Texts) -> Download:
    """Return the table as a file."""
    name = f"occupation-{found.first}-{found.last}.csv"
    return Download(name, MEDIA_TYPE, table(found, places, texts), texts.t("Keep the table (CSV)"))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
