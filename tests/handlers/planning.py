"""Short ways to one's own availability: what is stored, what is typed, what is refused."""

from datetime import date, time, timedelta

from core.availability import AvailabilityRange
from handlers import ui
from tests.builders import make_range
from tests.handlers.desk import Desk, Filling

MONDAYS = make_range(
    1, first_day=date(2026, 1, 26), starts=time(9), lasts=timedelta(hours=3), rule="FREQ=WEEKLY", place_id=1
)


async def ranges(desk: Desk) -> list[AvailabilityRange]:
    return await desk.db.read(lambda tx: tx.agendas.ranges(desk.worker.id))


async def put(desk: Desk, *found: AvailabilityRange) -> None:
    await desk.db.write(lambda tx: tx.agendas.replace_ranges(desk.worker.id, found))


async def dispo(desk: Desk, text: str) -> Filling:
    return desk.filling(await desk.send(ui.CommandCall("dispo", text)))


async def edited(desk: Desk, number: int = 0) -> Filling:
    return desk.filling(await desk.click(await desk.type("dispo"), "Modifier", number))


async def deleting(desk: Desk, number: int = 0) -> Filling:
    return desk.filling(await desk.click(await desk.type("dispo"), "Supprimer", number))


def options(form: Filling, field: str) -> list[str]:
    found = form.field(field)
    assert isinstance(found, ui.ChoiceField)
    return [o.label for group in found.groups for o in group.options]


def errors(outcome: ui.Outcome) -> dict[str, str]:
    assert isinstance(outcome, ui.FieldErrors), outcome
    return {field: message.replace("\u00a0", " ") for field, message in outcome.errors}
