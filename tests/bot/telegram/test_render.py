"""Cards as Telegram messages: within every limit, nothing lost, nothing that people typed is markup."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fitting import Labels
from bot.telegram.keyboards import IN_A_ROW, KEYS, LABEL, Key, decode, rows_of, side_by_side, valued
from bot.telegram.render import Message, hidden, render
from bot.telegram.rich import CAPTION, ENTITIES, TEXT, is_seen, length, pieces, tidy, units, written
from handlers.ui import (
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

texts = st.text(max_size=60) | st.text("a😀<b>*_`[](&@/ \n", max_size=300)
long_texts = texts | st.builds(lambda text, n: text * n, texts, st.integers(1, 200))
refs = st.builds(ActionRef, st.sampled_from(["accept", "open"]), st.text("0123456789.", max_size=40))
buttons = st.builds(Button, refs, long_texts, st.sampled_from(["plain", "primary", "danger"]))
links = st.builds(LinkButton, st.sampled_from(["https://rdv.example.org/i/1", "http://localhost:8000/", "x y"]), texts)
options = st.builds(Option, st.text(max_size=80), texts, texts)
actions = (
    buttons
    | links
    | st.builds(Toggle, refs, texts, st.booleans())
    | st.builds(Select, refs, texts, st.lists(options, max_size=6).map(tuple), st.none())
    | st.builds(Menu, texts, st.lists(buttons, max_size=4).map(tuple))
)
several = st.lists(actions, max_size=4).map(tuple)
elements = (
    st.builds(Text, long_texts)
    | st.builds(Facts, st.lists(st.tuples(texts, long_texts), max_size=40).map(tuple))
    | st.builds(
        ItemList,
        st.lists(st.builds(Item, texts, st.lists(texts, max_size=3).map(tuple), several), max_size=5).map(tuple),
    )
    | st.builds(Picture, st.just("<svg/>"), long_texts)
    | st.just(Divider())
    | st.builds(Notice, long_texts)
    | st.builds(Download, st.just("a.csv"), st.just("text/csv"), texts, long_texts)
)
cards = st.builds(Card, long_texts, st.lists(elements, max_size=5).map(tuple), several, texts)


def words(text: str) -> str:
    """Return what can be read of a text, in the order it stands: spaces count for nothing, nor where it is split."""
    return "".join(tidy(text).split())


def said(card: Card) -> Iterator[str]:
    """Yield all that a card says outside its buttons."""
    yield card.title
    for element in card.body:
        match element:
            case Text(text) | Notice(text):
                yield text
            case Facts(pairs):
                yield from (part for pair in pairs for part in pair)
            case ItemList(items):
                for item in items:
                    yield from (item.title, *item.lines)
            case Picture(_, alt):
                yield alt
            case Download(_, _, _, label):
                yield label


def pressed(card: Card) -> Iterator[tuple[ActionRef, str]]:
    """Yield all that can be pressed in a card."""
    items = (i for e in card.body if isinstance(e, ItemList) for i in e.items)
    for action in (*(a for i in items for a in i.actions), *card.actions):
        match action:
            case Button(ref):
                yield ref, ""
            case Toggle(ref, _, on):
                yield ref, "off" if on else "on"
            case Select(ref, _, options):
                yield from ((ref, option.value) for option in options)
            case Menu(_, buttons):
                yield from ((b.ref, "") for b in buttons)


def keys(messages: tuple[Message, ...]) -> list[Key]:
    """Return all buttons."""
    return [key for m in messages for row in m.rows for key in row]


@pytest.mark.slow
@given(cards)
def test_any_card_is_within_every_limit(card: Card) -> None:
    for message in render(card):
        limit = TEXT if message.kind == "text" else CAPTION
        text = message.rich.text
        assert units(text) <= limit
        assert text == text.strip()
        assert message.kind != "text" or is_seen(text)
        assert len(message.rich.entities) <= ENTITIES
        for entity in message.rich.entities:
            assert entity.length > 0
            assert 0 <= entity.offset <= entity.offset + entity.length <= units(text)
        assert sum(map(len, message.rows)) <= KEYS
        assert all(0 < len(row) <= IN_A_ROW for row in message.rows)
        for key in keys((message,)):
            assert key.label.strip()
            assert len(key.label) <= LABEL
            assert bool(key.data) != bool(key.url)


@given(cards)
def test_nothing_of_any_card_is_lost(card: Card) -> None:
    messages = render(card)
    shown = words("".join(m.rich.text for m in messages if m.file is None))
    shown += words("".join(m.rich.text for m in messages if m.file is not None))
    for text in said(card):
        assert words(text) in shown or not is_seen(text)
    offered = [decode(key.data) for key in keys(messages) if key.data and not key.data.startswith("m:")]
    for press in pressed(card):
        assert press in offered


@given(cards, st.lists(st.lists(st.builds(Key, st.just("1"), st.just("f:1")), min_size=1, max_size=7), max_size=20))
def test_rows_of_a_form_stand_below_the_last_message(card: Card, rows: list[list[Key]]) -> None:
    messages = render(card, rows)
    assert keys(messages)[len(keys(messages)) - sum(map(len, rows)) :] == [key for row in rows for key in row]
    assert all(sum(map(len, m.rows)) <= KEYS for m in messages)


@given(cards)
def test_what_is_hidden_says_the_neutral_line_only(card: Card) -> None:
    messages = hidden(card, "Afficher")
    neutral = words(card.neutral) if is_seen(tidy(card.neutral)) else "rdv"
    assert words("".join(m.rich.text for m in messages)).startswith(neutral)
    assert all(m.kind == "text" for m in messages)


@given(st.lists(st.tuples(long_texts, st.sampled_from(["", "bold"])), max_size=5), st.integers(1, 200))
def test_pieces_fit_and_are_the_whole(block: list[tuple[str, str]], limit: int) -> None:
    whole = tuple(block)
    found = list(pieces(whole, limit + 1))  # type: ignore[arg-type]
    assert all(length(piece) <= limit + 1 for piece in found)
    assert "".join(text for piece in found for text, _ in piece) == "".join(text for text, _ in whole)


@pytest.mark.parametrize(
    "sign",
    [
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇧🇪",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "क्\u200dष",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_what_is_drawn_as_one_sign_is_not_torn_apart(sign: str) -> None:
    for limit in range(length(((sign, ""),)), 40):
        found = ["".join(text for text, _ in piece) for piece in pieces(((sign * 50, ""),), limit)]
        assert [piece.replace(sign, "") for piece in found] == [""] * len(found)


def test_a_sign_that_fills_a_whole_message_is_torn_apart_rather_than_lost() -> None:
    sign = "e" + "\u0301" * 100
    assert "".join(text for piece in pieces(((sign, ""),), 40) for text, _ in piece) == sign


@given(refs, st.text())
def test_a_value_comes_back_with_its_reference(ref: ActionRef, value: str) -> None:
    assert decode(valued(ref, value)) == (ref, value)
    assert decode(ref.encode()) == (ref, "")


def test_what_people_typed_is_no_markup() -> None:
    typed = "<b>gras</b> *gras* _x_ [lien](https://x.example) &amp; `code`"
    (message,) = render(Card("Titre", (Text(typed),)))
    assert message.rich.text == f"Titre\n\n{typed}"
    assert [(e.style, e.offset, e.length) for e in message.rich.entities] == [("bold", 0, 5)]


def test_an_entity_is_counted_in_utf_16() -> None:
    assert written([(("😀 ", ""), ("Gras", "bold"))]).entities[0].offset == 3


def test_a_picture_and_its_words_are_one_message_where_they_fit() -> None:
    card = Card("Agenda", (Picture("<svg/>", "lundi\nmardi"),), (Button(ActionRef("a"), "A"),))
    (message,) = render(card)
    assert (message.kind, message.rich.text) == ("photo", "Agenda\n\nlundi\nmardi")
    assert message.rich.entities[1].style == "expandable_blockquote"
    photo, text = render(Card("Agenda", (Picture("<svg/>", "mot " * 400),), card.actions))
    assert (photo.kind, text.kind) == ("photo", "text")
    assert (photo.rows, [k.label for k in keys((text,))]) == ((), ["A"])


def test_entries_with_buttons_are_numbered_as_these_are() -> None:
    items = (
        Item("Un", actions=(Button(ActionRef("a", "1"), "Accepter"),)),
        Item("Deux"),
        Item("Trois", actions=(Button(ActionRef("a", "3"), "Accepter"),)),
    )
    (message,) = render(Card("", (ItemList(items),)))
    assert message.rich.text == "1. Un\n\nDeux\n\n2. Trois"
    assert [k.label for k in keys((message,))] == ["1. Accepter", "2. Accepter"]


def test_short_buttons_stand_side_by_side() -> None:
    short = [Key(label, "x") for label in ("Oui", "Non", "Peut-être", "Plus tard que tout cela")]
    assert [[key.label for key in row] for row in side_by_side(short)] == [
        ["Oui", "Non", "Peut-être"],
        ["Plus tard que tout cela"],
    ]


@pytest.mark.parametrize("url", ["http://localhost:8000/", "ftp://x.example.org/", "https://", "javascript:alert(1)"])
def test_a_link_that_telegram_refuses_is_written_out(url: str) -> None:
    (message,) = render(Card("Titre", (), (LinkButton(url, "Ouvrir"),)))
    assert message.rows == ()
    assert message.rich.text == f"Titre\n\nOuvrir\n{url}"


def test_a_label_that_is_too_long_stands_whole_in_the_text() -> None:
    label = "Un très long libellé de bouton " * 3
    (message,) = render(Card("Titre", (), (Button(ActionRef("a"), label),)))
    (key,) = keys((message,))
    assert key.label.endswith("… (1)")
    assert f"(1) {label}".strip() in message.rich.text


def test_buttons_have_their_colours() -> None:
    rows = rows_of((Button(ActionRef("a"), "A", "primary"), Button(ActionRef("b"), "B", "danger")), Labels())
    assert [key.style for row in rows for key in row] == ["primary", "danger"]
