"""Cards as Adaptive Cards: what people typed stays text, nothing is lost, and both validators have nothing to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.teams.actions import decode_value, encode_value, read_ref
from bot.teams.markdown import HARD_SPACE, JOINER, bold, escape
from bot.teams.render import render
from handlers.ui import (
    Action,
    ActionRef,
    Button,
    Card,
    Divider,
    Download,
    Facts,
    Item,
    ItemList,
    LinkButton,
    Menu,
    Notice,
    Option,
    Picture,
    Select,
    Text,
    Toggle,
)
from tests.bot.teams.checks import IN_A_SET, activity_faults, card_faults, node_is_there, nodes
from tests.bot.teams.screen import action_of, actions, labels, text_of

REF = ActionRef("do", "1.2")
ON_A_TELEPHONE = 42
OPTIONS = (Option("a,b", "Un", "ici"), Option("", "Deux"))
ACTIONS: tuple[Action, ...] = (
    Button(REF, "Faire", "primary"),
    Button(REF, "Ouvrir", opens_form=True),
    Toggle(REF, "Montrer", on=True),
    Menu("Plus", (Button(REF, "Rare", "danger"),)),
    LinkButton("https://example.org/", "Lire"),
    Select(REF, "Choisir", OPTIONS, "a,b"),
)
SVG = "<svg/>"
WHOLE = Card(
    "Titre",
    (
        Text("Bonjour\nà tous"),
        Facts((("Date", "27/01"), ("T(M)S", "un\ndeux"))),
        ItemList((Item("Premier", ("ligne",), (Button(REF, "Faire celui-ci"),)), Item("Second"))),
        Picture(SVG, "Une image"),
        Divider(),
        Notice("Attention", "warning"),
        Download("a.csv", "text/csv", "1;2", "Les chiffres"),
    ),
    ACTIONS,
    neutral="Rendez-vous",
)
NASTY = (
    "**gras** *a* _b_ ~c~ `d` # e > f",
    "[un lien](https://evil.example) <https://evil.example> https://evil.example www.evil.example",
    "- un\n+ deux\n1. trois\n2) quatre\n---\n***\n===",
    "&lt;b&gt; <b>x</b> <at>Tous</at> {{DATE(2026-01-27)}} \\*y\\*",
    "    du code\n\tencore",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "![image](https://evil.example/x.png)",
)


def test_the_parser_is_there() -> None:
    if not node_is_there():
        pytest.skip("Microsoft's parser needs Node and `npm ci` in tests/node")
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nothing"}]}
    assert [fault for fault in card_faults(wrong) if fault.startswith("parser: ")]


def test_every_element_passes_both_validators() -> None:
    hosted = {SVG: "https://rdv.example.org/x.png", "1;2": "https://rdv.example.org/a.csv"}
    for rendered in (render(WHOLE), render(WHOLE, hosted)):
        assert len(rendered) == 1
        assert activity_faults(rendered[0]) == []
        content = rendered[0]["attachments"][0]["content"]
        read = text_of(content)
        for said in ("Titre", "Bonjour\nà tous", "Date 27/01", "un\ndeux", "Premier", "ligne", "Une image"):
            assert said in read
        expected = ["Faire", "Ouvrir", "☑ Montrer", "Rare", "Lire", "OK"]
        assert [label for label in labels(content) if label in expected] == expected


def test_without_an_address_pictures_and_files_are_told_in_words() -> None:
    content = render(WHOLE)[0]["attachments"][0]["content"]
    assert not [node for node in nodes(content) if node["type"] == "Image"]
    assert "1;2" in text_of(content)


def test_an_older_client_sends_what_a_newer_one_executes() -> None:
    content = render(WHOLE)[0]["attachments"][0]["content"]
    action = action_of(content, "Faire")
    assert action["fallback"]["type"] == "Action.Submit"
    assert read_ref(action["fallback"]["data"]) == read_ref(action["data"]) == (REF, "")


def test_a_choice_is_read_back_whole() -> None:
    content = render(WHOLE)[0]["attachments"][0]["content"]
    data = action_of(content, "OK")["data"]
    (field,) = [node for node in nodes(content) if node["type"] == "Input.ChoiceSet"]
    for option, choice in zip(OPTIONS, field["choices"], strict=True):
        assert read_ref(data | {field["id"]: choice["value"]}) == (REF, option.value)


@given(st.text())
def test_any_value_survives_and_joins_no_other(value: str) -> None:
    assert decode_value(encode_value(value)) == value
    assert "," not in encode_value(value)


@pytest.mark.parametrize("text", NASTY)
def test_what_people_type_is_never_markup(text: str) -> None:
    assert read_as_markdown(escape(text)) == closely(text)
    assert read_as_markdown(bold(text.replace("\n", " "))) == closely(text.replace("\n", " "))


@given(st.text(st.sampled_from("ab1 .)-+*_~`#>|[](){}<>!&;:/\\\n\twWhtps=@"), max_size=40))
def test_no_text_at_all_is_markup(text: str) -> None:
    assert read_as_markdown(escape(text)) == closely(text)


def test_a_card_of_any_length_is_sent_whole() -> None:
    items = tuple(
        Item(f"n° {n}", ("Gisèle " * 40,), (Button(ActionRef("do", str(n)), f"Ouvrir {n}"),)) for n in range(300)
    )
    card = Card("Parcours", (Text("é" * 30_000), ItemList(items)), neutral="Parcours")
    rendered = render(card)
    assert len(rendered) > 1
    assert [fault for activity in rendered for fault in activity_faults(activity)] == []
    contents = [activity["attachments"][0]["content"] for activity in rendered]
    assert "".join(text_of(c) for c in contents).count("é") == 30_000
    assert [label for c in contents for label in labels(c)] == [f"Ouvrir {n}" for n in range(300)]


def test_a_warning_of_any_length_is_sent_whole() -> None:
    card = Card("x", (Notice("\n".join([":smile:", "a"] * 900), "error"), *WHOLE.body), ACTIONS, neutral="x")
    rendered = render(card)
    assert [fault for activity in rendered for fault in activity_faults(activity)] == []
    read = "".join(text_of(activity["attachments"][0]["content"]) for activity in rendered)
    assert (read.count(":smile:"), read.count("⛔")) == (900, 1)


def test_a_choice_among_nothing_is_only_said() -> None:
    content = render(Card("Titre", (), (Select(REF, "Choisir", ()),)))[0]["attachments"][0]["content"]
    assert card_faults(content) == []
    assert text_of(content) == "Titre\nChoisir"


def test_no_set_holds_more_actions_than_are_shown() -> None:
    many = tuple(Button(ActionRef("do", str(n)), str(n)) for n in range(23))
    content = render(Card("Titre", (), many))[0]["attachments"][0]["content"]
    assert len(actions(content)) == 23
    assert max(len(node["actions"]) for node in nodes(content) if node["type"] == "ActionSet") <= IN_A_SET


@given(st.lists(st.text("abc é", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=12))
def test_buttons_of_a_row_fit_a_telephone(said: list[str]) -> None:
    content = render(Card("Titre", (), tuple(Button(REF, label) for label in said)))[0]["attachments"][0]["content"]
    rows = [[a["title"] for a in node["actions"]] for node in nodes(content) if node["type"] == "ActionSet"]
    assert [label for row in rows for label in row] == said
    assert all(len(row) == 1 or sum(len(label) + 4 for label in row) <= ON_A_TELEPHONE for row in rows)


def test_a_button_looks_the_same_whether_it_opens_a_form_or_not() -> None:
    danger = (Button(REF, "Supprimer", "danger"), Button(REF, "Annuler", "danger", opens_form=True))
    content = render(Card("Titre", (), danger))[0]["attachments"][0]["content"]
    assert card_faults(content) == []
    assert [action["style"] for action in actions(content)] == ["destructive"] * 2


def test_no_line_stands_on_another() -> None:
    items = ItemList((Item("Premier"), Item("Second")))
    content = render(Card("Titre", (Text("Avant"), Divider(), items)))[0]["attachments"][0]["content"]
    assert [node["text"] for node in nodes(content) if node.get("separator")] == [" ", "**Second**"]


def test_a_notification_names_nobody() -> None:
    card = Card("Rendez-vous", (Text("Gisèle LAFRAISE"),), neutral="Rendez-vous – parcours n° 1285")
    assert render(card)[0]["summary"] == "Rendez-vous – parcours n° 1285"
    assert render(Card("Gisèle LAFRAISE"))[0]["summary"] == "rdv"


def read_as_markdown(text: str) -> str:
    """Return the words that CommonMark reads in what we wrote; whatever else it reads is named.

    Emphasis is what we mean in bold; links that a client makes of bare addresses are looked for too.
    """
    found: list[str] = []
    for token in MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(text):
        if token.type not in {"paragraph_open", "paragraph_close", "inline"}:
            found.append(f"<{token.type}>")
        for inner in token.children or ():
            known = {"text", "softbreak", "strong_open", "strong_close"}
            found.append(inner.content if inner.type in known else f"<{inner.type}>")
    return closely("".join(found))


def closely(text: str) -> str:
    """Return a text without spaces, and without what joins signs unseen."""
    return "".join(text.replace(JOINER, "").replace(HARD_SPACE, " ").split())
