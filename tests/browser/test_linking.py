"""A code in a browser: shown above the conversation, with the way to the other chat, and gone when it is closed."""

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_code_is_shown_once(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("mes comptes")
    for _ in range(2):
        await agathe.card(t("My accounts")).get_by_role("button", name=t("Link another account")).click()
        await expect(agathe.form.get_by_role("heading", name=t("Link another account"))).to_be_focused()
        await expect(agathe.form).to_contain_text("rdv lier ")
        code = (await agathe.form.inner_text()).partition("rdv lier ")[2][:14]
        await agathe.form.get_by_role("button", name=t("Close")).last.click()
        await expect(agathe.form).to_be_hidden()
        assert code not in await agathe.page.locator("main").inner_text()
    await agathe.say(f"rdv lier {code}")
    await expect(agathe.card(t("Account linked"))).to_be_visible()
    await expect(agathe.messages.filter(has_text="rdv lier ••••")).to_have_count(1)
