"""One's own settings on any platform, after `guide.walk`: another language, another clock, other reminders."""

from tests.scenarios.chat import Chat, newest

DAILY = "M’envoyer chaque jour mes rendez-vous du jour"


async def settle_in(chat: Chat) -> None:
    """Seforme chooses in the form that help leads to; the answer, and all that he is told after it, follow."""
    await chat.command("seforme", "aide")
    await chat.click("seforme", "Mes réglages")
    assert "Europe/Brussels – Bruxelles (UTC+01:00)" in await chat.form("seforme")
    await chat.choose("seforme", "Langue", "English")
    await chat.choose("seforme", "Fuseau horaire", "New York")
    await chat.choose("seforme", "Rappels", "2 heures")
    await chat.choose("seforme", DAILY, DAILY)
    await chat.write("seforme", "À quelle heure ?", "06:15")
    await chat.submit("seforme")

    assert await chat.form("seforme") == ""
    saved = await newest(chat, "seforme", "Your settings are saved.")
    for said in ("English", "America/New_York (UTC-05:00)", "2 hours before", "06:15"):
        assert said in saved
    await chat.command("seforme", "help")
    assert "My settings" in await chat.buttons("seforme", "Here you book appointments")
    await chat.settle(days=5, hours=23)  # two hours before, and his only reminder
    assert "26/01/2026 04:00" in await newest(chat, "seforme", "Your appointment is in 2 hours.")
    assert len([card for card in await chat.cards("seforme") if "Your appointment is in" in card]) == 1
