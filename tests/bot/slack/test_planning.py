"""One's own availability in Slack, over signed HTTP and over Socket Mode."""

import pytest

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import guide, planning
from tests.scenarios.chat import newest

SOCKET = pytest.param("socket", marks=pytest.mark.slow)
BOTH = pytest.mark.parametrize("office", ["http", SOCKET], indirect=True)


async def test_planning(office: Office) -> None:
    await planning.plan(SlackChat(office))
    assert len(office.slack.called("views.open")) == 2


async def test_a_message_in_words_is_answered_by_a_button_that_opens_the_form(office: Office) -> None:
    chat = SlackChat(office)
    await chat.command("seforme", "dispo mardi 3/2 9h-12h Gembloux")
    assert "Slack n’ouvre un formulaire que sur un clic." in await newest(chat, "seforme", "Nouvelle plage")
    await chat.click("seforme", "Ouvrir le formulaire")
    assert office["seforme"].filled_in("De")["selected_time"] == "09:00"
    assert office["seforme"].filled_in("Jour")["selected_date"] == "2026-02-03"
    await chat.submit("seforme")
    assert "Mardi 3 février 2026" in await newest(chat, "seforme", "Vos disponibilités sont enregistrées.")


async def test_words_that_a_button_does_not_hold_are_given_back(office: Office) -> None:
    chat = SlackChat(office)
    words = "lundi 9h-12h Gembloux chaque semaine jusqu’au 30/06/2026, sauf imprévu"
    await chat.command("seforme", f"dispo {words}")
    assert f"/dispo {words}" in await newest(chat, "seforme", "Nouvelle plage")
    await chat.click("seforme", "Ouvrir le formulaire")
    assert "Mes disponibilités" in (await chat.cards("seforme"))[-1]


@BOTH
async def test_an_absence_is_followed_by_another_form_in_its_place(office: Office) -> None:
    chat = SlackChat(office)
    await guide.walk(chat)
    opened = len(office.slack.called("views.open"))
    await planning.hand_over(chat)
    assert len(office.slack.called("views.open")) == opened + 1  # the second form took the place of the first
    assert not [c for c in office.slack.calls if c.method == "chat.postMessage" and "LAFRAISE" in c.arguments["text"]]
