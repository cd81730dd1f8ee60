"""Pictures: uploaded after the answer, once, for one person alone; in words when Slack does not take them."""

from typing import Any

import pytest

from bot.slack.files import NAME
from handlers import ui
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import Message
from tests.bot.slack.fake_files import PNG
from tests.bot.slack.pictured import AGATHE, FAULTS, WORDS, answer, card, drawing, images, met, uploads
from tests.bot.slack.screen import text_of


async def test_a_command_is_acknowledged_at_once_and_its_picture_follows(office: Office) -> None:
    person = await met(office)
    answer(office, ui.Reply(card(drawing())))
    gate = office.slack.hold("files.getUploadURLExternal")
    await person.command("/rdv agenda")
    before = len(office.screen("Agathe"))
    gate.set()
    await office.answered()

    (file,) = office.slack.files.stored.values()
    assert before == 1
    assert images(office.newest("Agathe")) == [file.id]
    assert office.newest("Agathe").only_for == "U0AGATHE"
    assert WORDS in office.reads("Agathe")
    assert office.newest("Agathe").text == "Agenda"
    assert (file.content.startswith(PNG), file.channels, file.name) == (True, [], NAME)


async def test_an_unchanged_picture_is_uploaded_once(office: Office) -> None:
    person = await met(office)
    answer(
        office,
        ui.Reply(card(drawing())),
        ui.Reply(card(drawing(words="Autrement dit"), title="Encore")),
        ui.Reply(card(drawing(wide=20))),
    )
    for count in (1, 1, 2):
        await person.command("/rdv agenda")
        await office.answered()
        assert uploads(office) == count
    shown = [images(message) for message in office.screen("Agathe")[-3:]]
    assert shown[0] == shown[1] != shown[2]


async def test_a_picture_that_slack_still_reads_is_waited_for(office: Office) -> None:
    person = await met(office)
    office.slack.files.unread = 3
    answer(office, ui.Reply(card(drawing())))
    await person.command("/rdv agenda")
    await office.answered()

    assert len(office.screen("Agathe")) == 2
    assert images(office.newest("Agathe"))
    assert office.newest("Agathe").only_for == "U0AGATHE"


async def test_words_are_shown_for_a_picture_that_slack_never_reads(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await met(office)
    office.slack.files.unread = 99
    answer(office, ui.Reply(card(drawing())))
    await person.command("/rdv agenda")
    await office.answered()

    assert WORDS in office.reads("Agathe")
    assert images(office.newest("Agathe")) == []
    logged = capsys.readouterr().out
    assert "slack_picture_not_read" in logged
    assert "Gisèle" not in logged
    office.slack.files.unread = 0
    await person.command("/rdv agenda")
    await office.answered()
    assert images(office.newest("Agathe"))
    assert uploads(office) == 2


@pytest.mark.parametrize("reason", FAULTS)
async def test_words_are_shown_for_a_picture_that_cannot_be_uploaded(
    office: Office, reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await met(office)
    if reason == "TimeoutError":
        monkeypatch.setattr("bot.slack.files.PATIENCE", 0.05)
    FAULTS[reason](office)
    answer(office, ui.Reply(card(drawing())))
    await person.command("/rdv agenda")
    await office.answered()

    assert WORDS in office.reads("Agathe")
    assert images(office.newest("Agathe")) == []
    logged = capsys.readouterr().out
    assert "slack_picture_not_uploaded" in logged
    assert reason in logged
    assert "Gisèle" not in logged
    assert "/upload/" not in logged


async def test_words_are_shown_for_what_cannot_be_drawn(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    person = await met(office)
    answer(office, ui.Reply(card(ui.Picture("<svg><blink>Gisèle</blink></svg>", WORDS))))
    await person.command("/rdv agenda")
    await office.answered()

    assert WORDS in office.reads("Agathe")
    logged = capsys.readouterr().out
    assert "Unsupported" in logged
    assert "Gisèle" not in logged


async def test_long_words_follow_their_picture_whole(office: Office) -> None:
    person = await met(office)
    words = "Agenda de seforme\n" + "mardi 27 janvier 10:00 – 12:00, Gembloux\n" * 100
    answer(office, ui.Reply(card(drawing(words=words))))
    await person.command("/rdv agenda")
    await office.answered()

    message = office.newest("Agathe")
    image = next(b for b in message.blocks if b["type"] == "image")
    assert image["alt_text"] == "Agenda de seforme"
    assert text_of([b for b in message.blocks if b["type"] != "image"]).count("Gembloux") == 100


async def test_a_picture_is_for_who_asked_even_in_a_channel(office: Office) -> None:
    await met(office)
    answer(office, ui.Reply(card(drawing())))
    await office["Agathe"].command("/rdv agenda", channel="C0TEAM")
    await office.answered()
    office.slack.fail("response_url", "used_url", status=404)
    await office["Agathe"].command("/rdv agenda", channel="C0TEAM")
    await office.answered()
    await office["Agathe"].send_event({"type": "app_mention", "text": "<@U0BOT> agenda"}, channel="C0TEAM")
    await office.answered()

    shown = office.screen("Agathe", "C0TEAM")
    assert [bool(images(m)) for m in shown] == [True, True, True]
    assert {m.only_for for m in shown} == {"U0AGATHE"}


async def test_a_message_to_the_bot_is_answered_with_a_picture(office: Office) -> None:
    person = await met(office)
    answer(office, ui.Reply(card(drawing())))
    await person.say("agenda")
    await office.answered()

    assert images(office.newest("Agathe"))


async def test_another_picture_takes_the_place_of_the_first(office: Office) -> None:
    person = await met(office)
    again = ui.Button(ui.ActionRef("agenda", "1"), "Suivant")
    first = ui.Card("Agenda", (drawing(),), (again,), neutral="Agenda")
    answer(office, ui.Reply(first), ui.ReplaceCard(card(drawing(wide=20, words="La suite"))))
    await person.command("/rdv agenda")
    await office.answered()
    count, before = len(office.screen("Agathe")), images(office.newest("Agathe"))
    office.slack.files.unread = 2
    await person.click(office.newest("Agathe"), "Suivant")
    await office.answered()

    assert len(office.screen("Agathe")) == count
    assert images(office.newest("Agathe")) not in ([], before)
    assert "La suite" in office.reads("Agathe")


async def test_a_message_for_everybody_stays_as_it_is(office: Office) -> None:
    person = await met(office)
    blocks = [{"type": "actions", "elements": [button_of("Agenda")]}]
    public = Message("C0TEAM", "1.1", "Bonjour", blocks)
    office.slack.messages.append(public)
    answer(office, ui.ReplaceCard(card(drawing())))
    await person.click(public, "Agenda")
    await office.answered()

    assert public.blocks == blocks
    assert office.newest("Agathe", "C0TEAM").only_for == "U0AGATHE"
    assert images(office.newest("Agathe", "C0TEAM"))


def button_of(label: str) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": "0|agenda:1",
        "value": "agenda:1",
        "text": {"type": "plain_text", "text": label, "emoji": False},
    }


async def test_a_card_that_is_sent_and_replaced_carries_its_picture(office: Office) -> None:
    send = office.platform.messenger
    posted = await send.post(AGATHE, card(drawing()))
    first = images(office.newest("Agathe"))
    assert await send.replace(AGATHE, posted, card(drawing(wide=20))) == posted
    second = images(office.newest("Agathe"))
    office.slack.files.unread = 99
    await send.replace(AGATHE, posted, card(drawing(wide=30)))

    assert len({*first, *second}) == 2
    assert images(office.newest("Agathe")) == []
    assert WORDS in office.reads("Agathe")
