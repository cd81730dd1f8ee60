"""Two people in the booking form at once, and a colleague who is asked to open a time."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEFORME = "seforme (Travailleur-euse social) (Principal)"


async def booking(window: Window) -> None:
    """Open the booking form on seforme's agenda, a week ahead, of which no day has begun."""
    await window.front()
    await window.say("/rdv 1285")
    await window.find(t("Main worker"), "sefo", SEFORME)
    weeks = window.field(t("Week"))
    await weeks.select_option(index=2)
    await expect(window.slots().first).to_be_visible()
    await expect(window.form.locator("form")).not_to_have_attribute("aria-busy", "true")


async def chosen(slot: Locator) -> str:
    """Choose a slot, and return its value."""
    value = await slot.get_attribute("value")
    await slot.check()
    assert value
    return value


async def asking(window: Window, starts: str, ends: str) -> None:
    """Ask seforme to open a time next week, from the question that the booking form asks."""
    await booking(window)
    await window.form.get_by_role("radio", name=t("Another time…")).check()
    day = date.today() + timedelta(days=8)  # noqa: DTZ011 - the browser's own day
    await window.form.locator("#f-date").fill(day.isoformat())
    await window.form.locator("#f-from").fill(starts)
    await window.form.locator("#f-until").fill(ends)
    await window.send(t("Book"))
    await window.form.get_by_role("radio", name=t("Ask {name} to open this time", name="seforme")).click()
    await window.send(t("Send the request"))
    await expect(window.form).to_be_hidden()


async def test_one_slot_two_windows(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    ecoute = await Window.open(context, "ecoute")
    await booking(ecoute)
    await booking(agathe)
    value = await chosen(agathe.slots().first)
    await expect(agathe.form.locator("[name=context]")).to_have_value(re.compile(r"/\d[^/]*$"))  # held

    # the second is told at the choice, and sees it
    await ecoute.front()
    await ecoute.form.locator(f"input[value='{value}']").click()
    refusal = ecoute.form.get_by_role("note").first
    await expect(refusal).to_contain_text("en train de réserver ce créneau")
    await expect(refusal).to_be_focused()
    await expect(refusal).to_be_in_viewport()
    await expect(ecoute.form.locator(f"input[value='{value}']")).to_have_count(0)
    await expect(ecoute.form.locator("svg .hold-words")).to_contain_text(t("Held"))
    await ecoute.page.keyboard.press("Escape")
    await ecoute.say("/agenda @seforme semaine du " + f"{date.today() + timedelta(weeks=2):%d/%m/%Y}")  # noqa: DTZ011
    shown = ecoute.messages.filter(has=ecoute.page.locator(".drawn")).last
    await expect(shown.locator("svg .hold-words")).to_contain_text(t("Held"))

    # the first books it; a slot that she drops is anyone's again
    await agathe.front()
    await agathe.send(t("Book"))
    await expect(agathe.form).to_be_hidden()
    await booking(agathe)
    value = await chosen(agathe.slots().first)
    await expect(agathe.form.locator("[name=context]")).to_have_value(re.compile(r"/\d[^/]*$"))
    await agathe.form.get_by_role("radio", name=t("Another time…")).check()
    await expect(agathe.form.locator("[name=context]")).to_have_value(re.compile(r"/$"))
    await booking(ecoute)
    await ecoute.form.locator(f"input[value='{value}']").check()
    await ecoute.send(t("Book"))
    await expect(ecoute.form).to_be_hidden()


async def test_a_colleague_opens_a_time_with_one_click(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    seforme = await Window.open(context, "seforme")
    await asking(agathe, "19:00", "20:00")
    await expect(agathe.messages.last).to_contain_text("Vous serez prévenu·e de la réponse.")
    question = seforme.messages.filter(has=seforme.page.get_by_role("button", name=t("Open and book"))).last
    await expect(question).to_contain_text(re.compile(r"19:00\s–\s20:00"))
    await expect(question).to_contain_text("Gisèle LAFRAISE (26 ans)")
    twin = await Window.open(context, "seforme")  # an older copy of the card, clicked too late
    late = twin.page.get_by_role("button", name=t("Open and book")).last
    await expect(late).to_be_visible()

    await (await seforme.front()).press(t("Open and book"), question)
    done = seforme.card(t("You opened this time, and the appointment is booked."))
    await expect(done.get_by_role("button", name=t("Show the appointment"))).to_be_visible()
    for window in (agathe, seforme):
        await expect(window.appointment("19:00 – 20:00")).to_contain_text(SEFORME)
    await expect(late).to_be_hidden()


async def test_a_colleague_leaves_a_time_closed(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    seforme = await Window.open(context, "seforme")
    await asking(agathe, "20:30", "21:30")
    question = seforme.messages.filter(has=seforme.page.get_by_role("button", name=t("Open and book"))).last
    await (await seforme.front()).press(t("Decline"), question)
    await expect(seforme.card(t("You left this time closed; {name} is told.", name="Agathe"))).to_be_visible()
    told = agathe.card(t("The time stays closed"))
    await (await agathe.front()).press(t("Find a time"), told)
    await expect(agathe.chip(SEFORME)).to_be_visible()
