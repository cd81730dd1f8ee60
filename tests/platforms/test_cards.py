"""Any card on every platform: all of it can be read and pressed, nothing in it is markup, and the push names nobody."""

from collections import Counter
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings

from handlers import ui
from handlers.drawing.svg import document, rect
from tests.platforms import made
from tests.platforms.expected import actions_of, missing, needed_of, texts_of, ways_of
from tests.platforms.harness import Bench

ANY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(ANY, max_examples=150)
SVG = document([rect(0, 0, 20, 8, fill="#1d5f73")], 20, 8)
NASTY = "<b>gras</b> *a* _b_ ~c~ `d` [e](https://evil.example) <!channel> <@U1> &amp; - {{x}} \\*f\\* # g"
REF = ui.ActionRef("do", "1.2")
LONG = "Évangéline de la Très-Longue-Maison " * 300
DO = ui.Button(REF, "Faire")
OPTIONS = tuple(ui.Option(f"v{n}", f"Choix {n}", f"lieu {n}") for n in range(120))
BODIES: dict[str, ui.Element] = {
    "text": ui.Text(f"{NASTY}\n\n- un\n1. deux\n# trois\n> quatre"),
    "a long text": ui.Text(LONG),
    "facts": ui.Facts(tuple((f"{n} {NASTY}", f"{NASTY}\n{n}") for n in range(40))),
    "a long fact": ui.Facts((("Commentaire", LONG),)),
    "a list": ui.ItemList((ui.Item(NASTY, (NASTY, "deux"), (DO,)), ui.Item("seul"))),
    "a long list": ui.ItemList(tuple(ui.Item(f"n° {n}", ("Gisèle " * 28,), (DO,)) for n in range(120))),
    "a picture": ui.Picture(SVG, NASTY),
    "a picture with many words": ui.Picture(SVG, "\n".join(f"• {n}: offert 40 h, réservé 12 h" for n in range(400))),
    "a divider": ui.Divider(),
    "a notice": ui.Notice(NASTY, "error"),
    "a long notice": ui.Notice(LONG, "warning"),
    "a download": ui.Download("chiffres.csv", "text/csv", "a;b\r\n1;2\r\n", NASTY),
}  # fmt: skip
ACTIONS: dict[str, ui.Action] = {
    "button": ui.Button(REF, NASTY, "danger"),
    "button of a form": ui.Button(REF, "Ouvrir", "primary", opens_form=True),
    "button of 64 bytes": ui.Button(ui.ActionRef("n" * 20, "1" * 43), LONG[:300]),
    "link": ui.LinkButton("https://example.org/?a=1&b=2", NASTY),
    "long link": ui.LinkButton("https://example.org/" + "x" * 3_500, "Loin"),
    "select": ui.Select(REF, NASTY, OPTIONS[:7], "v3"),
    "long select": ui.Select(ui.ActionRef("n" * 20, "1" * 43), "Choisir", OPTIONS),
    "switch": ui.Toggle(REF, NASTY, on=True),
    "menu": ui.Menu(
        "Plus", (ui.Button(ui.ActionRef("one"), NASTY), ui.Button(ui.ActionRef("two"), "B", opens_form=True))
    ),
    "long menu": ui.Menu("Plus", tuple(ui.Button(ui.ActionRef("more", str(n)), f"N° {n}") for n in range(60))),
}
assert {type(e) for e in BODIES.values()} == set(get_args(ui.Element))
assert {type(a) for a in ACTIONS.values()} == set(get_args(ui.Action))


async def holds(bench: Bench, card: ui.Card) -> None:
    """Post the card and find everything of it, and nothing else to press."""
    await bench.clear()
    await bench.messenger.post(bench.account, card)
    await found_whole(bench, card)


async def found_whole(bench: Bench, card: ui.Card) -> None:
    """Find everything of the card on the screen, and nothing else to press."""
    screen, actions = await bench.screen(), actions_of(card)
    assert bench.refused() == []
    assert missing(texts_of(card), screen.text) == []
    assert Counter(needed_of(actions)) <= Counter(screen.ways)
    assert set(screen.ways) <= set(ways_of(actions))


async def test_every_element_at_and_past_its_limits(bench: Bench) -> None:
    for name, body in BODIES.items():
        await holds(bench, ui.Card(NASTY, (body,), (DO,), neutral="Rendez-vous"))
        assert bool((await bench.screen()).pictures) is name.startswith("a picture")


async def test_every_action_at_and_past_its_limits(bench: Bench) -> None:
    for action in ACTIONS.values():
        await holds(bench, ui.Card("Titre", (ui.Text("texte"),), (action,), neutral="Rendez-vous"))


async def test_everything_at_once(bench: Bench) -> None:
    await holds(bench, ui.Card(LONG[:200], tuple(BODIES.values()), tuple(ACTIONS.values()), neutral="Rendez-vous"))


@ANY
@given(made.cards)
async def test_any_card_loses_nothing(bench: Bench, card: ui.Card) -> None:
    await holds(bench, card)


@pytest.mark.slow
@MANY
@given(made.cards)
async def test_a_great_many_cards_lose_nothing(bench: Bench, card: ui.Card) -> None:
    await holds(bench, card)


@pytest.mark.slow
@ANY
@given(made.cards, made.cards)
async def test_any_card_takes_the_place_of_any_other(bench: Bench, before: ui.Card, after: ui.Card) -> None:
    await bench.clear()
    posted = await bench.messenger.post(bench.account, before)
    await bench.messenger.replace(bench.account, posted, after)
    await found_whole(bench, after)


async def test_a_press_is_heard_as_what_the_card_offers(bench: Bench) -> None:
    card = ui.Card("Titre", (), tuple(ACTIONS.values()), neutral="Rendez-vous")
    await bench.messenger.post(bench.account, card)
    bench.script.says(ui.CloseForm())
    for action in ACTIONS.values():
        wanted = needed_of((action,))
        for way in {*wanted[:1], *wanted[-1:]}:
            await bench.press(way)
            heard = bench.script.last()
            assert isinstance(heard, ui.ActionClick)
            assert (heard.ref.encode(), heard.value) == way


async def test_no_push_names_anybody(bench: Bench) -> None:
    secret = "Gisèle LAFRAISE"
    card = ui.Card(
        secret, tuple(BODIES.values()), tuple(ACTIONS.values()), "27/01 : rendez-vous", ui.ActionRef("reveal", "1")
    )
    posted = await bench.messenger.post(bench.account, card)
    await bench.messenger.replace(bench.account, posted, card)
    pushed = (await bench.screen()).pushed
    assert not any(secret in text or "Gisèle" in text for text in pushed)
    assert bench.name == "web" or "27/01 : rendez-vous" in pushed[0]


async def test_what_leads_to_channels_is_offered_where_there_are_some(bench: Bench) -> None:
    share = ui.Button(ui.ActionRef("share", "1"), "Partager", opens_form=True, for_channels=True)
    await bench.messenger.post(bench.account, ui.Card("Titre", (), (share, DO), neutral="Rendez-vous"))
    assert set((await bench.screen()).ways) - {("share:1", "")} == {("do:1.2", "")}


async def test_hidden_characters_do_no_harm(bench: Bench) -> None:
    card = ui.Card("a\x00b\x07c\x1bd\x7fe\u202ef\u2066g", (ui.Text("\x01 fin"),), (DO,), neutral="Rendez-vous")
    await bench.messenger.post(bench.account, card)
    screen = await bench.screen()
    assert "fin" in screen.text
    assert screen.ways == (("do:1.2", ""),)
