"""Every element, action and field of the vocabulary on a page, at and past what other platforms allow."""

from base64 import b64decode
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.web.forms import by_place, field_kind, is_field
from bot.web.plain import plainly
from bot.web.render import Change, Pages, action_kind, element_kind
from handlers import ui
from handlers.codec import encode
from handlers.i18n import Texts
from storage.webchat import WebMessage
from tests.bot.web.dom import Node, parse

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
TEXTS = Texts("fr", "Europe/Brussels")
PAGES = Pages()
NASTY = "<b>&\"'</b> <!-- {{ x }}"
REF = ui.ActionRef("do", "1.2")
BUTTON = ui.Button(REF, NASTY, "danger", opens_form=True)
OPTIONS = (ui.Option("a", NASTY, "là"), ui.Option("b", "B"))
GROUPS = (ui.OptionGroup(NASTY, OPTIONS), ui.OptionGroup("", (ui.Option("c", "C"),)))
ELEMENTS: dict[type, ui.Element] = {
    ui.Text: ui.Text(f"{NASTY}\nline"),
    ui.Facts: ui.Facts((("Label", NASTY),)),
    ui.ItemList: ui.ItemList((ui.Item(NASTY, (NASTY, "two"), (BUTTON,)),)),
    ui.Picture: ui.Picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>', NASTY),
    ui.Divider: ui.Divider(),
    ui.Notice: ui.Notice(NASTY, "error"),
    ui.Download: ui.Download("figures.csv", "text/csv", NASTY, NASTY),
}
ACTIONS: dict[type, ui.Action] = {
    ui.Button: BUTTON,
    ui.LinkButton: ui.LinkButton("https://example.org/?a=1&b=2", NASTY),
    ui.Select: ui.Select(REF, NASTY, OPTIONS),
    ui.Toggle: ui.Toggle(REF, NASTY, on=True),
    ui.Menu: ui.Menu(NASTY, (BUTTON, BUTTON)),
}
FIELDS: dict[type, ui.Field] = {
    ui.TextField: ui.TextField("f", NASTY, NASTY, NASTY, multiline=True, required=True),
    ui.DateField: ui.DateField("f", NASTY, "2026-01-27", NASTY, required=True, refreshes=True),
    ui.TimeField: ui.TimeField("f", NASTY, "14:15", NASTY, required=True),
    ui.ChoiceField: ui.ChoiceField("f", NASTY, GROUPS, "b", NASTY, required=True, refreshes=True),
    ui.MultiChoiceField: ui.MultiChoiceField("f", NASTY, OPTIONS, ("b",), NASTY, refreshes=True),
    ui.SearchField: ui.SearchField("f", NASTY, OPTIONS, multiple=True, hint=NASTY, required=True, refreshes=True),
    ui.YesNo: ui.YesNo("f", NASTY, value=True, refreshes=True),
    ui.FileField: ui.FileField("f", NASTY, NASTY, required=True),
    ui.ChannelField: ui.ChannelField("f", NASTY, NASTY, required=True),
    ui.SlotField: ui.SlotField("f", NASTY, GROUPS, "b", NASTY, ui.Option("other", "Autre"), required=True),
}


def shown(card: ui.Card, direction: str = "out") -> Node:
    message = WebMessage(7, 1, "in" if direction == "in" else "out", encode(card), 9, NOW)
    page = PAGES.answer("/chat/x", [message], Change(), TEXTS, NOW, upto=9, waiting=0)
    return parse(page).one("article")


def form(*parts: ui.Field | ui.Element) -> Node:
    made = ui.Form("form", NASTY, parts, NASTY, NASTY, "nonce")
    return parse(PAGES.answer("/chat/x", [], Change(form=made), TEXTS, NOW, upto=9, waiting=0)).one("form")


@pytest.mark.parametrize("kind", get_args(ui.Element))
def test_every_element_is_shown_as_text(kind: type) -> None:
    element = ELEMENTS[kind]
    article = shown(ui.Card(NASTY, (element,)))
    read = article.text + "".join(n.attrs.get("aria-label", "") for n in article)

    assert element_kind(element)
    assert not article.all("b")
    assert (NASTY in read.replace(article.one("h2").text, "", 1)) is bool(fields(kind))


