"""Rule 9: what is sent goes out neutral, with "Afficher"; that click, after the rights check, edits the names in."""

import pytest

from core.appointments import Answer
from core.ports import Transaction
from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS
from tests.bot.telegram.fake_api import FakeTelegram
from tests.hall import Hall

NAME = "LAFRAISE"
SHOW = "Afficher"


async def test_an_invitation_names_nobody_until_it_is_shown(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    await hall.book()
    ecoute = people["ecoute"]
    (card,) = ecoute.screen
    assert not card.silent
    assert NAME not in str(telegram.called("sendMessage"))
    assert "1285" in card.text
    assert {SHOW, "Accepter", "Refuser"} <= set(card.labels)
    await ecoute.press(card, SHOW)
    assert ecoute.screen == [card]
    assert NAME in card.text
    assert SHOW not in card.labels


async def test_a_copy_that_is_hidden_stays_so_when_it_is_refreshed_and_a_shown_one_shows_all(
    hall: Hall, people: dict[str, Person]
) -> None:
    await hall.book()
    ecoute, agathe = people["ecoute"], people["Agathe"]
    hers = agathe.newest
    await agathe.press(hers, SHOW)
    assert NAME in hers.text
    await ecoute.press(ecoute.newest, "Accepter")
    await hall.settle(minutes=1)
    (his,) = ecoute.screen
    assert NAME not in his.text
    assert SHOW in his.labels
    assert "Accepter" not in his.labels
    assert NAME in hers.text
    assert "accepté" in hers.text
    await ecoute.press(his, SHOW)
    assert "Votre réponse : accepté." in " ".join(his.text.split())
    await ecoute.press(his, "Refuser")
    await hall.settle(minutes=1)
    assert NAME in his.text


async def test_a_notice_is_hidden_too_and_tells_all_when_it_is_shown(hall: Hall, people: dict[str, Person]) -> None:
    appointment = await hall.book()
    await people["ecoute"].press(people["ecoute"].newest, "Accepter")
    await hall.settle(minutes=1)
    notice = people["Agathe"].newest
    assert NAME not in notice.text
    assert not notice.silent
    await people["Agathe"].press(notice, SHOW)
    assert NAME in notice.text
    answers = await hall.deps.db.read(lambda tx: tx.appointments.answers(appointment.id))
    assert [answer for _, answer, _ in answers] == [Answer.ACCEPTED]


async def test_somebody_else_shows_nothing(hall: Hall, people: dict[str, Person]) -> None:
    await hall.book()
    ecoute, agathe = people["ecoute"], people["Agathe"]
    await ecoute.press(ecoute.newest, "Accepter")
    await hall.settle(minutes=1)
    notice = agathe.newest
    await ecoute.press(notice, SHOW)
    assert NAME not in notice.text
    assert "⛔" in ecoute.newest.text


async def test_who_has_left_shows_nothing(hall: Hall, people: dict[str, Person]) -> None:
    await hall.book()
    card = people["ecoute"].newest

    def unlink(tx: Transaction) -> None:
        found = tx.accounts.find("telegram", "telegram", str(IDS["ecoute"]))
        assert found is not None
        tx.accounts.unlink(found[0])

    await hall.deps.db.write(unlink)
    await people["ecoute"].press(card, SHOW)
    assert NAME not in card.text


async def test_a_card_whose_message_was_deleted_comes_anew_and_hidden(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    await hall.book()
    telegram.shown.clear()
    await people["ecoute"].say("/invitations")
    await people["ecoute"].press(people["ecoute"].newest, "Accepter")
    await hall.settle(minutes=1)
    fresh = [m for m in people["ecoute"].screen if SHOW in m.labels]
    assert len(fresh) == 1
    assert NAME not in fresh[0].text


async def test_what_somebody_asks_for_is_whole_and_silent(people: dict[str, Person]) -> None:
    await people["Agathe"].say("/parcours 1285")
    assert NAME in people["Agathe"].newest.text
    assert people["Agathe"].newest.silent


@pytest.mark.parametrize("who", ["Agathe", "seforme", "ecoute"])
async def test_nothing_that_notifies_holds_a_name(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person], who: str
) -> None:
    await hall.book()
    await people["ecoute"].press(people["ecoute"].newest, "Refuser")
    await hall.settle(days=6)
    loud = [a for a in telegram.called("sendMessage") if not a.get("disable_notification")]
    assert any(int(a["chat_id"]) == IDS[who] for a in loud)
    assert all(NAME not in a["text"] and "Gisèle" not in a["text"] for a in loud)
