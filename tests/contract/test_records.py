"""Deliveries and the audit."""

import pytest

from core.errors import DuplicateDelivery
from core.ports import Database, Transaction
from tests.builders import Guide
from tests.clock import START


async def test_a_delivery_keeps_its_outcome(database: Database) -> None:
    outcome = '{"@":"Reply","text":"prêt 👍 \\u0000"}'
    await database.write(lambda tx: tx.deliveries.add("slack:1", outcome, START))
    assert await database.read(lambda tx: tx.deliveries.find("slack:1")) == outcome
    assert await database.read(lambda tx: tx.deliveries.find("slack:2")) is None


async def test_a_delivery_is_stored_once(database: Database) -> None:
    await database.write(lambda tx: tx.deliveries.add("slack:1", "first", START))
    with pytest.raises(DuplicateDelivery):
        await database.write(lambda tx: tx.deliveries.add("slack:1", "second", START))
    assert await database.read(lambda tx: tx.deliveries.find("slack:1")) == "first"


async def test_the_audit_keeps_its_order(database: Database, guide: Guide) -> None:
    def work(tx: Transaction) -> tuple[int, int]:
        first = tx.appointments.add(guide.appointment()).id
        other = tx.appointments.add(guide.appointment(main_worker_id=guide.agathe.id)).id
        tx.audit.add(guide.agathe.id, "booked", first, START)
        tx.audit.add(guide.ecoute.id, "accepted", first, START, "by a click")
        tx.audit.add(guide.agathe.id, "booked", other, START)
        tx.audit.add(guide.agathe.id, "deleted", first, START)
        return first, other

    first, other = await database.write(work)
    assert await database.read(lambda tx: tx.audit.of(first)) == [
        (guide.agathe.id, "booked", START, ""),
        (guide.ecoute.id, "accepted", START, "by a click"),
        (guide.agathe.id, "deleted", START, ""),
    ]
    assert len(await database.read(lambda tx: tx.audit.of(other))) == 1
    assert await database.read(lambda tx: tx.audit.of(404)) == []
