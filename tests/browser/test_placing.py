"""A new place in a browser: its form opens above the booking form, which waits under it as it was left."""

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GEMBLOUX = "Gembloux (Implantations)"


def chosen_place(window: Window) -> Locator:
    """Return the chosen option of the place."""
    return window.field(t("Place")).locator("option:checked")


async def in_front_of_a_new_place(context: BrowserContext) -> Window:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv 1285")
    await agathe.choose(t("Place"), GEMBLOUX)
    await agathe.field(t("Comment")).fill("Apporter les papiers")
    await agathe.choose(t("Place"), t("Create a new place…"))
    await expect(agathe.form.get_by_role("heading", name=t("New place"))).to_be_focused()
    return agathe


async def test_a_new_place_comes_back_chosen(context: BrowserContext) -> None:
    agathe = await in_front_of_a_new_place(context)
    await agathe.send(t("Create"))
    await expect(agathe.form.get_by_role("alert")).to_contain_text(t("Name the new place."))
    await agathe.field(t("Name of the new place")).fill("Namur")
    await agathe.send(t("Create"))
    await expect(chosen_place(agathe)).to_have_text("Namur")
    await expect(agathe.field(t("Comment"))).to_have_value("Apporter les papiers")
    await agathe.slots().first.check()
    await agathe.send(t("Book"))
    await expect(agathe.form).to_be_hidden()
    await expect(agathe.appointment("Namur")).to_contain_text("Apporter les papiers")


async def test_closing_it_and_escape_lead_back_one_form(context: BrowserContext) -> None:
    agathe = await in_front_of_a_new_place(context)
    await agathe.press(t("Close"), agathe.form)
    await expect(chosen_place(agathe)).to_have_text(GEMBLOUX)
    await expect(agathe.field(t("Comment"))).to_have_value("Apporter les papiers")
    await agathe.choose(t("Place"), t("Create a new place…"))
    await expect(agathe.form.get_by_role("heading", name=t("New place"))).to_be_focused()
    await agathe.page.keyboard.press("Escape")
    await expect(chosen_place(agathe)).to_have_text(GEMBLOUX)
    await agathe.page.keyboard.press("Escape")
    await expect(agathe.form).to_be_hidden()
