"""One person's conversation over HTTP: typing, clicking, forms, what is kept, what is never run as markup."""

import asyncio

import pytest

from core.booking import book
from tests.bot.web.conftest import Chat
from tests.bot.web.dom import Node
from tests.bot.web.window import FORM, Window, click_fields, encoded, form_fields


async def booked(chat: Chat) -> None:
    """Agathe books in seforme's agenda, ecoute is invited; the cards are sent."""
    guide, now = chat.guide, chat.clock.now()
    await chat.deps.db.write(lambda tx: book(tx, guide.agathe, guide.request(), now, chat.deps.rules))
    await chat.send_notices()


async def card_of(window: Window) -> Node:
    """Return the appointment's card as it stands now."""
    return [m for m in await window.messages() if "Durée" in m.text and not m.all("ul")][-1]


async def test_everyone_can_be_chosen(chat: Chat) -> None:
    answer = await chat.http.get("/chat")

    assert '<html lang="fr">' in answer.text
    for worker in chat.guide.workers:
        assert f"{worker.name}</strong><span>Travailleur-euse social · Principal" in answer.text
    assert 'href="/chat/%C3%89tienne"' in answer.text


async def test_a_name_is_found_however_it_is_written(chat: Chat) -> None:
    answer = await chat.http.get("/chat/AGATHE")

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat/Agathe")
    assert (await chat.http.get("/chat/%C3%89tienne")).status_code == 200


@pytest.mark.parametrize("handle", ["nobody", "%00", "a" * 500, "%F0%9F%98%80", "%FF"])
async def test_an_unknown_name_is_answered_politely(chat: Chat, handle: str) -> None:
    answer = await chat.http.get(f"/chat/{handle}")

    assert answer.status_code == 404
    assert "Vérifiez l’adresse" in answer.text


async def test_the_first_opening_is_greeted_once(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.open()
    messages = await window.messages()

    assert len(messages) == 1
    assert "/parcours" in messages[0].text


async def test_what_is_said_and_answered_stays(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.open()
    answer = await window.say("/parcours 1285")
    messages = await window.messages()

    assert [m.attrs["data-message"] for m in answer.all("article")] == [m.attrs["data-message"] for m in messages[1:]]
    assert "/parcours 1285" in messages[1].text
    assert "Gisèle LAFRAISE" in messages[2].text


async def test_a_message_sent_twice_is_one(chat: Chat) -> None:
    window = chat.window("Agathe")
    for _ in range(2):
        await window.say("bonjour", nonce="0123456789abcdef")

    assert [m.text for m in await window.messages() if "bonjour" in m.text] == ["bonjour 09:00"]
    assert len(await window.messages()) == 3


async def test_a_double_click_is_one_delivery(chat: Chat) -> None:
    window = chat.window("Agathe")
    greeting = (await window.open()).one("article")
    before = len(await window.messages())
    for _ in range(2):
        await window.click(greeting, "Ouvrir un parcours")

    assert len(await window.messages()) == before + 1


async def test_five_clicks_at_once_are_one_delivery(chat: Chat) -> None:
    window = chat.window("Agathe")
    greeting = (await window.open()).one("article")
    await asyncio.gather(*(window.click(greeting, "Ouvrir un parcours") for _ in range(5)))

    assert len(await window.messages()) == 2


async def test_a_card_shown_anew_takes_a_new_click(chat: Chat) -> None:
    window = chat.window("Agathe")
    greeting = (await window.open()).one("article")
    first = await window.click(greeting, "Ouvrir un parcours")
    renewed = first.one("article", id=greeting.attrs["id"])
    await window.click(renewed, "Ouvrir un parcours")

    assert int(renewed.attrs["data-seq"]) > int(greeting.attrs["data-seq"])
    assert len(await window.messages()) == 3


async def test_an_answer_reaches_every_copy(chat: Chat) -> None:
    await booked(chat)
    ecoute, agathe = chat.window("ecoute"), chat.window("Agathe")
    invitation = await card_of(ecoute)
    for _ in range(3):
        await ecoute.click(invitation, "Accepter")
    await chat.send_notices()

    assert "Votre réponse : accepté" in (await card_of(ecoute)).text
    assert "ecoute (Travailleur-euse social) (Principal) – accepté" in (await card_of(agathe)).text
    assert len([m for m in await agathe.messages() if "ecoute accepte" in m.text]) == 1


async def test_nobody_clicks_on_another_persons_message(chat: Chat) -> None:
    await booked(chat)
    invitation = await card_of(chat.window("ecoute"))
    fields = [*click_fields(invitation, invitation.button("Accepter")), ("after", "0")]

    answer = await chat.http.post("/chat/Agathe/act", content=encoded(fields), headers=FORM)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!channel> <@U123> *gras* _it_ ~x~ &amp; &lt;b&gt;",
        "{{ 7 * 7 }} {% include 'x' %}",
        "👩‍👩‍👧 مرحبا שלום",
    ],
)
async def test_text_is_shown_as_it_was_typed(chat: Chat, typed: str) -> None:
    window = chat.window("Agathe")
    await window.say(typed)
    messages = await window.messages()

    assert messages[1].one("p").text == typed
    assert not window.page.all("img") + window.page.all("b")
    assert len(window.page.all("script")) == 1


