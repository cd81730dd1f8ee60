"""The walk through the guide, steps 1 to 9, on any platform: the guide's people, their case, two appointments."""

from tests.scenarios.chat import Chat, newest

TITLE = "Rendez-vous – parcours n° 1285"
WHEN = "26/01/2026 10:00 – 12:00"
WORKER = "(Travailleur-euse social) (Principal)"
AGENDA = "Afficher dans l’agenda : {name} " + WORKER


async def walk(chat: Chat) -> None:
    """Agathe books in seforme's agenda and invites ecoute, who answers; everybody's cards follow."""
    await _open_the_case(chat)
    await _book(chat)
    await _the_cards_are_there(chat)
    await _answer(chat)
    await _the_case_lists_it(chat)


async def _open_the_case(chat: Chat) -> None:
    """Steps 1 and 2: the header of the case, and the two ways to add an appointment."""
    await chat.command("Agathe", "/parcours 1285")
    case = await newest(chat, "Agathe", "n° 1285")
    for said in ("Gisèle LAFRAISE (26 ans)", "régulier", "Sociale > Logement", f"seforme {WORKER}"):
        assert said in case
    assert "Pas encore de rendez-vous dans ce parcours." in case
    assert await chat.buttons("Agathe", "Pas encore de rendez-vous") == ["Créer", "Créer pour le référent"]


