"""The webhook: what is not Telegram's is refused unread, what comes twice acts once, every press is answered."""

import json
from dataclasses import replace
from typing import Any

import pytest
import structlog

from bot.telegram.app import LARGEST
from core.appointments import Answer
from core.ports import Transaction
from handlers.ui import CommandCall, Greeting
from tests.bot.telegram.client import SECRET_HEADER, WEBHOOK, Person
from tests.bot.telegram.conftest import PUBLIC
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram
from tests.hall import Hall

Update = dict[str, Any]


def secret(telegram: FakeTelegram) -> dict[str, str]:
    """Return the header that Telegram was told to send."""
    return {SECRET_HEADER: telegram.webhook["secret_token"]}


def said(text: str, number: int = 1) -> Update:
    """Return a message of Agathe's."""
    chat = {"id": 1001, "type": "private"}
    sender = {"id": 1001, "is_bot": False, "first_name": "Agathe"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text}}


async def test_telegram_is_told_where_updates_go_and_with_what_secret(hall: Hall, telegram: FakeTelegram) -> None:
    assert telegram.webhook["url"] == f"{PUBLIC}{WEBHOOK}"
    assert telegram.webhook["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert len(telegram.webhook["secret_token"]) == 64
    assert TOKEN not in telegram.webhook["secret_token"]
    assert hall.deps.doors == {"telegram": "https://t.me/rdv_essai_bot?start={code}"}


@pytest.mark.usefixtures("hall")
async def test_the_menu_is_in_french_and_in_english(telegram: FakeTelegram) -> None:
    for scope in ("all_private_chats", "all_group_chats"):
        menus = {language: telegram.commands[f"{scope}:{language}"] for language in ("", "fr", "en")}
        assert [c["command"] for c in menus["fr"]] == ["rdv", "agenda", "parcours", "invitations", "dispo"]
        assert menus[""] == menus["fr"]
        assert menus["fr"][0]["description"] == "Prendre rendez-vous"
        assert menus["en"][0]["description"] == "Book an appointment"


@pytest.mark.parametrize("given", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "é" * 64}])
async def test_a_wrong_secret_is_refused(hall: Hall, telegram: FakeTelegram, given: dict[str, str]) -> None:
    headers = {name: value.encode() for name, value in given.items()}
    answer = await hall.http.post(WEBHOOK, json=said("/rdv"), headers=headers)
    assert (answer.status_code, answer.text) == (401, "")
    await hall.answered()
    assert telegram.messages(1001) == []


async def test_the_body_of_a_stranger_is_not_even_read(hall: Hall) -> None:
    async def endless() -> Any:
        raise AssertionError("somebody reads it")
        yield b""

    answer = await hall.http.post(WEBHOOK, content=endless(), headers={"content-length": "10"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"update_id": "1"}', 400),
        (json.dumps({"update_id": 1, "message": {"from": {"id": 1}, "chat": 3}}).encode(), 400),
        (json.dumps({"update_id": 1, "callback_query": {"id": 1, "data": "x", "message": {}}}).encode(), 400),
        (b"x" * (LARGEST + 1), 413),
    ],
)
async def test_what_is_malformed_or_too_long_is_refused_and_logged_without_content(
    hall: Hall, telegram: FakeTelegram, body: bytes, status: int
) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await hall.http.post(WEBHOOK, content=body, headers=secret(telegram))
    assert answer.status_code == status
    assert all(set(line) <= {"event", "log_level"} for line in logged)


async def test_a_body_without_its_length_is_refused(hall: Hall, telegram: FakeTelegram) -> None:
    async def chunks() -> Any:
        yield b"{}"

    answer = await hall.http.post(WEBHOOK, content=chunks(), headers=secret(telegram))
    assert answer.status_code == 411


async def test_what_concerns_nobody_is_acknowledged(hall: Hall, telegram: FakeTelegram) -> None:
    bot = said("/rdv") | {"update_id": 5}
    bot["message"]["from"] = {"id": 9, "is_bot": True, "first_name": "B"}
    edited = {"update_id": 6, "edited_message": said("/rdv")["message"]}
    channel = said("/rdv", 7)
    channel["message"]["chat"] = {"id": -5, "type": "channel", "title": "C"}
    for update in (bot, edited, channel, {"update_id": 8, "poll": {}}, {"update_id": 9}):
        answer = await hall.http.post(WEBHOOK, json=update, headers=secret(telegram))
        assert answer.status_code == 200
    await hall.answered()
    assert telegram.shown == []


async def test_a_repeated_update_does_nothing_twice(hall: Hall, people: dict[str, Person]) -> None:
    appointment = await hall.book()
    ecoute = people["ecoute"]
    card = ecoute.with_button("Accepter")
    update = ecoute.pressed(card, card.key("Accepter")["callback_data"])
    await ecoute.deliver(update)
    for _ in range(3):
        await ecoute.deliver(update, again=True)
    answers = await hall.deps.db.read(lambda tx: tx.appointments.answers(appointment.id))
    assert [answer for _, answer, _ in answers] == [Answer.ACCEPTED]
    await hall.settle()
    assert len(ecoute.screen) == 1


