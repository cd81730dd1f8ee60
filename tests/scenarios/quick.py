"""Quick booking in words, on any platform: the form opens filled in; what is unclear is asked."""

from tests.scenarios.chat import Chat, newest

WORKER = "(Travailleur-euse social) (Principal)"
TITLE = "Rendez-vous – parcours n° 1285"


async def in_french(chat: Chat) -> None:
    """Agathe books in ecoute's agenda with one line; the form is there to be confirmed."""
    await chat.command("Agathe", "/rdv demain 14h15-16h30 @ecoute pour 1285 à Gembloux")
    form = await chat.form("Agathe")
    understood = "mercredi 21 janvier 2026, 14:15 – 16:30 · ecoute · Parcours n° 1285 · Gembloux (Implantations)"
    for said in ("Création du rendez-vous", understood, f"ecoute {WORKER}", "Gisèle LAFRAISE (26 ans)"):
        assert said in form
    assert "Pourquoi pas" not in form
    await _confirm(chat)
    for who in ("Agathe", "ecoute"):
        card = await newest(chat, who, TITLE)
        for said in ("21/01/2026 14:15 – 16:30", "02:15", f"ecoute {WORKER}", "Gembloux (Implantations)"):
            assert said in card


async def in_english(chat: Chat) -> None:
    """English words do as well; the second one who is named is invited."""
    await chat.command("Agathe", "/rdv next tuesday 10am for 2h with @seforme, @ecoute case 1285")
    assert "mardi 27 janvier 2026, 10:00 – 12:00 · seforme, ecoute · Parcours n° 1285" in await chat.form("Agathe")
    await _confirm(chat)
    card = await newest(chat, "ecoute", "Que répondez-vous")
    for said in ("27/01/2026 10:00 – 12:00", f"seforme {WORKER}"):
        assert said in card


async def unclear(chat: Chat) -> None:
    """A part of the day is no time, and a name of nobody is nobody: both are asked, and nothing is chosen."""
    await chat.command("Agathe", "/rdv demain matin @seforme @inconnu bilan pour 1285")
    form = await chat.form("Agathe")
    for said in (
        "mercredi 21 janvier 2026 · le matin · seforme · Parcours n° 1285",
        "Aucun collègue ne répond au nom « @inconnu ».",
        "Je ne comprends pas « bilan ».",
        "À quelle heure de la matinée ? Choisissez un créneau du mercredi 21 janvier 2026.",
        "mer. 21 janvier",
    ):
        assert said in form
    await chat.choose("Agathe", "Créneau horaire", "Autre moment…")
    await chat.write("Agathe", "Jour", "2026-01-21")
    await chat.write("Agathe", "De", "09:30")
    await chat.write("Agathe", "À", "10:30")
    await _confirm(chat)
    assert "21/01/2026 09:30 – 10:30" in await newest(chat, "seforme", TITLE)


async def not_free(chat: Chat) -> None:
    """A time outside the availability is filled in as another time, with the reasons; the ways on follow."""
    await chat.command("Agathe", "/rdv demain 18h-19h @seforme pour 1285")
    form = await chat.form("Agathe")
    for said in (
        "mercredi 21 janvier 2026, 18:00 – 19:00",
        "Pourquoi pas à cette heure ?",
        "en dehors des disponibilités",
    ):
        assert said in form
    await chat.submit("Agathe")
    await chat.choose("Agathe", "Que faire à la place ?", "Demander à seforme d’ouvrir ce créneau")
    await _confirm(chat)
    assert "Ouvrir et réserver" in await chat.buttons("seforme", "Ouvrir le mercredi 21 janvier 2026, 18:00 – 19:00")


async def _confirm(chat: Chat) -> None:
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()
