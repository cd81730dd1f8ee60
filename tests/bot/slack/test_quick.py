"""Quick booking in Slack, over signed HTTP and over Socket Mode."""

from collections.abc import Awaitable, Callable

import pytest

from tests.bot.slack.conftest import Office
from tests.bot.slack.driver import SlackChat
from tests.scenarios import quick
from tests.scenarios.chat import Chat, newest

SOCKET = pytest.param("socket", marks=pytest.mark.slow)
BOTH = pytest.mark.parametrize("office", ["http", SOCKET], indirect=True)


@BOTH
@pytest.mark.parametrize("scenario", [quick.in_french, quick.in_english, quick.unclear, quick.not_free])
async def test_an_appointment_in_words(office: Office, scenario: Callable[[Chat], Awaitable[None]]) -> None:
    await scenario(SlackChat(office))
    assert len(office.slack.called("views.open")) == 1
    assert not [c for c in office.slack.calls if c.method == "chat.postMessage" and "LAFRAISE" in c.arguments["text"]]


@pytest.mark.parametrize("words", ["@x{n}", "pas{n} le", "pour {n} et", "9999{n}"])
async def test_words_without_end_fit_a_modal(office: Office, words: str) -> None:
    chat = SlackChat(office)
    typed = " ".join(words.format(n=n) for n in range(1, 150))
    await chat.command("Agathe", f"/rdv demain {typed}")
    assert "Création du rendez-vous" in await chat.form("Agathe")


async def test_a_message_in_words_is_answered_by_a_button_that_opens_the_form(office: Office) -> None:
    chat = SlackChat(office)
    await chat.command("Agathe", "rdv demain 10h-12h @seforme pour 1285")
    assert "Slack n’ouvre un formulaire que sur un clic." in await newest(chat, "Agathe", "Création du rendez-vous")
    await chat.click("Agathe", "Ouvrir le formulaire")
    assert "mercredi 21 janvier 2026, 10:00 – 12:00" in await chat.form("Agathe")
    await chat.submit("Agathe")
    await chat.settle()
    assert "21/01/2026 10:00 – 12:00" in await newest(chat, "seforme", "parcours n° 1285")
