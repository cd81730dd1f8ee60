"""Files to keep, and pictures in modals: for one person alone, and in words when Slack does not take them."""

from dataclasses import replace

import pytest

from handlers import ui
from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_files import pictures
from tests.bot.slack.pictured import DM, FAULTS, TABLE, WORDS, answer, card, drawing, images, met, uploads
from tests.bot.slack.screen import modal_text, text_of


@pytest.mark.parametrize("typed", ["/rdv tableau", "tableau"])
async def test_a_file_is_put_into_the_persons_own_conversation(office: Office, typed: str) -> None:
    person = await met(office)
    answer(office, ui.Reply(card(TABLE)))
    await (person.command(typed) if typed.startswith("/") else person.say(typed))
    await office.answered()

    (file,) = office.slack.files.shared(DM)
    assert (file.name, file.content.decode()) == ("table.csv", TABLE.content)
    assert "Le tableau" in office.reads("Agathe")
    assert "table.csv" in office.reads("Agathe")
    assert "Étienne" not in office.reads("Agathe")


async def test_a_file_asked_for_in_a_channel_is_not_put_there(office: Office) -> None:
    await met(office)
    answer(office, ui.Reply(card(TABLE)))
    await office["Agathe"].command("/rdv tableau", channel="C0TEAM")
    await office.answered()

    (file,) = office.slack.files.stored.values()
    assert file.channels == [DM]
    assert "conversation privée" in office.reads("Agathe", "C0TEAM")
    assert office.newest("Agathe", "C0TEAM").only_for == "U0AGATHE"


async def test_a_file_comes_after_a_click_too(office: Office) -> None:
    person = await met(office)
    table = ui.Button(ui.ActionRef("table", "1"), "Tableau")
    answer(office, ui.Reply(ui.Card("Chiffres", (), (table,), neutral="Chiffres")), ui.ReplaceCard(card(TABLE)))
    await person.command("/rdv chiffres")
    await office.answered()
    await person.click(office.newest("Agathe"), "Tableau", times=2)
    await office.answered()

    assert len(office.slack.files.shared(DM)) == 1


