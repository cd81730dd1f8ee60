"""A new place: created in a form of its own, above the one that waits with everything in it (guide, step 5)."""

from dataclasses import replace

import pytest

from core.errors import NotFound, Stale
from core.ports import Transaction
from handlers import ui
from tests.builders import Guide
from tests.handlers.desk import Desk, Filling
from tests.handlers.office import booked, click, for_lead

LABEL = "Namur (Implantations)"


def new(form: Filling) -> str:
    field = form.field("place")
    assert isinstance(field, ui.ChoiceField)
    (option,) = [o for o in field.groups[0].options if o.label == "Créer une nouvelle localisation…"]
    return option.value


def chosen(form: Filling) -> str:
    field = form.field("place")
    assert isinstance(field, ui.ChoiceField)
    return next(o.label for o in field.groups[0].options if o.value == field.value)


async def places(desk: Desk) -> list[str]:
    return await desk.db.read(lambda tx: [p.label for p in tx.places.all()])


async def test_the_form_comes_back_with_the_new_place_and_everything_as_it_was(agathe: Desk) -> None:
    form = await for_lead(agathe)
    await form.choose("slot", form.slot("10:00"))
    form.values["comment"] = "Apporter les papiers"
    before, values = form.form, dict(form.values)
    await form.choose("place", new(form))
    assert form.form.title == "Nouvelle localisation"
    form.values |= {"name": " Namur ", "kind": "Implantations"}
    assert isinstance(await form.submit(), ui.PopForm)
    assert (form.form.id, form.form.nonce) == (before.id, before.nonce)
    assert chosen(form) == LABEL
    assert {k: v for k, v in form.values.items() if k != "place"} == {k: v for k, v in values.items() if k != "place"}
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await places(agathe) == ["Gembloux (Implantations)", LABEL]


async def test_meanwhile_and_after_closing_the_place_is_as_it_was(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    await form.choose("place", str(guide.gembloux.id))
    await form.choose("place", new(form))
    form.close()
    assert chosen(form) == "Gembloux (Implantations)"
    assert await places(agathe) == ["Gembloux (Implantations)"]


async def test_a_platform_that_shows_nothing_anew_opens_it_when_the_form_is_sent(agathe: Desk) -> None:
    form = await for_lead(agathe)
    await form.choose("slot", form.slot("10:00"))
    form.values["place"] = new(form)
    assert isinstance(await form.submit(), ui.PushForm)
    form.values["name"] = "Namur"
    await form.submit()
    assert chosen(form) == "Namur"
    assert form.values["slot"] != ""


@pytest.mark.parametrize(
    ("name", "kind", "wrong"),
    [
        ("", "", ["name"]),
        (" \t", "Bureau", ["name"]),
        ("x" * 201, "a\u0007b", ["name", "kind"]),
        ("a\u202eb", "", ["name"]),
    ],
)
async def test_a_bad_name_is_refused_beside_its_field(agathe: Desk, name: str, kind: str, wrong: list[str]) -> None:
    form = await for_lead(agathe)
    outcome = await form.new_place(name, kind)
    assert isinstance(outcome, ui.FieldErrors)
    assert [field for field, _ in outcome.errors] == wrong
    assert await places(agathe) == ["Gembloux (Implantations)"]


async def test_one_that_exists_already_is_chosen_and_sent_twice_it_is_one(agathe: Desk) -> None:
    form = await for_lead(agathe)
    await form.new_place("GEMBLOUX", "implantations")
    assert chosen(form) == "Gembloux (Implantations)"
    await form.choose("place", new(form))
    sent = ui.FormSubmit(form.form.id, form.form.context, form.form.nonce, {"name": "Namur", "kind": "Implantations"})
    assert await agathe.send(sent) == await agathe.send(sent)
    assert await places(agathe) == ["Gembloux (Implantations)", LABEL]


async def test_nobody_takes_up_a_colleagues_form(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    await form.choose("place", new(form))
    sent = ui.FormSubmit(form.form.id, "", form.form.nonce, {"name": "Namur"})
    with pytest.raises(NotFound):
        await agathe.as_(guide.seforme).send(sent)
    with pytest.raises(NotFound):
        await agathe.send(replace(sent, nonce="no such form"))
    assert await places(agathe) == ["Gembloux (Implantations)"]


async def test_what_changed_meanwhile_is_said_in_the_form_of_the_place(agathe: Desk, guide: Guide) -> None:
    appointment = await booked(agathe, guide)
    form = agathe.filling(await agathe.send(click("edit", appointment.id, appointment.revision)))
    await form.choose("place", new(form))

    def move(tx: Transaction) -> None:
        tx.appointments.replace(appointment, replace(appointment, revision=2), agathe.clock.now())

    await agathe.db.write(move)
    form.values["name"] = "Namur"
    with pytest.raises(Stale):
        await form.submit()


@pytest.mark.parametrize("typed", ["new.", "new.new.new.", "new." + "new." * 5_000, "new.none", "new.999999", "new"])
async def test_what_no_form_of_ours_sends_does_no_harm(agathe: Desk, typed: str) -> None:
    form = await for_lead(agathe)
    change = ui.FormChange(form.form.id, form.form.context, form.form.nonce, {**form.values, "place": typed}, "place")
    outcome = await agathe.send(change)
    assert isinstance(outcome, ui.PushForm if typed.startswith("new.") else ui.UpdateForm)
