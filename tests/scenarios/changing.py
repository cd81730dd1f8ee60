"""What may change after `guide.walk`, on any platform: another time, another main worker, and what is undone."""

from tests.scenarios.chat import Chat, newest
from tests.scenarios.guide import TITLE, WHEN, WORKER

ANOTHER = "Proposer une autre heure"
FREE = "Heures auxquelles tout le monde est libre"
LATER = "26/01/2026 14:00 – 16:00"


async def change_everything(chat: Chat) -> None:
    """Ecoute declines, proposes another time; Agathe takes it, gives the appointment away, cancels, and undoes it."""
    await _decline_and_undo(chat)
    await _propose(chat)
    await _accept(chat)
    await _reassign(chat)
    await _decline_in_the_list_and_undo(chat)
    await _cancel_and_undo(chat)
    await _delete_and_undo(chat)


async def keep_the_time(chat: Chat) -> None:
    """After `guide.walk`: Agathe keeps the planned time, and ecoute is told; a second click acts on nothing."""
    await chat.click("ecoute", "Refuser", about=TITLE)
    await chat.settle(minutes=1)
    await _propose(chat)
    await chat.click("Agathe", "Garder l’heure prévue")
    await chat.settle()
    assert "Vous gardez l’heure prévue" in await newest(chat, "Agathe", "Autre heure proposée")
    assert await chat.buttons("Agathe", "Autre heure proposée") == ["Afficher le rendez-vous"]
    assert f"Agathe garde l’heure prévue : {WHEN}." in await newest(chat, "ecoute", "L’heure prévue est maintenue")
    assert WHEN in await newest(chat, "seforme", TITLE)


async def _decline_and_undo(chat: Chat) -> None:
    """Within the waiting time a refusal is taken back, and nobody has heard of it; the second time it stays."""
    before = {who: len(await chat.cards(who)) for who in ("Agathe", "seforme")}
    await chat.click("ecoute", "Refuser", about=TITLE)
    await chat.settle()
    assert {"Revenir sur mon refus", ANOTHER} <= set(await chat.buttons("ecoute", TITLE))
    await chat.click("ecoute", "Revenir sur mon refus")
    await chat.settle(minutes=1)
    assert "Votre réponse : accepté." in await newest(chat, "ecoute", TITLE)
    assert ANOTHER not in await chat.buttons("ecoute", TITLE)
    assert {who: len(await chat.cards(who)) for who in before} == before
    await chat.click("ecoute", "Refuser", about=TITLE)
    await chat.settle(minutes=1)
    assert "ecoute refuse l’invitation." in await newest(chat, "Agathe", "Réponse à une invitation")


