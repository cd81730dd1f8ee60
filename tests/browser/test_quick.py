"""Quick booking in a browser: one line fills the form in, and sending it books."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import FRENCH, Window, t

pytestmark = pytest.mark.browser

SEFORME = "seforme (Travailleur-euse social) (Principal)"
GISELE = "Gisèle LAFRAISE"


async def test_one_line_fills_the_form_in(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv dans 15 jours le matin @seforme @inconnu pour 1285")
    notes = agathe.form.get_by_role("note")
    await expect(notes.filter(has_text=t("There is no colleague “{name}”.", name="@inconnu"))).to_be_visible()
    await expect(notes.filter(has_text="À quelle heure de la matinée")).to_be_visible()
    await expect(agathe.chip(SEFORME)).to_be_visible()
    await expect(agathe.form.get_by_role("radio", checked=True)).to_have_count(0)

    value = await agathe.slots().first.get_attribute("value")
    assert value
    start, end = (FRENCH.local(datetime.fromtimestamp(int(part), UTC)) for part in value.split(".")[:2])
    await agathe.send(t("Close"))
    await agathe.say(f"/rdv {start:%d/%m/%Y} {start:%Hh%M}-{end:%Hh%M} @seforme pour 1285")
    await expect(agathe.form.locator(f"input[value='{value}']")).to_be_checked()
    await expect(notes).to_have_count(1)
    await expect(notes).to_contain_text(f"{FRENCH.day(start)}, {start:%H:%M}")
    await expect(agathe.chip(GISELE)).to_be_visible()
    await agathe.send(t("Book"))
    await expect(agathe.form).to_be_hidden()
    await expect(agathe.card(t("Appointment booked: {time}.").split("{")[0].strip())).to_contain_text(f"{start:%H:%M}")
