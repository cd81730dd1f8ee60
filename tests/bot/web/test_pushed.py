"""A new place in the web chat: its form stacks above the booking form, and leads back to it."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat, _label
from tests.bot.web.window import Window, form_fields

NEW = "Créer une nouvelle localisation…"


def chosen(web: WebChat, field: str) -> str:
    part = web._field("Agathe", field)
    (found,) = [n for n in part if {"selected", "checked"} & set(n.attrs)]
    return _label(part, found)


@pytest.fixture
def web(chat: Chat) -> WebChat:
    return WebChat(chat)


async def pushed(web: WebChat) -> Window:
    """Return Agathe's window with the form of a new place above the booking form."""
    await web.command("Agathe", "/parcours 1285")
    await web.click("Agathe", "Créer pour le référent")
    await web.write("Agathe", "Commentaire", "Apporter les papiers")
    await web.choose("Agathe", "Durée", "02:00")
    await web.choose("Agathe", "Localisation", NEW)
    return web._window("Agathe")


async def test_the_form_comes_back_with_the_new_place_and_everything_as_it_was(web: WebChat) -> None:
    window = await pushed(web)
    assert "Nouvelle localisation" in await web.form("Agathe")
    assert window.below is not None
    await web.write("Agathe", "Nom de la nouvelle localisation", "Namur")
    await web.write("Agathe", "Type de la nouvelle localisation", "Implantations")
    answer = await window.post("submit", form_fields(window.form or window.page))
    assert answer.all(data_popped="")
    assert chosen(web, "Localisation") == "Namur (Implantations)"
    assert chosen(web, "Durée") == "02:00"
    assert "Apporter les papiers" in await web.form("Agathe")


async def test_closing_it_leads_back(web: WebChat) -> None:
    window = await pushed(web)
    window.close()
    assert chosen(web, "Localisation") == "Lieu du créneau"
    assert "Apporter les papiers" in await web.form("Agathe")


async def test_a_bad_name_is_said_beside_its_field_and_the_form_stays(web: WebChat) -> None:
    window = await pushed(web)
    assert window.form is not None
    answer = await window.post("submit", form_fields(window.form))
    assert [e.attrs["data-field"] for e in answer.one(data_errors="").all("li")] == ["name"]
    assert window.below is not None
