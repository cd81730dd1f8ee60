"""What people type, and the helpful card that each word gets."""

from dataclasses import replace

import pytest

from core.errors import TextTooLong
from core.people import LOCALES
from handlers import ui
from handlers.commands import COMMANDS, CommandSpec, find_command, parse
from handlers.i18n import Texts
from handlers.router import COMMANDS as ANSWERED
from tests.builders import Guide
from tests.handlers.desk import Desk, buttons, facts, labels, replied, text_of
from tests.handlers.office import booked


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("rdv", ui.CommandCall("rdv")),
        ("/rdv 1285", ui.CommandCall("rdv", "1285")),
        ("Rendez-vous 1285", ui.CommandCall("rdv", "1285")),
        ("parcours n° 1285", ui.CommandCall("parcours", "n° 1285")),
        ("  PARCOURS   lafraise ", ui.CommandCall("parcours", "lafraise")),
        ("1285", ui.CommandCall("parcours", "1285")),
        ("mes invitations", ui.CommandCall("invitations")),
        ("my invitations", ui.CommandCall("invitations")),
        ("aide", ui.CommandCall("aide")),
        ("Help!", ui.CommandCall("aide")),
        ("?", ui.CommandCall("aide")),
        ("aide rdv", ui.CommandCall("rdv", "aide")),
        ("Bonjour !", ui.CommandCall("")),
        ("hello", ui.CommandCall("")),
        ("", ui.CommandCall("")),
        ("agenda", ui.CommandCall("agenda")),
        ("agendas @ecoute", ui.CommandCall("agenda", "@ecoute")),
        ("Dispos lundi 9h-12h", ui.CommandCall("dispo", "lundi 9h-12h")),
        ("mes disponibilités", ui.CommandCall("dispo")),
        ("my availability", ui.CommandCall("dispo")),
        ("mon agenda demain", ui.CommandCall("agenda", "demain")),
        ("my agenda", ui.CommandCall("agenda")),
        ("mes parcours", ui.CommandCall("parcours")),
        ("my cases", ui.CommandCall("parcours")),
        ("Prendre rendez-vous demain 10h", ui.CommandCall("rdv", "demain 10h")),
        ("prendre rdv", ui.CommandCall("rdv")),
        ("Book tomorrow 10am @seforme", ui.CommandCall("rdv", "tomorrow 10am @seforme")),
        ("new appointment 1285", ui.CommandCall("rdv", "1285")),
        ("météo", ui.CommandCall("", "météo")),
        ("quel temps fait-il ?", ui.CommandCall("", "quel temps fait-il ?")),
    ],
)
def test_a_typed_message_stands_for_a_command(text: str, call: ui.CommandCall) -> None:
    assert parse(text) == call


def test_every_command_is_answered() -> None:
    assert [spec.name for spec in COMMANDS] == list(ANSWERED)


@pytest.mark.parametrize("event", [ui.TextReply("bonjour"), ui.CommandCall(""), ui.Greeting("private")])
async def test_a_greeting_says_what_can_be_done(agathe: Desk, event: ui.Inbound) -> None:
    card = replied(await agathe.send(event))
    assert labels(card) == [
        "Prendre rendez-vous",
        "Trouver un moment",
        "Mon agenda",
        "Ouvrir un parcours",
        "Mes invitations",
        "Mes disponibilités",
        "Mes réglages",
        "Mes comptes",
    ]
    assert "je ne comprends pas" not in text_of(card).casefold()


