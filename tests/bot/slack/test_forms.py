"""Forms as modals: within Slack's limits, nothing lost, and what is filled in comes back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.forms import errors, modal, with_error
from bot.slack.options import decode_value, encode_value, found_choices
from bot.slack.render import Message
from bot.slack.state import FormState, read_view
from handlers import ui
from tests.bot.slack.checks import options_faults, view_faults
from tests.bot.slack.screen import elements, fields, initial_state, modal_text, offered
from tests.bot.slack.test_render import CALM, all_text
from tests.platforms import made
from tests.platforms.expected import closely, texts_of_form


def sent_back(view: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return the modal as Slack sends it when nobody touched it."""
    filled_in = [b for b in view["blocks"] if b["type"] in {"input", "actions"} and "block_id" in b]
    values = {b["block_id"]: {elements(b)[0]["action_id"]: initial_state(elements(b)[0])} for b in filled_in}
    return {**view, "id": "V1", "hash": "1.a", "state": {"values": values}, **more}


def state(form: ui.Form) -> FormState:
    return read_view(sent_back(modal(form)))


def form_of(*parts: ui.Field | ui.Element, **more: Any) -> ui.Form:
    return replace(ui.Form("booking", "Rendez-vous", parts, "Réserver", "1.2", "nonce"), **more)


def chosen_of(values: tuple[str, ...], options: tuple[ui.Option, ...]) -> tuple[str, ...]:
    return tuple(o.value for o in options if o.value in values)


def expected(field: ui.Field) -> ui.Value | None:
    """Return what comes back of a field that nobody touched; None where Slack has no such field."""
    match field:
        case ui.TextField() | ui.DateField() | ui.TimeField():
            return field.value
        case ui.ChoiceField(groups=groups) | ui.SlotField(days=groups):
            other = [field.other] if isinstance(field, ui.SlotField) and field.other else []
            options = [*(o for g in groups for o in g.options), *other]
            if not options:
                return None
            return field.value if field.value in {o.value for o in options} else ""
        case ui.MultiChoiceField(options=options):
            return chosen_of(field.values, options) if options else None
        case ui.SearchField(multiple=True):
            return tuple(o.value for o in field.chosen)
        case ui.SearchField():
            return field.chosen[0].value if field.chosen else ""
        case ui.YesNo():
            return "yes" if field.value else ""
        case ui.FileField() | ui.ChannelField():
            return ""


@pytest.mark.slow
@CALM
@given(st.one_of(made.forms, made.bookings))
@example(made.full_booking)
def test_any_form_fits_loses_nothing_and_comes_back(form: ui.Form) -> None:
    view = modal(form)
    assert view_faults(view) == []
    shown = closely(all_text([Message("", (view["title"], view["submit"], *view["blocks"]))]))
    assert [text for text in texts_of_form(form) if closely(text) not in shown] == []
    read = read_view(sent_back(view))
    assert (read.form_id, read.context, read.nonce) == (form.id, form.context, form.nonce)
    wanted = {p.id: expected(p) for p in form.parts if isinstance(p, ui.Field)}
    assert read.values == {name: value for name, value in wanted.items() if value is not None}


@CALM
@given(made.days)
def test_any_answer_to_a_search_fits(groups: tuple[ui.OptionGroup, ...]) -> None:
    answer = found_choices(groups)
    assert options_faults(answer) == []
    values = [decode_value(o["value"]) for o in offered(answer)]
    assert values == [o.value for g in groups for o in g.options]


def test_five_hundred_slots_with_places_of_two_hundred_characters() -> None:
    place = "Gembloux " * 22
    days = tuple(
        ui.OptionGroup(f"jour {d}", tuple(ui.Option(f"{d}.{n}", f"{n:02}:00", place) for n in range(125)))
        for d in range(4)
    )
    field = ui.SlotField("slot", "Créneau", days, "3.124", other=ui.Option("other", "Autre moment…"), required=True)
    view = modal(form_of(field))
    assert view_faults(view) == []
    element = elements(fields(view)["Créneau"])[0]
    assert len(offered(element)) == 501
    assert [g["label"]["text"] for g in element["option_groups"]][:3] == [
        "jour 0 (1/2)",
        "jour 0 (2/2)",
        "jour 1 (1/2)",
    ]
    assert modal_text(view).count(place.strip()) == 1
    assert read_view(sent_back(view)).values == {"slot": "3.124"}


def test_a_chosen_slot_says_its_day_itself() -> None:
    """Slack shows what is chosen without the heading of its group."""
    days = tuple(ui.OptionGroup(day, (ui.Option(day, "10:00 – 12:00"),)) for day in ("mar. 27 janvier", "jour " * 15))
    other = ui.Option("other", "Autre moment…")
    element = elements(
        fields(modal(form_of(ui.SlotField("slot", "Créneau", days, days[0].label, other=other))))["Créneau"]
    )[0]
    assert element["initial_option"]["text"]["text"] == "mar. 27 janvier 10:00 – 12:00"
    texts = [o["text"]["text"] for o in offered(element)]
    assert texts == ["—", "mar. 27 janvier 10:00 – 12:00", "10:00 – 12:00", "Autre moment…"], (
        "a day too long stays above"
    )


