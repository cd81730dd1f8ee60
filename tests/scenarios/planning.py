"""One's own availability on any platform: a range and an absence in words, and what falls in it handed over."""

from tests.scenarios.chat import Chat, newest
from tests.scenarios.guide import WORKER


async def plan(chat: Chat) -> None:
    """Seforme adds a range in words, moves one of its days, and reads the list."""
    await chat.command("seforme", "/dispo lundi 18h-20h Gembloux chaque semaine jusqu'au 30/06")
    form = await chat.form("seforme")
    assert "Nouvelle plage" in form
    await chat.submit("seforme")
    assert await chat.form("seforme") == ""
    series = "Chaque lundi, 18:00 – 20:00, Gembloux (Implantations), jusqu’au 30/06/2026"
    assert series in await newest(chat, "seforme", "Vos disponibilités sont enregistrées.")

    await chat.click("seforme", "Modifier", about=series)
    await chat.write("seforme", "Quel jour de la série ?", "2026-02-02")
    await chat.write("seforme", "De", "19:00")
    await chat.submit("seforme")
    card = await newest(chat, "seforme", "Sauf le 02/02/2026")
    assert "Lundi 2 février 2026, 19:00 – 20:00, Gembloux (Implantations)" in card


async def hand_over(chat: Chat) -> None:
    """After `guide.walk`: seforme is away on that day; the form that follows gives the appointment to Agathe."""
    await chat.command("seforme", "/dispo congé du 26/01 au 30/01")
    assert "Nouvelle absence" in await chat.form("seforme")
    await chat.submit("seforme")
    form = await chat.form("seforme")
    for said in ("Rendez-vous concernés", "Absence enregistrée. Congé : 26/01/2026 – 30/01/2026", "parcours n° 1285"):
        assert said in form
    assert "Nouvelle absence" not in form
    await chat.choose(
        "seforme", "Que faire de ceux qui sont cochés ?", "Déplacer au premier créneau libre après l’absence"
    )
    assert "02/02/2026 09:00 – 11:00, Gembloux (Implantations)" in await chat.form("seforme")
    await chat.choose("seforme", "Que faire de ceux qui sont cochés ?", "Confier à un·e collègue")
    await chat.choose("seforme", "Collègue", "Agathe")
    await chat.submit("seforme")
    await chat.settle()
    assert await chat.form("seforme") == ""
    assert "confié à Agathe." in await newest(chat, "seforme", "C’est fait")
    assert f"Agathe {WORKER}" in await newest(chat, "Agathe", "Rendez-vous – parcours n° 1285")
