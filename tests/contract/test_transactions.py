"""All or nothing, and once more after a lost race."""

import asyncio

import pytest

from core.errors import DuplicateDelivery, NotFound, RdvError, SlotTaken, VersionConflict
from core.notices import NoticeKind
from core.people import Worker
from core.ports import Database, Transaction
from tests.builders import TUESDAY_AT_TEN, Guide, make_notice, make_range, make_worker, unsent
from tests.clock import START


class Fault(Exception):
    pass


async def test_what_was_written_is_read(database: Database) -> None:
    worker = await database.write(lambda tx: tx.people.save_worker(make_worker("Agathe")))
    assert await database.read(lambda tx: tx.people.worker(worker.id)) == worker


async def test_a_transaction_sees_what_it_wrote(database: Database) -> None:
    def work(tx: Transaction) -> Worker | None:
        tx.people.save_worker(make_worker("Agathe"))
        return tx.people.worker_by_handle("agathe")

    found = await database.write(work)
    assert found is not None
    assert found.handle == "Agathe"


@pytest.mark.parametrize("fault", [Fault(), NotFound(), SlotTaken(1), RdvError(), asyncio.CancelledError()])
async def test_nothing_is_kept_of_a_transaction_that_raises(
    database: Database, guide: Guide, fault: BaseException
) -> None:
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment()))

    def work(tx: Transaction) -> None:
        tx.people.save_worker(make_worker("late"))
        tx.places.add("Namur", "")
        tx.agendas.replace_ranges(guide.seforme.id, [])
        tx.appointments.replace(stored, guide.appointment(id=stored.id, comment="changed"), START)
        tx.deliveries.add("click", "outcome", START)
        tx.accounts.link(guide.agathe.id, "web", "", "agathe", current=True)
        tx.outbox.add([make_notice(stored.id, guide.ecoute, NoticeKind.INVITED)], START)
        tx.outbox.save_copy(stored.id, tx.accounts.of_worker(guide.agathe.id)[0].id, ("1",), 1)
        tx.audit.add(guide.agathe.id, "changed", stored.id, START)
        raise fault

    with pytest.raises(type(fault)):
        await database.write(work)

    def look(tx: Transaction) -> None:
        assert tx.people.worker_by_handle("late") is None
        assert tx.places.named("Namur", "") is None
        assert len(tx.agendas.ranges(guide.seforme.id)) == 1
        assert tx.appointments.find(stored.id) == stored
        assert tx.deliveries.find("click") is None
        assert tx.accounts.of_worker(guide.agathe.id) == []
        assert tx.outbox.copies(stored.id) == []
        assert tx.audit.of(stored.id) == []

    await database.read(look)
    assert await unsent(database) == []


async def test_the_database_serves_on_after_a_fault(database: Database) -> None:
    def broken(tx: Transaction) -> None:
        tx.people.save_worker(make_worker("never"))
        raise Fault

    with pytest.raises(Fault):
        await database.write(broken)
    await database.write(lambda tx: tx.people.save_worker(make_worker("Agathe")))
    assert [w.handle for w in await database.read(lambda tx: tx.people.workers())] == ["Agathe"]


@pytest.mark.parametrize("lost", [VersionConflict, DuplicateDelivery])
async def test_a_lost_race_runs_the_work_again_on_a_clean_view(database: Database, lost: type[RdvError]) -> None:
    runs: list[int] = []

    def work(tx: Transaction) -> str:
        runs.append(len(tx.people.workers()))
        tx.people.save_worker(make_worker("Agathe"))
        if len(runs) == 1:
            raise lost
        return "done"

    assert await database.write(work) == "done"
    assert runs == [0, 0]


@pytest.mark.parametrize("lost", [VersionConflict, DuplicateDelivery])
async def test_a_race_that_is_lost_for_ever_ends_in_its_error(database: Database, lost: type[RdvError]) -> None:
    runs: list[int] = []

    def work(tx: Transaction) -> None:
        runs.append(len(tx.people.workers()))
        raise lost

    with pytest.raises(lost):
        await database.write(work)
    assert len(runs) > 1