def test_a_picture_stands_beside_the_same_in_words() -> None:
    drawing = '<svg><pattern id="a"/><rect fill="url(#a)"/><text>fill="url(#a)" id="a"</text></svg>'
    drawing = drawing.replace('>fill="url(#a)" id="a"<', ">fill=&quot;url(#a)&quot; id=&quot;a&quot;<")
    article = shown(ui.Card("", (ui.Picture(drawing, "Lundi\n• un\n\nMardi\n• deux"),)))

    assert article.one("pattern").attrs["id"] == "m7-a"
    assert article.one("rect").attrs["fill"] == "url(#m7-a)"
    assert article.one("text").text == 'fill="url(#a)" id="a"'
    assert article.one(role="img").attrs["aria-label"] == TEXTS.t("A picture; the same stands below as text.")
    assert article.one("summary").text == "En texte"
    told = [p.text for p in article.all("p")]
    assert told == ["Lundi • un", "Mardi • deux"] * 2


def test_switches_stand_together_below_the_buttons() -> None:
    toggle = ui.Toggle(REF, "T", on=True)
    article = shown(ui.Card("", (), (BUTTON, BUTTON, toggle, toggle)))
    groups = [n.attrs["class"] for n in article if n.attrs.get("class") in {"actions", "switches"}]

    assert groups == ["actions", "switches"]
    assert len(article.all(role="switch")) == 2


@pytest.mark.parametrize("kind", get_args(ui.Action))
def test_every_action_has_a_name_and_its_reference(kind: type) -> None:
    action = ACTIONS[kind]
    article = shown(ui.Card("", (), (action,)))

    assert action_kind(action)
    assert NASTY in article.text
    assert not article.all("b")
    refs = [b.attrs["data-ref"] for b in article.all("button")]
    assert refs == {ui.LinkButton: [], ui.Menu: ["do:1.2"] * 2}.get(kind, ["do:1.2"])


@pytest.mark.parametrize("kind", get_args(ui.Field))
def test_every_field_has_a_label_a_hint_and_a_place_for_its_error(kind: type) -> None:
    field = FIELDS[kind]
    part = form(field).one(data_field="f")
    controls = [n for n in part if n.attrs.get("name", "").endswith(".f")]

    assert field_kind(field)
    assert is_field(field)
    assert NASTY in part.text
    assert {c.attrs["name"].partition(".")[0] for c in controls} <= {"one", "many", "tick"}
    assert part.one(id="e-f").attrs["hidden"] == ""
    control = next(n for n in part if n.attrs.get("id") == "f-f")
    described = control.attrs["aria-describedby"].split()
    assert [part.one(id=name).attrs["class"] for name in described] == (
        ["wrong"] if kind is ui.YesNo else ["hint", "wrong"]
    )
    if getattr(field, "refreshes", False):
        names = {"data-refreshes", "data-refreshes-search"}
        assert any(names & set(n.attrs) for n in part) or names & set(part.attrs)


@pytest.mark.parametrize(
    ("value", "required", "offered"),
    [("a", False, ["a", "b", ""]), ("", False, ["a", "b"]), ("a", True, ["a", "b"])],
)
def test_a_choice_that_may_be_left_open_can_be_taken_back(value: str, required: bool, offered: list[str]) -> None:
    group = ui.OptionGroup("", (ui.Option("a", "A"), ui.Option("b", "B")))
    made = form(ui.ChoiceField("f", "F", (group,), value, required=required))
    radios = [n for n in made if n.attrs.get("type") == "radio"]
    assert [n.attrs["value"] for n in radios] == offered
    assert [n.attrs["value"] for n in radios if "checked" in n.attrs] == ([value] if value else [])


def test_a_form_carries_what_it_stands_for() -> None:
    made = form(*FIELDS.values(), ui.Notice("attention", "warning"))
    hidden = {n.attrs["name"]: n.attrs["value"] for n in made.all("input", type="hidden") if "." not in n.attrs["name"]}

    assert hidden == {"form_id": "form", "context": NASTY, "nonce": "nonce"}
    assert made.one("h2").text == NASTY
    assert made.all("div", _class="notice warning")


def test_typed_values_are_kept_as_they_are() -> None:
    made = form(ui.TextField("a", "A", "\n<x>\n", multiline=True), ui.TextField("b", "B", "' \" <"))

    assert "".join(p for p in made.one("textarea").parts if isinstance(p, str)) == "\n\n<x>\n"
    assert made.one(name="one.b").attrs["value"] == "' \" <"


