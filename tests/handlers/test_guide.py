"""The walk through the guide, steps 1 to 9, as three people live it."""

from core.appointments import Answer
from core.notices import NoticeKind
from handlers import ui
from tests.builders import Guide, at, kinds, unsent
from tests.handlers.desk import Desk, buttons, facts, labels, replied, text_of


async def test_the_walk_through_the_guide(agathe: Desk, seforme: Desk, ecoute: Desk, guide: Guide) -> None:
    # 1 and 2: the case with its header, and the two ways to add an appointment
    case = await agathe.type("/parcours 1285")
    assert facts(case)["Usagers du parcours"] == "Gisèle LAFRAISE (26 ans)"
    assert facts(case)["Thème"] == "Sociale > Logement"
    assert facts(case)["Référent"] == "seforme (Travailleur-euse social) (Principal)"
    assert "Pas encore de rendez-vous dans ce parcours." in text_of(case)
    assert labels(case) == ["Créer", "Créer pour le référent"]

    # 3: the case lead is the main worker from the start, and it is his agenda that shows
    form = await agathe.open_form(case, "Créer pour le référent")
    assert form.form.title == "Création du rendez-vous"
    assert "Parcours n° 1285 – Gisèle LAFRAISE (26 ans)" in text_of(form.form)
    assert form.values["main"] == str(guide.seforme.id)
    assert "Afficher dans l’agenda : seforme" in text_of(form.form)

    # 4: the client is offered first, and already concerned; ecoute is found and added
    assert form.values["clients"] == (f"client:{guide.gisele.id}",)
    found = await form.search("parties", "ECOUTÉ")
    assert found == {"T(M)S": ["ecoute (Travailleur-euse social) (Principal)"]}
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))

    # 5 and 6: a place, a slot of two hours in seforme's availability
    await form.choose("place", str(guide.gembloux.id))
    await form.choose("duration", "120")
    await form.choose("week", "2026-01-26")
    assert "mar. 27 janvier" in form.slots()
    value = next(o for o in form.slots()["mar. 27 janvier"] if o.label.replace("\u00a0", " ") == "10:00 – 12:00")
    assert value.hint == "Gembloux (Implantations)"
    await form.choose("slot", value.value)

    # 7: two agendas show; ecoute's availability is switched off, as in the guide's picture
    assert "Afficher dans l’agenda : ecoute" in text_of(form.form)
    await form.choose(f"show-{guide.ecoute.id}", ("external",))
    assert form.values[f"show-{guide.ecoute.id}"] == ("external",)
    assert form.values["slot"] == value.value

    outcome = await form.submit()
    assert isinstance(outcome, ui.CloseForm)
    assert outcome.notice.replace("\u00a0", " ") == "Rendez-vous créé : 27/01/2026 10:00 – 12:00."
    notices = await unsent(agathe.db)
    assert kinds(notices, NoticeKind.SHOWN, NoticeKind.INVITED) == [
        (NoticeKind.INVITED, guide.ecoute.id),
        (NoticeKind.SHOWN, guide.agathe.id),
        (NoticeKind.SHOWN, guide.seforme.id),
    ]
    appointment_id = notices[0].appointment_id

    # 8: one invitation waits
    invitations = await ecoute.type("/invitations")
    assert invitations.title == "Mes invitations (1)"
    assert text_of(invitations).splitlines()[1:] == [
        "27/01/2026 10:00 – 12:00",
        "Durée : 02:00",
        "Utilisateur principal : seforme (Travailleur-euse social) (Principal)",
        "Usagers du parcours : Gisèle LAFRAISE (26 ans)",
        "T(M)S : ecoute (Travailleur-euse social) (Principal) – pas encore de réponse",
        "Gembloux (Implantations)",
    ]

    # 9: the whole appointment, and the three answers
    opened = await ecoute.click(invitations, "Ouvrir")
    assert isinstance(opened, ui.Reply)
    assert opened.live == ui.Live(appointment_id, 1)
    assert facts(opened.card) == {
        "Date": "27/01/2026 10:00 – 12:00",
        "Durée": "02:00",
        "Utilisateur principal": "seforme (Travailleur-euse social) (Principal)",
        "Usagers du parcours": "Gisèle LAFRAISE (26 ans)",
        "T(M)S": "ecoute (Travailleur-euse social) (Principal) – pas encore de réponse",
        "Localisation": "Gembloux (Implantations)",
        "Parcours": "n° 1285",
        "Créé par": "Agathe (Travailleur-euse social) (Principal)",
    }
    assert labels(opened.card) == ["Accepter", "Refuser", "Accepter provisoirement", "Partager dans un canal"]
    assert opened.card.neutral.replace("\u00a0", " ") == "Rendez-vous – parcours n° 1285, 27/01/2026 10:00"
    assert await ecoute.click(opened.card, "Accepter") == ui.Refreshed(appointment_id)

    # every card shows the answer, and the invited one keeps a way to change it
    own = await ecoute.card_of(appointment_id)
    assert "Votre réponse : accepté." in text_of(own)
    assert labels(own) == ["Refuser", "Accepter provisoirement", "Partager dans un canal"]
    for desk in (agathe, seforme):
        card = await desk.card_of(appointment_id)
        assert facts(card)["T(M)S"] == "ecoute (Travailleur-euse social) (Principal) – accepté"
        assert labels(card)[:-1] == ["Modifier ou déplacer", "Réattribuer", "Annuler", "Supprimer"]
    assert (await ecoute.type("mes invitations")).title == "Mes invitations (0)"

    # 2 again: the case lists it
    case = await agathe.type("1285")
    assert "27/01/2026 10:00 – 12:00" in text_of(case)
    assert "Durée : 02:00" in text_of(case)
    stored = await agathe.db.read(lambda tx: tx.appointments.find(appointment_id))
    assert stored is not None
    assert (stored.during.start, stored.place_id) == (at("2026-01-27 10:00"), guide.gembloux.id)
    assert [i.answer for i in stored.invitations] == [Answer.ACCEPTED]