@pytest.mark.parametrize("fault", [Fault, SlotTaken, NotFound])
async def test_any_other_refusal_is_not_tried_again(database: Database, fault: type[Exception]) -> None:
    runs: list[int] = []

    def work(tx: Transaction) -> None:
        runs.append(len(tx.people.workers()))
        raise fault(1)

    with pytest.raises(fault):
        await database.write(work)
    assert runs == [0]


async def test_a_refused_write_leaves_its_neighbours_alone(database: Database, guide: Guide) -> None:
    def add(name: str, *, fault: bool) -> None:
        async def once() -> None:
            def work(tx: Transaction) -> None:
                tx.places.add(name, "")
                if fault:
                    raise Fault

            await database.write(work)

        tasks.append(once())

    tasks: list[object] = []
    for number in range(12):
        add(f"place {number}", fault=number % 3 == 0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)  # type: ignore[call-overload]
    assert [isinstance(o, Fault) for o in outcomes] == [n % 3 == 0 for n in range(12)]
    names = {p.name for p in await database.read(lambda tx: tx.places.all())}
    assert names == {guide.gembloux.name} | {f"place {n}" for n in range(12) if n % 3}


async def test_of_many_bookings_of_one_time_at_once_one_succeeds(database: Database, guide: Guide) -> None:
    async def book() -> int:
        return (await database.write(lambda tx: tx.appointments.add(guide.appointment()))).id

    outcomes = await asyncio.gather(*(book() for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(o, int) for o in outcomes) == 1
    assert all(isinstance(o, int | SlotTaken) for o in outcomes)


async def test_of_many_equal_deliveries_at_once_one_acts(database: Database, guide: Guide) -> None:
    appointment = await database.write(lambda tx: tx.appointments.add(guide.appointment()))

    async def click(number: int) -> str:
        def work(tx: Transaction) -> str:
            stored = tx.deliveries.find("click")
            if stored is not None:
                return stored
            tx.audit.add(guide.agathe.id, "clicked", appointment.id, START)
            tx.deliveries.add("click", f"by {number}", START)
            return f"by {number}"

        return await database.write(work)

    outcomes = await asyncio.gather(*(click(n) for n in range(8)))
    assert len(outcomes) == 8
    assert len(set(outcomes)) == 1
    assert len(await database.read(lambda tx: tx.audit.of(appointment.id))) == 1


async def test_of_many_changes_of_one_version_none_is_lost(database: Database, guide: Guide) -> None:
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment()))

    async def append(letter: str) -> None:
        def work(tx: Transaction) -> None:
            old = tx.appointments.find(stored.id)
            assert old is not None
            new = guide.appointment(id=old.id, comment=old.comment + letter)
            tx.appointments.replace(old, new, START)

        for _ in range(50):
            try:
                await database.write(work)
            except VersionConflict:
                continue
            return

    await asyncio.gather(*(append(letter) for letter in "abcdef"))
    found = await database.read(lambda tx: tx.appointments.find(stored.id))
    assert found is not None
    assert sorted(found.comment) == list("abcdef")
    assert found.version == stored.version + 6


async def test_a_reader_sees_one_state(database: Database, guide: Guide) -> None:
    """The number of ranges and the place of all of them change together."""

    async def write(number: int) -> None:
        def work(tx: Transaction) -> None:
            ranges = [make_range(guide.agathe, rule="", place_id=None)] * number
            tx.agendas.replace_ranges(guide.agathe.id, ranges)
            tx.agendas.replace_ranges(guide.ecoute.id, ranges)

        await database.write(work)

    async def read() -> tuple[int, int]:
        return await database.read(
            lambda tx: (len(tx.agendas.ranges(guide.agathe.id)), len(tx.agendas.ranges(guide.ecoute.id)))
        )

    await write(0)
    results = await asyncio.gather(*(write(n) if n % 2 else read() for n in range(20)))
    seen = [r for r in results if r is not None]
    assert len(seen) == 10
    assert all(a == b for a, b in seen)


async def test_busy_and_claims_agree_inside_one_transaction(database: Database, guide: Guide) -> None:
    def work(tx: Transaction) -> list[int | None]:
        tx.appointments.add(guide.appointment())
        return [b.appointment_id for b in tx.agendas.busy([guide.seforme.id], TUESDAY_AT_TEN, START)]

    assert len(await database.write(work)) == 1
