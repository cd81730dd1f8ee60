"""A slot chosen in an open form is held: two people in the form never both succeed, and neither is surprised."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from core.availability import BusyKind
from core.ports import Database, Transaction
from core.times import Interval
from handlers import ui
from tests.builders import Guide, at, between
from tests.handlers.desk import Desk, Filling, text_of
from tests.handlers.office import at_another_time, booked, for_lead, own

T = TypeVar("T")
TEN = between("2026-01-20 10:00", "11:00")
EVER = Interval(at("2026-01-01 00:00"), at("2026-12-31 00:00"))


async def held(desk: Desk, *workers: int) -> list[tuple[int, Interval, int | None]]:
    """Return what is held in these agendas: whose, when, by whom."""

    def look(tx: Transaction) -> list[tuple[int, Interval, int | None]]:
        busy = tx.agendas.busy(workers, EVER, desk.clock.now())
        return [(b.worker_id, b.during, b.held_by) for b in busy if b.kind is BusyKind.HOLD]

    return await desk.db.read(look)


async def chosen_at_ten(desk: Desk) -> Filling:
    form = await for_lead(desk)
    await form.choose("slot", form.slot("10:00"))
    return form


async def test_a_chosen_slot_is_held_and_offered_to_nobody_else(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    form = await chosen_at_ten(agathe)
    assert await held(agathe, guide.seforme.id) == [(guide.seforme.id, TEN, guide.agathe.id)]
    assert form.slot("10:00") == form.values["slot"], "it stays one's own choice"

    other = await for_lead(ecoute)
    offered = [o.label for options in other.slots().values() for o in options][:8]
    assert not any(label.startswith(("09:15", "10:00", "10:45")) for label in offered)
    assert "retenu" in text_of(other.form).casefold()


async def test_who_chooses_a_held_slot_is_told_at_once(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    late = await for_lead(ecoute)
    slot = late.slot("10:00")
    first = await chosen_at_ten(agathe)

    await late.choose("slot", slot)
    assert "Quelqu’un est justement en train de réserver ce créneau." in text_of(late.form)
    assert "slot" not in late.values
    nearest = late.field("instead")
    assert isinstance(nearest, ui.ChoiceField)
    assert nearest.groups[0].options[0].label.replace("\u00a0", " ") == "mar. 20 janvier 09:00 – 10:00"
    assert await held(agathe, guide.seforme.id) == [(guide.seforme.id, TEN, guide.agathe.id)]

    assert isinstance(await first.submit(), ui.CloseForm)
    await late.choose("instead", nearest.groups[0].options[0].value)
    assert await held(agathe, guide.seforme.id) == [
        (guide.seforme.id, between("2026-01-20 09:00", "10:00"), guide.ecoute.id)
    ]
    assert isinstance(await late.submit(), ui.CloseForm)


class Late:
    """A database in which somebody else acts between what is read and what is written next."""

    def __init__(self, db: Database, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self.read, self.close = db.read, db.close
        self._db, self._meanwhile = db, meanwhile

    async def write(self, work: Callable[[Transaction], T]) -> T:
        await self._meanwhile()
        return await self._db.write(work)


async def test_whoever_is_a_moment_later_holds_nothing(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    late, first = await chosen_at_ten(ecoute), await for_lead(agathe)
    late.desk = replace(ecoute, db=Late(ecoute.db, lambda: first.choose("slot", first.slot("14:00"))))
    await late.choose("slot", late.slot("14:00"))
    assert "Quelqu’un est justement en train de réserver ce créneau." in text_of(late.form)
    assert "slot" not in late.values
    at_two = between("2026-01-20 14:00", "15:00")
    assert await held(agathe, guide.seforme.id) == [(guide.seforme.id, at_two, guide.agathe.id)]


async def test_who_chooses_a_booked_slot_is_told_at_once(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    late = await for_lead(ecoute)
    slot = late.slot("10:00")
    await booked(agathe, guide, during=TEN)
    await late.choose("slot", slot)
    assert "n’est plus libre à ce moment (20/01/2026 10:00 – 11:00)" in text_of(late.form)
    assert "slot" not in late.values
    assert await held(agathe, guide.seforme.id) == []


async def test_a_slot_that_is_sent_against_a_hold_is_refused_with_others(agathe: Desk, ecoute: Desk) -> None:
    late = await for_lead(ecoute)
    late.values["slot"] = late.slot("10:00")
    await chosen_at_ten(agathe)
    assert isinstance(await late.submit(), ui.UpdateForm)
    assert "Quelqu’un est justement en train de réserver ce créneau." in text_of(late.form)
    assert late.has("instead")


async def test_another_choice_moves_the_hold_and_a_dropped_one_lets_go(agathe: Desk, guide: Guide) -> None:
    form = await chosen_at_ten(agathe)
    await form.choose("duration", "120")
    assert await held(agathe, guide.seforme.id) == [
        (guide.seforme.id, between("2026-01-20 10:00", "12:00"), guide.agathe.id)
    ]
    await form.choose("slot", form.slot("14:00"))
    assert await held(agathe, guide.seforme.id) == [
        (guide.seforme.id, between("2026-01-20 14:00", "16:00"), guide.agathe.id)
    ]
    await form.choose("main", str(guide.ecoute.id))
    assert await held(agathe, guide.seforme.id, guide.ecoute.id) == [
        (guide.ecoute.id, between("2026-01-20 14:00", "16:00"), guide.agathe.id)
    ], "her agenda offers the same slot"
    await form.choose("week", "2026-01-26")
    assert "slot" not in form.values
    assert await held(agathe, guide.seforme.id, guide.ecoute.id) == []
    await form.choose("slot", form.slot("14:00"))
    await form.choose("slot", "other")
    assert await held(agathe, guide.seforme.id, guide.ecoute.id) == []


async def test_one_person_holds_one_slot_in_all_his_forms(agathe: Desk, guide: Guide) -> None:
    first = await chosen_at_ten(agathe)
    second = await own(agathe)
    await second.choose("slot", second.slot("14:00"))
    assert await held(agathe, guide.seforme.id, guide.agathe.id) == [
        (guide.agathe.id, between("2026-01-20 14:00", "15:00"), guide.agathe.id)
    ]
    await first.choose("place", "none")
    assert await held(agathe, guide.seforme.id, guide.agathe.id) == [(guide.seforme.id, TEN, guide.agathe.id)]


async def test_booking_lets_go(agathe: Desk, guide: Guide) -> None:
    form = await chosen_at_ten(agathe)
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await held(agathe, guide.seforme.id) == []
    assert isinstance(await form.submit(), ui.CloseForm), "the same outcome again"


async def test_a_hold_ends_by_itself_and_is_taken_again(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    form = await chosen_at_ten(agathe)
    agathe.clock.advance(minutes=5)
    assert await held(agathe, guide.seforme.id) == []
    other = await for_lead(ecoute)
    assert other.slot("10:00")
    await form.choose("place", "none")
    assert await held(agathe, guide.seforme.id) == [(guide.seforme.id, TEN, guide.agathe.id)]

    agathe.clock.advance(minutes=5)
    await other.choose("slot", other.slot("10:00"))
    await form.choose("place", "slot")
    assert "Quelqu’un est justement en train de réserver" in text_of(form.form)
    assert "slot" not in form.values


async def test_the_same_change_twice_does_the_same(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    form.values["slot"] = form.slot("10:00")
    change = ui.FormChange(form.form.id, form.form.context, form.form.nonce, dict(form.values), "slot")
    outcomes = [await agathe.send(change, delivery_key="slack:1") for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert await held(agathe, guide.seforme.id) == [(guide.seforme.id, TEN, guide.agathe.id)]


async def test_a_moved_appointment_holds_what_it_gains(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    later = next(o for o in form.slots()["mar. 27 janvier"] if o.label.startswith("11:00"))
    await form.choose("slot", later.value)
    assert await held(agathe, guide.seforme.id) == [
        (guide.seforme.id, between("2026-01-27 12:00", "13:00"), guide.agathe.id)
    ]
    other = await for_lead(ecoute)
    await other.choose("week", "2026-01-26")
    tuesday = [o.label for o in other.slots()["mar. 27 janvier"]]
    assert not any(label.startswith(("10:00", "11:00", "12:00", "12:45")) for label in tuesday)
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await held(agathe, guide.seforme.id) == []


async def test_a_form_overtaken_by_another_change_holds_nothing_any_more(agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    other = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    other.values["comment"] = "Apporter le bail"
    await other.submit()
    form.values["slot"] = next(o.value for o in form.slots()["mar. 27 janvier"] if o.label.startswith("14:00"))
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await held(agathe, guide.seforme.id) == []


async def test_whose_agenda_shows_how_is_remembered_for_each_viewer(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    toggles = f"show-{guide.seforme.id}"
    form = await for_lead(agathe)
    assert form.values[toggles] == ("availability", "external")
    await form.choose(toggles, ("external",))
    assert (await for_lead(agathe)).values[toggles] == ("external",)
    assert (await for_lead(ecoute)).values[toggles] == ("availability", "external")


class Counting:
    """A database that counts its writes."""

    def __init__(self, db: Database) -> None:
        self.writes = 0
        self.read, self.close = db.read, db.close
        self._db = db

    async def write(self, work: Callable[[Transaction], T]) -> T:
        self.writes += 1
        return await self._db.write(work)


async def test_a_change_writes_only_when_a_hold_changes(agathe: Desk, guide: Guide) -> None:
    counting = Counting(agathe.db)
    agathe.db = counting
    form = await for_lead(agathe)
    for field, value in (("week", "2026-01-26"), ("duration", "30"), ("place", "none"), ("slot", "other")):
        await form.choose(field, value)
    assert counting.writes == 0
    await form.choose("slot", form.slot("10:00"))
    assert counting.writes == 1
    await form.choose("place", "slot")
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    assert counting.writes == 1
    await form.choose("week", "2026-02-02")
    assert counting.writes == 2
    await form.choose("duration", "45")
    assert counting.writes == 2


async def test_a_typed_time_is_not_held(agathe: Desk, guide: Guide) -> None:
    form = await chosen_at_ten(agathe)
    await form.choose("slot", "other")
    await form.choose("date", "2026-01-27")
    assert await held(agathe, guide.seforme.id) == []
    assert isinstance(await at_another_time(form, "2026-01-27", "10:00", "11:00"), ui.CloseForm)
