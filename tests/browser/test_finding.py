"""Finding a time in a browser: one form takes the place of another, and times are typed part by part."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEFORME = "seforme (Travailleur-euse social) (Principal)"


async def test_a_proposal_leads_to_the_booking_form(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv trouver @seforme")
    heading = agathe.form.get_by_role("heading", level=2)
    await expect(heading).to_have_text(t("Find a time"))
    proposals = agathe.form.get_by_role("group", name=t("Everyone free"))
    chosen = proposals.get_by_role("radio").first
    await chosen.check()
    value = await chosen.get_attribute("value")
    await agathe.send(t("Continue"))

    await expect(heading).to_have_text(t("New appointment"))
    await expect(heading).to_be_focused()
    await expect(agathe.chip(SEFORME)).to_be_visible()
    await expect(agathe.form.locator(f"input[value='{value}']")).to_be_checked()


async def test_hours_are_typed_without_being_interrupted(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv trouver @seforme")
    await agathe.form.get_by_role("checkbox", name=t("Why not at a certain time?")).check()
    starts = agathe.form.locator("#f-from")
    await starts.fill("21:10")
    await starts.press("ArrowRight")
    for _ in range(5):
        await starts.press("ArrowUp", delay=60)
    await expect(starts).to_have_value("21:15")
    await agathe.form.locator("#f-until").fill("22:00")
    day = date.today() + timedelta(days=7)  # noqa: DTZ011 - the browser's own day
    await agathe.form.locator("#f-date").fill(day.isoformat())

    reasons = agathe.form.get_by_role("note").filter(has_text=t("Why not at this time?"))
    await expect(reasons).to_contain_text(re.compile(re.escape(SEFORME)))
    await expect(starts).to_have_value("21:15")