async def test_hidden_characters_are_shown_as_signs(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.say("a\x00b\x07c\x1bd\x7fe\u202ef\u2066g")

    assert (await window.messages())[1].one("p").text == "a␀b␇c␛d[U+007F]e[U+202E]f[U+2066]g"


async def test_ten_thousand_characters_are_answered_in_words(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.say("😀" * 10_000)
    messages = await window.messages()

    assert "😀" * 10_000 in messages[1].text
    assert "pas" in messages[2].one(role="note").text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("say", []),
        ("say", [("text", "x")]),
        ("say", [("text", "x"), ("nonce", "../../..")]),
        ("say", [("text", "   "), ("nonce", "0123456789"), ("after", "0")]),
        ("act", []),
        ("act", [("message", "-1"), ("seq", "1"), ("ref", "help:")]),
        ("act", [("message", "1"), ("seq", "1"), ("ref", "x" * 65)]),
        ("act", [("message", "٣"), ("seq", "1"), ("ref", "help:")]),
        ("act", [("message", "9" * 30), ("seq", "1"), ("ref", "help:")]),
        ("change", [("after", "x")]),
        ("submit", [(f"one.{n}", "x") for n in range(600)]),
    ],
)
async def test_what_no_page_sends_is_refused(chat: Chat, path: str, fields: list[tuple[str, str]]) -> None:
    answer = await chat.http.post(f"/chat/Agathe/{path}", content=encoded(fields), headers=FORM)

    assert answer.status_code == 400


async def test_bytes_that_are_no_form_are_refused(chat: Chat) -> None:
    answer = await chat.http.post("/chat/Agathe/say", content=b"\xff\xfe", headers=FORM)

    assert answer.status_code == 400


@pytest.mark.parametrize("ref", ["nothing:", "accept:1.2.3", "accept:x", "open:999999.1", "cancel:", "create:1"])
async def test_a_forged_button_does_nothing(chat: Chat, ref: str) -> None:
    window = chat.window("Agathe")
    greeting = (await window.open()).one("article")
    fields = [("message", greeting.attrs["data-message"]), ("seq", greeting.attrs["data-seq"]), ("ref", ref)]

    answer = await window.post("act", fields)

    assert [m for m in answer.all("article") if m.all("div", _class="notice error")]


async def test_a_form_says_beside_the_field_what_is_wrong(chat: Chat) -> None:
    window = chat.window("Agathe")
    opened = await window.say("/rdv 1285")
    form = opened.one("form")
    answer = await window.post("submit", form_fields(form))
    errors = answer.one("ul", data_errors="").all("li")

    assert errors
    assert {e.attrs["data-field"] for e in errors} & {n.attrs["data-field"] for n in form.all(data_field="...")}
    assert all(e.text for e in errors)


async def test_older_messages_come_page_by_page(chat: Chat) -> None:
    window = chat.window("Agathe")
    for n in range(20):
        await window.say(f"bonjour {n}")
    page = await window.open()
    link = page.one("a", _class="button plain older").attrs["href"]
    first = await chat.http.get(f"/chat/Agathe/older{link}")
    by_page = await chat.http.get(f"/chat/Agathe{link}")

    assert len(page.all("article")) == 30
    assert 'data-older="0"' in first.text
    assert first.text.count("<article") == by_page.text.count("<article") == 11
