"""First openings, words typed to the bot, mentions and channels: a helpful card each time, and no name in a channel."""

import pytest

from tests.bot.slack.client import event_body
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import BOT_USER
from tests.bot.slack.screen import text_of


async def test_the_first_opening_is_greeted_once(office: Office) -> None:
    for _ in range(3):
        await office["Agathe"].send_event({"type": "app_home_opened", "tab": "messages"})
        await office.answered()
    assert len(office.screen("Agathe")) == 1
    assert "Prendre rendez-vous" in office.reads("Agathe")


async def test_a_stranger_is_refused_once_and_greeted_when_he_is_known(office: Office) -> None:
    office.slack.users["U0AGATHE"]["is_email_confirmed"] = False
    for _ in range(2):
        await office["Agathe"].send_event({"type": "app_home_opened", "tab": "messages"})
        await office.answered()
    assert len(office.screen("Agathe")) == 1
    office.slack.users["U0AGATHE"]["is_email_confirmed"] = True
    await office["Agathe"].send_event({"type": "app_home_opened", "tab": "messages"})
    await office.answered()
    assert "Prendre rendez-vous" in office.reads("Agathe")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("bonjour", "Prendre rendez-vous"),
        ("aide", "Prendre rendez-vous"),
        ("1285", "Sociale > Logement"),
        ("quelque chose", "Je ne comprends pas « quelque chose »"),
        ("parcours 9999", "9999"),
        ("<!channel> *gras* & <b>", "Je ne comprends pas « <!channel> *gras* & <b> »"),
        ("x" * 10_000, "Je ne comprends pas"),
        ("", "Prendre rendez-vous"),
    ],
)
async def test_words_typed_to_the_bot(office: Office, typed: str, said: str) -> None:
    await office["Agathe"].say(typed)
    await office.answered()
    assert said in office.reads("Agathe")
    assert len(office.screen("Agathe")) == 1


async def test_slacks_own_markup_is_read_as_it_was_typed(office: Office) -> None:
    text = "<@U0SEFORME|seforme> <#C1|equipe> <https://example.org|example.org> <mailto:a@b.be|a@b.be> <!here>"
    await office["Agathe"].send_event({"type": "message", "channel_type": "im", "text": text})
    await office.answered()
    assert "@seforme #equipe example.org a@b.be @here" in office.reads("Agathe")


@pytest.mark.parametrize("text", ["aide", "<!channel> & *gras*", "9999"])
async def test_a_command_with_anything_behind_it(office: Office, text: str) -> None:
    await office["Agathe"].command(f"/parcours {text}")
    await office.answered()
    assert len(office.screen("Agathe")) == 1
    assert office.newest("Agathe").only_for == "U0AGATHE"


async def test_a_file_is_neither_read_nor_kept(office: Office) -> None:
    files = [{"id": "F1", "name": "papiers.pdf"}]
    await office["Agathe"].send_event(
        {"type": "message", "channel_type": "im", "subtype": "file_share", "text": "", "files": files}
    )
    await office.answered()
    assert "fichier" in office.reads("Agathe")


async def test_a_mention_is_answered_to_that_person_alone(office: Office) -> None:
    await office["Agathe"].send_event({"type": "app_mention", "text": f"<@{BOT_USER}> parcours 1285"}, channel="C0TEAM")
    await office.answered()
    (message,) = office.screen("Agathe", "C0TEAM")
    assert message.only_for == "U0AGATHE"
    assert office.screen("seforme", "C0TEAM") == []
    assert "LAFRAISE" not in message.text


@pytest.mark.parametrize("inviter", ["U0AGATHE", "U0NOBODY", ""])
async def test_joining_a_channel_says_hello_to_everybody_without_a_name(office: Office, inviter: str) -> None:
    await office.book()
    event = {"type": "member_joined_channel", "user": BOT_USER, "channel": "C0TEAM", "inviter": inviter}
    body = event_body(event)
    for _ in range(2):
        await office.line.event(body)
        await office.answered()
    (message,) = office.screen("seforme", "C0TEAM")
    assert message.only_for == ""
    assert "Bonjour" in text_of(message.blocks)
    assert "LAFRAISE" not in text_of(message.blocks)


async def test_no_name_reaches_a_notification(office: Office) -> None:
    await office.book()
    await office.settle(days=6, hours=2)
    assert len(office.slack.messages) > 3
    assert [m.text for m in office.slack.messages if "LAFRAISE" in m.text or "Gisèle" in m.text] == []
