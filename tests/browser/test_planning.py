"""/dispo as a social worker uses it: by keyboard, in words, and an absence whose appointments are handed over."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GEMBLOUX = "Gembloux (Implantations)"
AGATHE = "Agathe (Travailleur-euse social) (Principal)"
MINE = t("My availability")
MORE = t("Other actions")
TODAY = date.today()  # noqa: DTZ011 - the browser's own day


def lists(window: Window) -> Locator:
    """Return the lists of one's own availability."""
    return window.messages.filter(has=window.page.get_by_role("heading", level=2, name=MINE, exact=True))


async def listed(window: Window) -> Locator:
    """Ask for the list, and return it."""
    before = await lists(window).count()
    await window.say("/dispo")
    await expect(lists(window)).to_have_count(before + 1)
    return lists(window).nth(before)


async def test_a_range_in_words_is_saved_and_deleted(context: BrowserContext) -> None:
    seforme = await Window.open(context, "seforme")
    day = TODAY + timedelta(days=9)
    await seforme.say(f"/dispo {day:%d/%m/%Y} 18h-19h30 Gembloux")
    await expect(seforme.form.get_by_role("heading", level=2)).to_have_text(t("New range"))
    await expect(seforme.form.locator("#f-day")).to_have_value(day.isoformat())
    await expect(seforme.form.get_by_role("radio", name=GEMBLOUX)).to_be_checked()
    await seforme.form.locator("#f-until").fill("17:00")
    await seforme.send(t("Save"))
    await expect(seforme.form.locator("#e-until")).to_have_text(t("The end must come after the start."))
    await seforme.form.locator("#f-until").fill("19:30")
    await seforme.send(t("Save"))

    shown = lists(seforme).last.get_by_role("listitem").filter(has_text="18:00 – 19:30")
    await expect(shown).to_contain_text(GEMBLOUX)
    await shown.get_by_role("button", name=re.compile(f"^{t('Delete')}")).click()
    await seforme.send(t("Delete"))
    await expect(lists(seforme).last).to_contain_text(t("This availability is deleted."))
    await expect(lists(seforme).last.get_by_text("18:00 – 19:30")).to_have_count(0)


async def test_shrinking_lists_what_would_fall_outside(context: BrowserContext) -> None:
    seforme = await Window.open(context, "seforme")
    card = await listed(seforme)
    await card.get_by_role("button", name=re.compile(f"^{t('Edit')}.*lundi au vendredi")).click()
    await seforme.form.get_by_role("radio", name=t("This one and the following")).check()
    await seforme.form.locator("#f-until").fill("11:00")
    await seforme.send(t("Save"))
    question = seforme.form.get_by_role("note").first
    await expect(question).to_be_focused()
    await expect(question).to_contain_text(re.compile(r"10:00\s–\s12:00, parcours n°\s1285"))
    await expect(seforme.form.get_by_role("checkbox", name=t("Save all the same"))).not_to_be_checked()
    await seforme.page.keyboard.press("Escape")
    await expect(seforme.form).to_be_hidden()


async def test_the_menu_by_keyboard(context: BrowserContext) -> None:
    seforme = await Window.open(context, "seforme")
    card = await listed(seforme)
    menu = card.get_by_text(MORE)
    keys = seforme.page.keyboard
    await menu.focus()
    await keys.press("Enter")
    settings = card.get_by_role("button", name=t("Settings"))
    await settings.click(trial=True)  # nothing lies over it
    await keys.press("Tab")
    await keys.press("Enter")
    heading = seforme.form.get_by_role("heading", level=2)
    await expect(heading).to_have_text(t("Copy ranges"))
    await expect(heading).to_be_focused()
    day = seforme.form.get_by_role("radio", name=t("A day"), exact=True)
    await day.focus()
    await keys.press("ArrowDown")
    await expect(seforme.form.locator("#f-weeks")).to_be_visible()
    await expect(seforme.form.get_by_role("radio", name=t("A week"), exact=True)).to_be_focused()
    await keys.press("Escape")
    await expect(seforme.form).to_be_hidden()
    await expect(menu).to_be_focused()
    await expect(settings).to_be_hidden()


async def test_an_absence_hands_its_appointments_over(context: BrowserContext) -> None:
    seforme = await Window.open(context, "seforme")
    agathe = await Window.open(context, "Agathe")
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=21)
    await seforme.say(f"/dispo maladie du {first:%d/%m/%Y} au {last:%d/%m/%Y}")
    await expect(seforme.form.get_by_role("radio", name=t("Sickness"))).to_be_checked()
    await seforme.send(t("Save"))
    heading = seforme.form.get_by_role("heading", level=2)
    await expect(heading).to_have_text(t("Appointments concerned"))
    await expect(heading).to_be_focused()
    ticks = seforme.form.get_by_role("group", name=t("Appointments that fall in it")).get_by_role("checkbox")
    await expect(ticks).to_have_count(2)
    label = await ticks.first.locator("xpath=following-sibling::span").inner_text()

    # one to Agathe, who makes room for it: it is hers at once
    await agathe.front()
    await agathe.say(f"/dispo {label.split()[0]} 9h-13h")
    await agathe.send(t("Save"))
    await expect(agathe.form).to_be_hidden()
    await seforme.front()
    await ticks.nth(1).uncheck()
    await seforme.form.get_by_role("radio", name=t("Give them to a colleague")).check()
    await seforme.find(t("Colleague"), "agat", AGATHE)
    await seforme.send(t("Carry out"))
    await expect(seforme.form.get_by_role("note").first).to_contain_text("confié à Agathe")
    main = agathe.page.locator("dl div", has_text=t("Main worker")).filter(has_text=AGATHE)
    await expect(agathe.messages.filter(has=main).last).to_contain_text(re.compile(r"10:00\s–\s12:00"))

    # the other one to the first free slot after it
    await expect(ticks).to_have_count(1)
    await ticks.check()
    await seforme.form.get_by_role("radio", name=t("Move them to the first free slot after the absence")).check()
    await expect(seforme.form.get_by_text(t("Proposed times:"))).to_be_visible()
    await seforme.send(t("Carry out"))
    await expect(seforme.form).to_be_hidden()
    await expect(lists(seforme).last).to_contain_text("déplacé au")
    await expect(agathe.card(t("Appointment moved"))).to_be_visible()

    # colleagues read that the days are closed, not why
    await agathe.front()
    await agathe.say("/agenda @seforme semaine prochaine")
    shown = agathe.messages.filter(has=agathe.page.locator(".drawn")).last
    await expect(shown.locator("svg .absence-words")).to_contain_text(t("Away"))
    await expect(shown).not_to_contain_text(t("Sickness"))
