"""/agenda as a social worker sees it: a picture where there is room for it, the same in words on a phone."""

import re

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.test_access import check
from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEASURED = """texts => texts.map(text => {
  const box = text.getBBox(), svg = text.ownerSVGElement.viewBox.baseVal;
  return [Math.abs(text.getComputedTextLength() - text.textLength.baseVal.value),
    box.x >= 0 && box.x + box.width <= svg.width && box.y >= 0 && box.y + box.height <= svg.height];
})"""
FONTS = "document.fonts.ready.then(fonts => [...fonts].map(font => `${font.family} ${font.weight} ${font.status}`))"
TOO_WIDE = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"


async def ask(window: Window, words: str) -> Locator:
    """Type a command and return the card with agendas that answers it."""
    cards = window.messages.filter(has=window.page.locator(".drawn"))
    before = await cards.count()
    await window.say(words)
    await expect(cards).to_have_count(before + 1)
    return cards.nth(before)


async def test_agendas_stand_side_by_side_and_are_turned(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    card = await ask(agathe, "/agenda @seforme @ecoute")
    picture = card.get_by_role("img")
    await expect(picture).to_be_visible()
    for name in ("seforme", "ecoute"):
        await expect(picture.locator(".words text", has_text=name).first).to_be_visible()
    measured = await picture.locator("text").evaluate_all(MEASURED)
    assert len(measured) > 30
    assert all(off < 1 and inside for off, inside in measured)
    fonts = await agathe.page.evaluate(FONTS)
    assert {f.replace('"', "") for f in fonts} == {
        "Source Sans Pro 400 loaded",
        "Source Sans Pro 600 loaded",
    }

    title = card.get_by_role("heading", level=2)
    before = await title.inner_text()
    await agathe.press(t("Next"), card)
    await expect(title).not_to_have_text(before)
    await agathe.press(t("Day"), card)
    await expect(title).not_to_contain_text(re.compile("semaine"))
    await agathe.press(t("Week"), card)
    await agathe.press(t("Previous"), card)
    await expect(title).to_have_text(before)
    await expect(agathe.messages.filter(has=agathe.page.locator(".drawn"))).to_have_count(1)  # always in its place

    await agathe.press(t("Find a time"), card)
    await expect(agathe.form).to_contain_text("ecoute")


async def test_what_is_switched_off_stays_off_for_its_reader(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    card = await ask(agathe, "/agenda @ecoute semaine prochaine")
    told = card.locator("details.told")
    await told.get_by_text(t("As text")).click()
    await expect(told).to_contain_text(t("Busy"))
    switch = card.get_by_role("switch", name=t("External agenda of {name}", name="ecoute"))
    await expect(switch).to_be_checked()
    await switch.focus()
    await agathe.page.keyboard.press("Space")
    await expect(switch).not_to_be_checked()
    await expect(switch).to_be_focused()
    await expect(card.locator("svg .external")).to_have_count(0)
    await expect(told).not_to_contain_text(f"{t('Busy')}\u00a0–")

    again = await ask(agathe, "/agenda @ecoute semaine prochaine")
    await expect(again.get_by_role("switch").last).not_to_be_checked()
    await check(agathe.page)  # two pictures share no name
    seforme = await Window.open(context, "seforme")
    other = await ask(seforme, "/agenda @ecoute semaine prochaine")
    await expect(other.get_by_role("switch").last).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_boxes_keep_their_pattern_in_every_light(context: BrowserContext, scheme: str) -> None:
    seforme = await Window.open(context, "seforme")
    await seforme.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    picture = (await ask(seforme, "/agenda @ecoute semaine prochaine")).get_by_role("img")
    page = await picture.locator(".page").evaluate("shape => getComputedStyle(shape).fill")
    assert page == {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 35, 38)"}[scheme]
    filled = await picture.locator("g.external").first.evaluate("shape => getComputedStyle(shape).fill")
    name = re.fullmatch(r'url\("#(m\d+-external)"\)', filled)
    assert name
    await expect(picture.locator(f"pattern#{name[1]} path")).to_have_count(1)


async def test_a_phone_reads_the_same_in_words(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    card = await ask(agathe, "/agenda @seforme @ecoute semaine prochaine")
    whole = await card.locator("details.told p").all_text_contents()
    for width, drawn in ((1280, True), (800, True), (360, False)):
        await agathe.page.set_viewport_size({"width": width, "height": 800})
        await expect(card.locator("svg").first).to_be_visible(visible=drawn)
        assert await agathe.page.evaluate(TOO_WIDE) <= 0
    words = card.locator(".told.instead")
    await expect(words).to_be_visible()
    assert len(whole) >= 5
    assert await words.locator("p").all_inner_texts() == whole
    await expect(card.get_by_text(t("As text"))).to_be_hidden()
    await expect(card.get_by_role("switch").last).to_be_visible()