def test_a_value_that_nobody_typed_gets_a_block_of_its_own() -> None:
    before = state(form_of(ui.TextField("comment", "Commentaire", "a"), ui.TextField("name", "Nom", "b")))
    after = modal(form_of(ui.TextField("comment", "Commentaire", "c"), ui.TextField("name", "Nom", "b")), before)
    assert [b["block_id"] for b in after["blocks"]] == ["comment~1", "name~0"]
    again = read_view(sent_back(after))
    assert modal(form_of(ui.TextField("comment", "Commentaire", "a")), again)["blocks"][0]["block_id"] == "comment~2"


def test_a_choice_that_may_stay_open_can_be_taken_back() -> None:
    groups = (ui.OptionGroup("", (ui.Option("1", "un"), ui.Option("2", "deux"))),)
    open_ = modal(form_of(ui.ChoiceField("c", "Choix", groups, "2")))
    assert [o["text"]["text"] for o in offered(elements(fields(open_)["Choix"])[0])] == ["—", "un", "deux"]
    asked = modal(form_of(ui.ChoiceField("c", "Choix", groups, "2", required=True)))
    assert [o["text"]["text"] for o in offered(elements(fields(asked)["Choix"])[0])] == ["un", "deux"]
    assert encode_value("") == "~"
    assert decode_value(encode_value("~x")) == "~x"


def test_a_long_title_goes_whole_into_the_form() -> None:
    title, submit = "Création du rendez-vous de demain", "Réserver ce créneau tout de suite"
    view = modal(form_of(ui.TextField("a", "A"), title=title, submit=submit))
    assert view_faults(view) == []
    assert view["title"]["text"] == "rdv"
    assert view["blocks"][0] == {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
    assert submit in modal_text(view)


def test_many_texts_are_joined_rather_than_cut() -> None:
    view = modal(form_of(*(ui.Text(f"ligne {n}") for n in range(120)), ui.TextField("a", "A")))
    assert view_faults(view) == []
    assert all(f"ligne {n}" in modal_text(view) for n in range(120))


def test_the_agendas_of_forty_workers_fit_one_form() -> None:
    agenda = ui.ItemList(tuple(ui.Item(f"jour {d}", ("09:00 – 17:00 : disponible",)) for d in range(5)))
    toggles = (ui.Option("availability", "Disponibilités"), ui.Option("external", "Agenda externe"))
    agendas = [
        part
        for n in range(40)
        for part in (ui.Divider(), ui.MultiChoiceField(f"show-{n}", f"Agenda {n}", toggles, refreshes=True), agenda)
    ]
    view = modal(form_of(*(ui.TextField(f"f{n}", f"Champ {n}") for n in range(12)), *agendas))
    assert view_faults(view) == []
    assert modal_text(view).count("09:00 – 17:00 : disponible") == 200


@pytest.mark.parametrize(
    "form",
    [
        form_of(ui.TextField("a", "A"), context="x" * 3_000),
        form_of(ui.TextField("a", "A", "x" * 3_001)),
        form_of(),
        form_of(ui.ChoiceField("a", "A", (ui.OptionGroup("", (ui.Option("x" * 151, "B"),)),))),
        form_of(*(ui.TextField(f"f{n}", "A") for n in range(101))),
    ],
)
def test_what_no_modal_can_hold_is_an_error(form: ui.Form) -> None:
    with pytest.raises(ValueError, match=r"modal|Slack|fit"):
        modal(form)


def test_errors_stand_at_their_fields_and_the_rest_at_the_first() -> None:
    found = state(form_of(ui.YesNo("y", "Oui ?"), ui.TextField("a", "A"), ui.TextField("b", "B")))
    assert errors(found, (("b", "trop long"),)) == {"b~0": "trop long"}
    assert errors(found, (("", "pris"), ("y", "non"), ("a", "vide"))) == {"a~0": "pris\nnon\nvide"}


def test_a_form_without_a_line_to_write_in_says_what_is_wrong_first() -> None:
    view = modal(form_of(ui.Text("Supprimer ?"), ui.YesNo("y", "Oui ?")))
    assert errors(read_view(sent_back(view)), (("", "Trop tard"),)) == {}
    once = with_error(sent_back(view), "Trop tard")
    assert view_faults(once) == []
    assert "Trop tard" in modal_text(once)
    twice = with_error({**sent_back(once)}, "Encore")
    assert "Trop tard" not in modal_text(twice)
    assert [b.get("block_id") for b in twice["blocks"]].count("error") == 1
