"""What occupies people as plain numbers: the same as `busy` tells."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.appointments import Answer, Ending, EndingKind
from core.availability import Busy, ExternalEvent, Span
from core.ports import Database, Transaction
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, answered, at, between
from tests.clock import START

WEEK = between("2026-01-26 00:00", "2026-02-01 00:00")


async def both(database: Database, guide: Guide, window: Interval = WEEK) -> tuple[list[Busy], list[Span]]:
    ids = [w.id for w in guide.workers]

    def look(tx: Transaction) -> tuple[list[Busy], list[Span]]:
        spans = tx.agendas.spans(ids, window, START)
        for worker_id, kind, starts, ends in tx.agendas.event_spans(ids, window):
            spans += [Span(worker_id, start, end, kind, 0, 0, 0) for start, end in zip(starts, ends, strict=True)]
        return tx.agendas.busy(ids, window, START), spans

    return await database.read(look)


def as_numbers(busy: Busy) -> Span:
    """The same in whole seconds, for what begins and ends on one."""
    start, end = (int(moment.timestamp()) for moment in (busy.during.start, busy.during.end))
    return Span(
        busy.worker_id,
        start,
        end,
        str(busy.kind),
        busy.appointment_id or 0,
        busy.place_id or 0,
        busy.held_by or 0,
    )


async def test_spans_tell_what_busy_tells(database: Database, guide: Guide) -> None:
    def fill(tx: Transaction) -> None:
        stored = tx.appointments.add(guide.appointment(invitations=(answered(guide.ecoute, Answer.TENTATIVE),)))
        other = tx.appointments.add(guide.appointment(during=between("2026-01-28 10:00", "12:00"), place_id=None))
        ended = Ending(EndingKind.CANCELLED, guide.agathe.id, "", START + timedelta(seconds=10))
        tx.appointments.replace(other, guide.appointment(during=other.during, place_id=None, ending=ended), START)
        tx.agendas.hold(
            guide.stranger.id,
            guide.agathe.id,
            between("2026-01-29 10:00", "12:00"),
            START,
            START + timedelta(minutes=5),
        )
        events = [
            ExternalEvent(guide.agathe.id, "a", "", between("2026-01-30 08:00", "09:00")),
            ExternalEvent(guide.agathe.id, "b", "", between("2025-01-30 08:00", "2027-01-01 09:00"), tentative=True),
        ]
        tx.agendas.replace_external_events(guide.agathe.id, events)
        assert stored.id

    await database.write(fill)
    busy, spans = await both(database, guide)
    assert sorted(spans) == sorted(map(as_numbers, busy))
    assert {s.kind for s in spans} == {"appointment", "tentative", "pending", "hold", "external"}
    assert all(isinstance(span, Span) for span in spans)
    assert await database.read(lambda tx: tx.agendas.spans([], WEEK, START)) == []
    assert await database.read(lambda tx: tx.agendas.event_spans([], WEEK)) == []


async def test_a_new_place_is_that_of_the_claimed_time_too(database: Database, guide: Guide) -> None:
    def move(tx: Transaction) -> list[int]:
        namur = tx.places.add("Namur", "").id
        old = tx.appointments.add(guide.appointment())
        places = []
        for place_id in (namur, None, guide.gembloux.id):
            old = tx.appointments.replace(old, replace(old, place_id=place_id), START)
            [busy] = tx.agendas.busy([guide.seforme.id], WEEK, START)
            [span] = tx.agendas.spans([guide.seforme.id], WEEK, START)
            assert span == as_numbers(busy)
            places.append(span.place_id)
        assert places == [namur, 0, guide.gembloux.id]
        return places

    assert await database.write(move)


async def test_parts_of_a_second_are_rounded_outwards(database: Database, guide: Guide) -> None:
    moment = timedelta(microseconds=1)
    inner = Interval(TUESDAY_AT_TEN.start + moment, TUESDAY_AT_TEN.end - moment)
    await database.write(
        lambda tx: tx.agendas.replace_external_events(guide.agathe.id, [ExternalEvent(guide.agathe.id, "a", "", inner)])
    )
    _, [span] = await both(database, guide)
    assert (span.start, span.end) == (
        int(TUESDAY_AT_TEN.start.timestamp()), int(TUESDAY_AT_TEN.end.timestamp()),
    )  # fmt: skip


DAY = timedelta(days=1)
LENGTHS = st.sampled_from(
    [timedelta(minutes=1), DAY - timedelta(minutes=1), DAY, DAY + timedelta(minutes=1), 40 * DAY, 4000 * DAY]
)


@pytest.mark.usefixtures("guide")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(st.integers(-3000, 3000), LENGTHS), max_size=8), length=st.integers(1, 3000))
async def test_an_event_of_any_length_is_found_by_what_it_touches(
    database: Database, guide: Guide, events: list[tuple[int, timedelta]], length: int
) -> None:
    """Starts and the window's length in minutes around one moment, so that bounds often meet."""
    moment = at("2026-01-27 00:00")
    window = Interval.lasting(moment, timedelta(minutes=length))
    stored = [
        ExternalEvent(guide.agathe.id, str(n), "", Interval.lasting(moment + timedelta(minutes=start), lasts))
        for n, (start, lasts) in enumerate(events)
    ] + [
        ExternalEvent(
            guide.agathe.id,
            f"end {n}",
            "",
            Interval(moment + timedelta(minutes=end) - lasts, moment + timedelta(minutes=end)),
        )
        for n, (end, lasts) in enumerate(events)
    ]
    await database.write(lambda tx: tx.agendas.replace_external_events(guide.agathe.id, stored))
    wanted = sorted(e.during for e in stored if e.during.overlaps(window))
    busy, spans = await both(database, guide, window)
    assert [b.during for b in busy] == wanted
    assert sorted(spans) == sorted(map(as_numbers, busy))
    found = await database.read(lambda tx: tx.agendas.external_events(guide.agathe.id, window))
    assert [e.during.start for e in found] == [during.start for during in wanted]