async def test_a_repeated_command_is_answered_once(people: dict[str, Person]) -> None:
    update = said("/invitations")
    for _ in range(3):
        await people["Agathe"].deliver(update, again=True)
    assert len(people["Agathe"].screen) == 1
    other = said("/invitations", 2)
    await people["Agathe"].deliver(other, again=True)
    assert len(people["Agathe"].screen) == 2


async def test_another_bot_counts_its_updates_anew(hall: Hall, people: dict[str, Person]) -> None:
    """Numbers of updates are a bot's own: a new bot on the same database is not silent."""
    now = hall.clock.now()
    await hall.deps.db.write(lambda tx: tx.deliveries.add("telegram:42:1:told", "", now))
    await people["Agathe"].deliver(said("/invitations"), again=True)
    assert len(people["Agathe"].screen) == 1


async def test_every_press_is_answered_after_the_commit(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    appointment = await hall.book()
    gate = telegram.hold("answerCallbackQuery")
    gate.set()
    await people["ecoute"].press(people["ecoute"].with_button("Accepter"), "Accepter")
    assert len(telegram.toasts) == 1
    stored = await hall.stored(appointment)
    assert [i.answer for i in stored.invitations] == [Answer.ACCEPTED]
    assert telegram.queries == set()


@pytest.mark.parametrize("data", ["nonsense", "v:99999:x", "v:x:y", "k:unknown", "f:0:0", "m:", ":", "open:1", "é"])
async def test_a_press_that_means_nothing_is_answered_too(
    telegram: FakeTelegram, people: dict[str, Person], data: str
) -> None:
    await people["Agathe"].say("/invitations")
    await people["Agathe"].deliver(people["Agathe"].pressed(people["Agathe"].newest, data))
    assert len(telegram.toasts) == 1


async def test_a_press_that_telegram_no_longer_lets_us_answer_is_let_go(
    telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    await people["Agathe"].say("/invitations")
    update = people["Agathe"].pressed(people["Agathe"].newest, "help:")
    telegram.queries.clear()
    await people["Agathe"].deliver(update)
    assert len(people["Agathe"].screen) == 2


async def test_a_fault_of_ours_is_said_and_acknowledged(
    hall: Hall, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("LAFRAISE")

    monkeypatch.setattr(hall.deps.dispatcher, "handle", broken)
    with structlog.testing.capture_logs() as logged:
        await people["Agathe"].say("/invitations")
    assert "LAFRAISE" not in str(logged)
    assert "⛔" in people["Agathe"].newest.text


async def test_what_can_be_neither_done_nor_said_comes_again(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(hall.deps.dispatcher, "handle", broken)
        telegram.fail("sendMessage", 502, "Bad Gateway", times=5)
        answer = await hall.http.post(WEBHOOK, json=said("/invitations"), headers=secret(telegram))
        assert answer.status_code == 500
    telegram.faults.clear()
    await people["Agathe"].deliver(said("/invitations"), again=True)
    assert len(people["Agathe"].screen) == 1


async def test_a_link_brings_its_code(hall: Hall, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    """t.me/NAME?start=CODE opens the conversation with "/start CODE"."""
    taken: list[object] = []
    handle = hall.deps.dispatcher.handle

    async def watched(who: Any, event: Any, **more: Any) -> Any:
        taken.append(event)
        return await handle(who, event, **more)

    monkeypatch.setattr(hall.deps.dispatcher, "handle", watched)
    await people["Agathe"].start("ABCD1234EFGH")
    await people["Agathe"].start()
    assert taken == [CommandCall("rdv", "lier ABCD1234EFGH"), Greeting("private")]


async def test_a_stranger_is_told_whom_to_ask_once_for_each_update(hall: Hall, telegram: FakeTelegram) -> None:
    stranger = Person(hall, telegram, 4242, "Inconnu")
    telegram.started.add(4242)
    await stranger.say("/agenda")
    assert "Odile" in stranger.newest.text
    await stranger.say("bonjour")
    assert len(stranger.screen) == 2


async def test_who_has_left_is_a_stranger(hall: Hall, people: dict[str, Person]) -> None:
    def leave(tx: Transaction) -> None:
        worker = tx.people.worker_by_handle("ecoute")
        assert worker is not None
        tx.people.save_worker(replace(worker, active=False))

    await hall.deps.db.write(leave)
    await people["ecoute"].say("/agenda")
    assert "Odile" in people["ecoute"].newest.text


@pytest.mark.parametrize("kind", ["document", "voice", "video", "photo"])
async def test_a_file_that_nobody_asked_for_is_answered(people: dict[str, Person], kind: str) -> None:
    update = said("")
    file = {"file_id": "f1", "file_unique_id": "u1"}
    del update["message"]["text"]
    update["message"] |= {kind: [file] if kind == "photo" else file, "caption": "/rdv"}
    await people["Agathe"].deliver(update, again=True)
    assert len(people["Agathe"].screen) == 1
