"""A new place in Slack: its form is pushed above the booking form, which comes back with the place chosen."""

import pytest

from bot.slack.app import SlackPlatform, build
from tests.bot.slack.client import HttpLine, Person
from tests.bot.slack.conftest import Office, settings_for
from tests.bot.slack.screen import elements, fields, modal_text, offered, plain
from tests.bot.slack.test_modals import opened

NEW = "Créer une nouvelle localisation…"
PLACE = "Localisation"
NAME, KIND = "Nom de la nouvelle localisation", "Type de la nouvelle localisation"


def chosen(person: Person, label: str = PLACE) -> str:
    option = person.filled_in(label)["selected_option"]
    return plain(option["text"]["text"]) if option else ""


async def pushed(office: Office) -> Person:
    """Return Agathe in front of the form of a new place, the booking form half filled in below."""
    person = await opened(office)
    await person.choose("Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    await office.answered()
    await person.choose("Créneau horaire", "10:00 – 11:00")
    await office.answered()
    await person.write("Commentaire", "Apporter les papiers")
    await person.choose(PLACE, NEW)
    await office.answered()
    return person


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_the_form_is_pushed_and_comes_back_with_the_new_place(office: Office) -> None:
    person = await pushed(office)
    assert len(office.slack.stack_of(person.user)) == 2
    assert modal_text(person.modal.view).startswith("Nouvelle localisation")
    await person.write(NAME, "Namur")
    await person.write(KIND, "Implantations")
    assert await person.submit() == {}
    await office.answered()
    assert len(office.slack.stack_of(person.user)) == 1
    assert chosen(person) == "Namur (Implantations)"
    assert chosen(person, "Créneau horaire") == "lun. 26 janvier 10:00 – 11:00"
    assert person.filled_in("Commentaire")["value"] == "Apporter les papiers"
    assert await person.submit() == {}
    await office.settle()
    assert "Namur (Implantations)" in office.reads("Agathe")


async def test_what_is_typed_below_meanwhile_stays(office: Office) -> None:
    person = await opened(office)
    gate = office.slack.hold("views.push")
    await person.choose(PLACE, NEW)
    await person.write("Commentaire", "Tapé entre-temps")
    gate.set()
    await office.answered()
    await person.write(NAME, "Namur")
    await person.submit()
    await office.answered()
    assert chosen(person) == "Namur"
    assert person.filled_in("Commentaire")["value"] == "Tapé entre-temps"


async def test_closing_it_leads_back_to_the_place_of_before(office: Office) -> None:
    person = await pushed(office)
    del office.slack.modals[person.modal.id]
    assert chosen(person) == "Lieu du créneau"
    assert person.filled_in("Commentaire")["value"] == "Apporter les papiers"
    assert chosen(person, "Créneau horaire") == "lun. 26 janvier 10:00 – 11:00"


async def test_a_bad_name_is_said_beside_its_field(office: Office) -> None:
    person = await pushed(office)
    await person.write(NAME, "a\u202eb")
    answer = await person.submit()
    assert list(answer["errors"]) == [fields(person.modal.view)[NAME]["block_id"]]
    await person.write(NAME, "GEMBLOUX")
    await person.write(KIND, "implantations")
    await person.submit()
    await office.answered()
    assert chosen(person) == "Gembloux (Implantations)"


@pytest.mark.parametrize("error", ["expired_trigger_id", "internal_error"])
async def test_what_did_not_open_in_time_is_chosen_again(office: Office, error: str) -> None:
    person = await opened(office)
    await person.write("Commentaire", "Apporter les papiers")
    office.slack.fail("views.push", error)
    await person.choose(PLACE, NEW)
    await office.answered()
    assert "choisissez-le à nouveau" in modal_text(person.modal.view)
    assert chosen(person) == "Lieu du créneau"
    assert person.filled_in("Commentaire")["value"] == "Apporter les papiers"
    await person.choose(PLACE, NEW)
    await office.answered()
    await person.write(NAME, "Namur")
    await person.submit()
    await office.answered()
    assert chosen(person) == "Namur"


async def test_sent_with_that_choice_the_form_opens_in_the_answer(office: Office) -> None:
    person = await opened(office)
    await person.choose("Créneau horaire", "Autre moment…")
    await office.answered()
    for label, value in (("Jour", "2026-01-27"), ("De", "10:00"), ("À", "11:00")):
        await person.write(label, value)
        await office.answered()
    office.slack.fail("views.push", "expired_trigger_id")
    office.slack.fail("views.update", "hash_conflict")
    await person.choose(PLACE, NEW)
    await office.answered()
    assert chosen(person) == NEW
    answer = await person.submit()
    assert answer["response_action"] == "push"
    await office.answered()
    await person.write(NAME, "Namur")
    await person.submit()
    await office.answered()
    assert chosen(person) == "Namur"


async def test_the_same_choice_delivered_twice_pushes_one_form_and_says_nothing(office: Office) -> None:
    person = await opened(office)
    bodies: list[dict[str, object]] = []
    send = person.line.interact

    async def twice(body: dict[str, object]) -> dict[str, object]:
        bodies.append(body)
        await send(body)
        return await send(body)

    person.line.interact = twice  # type: ignore[method-assign]
    await person.choose(PLACE, NEW)
    await office.answered()
    assert len(office.slack.stack_of(person.user)) == 2
    below = office.slack.stack_of(person.user)[0]
    assert "choisissez-le" not in modal_text(below.view)


async def test_another_process_takes_it_up(office: Office) -> None:
    person = await pushed(office)
    other = build(office.deps, settings_for(office.slack, "http"))
    assert isinstance(other, SlackPlatform)
    await other.start()
    assert isinstance(office.line, HttpLine)
    office.http._transport.app.router.routes.clear()  # type: ignore[attr-defined]
    other.mount(office.http._transport.app)  # type: ignore[attr-defined]
    await person.write(NAME, "Namur")
    await person.submit()
    await other.stop()
    assert chosen(person) == "Namur"
    assert chosen(person, "Créneau horaire") == "lun. 26 janvier 10:00 – 11:00"
    assert len(offered(elements(fields(person.modal.view)[PLACE])[0])) > 3