async def _book(chat: Chat) -> None:
    """Steps 3 to 7: main worker, concerned parties, place, slot, and whose agendas show."""
    await chat.click("Agathe", "Créer pour le référent")
    form = await chat.form("Agathe")
    assert "Création du rendez-vous" in form
    assert "Parcours n° 1285 – Gisèle LAFRAISE (26 ans)" in form
    assert f"seforme {WORKER}" in form
    assert AGENDA.format(name="seforme") in form
    assert AGENDA.format(name="ecoute") not in form

    await chat.choose("Agathe", "Autres parties concernées", "ECOUTÉ")
    assert AGENDA.format(name="ecoute") in await chat.form("Agathe")
    await chat.choose("Agathe", "Localisation", "Gembloux (Implantations)")
    await chat.choose("Agathe", "Durée", "02:00")
    await chat.choose("Agathe", "Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    form = await chat.form("Agathe")
    assert "lun. 26 janvier" in form
    await chat.write("Agathe", "Commentaire", "Apporter <b>les</b> *papiers* & <!channel> :smile:")
    await chat.choose("Agathe", AGENDA.format(name="ecoute"), "Agenda externe")
    await chat.choose("Agathe", "Créneau horaire", "10:00 – 12:00")
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()


async def create_a_place(chat: Chat) -> None:
    """Step 5: a new place is created above the booking form, which comes back with it chosen and the rest as it was."""
    await chat.command("Agathe", "/parcours 1285")
    await chat.click("Agathe", "Créer pour le référent")
    await chat.choose("Agathe", "Durée", "02:15")
    await chat.write("Agathe", "Commentaire", "Au rez-de-chaussée")
    await chat.choose("Agathe", "Localisation", "Créer une nouvelle localisation…")
    form = await chat.form("Agathe")
    assert "Nouvelle localisation" in form
    assert "Création du rendez-vous" not in form
    await chat.write("Agathe", "Nom de la nouvelle localisation", "Namur")
    await chat.write("Agathe", "Type de la nouvelle localisation", "Implantations")
    await chat.submit("Agathe")
    assert "Création du rendez-vous" in await chat.form("Agathe")
    await chat.choose("Agathe", "Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    await chat.choose("Agathe", "Créneau horaire", "10:00 – 12:15")
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()
    card = await newest(chat, "Agathe", TITLE)
    for said in ("Namur (Implantations)", "26/01/2026 10:00 – 12:15", "Au rez-de-chaussée"):
        assert said in card


async def _the_cards_are_there(chat: Chat) -> None:
    """Step 8, and the cards by direct message: one asks, the others only show."""
    assert f"Rendez-vous créé : {WHEN}." in await newest(chat, "Agathe", "Rendez-vous créé")
    for who in ("Agathe", "seforme", "ecoute"):
        card = await newest(chat, who, TITLE)
        for said in (WHEN, "02:00", f"seforme {WORKER}", "Gisèle LAFRAISE (26 ans)", "Gembloux (Implantations)"):
            assert said in card
        assert "Apporter <b>les</b> *papiers* & <!channel> :smile:" in card
        assert f"ecoute {WORKER} – pas encore de réponse" in card
    changes = ["Modifier ou déplacer", "Réattribuer", "Annuler", "Supprimer"]
    assert await _offered(chat, "Agathe") == changes
    assert await _offered(chat, "seforme") == changes
    assert "Que répondez-vous" in await newest(chat, "ecoute", TITLE)
    assert await _offered(chat, "ecoute") == ["Accepter", "Refuser", "Accepter provisoirement"]

    await chat.command("ecoute", "/invitations")
    waiting = await newest(chat, "ecoute", "Mes invitations (1)")
    for said in (WHEN, "02:00", f"seforme {WORKER}", "Gisèle LAFRAISE (26 ans)", "Gembloux (Implantations)"):
        assert said in waiting


async def _offered(chat: Chat, who: str) -> list[str]:
    """Return the buttons of the appointment's card, without the one that is there only where there are channels."""
    return [label for label in await chat.buttons(who, TITLE) if label != "Partager dans un canal"]


async def _answer(chat: Chat) -> None:
    """Step 9: the whole appointment, the three answers; every copy of the card is updated in place."""
    await chat.click("ecoute", "Ouvrir", about="Mes invitations (1)")
    await chat.settle()
    before = {who: len(await chat.cards(who)) for who in ("Agathe", "seforme", "ecoute")}
    await chat.click("ecoute", "Accepter", about=TITLE)
    await chat.settle()

    copies = [card for card in await chat.cards("ecoute") if TITLE in card and "Date" in card]
    assert len(copies) == 2
    for card in copies:
        assert "Votre réponse : accepté." in card
    assert {"Refuser", "Accepter provisoirement"} <= set(await chat.buttons("ecoute", TITLE))
    assert "Accepter" not in await chat.buttons("ecoute", TITLE)
    assert len(await chat.cards("ecoute")) == before["ecoute"]
    assert f"ecoute {WORKER} – accepté" in await newest(chat, "seforme", "Modifier ou déplacer")
    assert f"ecoute {WORKER} – accepté" in await newest(chat, "Agathe", "Modifier ou déplacer")
    assert len(await chat.cards("seforme")) == before["seforme"]
    told = (await chat.cards("Agathe"))[before["Agathe"] :]
    assert len(told) == 1
    assert "ecoute accepte l’invitation." in told[0]

    await chat.command("ecoute", "/invitations")
    assert "Aucune invitation n’attend votre réponse." in await newest(chat, "ecoute", "Mes invitations (0)")


async def _the_case_lists_it(chat: Chat) -> None:
    """Step 2 again: date, from-to, main worker, duration, clients, place."""
    await chat.command("Agathe", "/parcours 1285")
    case = await newest(chat, "Agathe", "Sociale > Logement")
    for said in (WHEN, f"seforme {WORKER}", "Durée : 02:00", "Gembloux (Implantations)"):
        assert said in case


async def remind(chat: Chat) -> None:
    """After `walk`: the reminder of the day before reaches those who come, and names the time that is left."""
    counts = {who: len(await chat.cards(who)) for who in ("Agathe", "seforme", "ecoute")}
    await chat.settle(days=5, hours=1, minutes=1)
    for who in ("seforme", "ecoute"):
        fresh = (await chat.cards(who))[counts[who] :]
        assert len(fresh) == 1
        assert "24 heures" in fresh[0]
        assert "Gisèle LAFRAISE" in fresh[0]
    assert len(await chat.cards("Agathe")) == counts["Agathe"]


async def move_and_cancel(chat: Chat) -> None:
    """After `walk`: a new time asks again; a cancellation tells everybody, once it can no longer be taken back."""
    await chat.click("Agathe", "Modifier ou déplacer")
    assert "Modifier le rendez-vous" in await chat.form("Agathe")
    await chat.write("Agathe", "Commentaire", "Déplacé")
    await chat.choose("Agathe", "Créneau horaire", "Autre moment…")
    await chat.write("Agathe", "Jour", "2026-01-28")
    await chat.write("Agathe", "De", "14:15")
    await chat.write("Agathe", "À", "16:30")
    await chat.submit("Agathe")
    await chat.settle()
    card = await newest(chat, "ecoute", "Que répondez-vous")
    assert "28/01/2026 14:15 – 16:30" in card
    assert "02:15" in card

    await chat.click("Agathe", "Annuler")
    await chat.write("Agathe", "Motif", "Madame est malade")
    await chat.submit("Agathe")
    await chat.settle(minutes=1)
    for who in ("seforme", "ecoute"):
        assert "Madame est malade" in await newest(chat, who, "annulé")
    assert await chat.buttons("ecoute", TITLE) == []
