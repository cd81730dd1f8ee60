"""A worker who plans his own availability, in tests."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from core.availability import AvailabilityRange
from core.errors import RdvError
from core.people import Worker
from core.planning import add_range, change_range, copy_day, copy_week, remove_range
from core.ports import Transaction
from core.range_drafts import RangeDraft
from core.ranges import open_ranges
from core.series import Scope
from core.times import Interval
from tests.builders import ZONE
from tests.core.world import World

TUESDAY = date(2026, 1, 27)
WEDNESDAY = date(2026, 1, 28)
YEAR = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def draft(**changes: Any) -> RangeDraft:
    """Return 9:00 to 12:00 on every Tuesday from the 27th of January on."""
    whole = RangeDraft(TUESDAY, time(9), timedelta(hours=3), None, frozenset(), "FREQ=WEEKLY", ZONE)
    return replace(whole, **changes)


class Planner:
    """One worker and his availability."""

    def __init__(self, world: World, worker: Worker) -> None:
        self.world = world
        self.worker = worker

    async def _write(self, work: Callable[[Transaction], Any]) -> Any:
        return await self.world.db.write(work)

    async def add(self, **changes: Any) -> AvailabilityRange:
        now = self.world.clock.now()
        added: AvailabilityRange = await self._write(lambda tx: add_range(tx, self.worker, draft(**changes), now))
        return added

    async def change(
        self, r: AvailabilityRange, day: date, scope: Scope, accepted: frozenset[int] = frozenset(), **changes: Any
    ) -> None:
        asked, now = draft(**({"first_day": day} | changes)), self.world.clock.now()
        await self._write(lambda tx: change_range(tx, self.worker, r.id, day, scope, asked, now, accepted=accepted))

    async def remove(
        self, r: AvailabilityRange, day: date, scope: Scope, accepted: frozenset[int] = frozenset()
    ) -> None:
        now = self.world.clock.now()
        await self._write(lambda tx: remove_range(tx, self.worker, r.id, day, scope, now, accepted=accepted))

    async def copy_day(self, day: date, *to: date) -> list[AvailabilityRange]:
        now = self.world.clock.now()
        copied: list[AvailabilityRange] = await self._write(lambda tx: copy_day(tx, self.worker, day, to, now))
        return copied

    async def copy_week(self, monday: date, *to: date) -> list[AvailabilityRange]:
        now = self.world.clock.now()
        copied: list[AvailabilityRange] = await self._write(lambda tx: copy_week(tx, self.worker, monday, to, now))
        return copied

    async def put(self, *ranges: AvailabilityRange) -> list[AvailabilityRange]:
        """Make these his only ranges; return them as they are stored."""
        await self._write(lambda tx: tx.agendas.replace_ranges(self.worker.id, ranges))
        return await self.ranges()

    async def ranges(self) -> list[AvailabilityRange]:
        return await self.world.db.read(lambda tx: tx.agendas.ranges(self.worker.id))

    async def days(self, window: Interval = YEAR) -> list[str]:
        """Return when he is available, as "01-27 09:00" in UTC."""
        return [f"{o.during.start:%m-%d %H:%M}" for o in open_ranges(await self.ranges(), window)]


async def refused(planner: Planner, work: Awaitable[Any], error: type[RdvError]) -> RdvError:
    """Tell that this is refused in words, and that nothing was saved."""
    before = await planner.ranges()
    with pytest.raises(error) as refusal:
        await work
    assert refusal.value.message.format(**vars(refusal.value))
    assert await planner.ranges() == before
    return refusal.value