@pytest.mark.parametrize(("count", "tag"), [(1, "fieldset"), (5, "fieldset"), (6, "div"), (200, "div")])
def test_many_choices_become_a_list(count: int, tag: str) -> None:
    options = tuple(ui.Option(str(n), f"choice {n}") for n in range(count))
    made = form(ui.ChoiceField("f", "F", (ui.OptionGroup("", options),), "0", required=True))

    assert made.one(data_field="f").tag == tag
    assert all(o.label in made.text for o in options)


def test_hundreds_of_slots_keep_their_order_and_place() -> None:
    slots = tuple(ui.Option(str(n), f"{n}:00", "Namur" if n % 50 > 25 else "Gembloux") for n in range(300))
    made = form(ui.SlotField("f", "F", (ui.OptionGroup("mardi", slots),), required=True))

    assert [n.attrs["value"] for n in made.all(type="radio")] == [s.value for s in slots]
    assert all("Namur" in label.text or "Gembloux" in label.text for label in made.all("label", _class="choice"))
    assert sum(len(run) for _, run in by_place(slots)) == 300


def test_a_file_is_the_link_itself() -> None:
    content = '\ufeffÉtienne;7,50\r\n"#?&%'
    link = shown(ui.Card("", (ui.Download("a b.csv", "text/csv", content, NASTY),))).one("a")
    kind, _, encoded = link.attrs["href"].partition(",")

    assert kind == "data:text/csv;charset=utf-8;base64"
    assert b64decode(encoded).decode() == content
    assert link.attrs["download"] == "a b.csv"


def test_a_toggle_asks_for_the_other_state() -> None:
    on, off = (shown(ui.Card("", (), (ui.Toggle(REF, "x", on=state),))).one("button") for state in (True, False))

    assert (on.attrs["aria-checked"], on.attrs["data-value"]) == ("true", "off")
    assert (off.attrs["aria-checked"], off.attrs["data-value"]) == ("false", "on")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " javascript:x"])
def test_a_link_leads_to_a_page_or_nowhere(url: str) -> None:
    article = shown(ui.Card("", (), (ui.LinkButton(url, "Go"),)))

    assert not article.all("a")
    assert url.strip() in article.text


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error"])
def test_a_notice_has_a_sign_and_a_word(kind: str) -> None:
    note = shown(ui.Card("", (ui.Notice("Texte", kind),))).one(role="note")  # type: ignore[arg-type]

    assert note.one("svg").attrs["aria-hidden"] == "true"
    assert len(note.one("strong").text) > 3
    assert note.text.endswith("Texte")


def test_what_was_typed_stands_apart() -> None:
    article = shown(ui.Card("", (ui.Text(NASTY),)), "in")

    assert article.attrs["aria-label"] == "Vous"
    assert article.one("p").text == NASTY


def test_what_is_read_out_is_short() -> None:
    card = ui.Card("Titre", (ui.Notice("Note"), ui.Text("Texte"), ui.Facts((("a", "b"),))))

    assert shown(card).attrs["data-say"] == "Titre. Note"
    assert shown(ui.Card("", (ui.Text("Texte"),))).attrs["data-say"] == "Texte"


def test_options_are_named_and_numbered() -> None:
    found = parse(PAGES.options(GROUPS, "f", TEXTS))
    options = found.all(role="option")

    assert [o.attrs["id"] for o in options] == ["o-f-0", "o-f-1", "o-f-2"]
    assert [o.attrs["data-value"] for o in options] == ["a", "b", "c"]
    assert [g.attrs["aria-label"] for g in found.all(role="group")] == [NASTY, "Suggestions"]


def test_plain_text_stays_and_hidden_signs_show() -> None:
    assert plainly("é\tn\n👩‍👩‍👧 שלום “x”") == "é\tn\n👩‍👩‍👧 שלום “x”"
    assert plainly("\x00\x1b\x9f\u202e\u2069\ud800") == "␀␛[U+009F][U+202E][U+2069][U+D800]"


def test_what_leads_to_channels_is_not_offered() -> None:
    share = ui.Button(ui.ActionRef("share", "1"), "Share", opens_form=True, for_channels=True)
    item = ui.Item("title", (), (share, BUTTON))
    article = shown(ui.Card("", (ui.ItemList((item,)),), (BUTTON, share)))
    assert [b.attrs["data-ref"] for b in article.all("button")] == ["do:1.2", "do:1.2"]
