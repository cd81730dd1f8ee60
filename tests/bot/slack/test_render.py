"""Cards as messages: within Slack's limits, nothing lost, nothing read as markup."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.slack.actions import read_action
from bot.slack.messenger import body
from bot.slack.render import Message, render
from handlers import ui
from tests.bot.slack.checks import message_faults
from tests.bot.slack.screen import clickables, elements, labels, offered, strings, text_of
from tests.platforms import made
from tests.platforms.expected import actions_of, texts_of, ways_of

CALM = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def faults(messages: Sequence[Message]) -> list[str]:
    return [fault for message in messages for fault in message_faults(body(message))]


def all_text(messages: Sequence[Message]) -> str:
    """Return every string that is shown, one after another."""
    return "".join(strings([m.blocks for m in messages]))


def leads_to(messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Return what each button, menu entry, toggle and choice would be read as."""
    everything = [e for m in messages for block in m.blocks for e in elements(block)]
    read = [read_action(sent) for element in everything for sent in clicks(element)]
    return [(found[0].encode(), found[1]) for found in read if found is not None]


def clicks(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what Slack may send of an element."""
    sent: dict[str, Any] = {k: element[k] for k in ("action_id", "type", "value") if k in element}
    options = offered(element)
    if element["type"] == "checkboxes":
        return [sent | {"selected_options": chosen} for chosen in ([], options)]
    return [sent | {"selected_option": o} for o in options] or [sent]


@CALM
@given(made.cards, st.sets(st.sampled_from(made.DRAWINGS)))
def test_any_card_fits_and_loses_nothing(card: ui.Card, drawn: set[str]) -> None:
    messages = render(card, tuple((svg, f"F0FILE{len(svg)}") for svg in sorted(drawn)))
    assert faults(messages) == []
    shown = all_text(messages)
    assert [text for text in texts_of(card) if text not in shown] == []
    assert sorted(leads_to(messages)) == sorted(ways_of(actions_of(card)))
    in_words = [message.in_words() for message in messages]
    assert faults([words for words, message in zip(in_words, messages, strict=True) if message.files]) == []
    assert [text for text in texts_of(card) if text not in all_text(in_words)] == []
    assert not [message for message in in_words if message.files]


@pytest.mark.slow
@settings(CALM, max_examples=8)
@example(made.full_case)
@given(made.cases)
def test_any_case_fits_and_loses_nothing(card: ui.Card) -> None:
    messages = render(card)
    assert faults(messages) == []
    assert [text for text in texts_of(card) if text.replace("\n", "") not in all_text(messages).replace("\n", "")] == []
    assert sorted(leads_to(messages)) == sorted(ways_of(actions_of(card)))


def test_a_case_with_three_hundred_appointments() -> None:
    actions = tuple(ui.Button(ui.ActionRef("open", str(n)), "Ouvrir " + "x" * n) for n in range(2))
    items = tuple(ui.Item(f"n° {n}", ("Gisèle " * 28,), actions) for n in range(300))
    messages = render(ui.Card("Parcours", (ui.ItemList(items),), neutral="Parcours"))
    assert faults(messages) == []
    assert len(messages) > 12
    assert messages[0].text == f"Parcours (1/{len(messages)})"
    assert [label for m in messages for label in labels(list(m.blocks))] == ["Ouvrir ", "Ouvrir x"] * 300
    assert all(f"n° {n}\n" in all_text(messages) for n in range(300))


def test_the_words_of_a_picture_as_long_as_they_come() -> None:
    lines = [f"• {n}: offert 40 h, réservé 12 h, annulé 2 h" for n in range(1_000)]
    picture = ui.Picture("<svg/>", "\n".join(lines))
    for drawn in ((), ((picture.svg, "F0FILE"),)):
        messages = render(ui.Card("Occupation", (picture,), neutral="Occupation"), drawn)
        assert faults(messages) == []
        assert all(line in all_text(messages) for line in lines)


def test_an_appointment_with_forty_parties_of_two_hundred_characters() -> None:
    names = [f"{n:02} " + "É" * 197 for n in range(40)]
    messages = render(ui.Card("Rendez-vous", (ui.Facts((("T(M)S", "\n".join(names)),)),)))
    assert faults(messages) == []
    assert len(messages) == 1
    assert "\n".join(names) in all_text(messages)


def test_nothing_is_read_as_markup() -> None:
    typed = "<!channel> <@U0AGATHE> *gras* _it_ ~non~ `code` & <b>html</b> :smile: https://example.org"
    card = ui.Card(typed, (ui.Text(typed), ui.Notice(typed)), (ui.Button(ui.ActionRef("a"), typed),), neutral=typed)
    (message,) = render(card)
    assert faults([message]) == []
    assert message.text.startswith("&lt;!channel&gt; &lt;@U0AGATHE&gt;")
    assert all_text([message]).count(typed) == 4
    runs = [r for b in message.blocks if b["type"] == "rich_text" for p in b["elements"] for r in p["elements"]]
    assert {r["type"] for r in runs} == {"text"}


def test_a_long_label_keeps_its_beginning_and_stands_whole_above() -> None:
    label = "Accepter " + "très " * 20 + "volontiers"
    (message,) = render(ui.Card("T", (), (ui.Button(ui.ActionRef("accept", "1"), label, "primary"),)))
    assert faults([message]) == []
    assert labels(list(message.blocks))[0].endswith("… (1)")
    assert f"(1) {label}" in text_of(list(message.blocks))


def test_screen_readers_hear_which_entry_a_button_belongs_to() -> None:
    item = ui.Item("27/01/2026 10:00", (), (ui.Button(ui.ActionRef("open", "1"), "Ouvrir"),))
    (message,) = render(ui.Card("T", (ui.ItemList((item,)),)))
    ((_, _, _, element, _),) = clickables(list(message.blocks))
    assert element["accessibility_label"] == "Ouvrir – 27/01/2026 10:00"


def test_the_notification_names_nobody_even_without_a_neutral_text() -> None:
    (message,) = render(ui.Card("Gisèle LAFRAISE", (ui.Text("Gisèle"),)))
    assert message.text == "rdv"


def test_a_link_leads_nowhere_but_to_its_page() -> None:
    (message,) = render(ui.Card("T", (), (ui.LinkButton("https://example.org", "Voir"),)))
    ((_, _, _, element, _),) = clickables(list(message.blocks))
    assert element["url"] == "https://example.org"
    assert read_action(element) is None


def test_an_empty_card_is_still_a_message() -> None:
    messages = render(ui.Card(""))
    assert faults(messages) == []
    assert text_of(list(messages[0].blocks)) == "rdv"
