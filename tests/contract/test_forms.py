"""Several people at one time of one agenda, all at the same moment: on every database one of them has it."""

import asyncio

from core.ports import Database
from handlers import ui
from tests.builders import Guide, unsent
from tests.clock import SetClock
from tests.handlers.desk import Desk, text_of
from tests.handlers.office import at_another_time, click, for_lead


async def test_one_of_those_who_choose_a_slot_holds_and_books_it(
    database: Database, guide: Guide, clock: SetClock
) -> None:
    desks = [Desk(worker, database, clock) for worker in (guide.agathe, guide.ecoute, guide.stranger)]
    forms = [await for_lead(desk) for desk in desks]
    slot = forms[0].slot("10:00")
    await asyncio.gather(*(form.choose("slot", slot) for form in forms))

    assert [form.values.get("slot") for form in forms].count(slot) == 1
    told = [form for form in forms if "en train de réserver ce créneau" in text_of(form.form)]
    assert len(told) == 2
    (holder,) = [form for form in forms if form not in told]
    for form in told:
        form.values["slot"] = slot
    outcomes = await asyncio.gather(*(form.submit() for form in forms))
    assert [isinstance(outcome, ui.CloseForm) for outcome in outcomes] == [form is holder for form in forms]


async def test_two_clicks_at_once_open_and_book_once(database: Database, guide: Guide, clock: SetClock) -> None:
    agathe, seforme = Desk(guide.agathe, database, clock), Desk(guide.seforme, database, clock)
    form = await for_lead(agathe)
    await at_another_time(form, "2026-01-27", "18:00", "19:00")
    form.values["instead"] = "ask"
    await form.submit()
    (opening_id,) = {notice.opening_id for notice in await unsent(database)}
    clicks = [seforme.send(click("opening-accept", opening_id)) for _ in range(3)]
    cards = [outcome.card for outcome in await asyncio.gather(*clicks) if isinstance(outcome, ui.ReplaceCard)]

    assert len(cards) == 3
    assert len([card for card in cards if "déjà reçu une réponse" in text_of(card)]) == 2
    ranges = await database.read(lambda tx: tx.agendas.ranges(guide.seforme.id))
    assert len([r for r in ranges if not r.rule]) == 1
    found = await database.read(lambda tx: tx.appointments.of_case(1285, guide.agathe.id, clock.now(), limit=9))
    assert len(found) == 1