async def _propose(chat: Chat) -> None:
    """The form offers the times at which everyone is free, by week; the organiser reads both times."""
    await chat.click("ecoute", ANOTHER, about=TITLE)
    form = await chat.form("ecoute")
    for said in (ANOTHER, WHEN, "lun. 26 janvier", "Gembloux (Implantations)"):
        assert said in form
    await chat.choose("ecoute", "Semaine", "Semaine du 02/02/2026 au 08/02/2026")
    assert "lun. 2 février" in await chat.form("ecoute")
    await chat.choose("ecoute", "Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    await chat.choose("ecoute", FREE, "14:00 – 16:00")
    await chat.submit("ecoute")
    assert await chat.form("ecoute") == ""
    await chat.settle()
    assert f"Votre proposition est envoyée à Agathe : {LATER}." in await newest(chat, "ecoute", "proposition")
    question = await newest(chat, "Agathe", "Autre heure proposée")
    for said in (f"ecoute propose une autre heure : {LATER}.", WHEN, "Gisèle LAFRAISE (26 ans)", f"seforme {WORKER}"):
        assert said in question
    decisions = ["Déplacer à cette heure", "Garder l’heure prévue", "Afficher le rendez-vous"]
    assert await chat.buttons("Agathe", "Autre heure proposée") == decisions


async def _accept(chat: Chat) -> None:
    """One click moves it: the invitee is asked again, the main worker told, every card shows the new time."""
    await chat.click("Agathe", "Déplacer à cette heure")
    await chat.settle()
    assert "Vous avez déplacé le rendez-vous à cette heure" in await newest(chat, "Agathe", "Autre heure proposée")
    assert await chat.buttons("Agathe", "Autre heure proposée") == ["Afficher le rendez-vous"]
    asked = await newest(chat, "ecoute", "Que répondez-vous")
    assert LATER in asked
    assert f"ecoute {WORKER} – pas encore de réponse" in asked
    assert "Agathe a déplacé ce rendez-vous." in await newest(chat, "seforme", "Rendez-vous déplacé")
    for who in ("Agathe", "seforme", "ecoute"):
        assert not [card for card in await chat.cards(who) if card.startswith(TITLE) and WHEN in card]
    await chat.click("ecoute", "Accepter", about="Que répondez-vous")
    await chat.settle()


async def _reassign(chat: Chat) -> None:
    """Étienne becomes the main worker: seforme is told, Étienne gets the card, ecoute is asked again."""
    await chat.click("Agathe", "Réattribuer", about=TITLE)
    assert "Nouvel utilisateur principal" in await chat.form("Agathe")
    await chat.choose("Agathe", "Nouvel utilisateur principal", "Etienne")
    assert "Étienne est disponible à ce moment." in await chat.form("Agathe")
    await chat.submit("Agathe")
    assert await chat.form("Agathe") == ""
    await chat.settle()
    assert "confié à Étienne." in await newest(chat, "Agathe", "confié")
    assert "Un rendez-vous du parcours n° 1285" in await newest(chat, "seforme", "ne vous concerne plus")
    for who in ("Agathe", "Étienne", "ecoute"):
        card = await newest(chat, who, TITLE)
        assert f"Étienne {WORKER}" in card
        assert LATER in card
    assert "Que répondez-vous" in await newest(chat, "ecoute", TITLE)


async def _decline_in_the_list_and_undo(chat: Chat) -> None:
    """The list of invitations offers both ways on from a refusal that was made in it, and still when opened anew."""
    await chat.command("ecoute", "/invitations")
    await chat.click("ecoute", "Refuser", about="Mes invitations (1)")
    await chat.settle()
    await chat.command("ecoute", "/invitations")
    assert f"{LATER} – refusé" in await newest(chat, "ecoute", "Mes invitations (0)")
    assert await chat.buttons("ecoute", "Mes invitations (0)") == ["Revenir sur mon refus", ANOTHER]
    await chat.click("ecoute", "Revenir sur mon refus", about="Mes invitations (0)")
    await chat.settle(minutes=1)
    assert LATER in await newest(chat, "ecoute", "Mes invitations (1)")
    assert "Que répondez-vous" in await newest(chat, "ecoute", TITLE)


async def _cancel_and_undo(chat: Chat) -> None:
    """Within the waiting time a cancellation is taken back, and nobody has heard of it."""
    before = {who: len(await chat.cards(who)) for who in ("Étienne", "ecoute")}
    await chat.click("Agathe", "Annuler", about=TITLE)
    await chat.write("Agathe", "Motif", "Madame est malade")
    await chat.submit("Agathe")
    await chat.settle()
    assert "Rétablir le rendez-vous" in await chat.buttons("Agathe", "Vous pouvez encore le rétablir")
    assert "malade" not in await newest(chat, "Étienne", TITLE)
    await chat.click("Agathe", "Rétablir le rendez-vous")
    await chat.settle(minutes=1)
    assert {who: len(await chat.cards(who)) for who in before} == before
    assert "malade" not in "".join([await newest(chat, who, TITLE) for who in ("Agathe", "Étienne", "ecoute")])
    assert "Modifier ou déplacer" in await chat.buttons("Agathe", TITLE)
    assert {"Accepter", "Refuser"} <= set(await chat.buttons("ecoute", TITLE))


async def _delete_and_undo(chat: Chat) -> None:
    """The same for a deletion."""
    before = {who: len(await chat.cards(who)) for who in ("Étienne", "ecoute")}
    await chat.click("Agathe", "Supprimer", about=TITLE)
    await chat.submit("Agathe")
    await chat.settle()
    assert "Vous avez supprimé ce rendez-vous." in await newest(chat, "Agathe", TITLE)
    await chat.click("Agathe", "Rétablir le rendez-vous")
    await chat.settle(minutes=1)
    assert {who: len(await chat.cards(who)) for who in before} == before
    assert LATER in await newest(chat, "Agathe", TITLE)