async def test_moving_asks_again_and_changing_the_place_only_tells(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    form = await agathe.open_form(await agathe.type("parcours 1285"), "Créer pour le référent")
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    await form.choose("slot", form.slot("10:00"))
    await form.submit()
    (appointment_id,) = {n.appointment_id for n in await unsent(agathe.db)}
    await ecoute.click(await ecoute.card_of(appointment_id), "Accepter")

    edit = await agathe.open_form(await agathe.card_of(appointment_id), "Modifier ou déplacer")
    assert edit.form.title == "Modifier le rendez-vous"
    assert edit.values["slot"] == "same"
    await edit.new_place("Namur", "Implantations")
    assert isinstance(await edit.submit(), ui.CloseForm)
    card = await ecoute.card_of(appointment_id)
    assert facts(card)["Localisation"] == "Namur (Implantations)"
    assert "Votre réponse : accepté." in text_of(card)

    move = await agathe.open_form(await agathe.card_of(appointment_id), "Modifier ou déplacer")
    await move.choose("slot", move.slot("14:15"))
    assert isinstance(await move.submit(), ui.CloseForm)
    card = await ecoute.card_of(appointment_id)
    assert "Que répondez-vous" in text_of(card)
    assert "14:15" in facts(card)["Date"]


async def test_outside_the_availability_one_becomes_the_main_worker(agathe: Desk, guide: Guide) -> None:
    form = await agathe.open_form(await agathe.type("parcours 1285"), "Créer pour le référent")
    await form.choose("slot", "other")
    form.values |= {"date": "2026-01-27", "from": "18:00", "until": "19:00"}
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "Ce moment est en dehors des disponibilités de seforme" in text_of(form.form)
    assert "redevenir l’utilisateur principal ?" in text_of(form.form)
    ways = form.field("instead")
    assert isinstance(ways, ui.ChoiceField)
    assert [o.label.replace("\u00a0", " ") for o in ways.groups[0].options][1:] == [
        "Demander à seforme d’ouvrir ce créneau",
        "mar. 27 janvier 14:00 – 15:00",
        "mar. 27 janvier 15:00 – 16:00",
        "mar. 27 janvier 16:00 – 17:00",
    ]

    await form.choose("instead", "main")
    shown = text_of(form.form)
    assert form.values["main"] == str(guide.agathe.id)
    assert shown.index("Afficher dans l’agenda : Agathe") < shown.index("Afficher dans l’agenda : seforme")
    assert not form.has("instead")
    assert isinstance(await form.submit(), ui.CloseForm)
    notices = await unsent(agathe.db)
    assert kinds(notices, NoticeKind.SHOWN, NoticeKind.INVITED) == [
        (NoticeKind.INVITED, guide.seforme.id),
        (NoticeKind.SHOWN, guide.agathe.id),
    ]


async def test_outside_the_availability_a_near_slot_can_be_taken(agathe: Desk, guide: Guide) -> None:
    form = await agathe.open_form(await agathe.type("parcours 1285"), "Créer pour le référent")
    await form.choose("slot", "other")
    form.values |= {"date": "2026-02-10", "from": "18:00", "until": "18:30"}
    await form.submit()
    ways = form.field("instead")
    assert isinstance(ways, ui.ChoiceField)
    form.values["instead"] = ways.groups[0].options[-1].value
    assert isinstance(await form.submit(), ui.CloseForm)
    appointment_id = (await unsent(agathe.db))[0].appointment_id
    stored = await agathe.db.read(lambda tx: tx.appointments.find(appointment_id))
    assert stored is not None
    assert stored.during.end == at("2026-02-10 17:00")
    assert (stored.main_worker_id, stored.place_id) == (guide.seforme.id, guide.gembloux.id)


async def test_there_is_no_dead_button(agathe: Desk) -> None:
    card = await agathe.type("bonjour")
    for button in buttons(card):
        outcome = await agathe.send(ui.ActionClick(button.ref))
        assert isinstance(outcome, ui.OpenForm if button.opens_form else ui.Reply)
    assert replied(await agathe.send(ui.Greeting("private"))).title == card.title