async def test_help_counts_the_invitations(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    await booked(agathe, guide)
    assert "Mes invitations (1)" in labels(await ecoute.type("aide"))


@pytest.mark.parametrize("text", ["météo", "<b>gras</b>", "quel temps fait-il"])
async def test_an_unknown_word_gets_a_helpful_card(agathe: Desk, text: str) -> None:
    card = await agathe.type(text)
    assert f"Je ne comprends pas « {text} »." in text_of(card)
    assert "/rdv" in text_of(card)
    assert text not in card.neutral


@pytest.mark.parametrize("name", ["agenda", "dispo", "rdv", "parcours"])
async def test_words_without_end_are_not_read(agathe: Desk, name: str) -> None:
    with pytest.raises(TextTooLong):
        await agathe.type(f"{name} " + "seforme " * 10_000)
    with pytest.raises(TextTooLong):
        await agathe.send(ui.CommandCall(name, "@seforme " * 1_000))


@pytest.mark.parametrize("text", ["a\u202eb", "x" * 10_000, "\u0007"])
async def test_an_unknown_text_that_would_mislead_is_not_shown(agathe: Desk, text: str) -> None:
    card = await agathe.type(text)
    assert "Je ne comprends pas ce message." in text_of(card)
    assert text not in text_of(card)


@pytest.mark.parametrize("command", [spec.name for spec in COMMANDS])
@pytest.mark.parametrize("word", ["aide", "help", "HELP", "?"])
async def test_each_command_has_help(agathe: Desk, command: str, word: str) -> None:
    card = replied(await agathe.send(ui.CommandCall(command, word)))
    assert card.title == f"/{command}"
    assert f"/{command} " in text_of(card)


async def test_help_of_a_command_leads_on(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    everything = agathe.texts.t("What can I do here?")
    booking = replied(await agathe.send(ui.CommandCall("rdv", "aide")))
    assert labels(booking) == ["Prendre rendez-vous", "Trouver un moment", everything]
    assert "Mes réglages" in labels(replied(await agathe.click(booking, everything)))
    await booked(agathe, guide)
    invitations = replied(await ecoute.send(ui.CommandCall("invitations", "aide")))
    assert labels(invitations) == ["Mes invitations (1)", everything]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
async def test_help_tells_how_to_use_a_command_in_ones_own_language(
    agathe: Desk, guide: Guide, spec: CommandSpec, locale: str
) -> None:
    desk = agathe.as_(replace(guide.agathe, locale=locale))
    card = replied(await desk.send(ui.CommandCall(spec.name, "aide")))
    other = Texts("en" if locale == "fr" else "fr", guide.agathe.zone)
    usage, examples = facts(card).values()
    assert usage == f"/{spec.name} {desk.texts.t(spec.usage_hint)}".replace("\u00a0", " ")
    assert examples.splitlines() == [desk.texts.t(example) for example in spec.examples]
    assert other.t(spec.description) not in text_of(card)
    assert other.t(spec.usage_hint) not in text_of(card)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("example", [example for spec in COMMANDS for example in spec.examples])
async def test_the_examples_of_help_are_understood(agathe: Desk, guide: Guide, example: str, locale: str) -> None:
    desk = agathe.as_(replace(guide.agathe, locale=locale))
    command = find_command(example[1:].split(maxsplit=1)[0])
    assert command
    written = desk.texts.t(example)
    assert written in text_of(replied(await desk.send(ui.CommandCall(command.name, "?"))))
    outcome = await desk.send(parse(written.replace("@lea", "@seforme").replace("@sami", "@ecoute")))
    shown = outcome.form if isinstance(outcome, ui.OpenForm) else replied(outcome)
    assert desk.texts.t("I do not understand “{text}”.").split("{")[0] not in text_of(shown)


async def test_an_unknown_case_gets_what_to_do(agathe: Desk) -> None:
    card = await agathe.type("parcours 99999999")
    assert "Vérifiez le numéro, ou demandez au référent de vous y ajouter." in text_of(card)
    assert labels(card)[:2] == ["Ouvrir", "Prendre rendez-vous"]


async def test_a_case_is_found_by_its_clients_name_too(agathe: Desk, guide: Guide) -> None:
    stranger = agathe.as_(guide.stranger)
    assert (await stranger.type("parcours gisele")).title.replace("\u00a0", " ") == "Parcours d’accompagnement n° 1285"
    both = await agathe.type("parcours LAFRAÏSE")
    assert "Quel parcours ?" in text_of(both)
    assert len(buttons(both, "Ouvrir")) == 2
    none = await agathe.type("parcours inconnu")
    assert "Aucun parcours accessible ne correspond" in text_of(none)
    assert len(buttons(none, "Ouvrir")) == 2


async def test_what_is_said_in_a_channel_names_nobody(agathe: Desk) -> None:
    card = replied(await agathe.send(ui.Greeting("channel")))
    assert "aucun nom d’usager n’apparaît dans ce canal" in text_of(card)
    assert labels(card) == []


async def test_a_file_leads_nowhere(agathe: Desk) -> None:
    card = replied(await agathe.send(ui.FileReceived("bail.pdf", b"%PDF")))
    assert "ni lu ni conservé" in text_of(card)


async def test_an_english_worker_reads_english(agathe: Desk, guide: Guide) -> None:
    english = agathe.as_(replace(guide.agathe, locale="en"))
    card = await english.type("hello")
    assert labels(card) == [
        "Book an appointment",
        "Find a time",
        "My agenda",
        "Open a case",
        "My invitations",
        "My availability",
        "My settings",
        "My accounts",
    ]
    form = english.filling(await english.send(ui.CommandCall("rdv", "1285")))
    assert form.form.title == "New appointment"


async def test_many_appointments_come_in_pages(agathe: Desk, guide: Guide) -> None:
    during = guide.request().during
    for day in range(10):
        shift = day * (during.end - during.start)
        await booked(
            agathe, guide, main_worker_id=guide.agathe.id, during=type(during)(during.start + shift, during.end + shift)
        )
    first = await agathe.type("1285")
    assert len(buttons(first, "Ouvrir")) == 8
    second = replied(await agathe.click(first, "Suivant"))
    assert len(buttons(second, "Ouvrir")) == 2
    assert replied(await agathe.click(second, "Précédent")) == first
