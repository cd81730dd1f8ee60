"""One's own settings in the web chat."""

import pytest

from tests.bot.web.conftest import Chat
from tests.bot.web.driver import WebChat
from tests.bot.web.window import form_fields
from tests.scenarios import guide, settings


async def test_settings(chat: Chat) -> None:
    web = WebChat(chat)
    await guide.walk(web)
    await settings.settle_in(web)


@pytest.mark.parametrize(("choices", "anew"), [({"locale": "en"}, 1), ({"reminders": ("60",)}, 0)])
async def test_the_page_is_loaded_again_when_its_language_changed(
    chat: Chat, choices: dict[str, str | tuple[str, ...]], anew: int
) -> None:
    window = chat.window("Agathe")
    await window.say("aide")
    await window.click(await window.newest(), "Mes réglages")
    assert window.form
    saved = await window.post("submit", form_fields(window.form, **choices))
    assert len(saved.all(data_anew="")) == anew
    assert (await window.open()).one("html").attrs["lang"] == ("en" if anew else "fr")
