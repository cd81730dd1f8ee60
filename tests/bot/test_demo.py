"""The demonstration holds the guide's three appointments, on days near today, whatever has passed meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo import CannotReset, NotADemonstration, key_of, prepare, renew
from core.appointments import Answer, Appointment
from core.endings import cancel
from core.people import Worker
from core.ports import Database
from core.rules import Rules
from storage import open_database
from storage.memory import MemoryDatabase
from tests.builders import make_worker, store_guide
from tests.clock import START, SetClock

BRUSSELS = ZoneInfo("Europe/Brussels")
RULES = Rules()


async def appointments(db: Database, now: datetime) -> list[Appointment]:
    """Return those of the guide's case, the earliest first."""

    def work(tx):  # type: ignore[no-untyped-def]
        viewer = tx.people.worker_by_handle("Agathe")
        return tx.appointments.of_case(1285, viewer.id, now, limit=100)[::-1]

    return await db.read(work)


async def handles(db: Database) -> dict[int, str]:
    workers: list[Worker] = await db.read(lambda tx: tx.people.workers())
    return {w.id: w.handle for w in workers}


@pytest.mark.parametrize("day", range(7), ids=["tue", "wed", "thu", "fri", "sat", "sun", "mon"])
async def test_three_appointments_of_the_guide(day: int) -> None:
    db, clock = MemoryDatabase(), SetClock(START + timedelta(days=day))
    await db.write(store_guide)

    assert await renew(db, clock, RULES) == 3

    names = await handles(db)
    first, second, third = await appointments(db, clock.now())
    local = [a.during.start.astimezone(BRUSSELS) for a in (first, second, third)]
    assert [names[a.main_worker_id] for a in (first, second, third)] == ["ecoute", "seforme", "seforme"]
    assert [t.strftime("%H:%M") for t in local] == ["14:15", "10:00", "10:00"]
    assert (local[1].date() - local[0].date(), local[2].date() - local[1].date()) == (
        timedelta(days=1),
        timedelta(days=7),
    )
    assert all(t.weekday() < 5 for t in local)
    assert local[0].date() > clock.now().date()
    assert [names[i.worker_id] for i in third.invitations] == ["ecoute"]
    assert third.invitations[0].answer is Answer.PENDING
    assert names[third.creator_id] == "Agathe"


async def test_nothing_is_booked_twice() -> None:
    db, clock = MemoryDatabase(), SetClock()
    await db.write(store_guide)

    assert [await renew(db, clock, RULES) for _ in range(3)] == [3, 0, 0]


async def test_days_that_have_passed_are_renewed() -> None:
    db, clock = MemoryDatabase(), SetClock()
    await db.write(store_guide)
    for _ in range(30):
        await renew(db, clock, RULES)
        coming = [a for a in await appointments(db, clock.now()) if a.during.end > clock.now()]
        names = await handles(db)
        assert sorted(names[a.main_worker_id] for a in coming if not a.invitations) == ["ecoute", "seforme"]
        assert sum(bool(a.invitations) for a in coming) == 1
        clock.advance(days=1)


async def test_what_was_cancelled_is_not_booked_again_before_its_day() -> None:
    db, clock = MemoryDatabase(), SetClock()
    guide = await db.write(store_guide)
    await renew(db, clock, RULES)
    third = (await appointments(db, clock.now()))[2]
    await db.write(lambda tx: cancel(tx, guide.agathe, third.id, third.revision, "", clock.now(), RULES))

    assert await renew(db, clock, RULES) == 0


async def test_prepared_database_holds_the_guide(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'demo.db'}", SetClock(datetime(2026, 10, 22, 8, tzinfo=UTC))

    for _ in range(2):
        await prepare(url, clock, RULES, reset=False)

    db = open_database(url)
    try:
        assert set((await handles(db)).values()) >= {"Agathe", "seforme", "ecoute"}
        assert len(await appointments(db, clock.now())) == 3
    finally:
        await db.close()


@pytest.mark.postgres
async def test_demonstration_on_postgresql(postgres_url: str) -> None:
    clock = SetClock()
    await prepare(postgres_url, clock, RULES, reset=False)

    db = open_database(postgres_url)
    assert len(await appointments(db, clock.now())) == 3
    await db.close()
    with pytest.raises(CannotReset):
        await prepare(postgres_url, clock, RULES, reset=True)


async def test_reset_starts_afresh(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'demo.db'}", SetClock()
    await prepare(url, clock, RULES, reset=True)
    db = open_database(url)
    await db.write(lambda tx: tx.people.save_worker(make_worker("newcomer")))
    await db.close()

    await prepare(url, clock, RULES, reset=True)

    db = open_database(url)
    assert "newcomer" not in (await handles(db)).values()
    await db.close()


async def test_database_of_an_organisation_is_left_alone(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'real.db'}", SetClock()
    await prepare(url, clock, RULES, reset=False)
    db = open_database(url)
    await db.write(lambda tx: tx.people.save_worker(make_worker("director", email="director@real.example")))
    await db.close()

    for reset in (False, True):
        with pytest.raises(NotADemonstration):
            await prepare(url, clock, RULES, reset=reset)

    db = open_database(url)
    assert "director" in (await handles(db)).values()
    await db.close()


async def test_unknown_file_is_not_erased(tmp_path: Path) -> None:
    path = tmp_path / "something.db"
    path.write_bytes(b"")

    with pytest.raises(CannotReset):
        await prepare(f"sqlite:///{path}", SetClock(), RULES, reset=True)

    assert path.exists()


def test_key_is_kept_and_only_ours(tmp_path: Path) -> None:
    first, second = key_of(tmp_path / "var" / "demo.db"), key_of(tmp_path / "var" / "demo.db")

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "var" / "demo.key").stat().st_mode & 0o777 == 0o600
