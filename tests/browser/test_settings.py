"""One's own settings in a browser: the whole page speaks the language that was chosen."""

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_the_page_itself_speaks_the_chosen_language(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("aide")
    await agathe.press(t("My settings"), agathe.messages.last)
    await agathe.form.get_by_role("radio", name="English").check()
    await agathe.send(t("Save"))
    await expect(agathe.card("Your settings are saved.")).to_be_visible()
    await expect(agathe.page.get_by_role("combobox", name="Write a message or a command")).to_be_visible()
    await expect(agathe.form).to_be_hidden()
