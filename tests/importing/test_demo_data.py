"""The demonstration data hold the guide's people, and its appointments fit on any working day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.importing import import_demo
from core.booking import BookingRequest, book
from core.cases import CaseKind
from core.holidays import public_holidays
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval, instant
from tests.clock import SetClock

TODAY = SetClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
ZONE = "Europe/Brussels"


async def test_the_guides_people_are_there(database: Database) -> None:
    report = await import_demo(database, TODAY)
    assert (report.problems, report.warnings) == ((), ())
    again = await import_demo(database, TODAY)
    assert again.saved == report.saved

    def look(tx: Transaction) -> None:
        workers = tx.people.workers()
        assert [(w.label, w.email, w.zone, w.locale) for w in workers] == [
            (f"{name} (Travailleur-euse social) (Principal)", f"{name.lower()}@example.org", ZONE, "fr")
            for name in ("Agathe", "ecoute", "seforme")
        ]
        assert [w.name for w in workers if w.manager] == ["Agathe"]
        ids = {w.name: w.id for w in workers}
        case, place = tx.cases.find(1285), tx.places.named("Gembloux", "Implantations")
        assert case
        assert place
        assert (case.kind, case.urgent, case.confidential) == (CaseKind.REGULAR, False, False)
        assert (case.topic, case.lead_id) == (("Sociale", "Logement"), ids["seforme"])
        assert case.worker_ids == frozenset({ids["Agathe"], ids["ecoute"]})
        (gisele,) = case.clients
        assert gisele.label == "Gisèle LAFRAISE"
        assert {gisele.age_on(date(2026, 11, 23) + timedelta(days=n)) for n in range(300)} == {26}
        hidden = tx.cases.find(1302)
        assert hidden
        assert (hidden.confidential, hidden.lead_id, hidden.worker_ids) == (True, ids["ecoute"], frozenset())

    await database.read(look)


TUESDAYS = [date(2026, 11, 24) + timedelta(days=n) for n in range(0, 90, 7)]


@pytest.mark.parametrize(
    "day", [day for day in TUESDAYS if not public_holidays("BE", day - timedelta(days=1), day + timedelta(days=3))]
)
async def test_its_appointments_stand_free_on_any_working_day(memory: Database, day: date) -> None:
    await import_demo(memory, TODAY)

    def work(tx: Transaction) -> int:
        agathe, seforme, ecoute = (tx.people.worker_by_handle(name) for name in ("agathe", "seforme", "ecoute"))
        case = tx.cases.find(1285)
        assert agathe
        assert seforme
        assert ecoute
        assert case
        count = 0
        for on in (day + timedelta(days=n) for n in range(4)):  # Tuesday to Friday
            planned = (
                (ecoute, on - timedelta(days=1), time(14, 15), time(16, 30), ()),
                (seforme, on, time(10), time(12), (ecoute.ref,)),
            )
            for main, at, start, end, invited in planned:
                if at <= TODAY.now().date():
                    continue
                during = Interval(instant(at, start, ZONE), instant(at, end, ZONE))
                parties = (case.clients[0].ref, *invited)
                book(tx, agathe, BookingRequest(1285, main.id, during, ZONE, parties), TODAY.now(), Rules())
                count += 1
        return count

    assert await memory.write(work) in {7, 8}
