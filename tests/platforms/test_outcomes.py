"""Every outcome on every platform, through the platform's own route: what is done is heard, what is said is read."""

from dataclasses import replace

import pytest

from bot.filled import filled, values_of
from handlers import ui
from handlers.ui import Live
from tests.platforms.harness import WHO, Bench

DO = ui.Button(ui.ActionRef("do", "1.2"), "Faire")
OPENS = ui.Button(ui.ActionRef("open", "1.2"), "Ouvrir", opens_form=True)
CARD = ui.Card("Titre", (ui.Text("avant"),), (DO, OPENS), neutral="Rendez-vous")
AFTER = ui.Card("Titre", (ui.Text("ensuite"),), (DO,), neutral="Rendez-vous")
LENGTHS = (ui.OptionGroup("", (ui.Option("60", "01:00"), ui.Option("120", "02:00"))),)
FORM = ui.Form(
    "booking",
    "Rendez-vous",
    (
        ui.ChoiceField("length", "Durée", LENGTHS, "60", required=True, refreshes=True),
        ui.MultiChoiceField("show", "Afficher", (ui.Option("a", "Agenda"), ui.Option("b", "Absences")), ("a",)),
        ui.DateField("date", "Date", "2026-01-27"),
        ui.TimeField("from", "De", "14:15"),
        ui.SearchField("who", "Personne", (ui.Option("7", "Ecoute"),), multiple=True),
        ui.YesNo("sure", "Je suis sûr"),
        ui.TextField("comment", "Commentaire", "Bonjour", multiline=True),
    ),
    "Réserver",
    "1.2",
    "nonce-0123456789",
)
ABOVE = ui.Form("place", "Nouveau lieu", (ui.TextField("name", "Nom", "Namur"),), "Créer", "1.2", "nonce-9876543210")


async def opened(bench: Bench, form: ui.Form = FORM) -> None:
    """Let the person open a form with a button."""
    await bench.messenger.post(bench.account, CARD)
    bench.script.says(ui.OpenForm(form))
    await bench.press(("open:1.2", ""))


def sent(bench: Bench) -> ui.FormSubmit:
    """Return the form that was sent last."""
    return next(event for event in reversed(bench.script.heard) if isinstance(event, ui.FormSubmit))


async def text_of(bench: Bench) -> str:
    return (await bench.screen()).text


async def test_a_reply_is_read_in_the_conversation(bench: Bench) -> None:
    bench.script.says(ui.Reply(CARD))
    await bench.chat.command(WHO, "/agenda demain")
    heard = bench.script.last()
    assert heard in {ui.CommandCall("agenda", "demain"), ui.TextReply("/agenda demain")}
    assert "avant" in await text_of(bench)
    assert set((await bench.screen()).ways) == {("do:1.2", ""), ("open:1.2", "")}


async def test_what_is_typed_is_heard_as_it_was_typed(bench: Bench) -> None:
    bench.script.says(ui.Reply(CARD))
    await bench.chat.command(WHO, "rdv avec <Gisèle> & *moi* demain 14h")
    heard = bench.script.last()
    assert isinstance(heard, ui.TextReply)
    assert heard.text == "rdv avec <Gisèle> & *moi* demain 14h"


async def test_a_live_reply_is_kept_up_to_date_from_then_on(bench: Bench) -> None:
    appointment = await bench.hall.book()
    await bench.clear()
    bench.script.says(ui.Reply(CARD, Live(appointment.id, appointment.version)))
    await bench.chat.command(WHO, "/agenda")
    assert "avant" in await text_of(bench)
    worker = bench.account.worker_id
    copies = await bench.hall.deps.db.read(lambda tx: tx.outbox.copies(appointment.id, worker))
    assert len([c for c, account in copies if account.platform == bench.name]) >= 1


async def test_a_card_takes_the_place_of_the_one_clicked(bench: Bench) -> None:
    await bench.messenger.post(bench.account, CARD)
    bench.script.says(ui.ReplaceCard(AFTER))
    await bench.press(("do:1.2", ""))
    assert ("avant" in await text_of(bench), "ensuite" in await text_of(bench)) == (False, True)
    await bench.press(("do:1.2", ""))
    assert (await text_of(bench)).count("ensuite") == 1, "turned again, it is the same"


async def test_a_long_card_takes_the_place_of_a_short_one_and_gives_it_back(bench: Bench) -> None:
    long = replace(AFTER, body=tuple(ui.Text(f"ensuite {n} " * 100) for n in range(120)), actions=(DO, OPENS))
    await bench.messenger.post(bench.account, CARD)
    bench.script.says(ui.ReplaceCard(long))
    await bench.press(("do:1.2", ""))
    text = await text_of(bench)
    assert all(f"ensuite {n} " in text for n in range(120))
    assert "avant" not in text
    bench.script.says(ui.ReplaceCard(CARD))
    await bench.press(("do:1.2", ""))
    assert "avant" in await text_of(bench)


async def test_what_changed_meanwhile_is_said_to_the_person(bench: Bench) -> None:
    appointment = await bench.hall.book()
    await bench.clear()
    await bench.messenger.post(bench.account, CARD)
    bench.script.says(ui.Refreshed(appointment.id, "La carte avait changé."))
    await bench.press(("do:1.2", ""))
    assert "La carte avait changé." in await text_of(bench)