@pytest.mark.parametrize("reason", FAULTS)
async def test_a_file_that_cannot_be_shared_is_told_whole(
    office: Office, reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await met(office)
    if reason == "TimeoutError":
        monkeypatch.setattr("bot.slack.files.PATIENCE", 0.05)
    FAULTS[reason](office)
    lines = "".join(f"Étienne n° {n};7,50\r\n" for n in range(2_000))
    answer(office, ui.Reply(card(ui.Download("table.csv", "text/csv", lines, "Le tableau"))))
    await person.command("/rdv tableau")
    await office.answered()

    told = "".join("".join(text_of(m.blocks) for m in office.screen("Agathe")).split())
    assert [n for n in range(2_000) if f"Étiennen°{n};" not in told] == []
    logged = capsys.readouterr().out
    assert "slack_file_not_shared" in logged
    assert reason in logged
    assert "Étienne" not in logged


def form(*parts: ui.Element, nonce: str = "n") -> ui.Form:
    fields = (
        ui.DateField("day", "Jour", "2026-01-27", refreshes=True),
        ui.TextField("note", "Note"),
    )
    return ui.Form("agenda", "Agenda", (*parts, *fields), "OK", nonce=nonce)


def shows(person: Person) -> list[str]:
    return list(pictures(person.modal.view))


async def test_a_form_opens_in_words_and_its_picture_follows(office: Office) -> None:
    person = await met(office)
    answer(office, ui.OpenForm(form(drawing())))
    gate = office.slack.hold("files.getUploadURLExternal")
    office.slack.files.unread = 2
    await person.command("/rdv agenda")
    while office.slack.modal_of(person.user) is None or not uploads(office):
        await office.workspace.api.call("auth.test")  # another turn of the loop
    words = modal_text(person.modal.view)
    await person.write("Note", "à garder")
    gate.set()
    await office.answered()

    assert WORDS in words
    assert len(shows(person)) == 1
    assert WORDS in modal_text(person.modal.view)
    assert person.filled_in("Note")["value"] == "à garder"


async def test_a_picture_that_slack_has_is_in_the_form_from_the_start(office: Office) -> None:
    person = await met(office)
    answer(office, ui.OpenForm(form(drawing())), ui.UpdateForm(form(drawing(), nonce="n")))
    await person.command("/rdv agenda")
    await office.answered()
    updates = len(office.slack.called("views.update"))
    await person.write("Jour", "2026-01-28")
    await office.answered()

    assert updates == 1
    assert len(office.slack.called("views.update")) == 2
    assert uploads(office) == 1
    assert len(shows(person)) == 1
    answer(office, ui.UpdateForm(form(drawing(), ui.Text("Une question"))))
    acknowledged = await person.submit()
    assert list(pictures(acknowledged["view"])) == shows(person)


async def test_a_form_follows_a_choice_with_another_picture(office: Office) -> None:
    person = await met(office)
    answer(office, ui.OpenForm(form(drawing())), ui.UpdateForm(form(drawing(wide=20, words="La suite"))))
    await person.command("/rdv agenda")
    await office.answered()
    first = shows(person)
    await person.write("Jour", "2026-01-28")
    await office.answered()

    assert len(shows(person)) == 1
    assert shows(person) != first
    assert "La suite" in modal_text(person.modal.view)


async def test_a_form_without_its_picture_keeps_the_words(office: Office) -> None:
    person = await met(office)
    office.slack.files.unread = 99
    answer(office, ui.OpenForm(form(drawing())))
    await person.command("/rdv agenda")
    await office.answered()

    assert shows(person) == []
    assert WORDS in modal_text(person.modal.view)
    assert len(office.screen("Agathe")) == 1


async def test_a_form_whose_picture_is_gone_opens_in_words_and_has_it_the_next_time(office: Office) -> None:
    person = await met(office)
    answer(office, ui.OpenForm(form(drawing())))
    await person.command("/rdv agenda")
    await office.answered()
    office.slack.files.stored.clear()
    await person.command("/rdv agenda")
    await office.answered()
    assert len(shows(person)) == 0
    assert WORDS in modal_text(person.modal.view)
    await person.command("/rdv agenda")
    await office.answered()

    assert len(shows(person)) == 1
    assert uploads(office) == 2


async def test_an_error_leaves_the_picture_of_the_form(office: Office) -> None:
    person = await met(office)
    whole = ui.Form("agenda", "Agenda", (drawing(), ui.YesNo("sure", "Sûr ?")), "OK", nonce="n")
    answer(office, ui.OpenForm(whole), ui.FieldErrors((("sure", "Cochez d’abord."),)))
    await person.command("/rdv agenda")
    await office.answered()
    image = next(b for b in person.modal.view["blocks"] if b["type"] == "image")
    image |= {"image_url": "https://files.slack.com/x.png", "image_width": 12}  # Slack tells more than it takes
    image["slack_file"] |= {"url": "https://files.slack.com/x.png"}
    await person.submit()

    assert "Cochez d’abord." in modal_text(person.modal.view)
    assert len(shows(person)) == 1


async def test_a_file_in_a_form_is_told_whole(office: Office) -> None:
    person = await met(office)
    answer(office, ui.OpenForm(form(TABLE)))
    await person.command("/rdv tableau")
    await office.answered()

    assert "Étienne;7,50" in modal_text(person.modal.view)
    assert office.slack.files.stored == {}


async def test_a_manager_gets_the_figures_as_a_picture_and_as_a_table(office: Office) -> None:
    await office.deps.db.write(lambda tx: tx.people.save_worker(replace(office.guide.agathe, manager=True)))
    await office.book()
    await office["Agathe"].command("/agenda chiffres janvier 2026", channel="C0TEAM")
    await office.answered()
    figures = office.newest("Agathe", "C0TEAM")
    await office["Agathe"].click(figures, "Tableau (CSV)")
    await office.answered()

    assert figures.only_for == "U0AGATHE"
    assert len(images(figures)) == 1
    assert "seforme (Travailleur-euse social) (Principal) : 72:00 offertes, 02:00 réservées" in text_of(figures.blocks)
    (table,) = office.slack.files.shared(DM)
    assert table.name == "occupation-2026-01-01-2026-01-31.csv"
    assert "seforme (Travailleur-euse social) (Principal);Gembloux (Implantations);2026-W05" in table.content.decode()
