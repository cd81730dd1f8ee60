"""Any form on every platform: all of it can be read, and what nobody touches comes back as it was."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.filled import value_of
from handlers import ui
from tests.platforms import made
from tests.platforms.expected import missing, texts_of_form
from tests.platforms.harness import WHO, Bench

ANY = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
FEW, MANY = settings(ANY, max_examples=6), settings(ANY, max_examples=40)
SUBMIT = 40
"""Characters that every platform shows on a button: no other has this label."""

OPENS = ui.Button(ui.ActionRef("open", "1.2"), "Ouvrir", opens_form=True)
CARD = ui.Card("Titre", (), (OPENS,), neutral="Rendez-vous")


def optional(form: ui.Form) -> ui.Form:
    """Return the form with nothing that must be filled in, nothing chosen that it does not offer, no label twice."""
    parts = enumerate(form.parts)
    kept = tuple(_optional(n, p) if isinstance(p, ui.Field) else p for n, p in parts)
    return replace(form, parts=kept, submit=f"⇥ {form.submit}"[:SUBMIT].strip())


def _optional(number: int, found: ui.Field) -> ui.Field:
    field = replace(found, label=f"{number}° {found.label}")
    match field:
        case ui.TextField(value=value):
            tidy = value.strip()
            return replace(field, required=False, limit=max(field.limit, len(value)), value=tidy)
        case ui.ChoiceField(groups=groups) | ui.SlotField(days=groups):
            offered = [o.value for g in groups for o in g.options]
            return replace(field, required=False, value=field.value if field.value in offered else "")
        case ui.MultiChoiceField(options=options):
            values = tuple(o.value for o in options if o.value in field.values)
            return replace(field, values=values)
        case ui.SearchField(multiple=multiple, chosen=chosen):
            named = tuple(o for o in chosen if o.value)
            return replace(field, required=False, chosen=named if multiple else named[:1])
        case ui.YesNo():
            return field
        case _:
            return replace(field, required=False)


async def goes_round(bench: Bench, given_form: ui.Form) -> None:
    """Open the form, read all of it, send it untouched."""
    form = optional(given_form)
    await bench.clear()
    await bench.messenger.post(bench.account, CARD)
    bench.script.says(ui.OpenForm(form))
    await bench.press(("open:1.2", ""))
    written = [p.value for p in form.parts if isinstance(p, ui.TextField)]
    assert missing([*texts_of_form(form), *written], await bench.form()) == []
    bench.script.says(ui.CloseForm())
    await bench.chat.submit(WHO)
    sent = next(event for event in reversed(bench.script.heard) if isinstance(event, ui.FormSubmit))
    assert (sent.form_id, sent.context, sent.nonce) == (form.id, form.context, form.nonce)
    wanted = {p.id: value_of(p) for p in form.parts if isinstance(p, ui.Field)}
    assert {name: sent.values.get(name, type(value)()) for name, value in wanted.items()} == wanted
    assert await bench.form() == ""
    assert bench.refused() == []


@ANY
@given(made.forms)
async def test_any_form_loses_nothing_and_comes_back(bench: Bench, form: ui.Form) -> None:
    await goes_round(bench, form)


@pytest.mark.slow
@MANY
@given(made.forms)
async def test_a_great_many_forms_lose_nothing(bench: Bench, form: ui.Form) -> None:
    await goes_round(bench, form)


@pytest.mark.slow
@FEW
@given(made.bookings)
@example(made.full_booking)
async def test_the_booking_form_of_any_size_loses_nothing(bench: Bench, form: ui.Form) -> None:
    await goes_round(bench, form)
