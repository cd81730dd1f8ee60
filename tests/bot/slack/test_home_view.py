"""A card as a home: whatever it holds, Slack takes it, and nothing is lost that no button leads to."""

import json
from typing import Any

from hypothesis import assume, example, given, settings

from bot.slack.home import BLOCKS, BYTES, REST, digest_of, home_view
from bot.slack.render import render
from handlers.i18n import Texts
from handlers.ui import ActionRef, Button, Card, Item, ItemList, Text
from tests.bot.slack.checks import home_faults
from tests.bot.slack.screen import clickables, text_of
from tests.platforms import made

TEXTS = Texts("fr", "Europe/Brussels")
_OPEN = Button(ActionRef("open", "1.1"), "Ouvrir")
MANY = Card("Rendez-vous", (ItemList(tuple(Item(f"N° {n}", ("x",), (_OPEN,)) for n in range(300))),), (_OPEN,))
LONG = Card("Rendez-vous", tuple(Text("é" * 7_000) for _ in range(20)), (_OPEN,))


def refs(blocks: list[dict[str, Any]]) -> list[str]:
    """Return what the buttons and menus stand for, in order."""
    return [(option or element).get("value", "") for _, _, _, element, option in clickables(blocks)]


@settings(deadline=None, max_examples=60)
@given(made.cards)
@example(MANY)
@example(LONG)
def test_slack_takes_every_card_and_all_of_it_can_be_read(card: Card) -> None:
    assume(card.title.strip())
    view = home_view(card, TEXTS)
    assert home_faults(view) == []
    whole = [block for message in render(card) for block in message.blocks]
    if f"{REST}:" in refs(view["blocks"]):
        assert len(whole) + 2 > BLOCKS or len(json.dumps(whole)) > BYTES / 2
        assert set(refs(view["blocks"])) - {f"{REST}:"} <= set(refs(whole))
    else:
        assert text_of(view["blocks"]) == text_of(whole)
        assert refs(view["blocks"]) == refs(whole)


def test_what_does_not_fit_is_said_with_the_way_to_it_and_the_other_buttons_stay() -> None:
    for card in (MANY, LONG):
        view = home_view(card, TEXTS)
        assert refs(view["blocks"])[-2:] == [f"{REST}:", "open:1.1"]
        assert "Tout ne tient pas ici." in text_of(view["blocks"])
        assert len(view["blocks"]) > 15


def test_views_that_look_otherwise_have_other_digests_and_the_same_have_the_same() -> None:
    digests = [digest_of(home_view(Card(title, ()), TEXTS)) for title in ("a", "a", "b")]
    assert digests[0] == digests[1] != digests[2]
    assert digest_of({}) == ""