async def test_a_form_opens_with_all_that_it_says(bench: Bench) -> None:
    await opened(bench)
    read = await bench.form()
    said = ["Durée", "Afficher", "Agenda", "Absences", "Date", "De", "Personne", "Ecoute", "Je suis sûr", "Commentaire"]
    assert [text for text in said if text not in read] == []


async def test_a_form_that_nobody_touches_comes_back_as_it_was(bench: Bench) -> None:
    await opened(bench)
    bench.script.says(ui.CloseForm("C’est fait."))
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert (heard.form_id, heard.context, heard.nonce) == (FORM.id, FORM.context, FORM.nonce)
    assert heard.values == values_of(FORM)
    assert "C’est fait." in await text_of(bench)
    assert await bench.form() == ""


async def test_a_form_without_a_word_at_its_end_just_closes(bench: Bench) -> None:
    await opened(bench)
    bench.script.says(ui.CloseForm())
    await bench.chat.submit(WHO)
    assert await bench.form() == ""


async def test_what_is_filled_in_is_what_comes(bench: Bench) -> None:
    await opened(bench)

    def answers(event: ui.Inbound) -> ui.Outcome:
        if isinstance(event, ui.OptionSearch):
            found = tuple(o for o in (ui.Option("8", "Séforme"), ui.Option("9", "Étienne")) if event.query in o.label)
            return ui.Options((ui.OptionGroup("", found),))
        if isinstance(event, ui.FormChange):
            return ui.UpdateForm(filled(FORM, event.values))
        return ui.CloseForm("Fini.")

    bench.script.answers = answers
    await bench.chat.write(WHO, "Commentaire", "deux\nlignes <b> *c*")
    await bench.chat.write(WHO, "Date", "2026-02-03")
    await bench.chat.choose(WHO, "Afficher", "Absences")
    await bench.chat.choose(WHO, "Personne", "Étienne")
    await bench.chat.choose(WHO, "Durée", "02:00")
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert heard.values == {
        **values_of(FORM),
        "comment": "deux\nlignes <b> *c*",
        "date": "2026-02-03",
        "show": ("b",),
        "who": ("7", "9"),
        "length": "120",
    }
    searched = [e for e in bench.script.heard if isinstance(e, ui.OptionSearch)]
    assert {(e.form_id, e.field_id, e.query) for e in searched} >= {("booking", "who", "Étienne")}
    changed = [e for e in bench.script.heard if isinstance(e, ui.FormChange)]
    assert changed
    assert changed[-1].values["length"] == "120"


async def test_a_question_that_comes_up_is_asked_in_the_form(bench: Bench) -> None:
    await opened(bench)
    notice = ui.Notice("Ce moment est pris.", "warning")
    asked = replace(FORM, parts=(notice, *FORM.parts, ui.YesNo("confirm", "Confirmer")))
    bench.script.says(ui.UpdateForm(asked))
    await bench.chat.submit(WHO)
    assert "Ce moment est pris." in await bench.form()
    bench.script.says(ui.CloseForm())
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert heard.values == values_of(asked)


async def test_what_is_wrong_is_said_and_nothing_is_lost(bench: Bench) -> None:
    await opened(bench)
    await bench.chat.write(WHO, "Commentaire", "Bonsoir")
    bench.script.says(ui.FieldErrors((("comment", "C’est trop long."),)))
    assert "C’est trop long." in await bench.submit()
    bench.script.says(ui.FieldErrors((("", "Rien ne va."),)))
    assert "Rien ne va." in await bench.submit()
    bench.script.says(ui.CloseForm())
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert heard.values == {**values_of(FORM), "comment": "Bonsoir"}


@pytest.mark.parametrize("above", [ABOVE])
async def test_a_form_above_a_form_leads_back_to_it(bench: Bench, above: ui.Form) -> None:
    await opened(bench)
    bench.script.says(ui.PushForm(above, FORM))
    await bench.chat.choose(WHO, "Durée", "02:00")
    assert "Nom" in await bench.form()
    below = replace(FORM, parts=(*FORM.parts, ui.TextField("place", "Lieu", "Namur")))
    bench.script.says(ui.PopForm(below))
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert (heard.form_id, heard.values) == ("place", {"name": "Namur"})
    read = await bench.form()
    assert "Lieu" in read
    bench.script.says(ui.CloseForm())
    await bench.chat.submit(WHO)
    heard = sent(bench)
    assert heard.form_id == "booking"
    assert await bench.form() == ""


@pytest.mark.parametrize("outcome", [ui.Reply(AFTER), ui.ReplaceCard(AFTER)])
async def test_a_form_may_end_with_a_card(bench: Bench, outcome: ui.Outcome) -> None:
    await opened(bench)
    bench.script.says(outcome)
    await bench.chat.submit(WHO)
    assert "ensuite" in await text_of(bench)
    assert await bench.form() == ""


async def test_an_outcome_that_fits_nothing_does_no_harm(bench: Bench) -> None:
    await bench.messenger.post(bench.account, CARD)
    for outcome in (ui.Options(()), ui.FieldErrors((("x", "y"),)), ui.CloseForm()):
        bench.script.says(outcome)
        await bench.press(("do:1.2", ""))
    assert "avant" in await text_of(bench)
