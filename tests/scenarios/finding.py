"""Finding a time and booking it, and asking a colleague to open one, on any platform."""

from tests.scenarios.chat import Chat, newest

WORKER = "(Travailleur-euse social) (Principal)"


async def find_and_book(chat: Chat) -> None:
    """Agathe finds a time with seforme, at which ecoute may be missing; the booking form follows in its place."""
    await chat.command("Agathe", "/rdv trouver @seforme semaine prochaine")
    form = await chat.form("Agathe")
    for said in ("Trouver un moment", f"seforme {WORKER}", "La semaine prochaine", "Tous libres"):
        assert said in form
    await chat.choose("Agathe", "Présence facultative", "ecoute")
    await chat.choose("Agathe", "Durée", "01:30")
    await chat.choose("Agathe", "Propositions", "lun. 26 janvier 10:30 – 12:00")
    await chat.submit("Agathe")

    form = await chat.form("Agathe")
    assert "Trouver un moment" not in form
    for said in ("Création du rendez-vous", f"seforme {WORKER}", f"ecoute {WORKER}", "10:30 – 12:00"):
        assert said in form
    await chat.choose("Agathe", "Parcours", "1285")
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()
    card = await newest(chat, "ecoute", "Que répondez-vous")
    assert "26/01/2026 10:30 – 12:00" in card
    assert f"ecoute {WORKER} (facultatif) – pas encore de réponse" in card


async def ask_to_open(chat: Chat) -> None:
    """Agathe asks seforme to open an evening hour; his one click opens it and books."""
    await chat.command("Agathe", "/parcours 1285")
    await chat.click("Agathe", "Créer pour le référent")
    await chat.choose("Agathe", "Créneau horaire", "Autre moment…")
    await chat.write("Agathe", "Jour", "2026-01-27")
    await chat.write("Agathe", "De", "18:00")
    await chat.write("Agathe", "À", "19:00")
    assert "en dehors des disponibilités" in await chat.form("Agathe")
    await chat.submit("Agathe")
    await chat.choose("Agathe", "Que faire à la place ?", "Demander à seforme d’ouvrir ce créneau")
    assert "Envoyer la demande" in await chat.form("Agathe")
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()
    assert "La demande d’ouvrir ce créneau est envoyée à seforme" in await newest(chat, "Agathe", "demande")

    question = await newest(chat, "seforme", "Ouvrir le mardi 27 janvier 2026, 18:00 – 19:00")
    for said in ("mardi 27 janvier 2026", "Agathe vous demande d’ouvrir ce créneau", "Gisèle LAFRAISE (26 ans)"):
        assert said in question
    assert await chat.buttons("seforme", "Ouvrir le mardi") == ["Ouvrir et réserver", "Refuser"]
    await chat.click("seforme", "Ouvrir et réserver")
    await chat.settle()
    card = await newest(chat, "seforme", "Ouvrir le mardi 27 janvier 2026, 18:00 – 19:00")
    assert "Vous avez ouvert ce créneau" in card
    assert await chat.buttons("seforme", "Ouvrir le mardi") == ["Afficher le rendez-vous"]
    assert "27/01/2026 18:00 – 19:00" in await newest(chat, "Agathe", "Modifier ou déplacer")
