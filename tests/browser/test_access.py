"""For everyone: the keyboard alone, a phone's width, names that are read out, contrast."""

import asyncio
import re

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BROKEN = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  const pointing = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"];
  const lost = pointing.flatMap((name) => [...document.querySelectorAll(`[${name}]`)]
    .flatMap((node) => node.getAttribute(name).split(" "))
    .filter((id) => !document.getElementById(id) && id !== "form-title"));
  return [...ids.filter((id, n) => ids.indexOf(id) !== n), ...lost];
}"""
COLOURS = """() => {
  const probe = document.body.appendChild(document.createElement("i")), found = {};
  for (const name of ["page", "surface", "raised", "ink", "soft", "accent", "accent-strong", "on-accent", "mine",
      "edge", "focus", ...["info", "success", "warning", "danger"].flatMap((kind) => [kind, `${kind}-back`])]) {
    probe.style.setProperty("color", `var(--${name})`);
    found[name] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  }
  probe.remove();
  return found;
}"""
READ = [
    *(("ink", back) for back in ("page", "surface", "raised", "mine")),
    *(("soft", back) for back in ("page", "surface", "raised", "mine", "info-back")),
    *(("ink", f"{kind}-back") for kind in ("info", "success", "warning", "danger")),
    *((kind, f"{kind}-back") for kind in ("info", "success", "warning", "danger")),
    ("accent", "surface"),
    ("accent", "page"),
    ("accent", "danger-back"),
    ("danger", "surface"),
    ("surface", "danger"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
NAMED = ["button", "link", "textbox", "combobox", "checkbox", "radio", "listbox", "option", "dialog", "group", "switch"]
SEEN = [("edge", "surface"), ("edge", "page"), ("focus", "surface"), ("focus", "page"), ("danger", "surface")]


def luminance(rgb: list[int]) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: list[int], other: list[int]) -> float:
    """Return the ratio that WCAG defines."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_colours_keep_their_distance(context: BrowserContext, scheme: str) -> None:
    page = await context.new_page()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.goto("/chat")
    found: dict[str, list[int]] = await page.evaluate(COLOURS)

    assert len({tuple(rgb) for rgb in found.values()}) > 10
    assert not [(a, b) for a, b in READ if contrast(found[a], found[b]) < 4.5]
    assert not [(a, b) for a, b in SEEN if contrast(found[a], found[b]) < 3]


async def check(page: Page) -> None:
    """Check what holds of every page: names, one main heading, landmarks, references that lead somewhere."""
    snapshot = await page.locator("body").aria_snapshot()
    unnamed = re.findall(rf"^\s*- (?:{'|'.join(NAMED)})(?: \[.*)?:?$", snapshot, re.MULTILINE)
    assert not unnamed, snapshot
    assert await page.locator("h1").count() == 1
    assert await page.locator("main").count() == 1
    assert await page.locator("html").get_attribute("lang") == "fr"
    assert await page.title()
    assert await page.evaluate(BROKEN) == []


async def test_everything_has_a_name(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/chat")
    await check(page)
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/parcours 1285")
    await expect(agathe.card("Sociale > Logement")).to_be_visible()
    await agathe.say("/invitations")
    await expect(agathe.text).to_have_value("")
    await check(agathe.page)
    await agathe.press(t("Create"), agathe.card("Sociale > Logement"))
    await expect(agathe.form).to_be_visible()
    await check(agathe.page)


async def test_a_new_message_is_read_out(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/parcours 1285")

    await expect(agathe.page.locator("body > [role=status]")).to_contain_text("1285")


@pytest.mark.parametrize("width", [360, 768])
async def test_nothing_is_wider_than_a_phone(context: BrowserContext, width: int) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.page.set_viewport_size({"width": width, "height": 740})
    too_wide = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"
    await agathe.say("/parcours 1285")
    await agathe.say("x" * 300)
    case = agathe.card("Sociale > Logement")
    await expect(case).to_be_visible()
    assert await agathe.page.evaluate(too_wide) <= 0
    await agathe.press(t("Create for the case lead"), case)
    await agathe.slots().first.check()

    assert await agathe.page.evaluate(too_wide) <= 0
    inside = await agathe.form.locator(".fields").evaluate("part => part.scrollWidth - part.clientWidth")
    assert inside <= 0
    await expect(agathe.form.get_by_role("button", name=t("Book"), exact=True)).to_be_in_viewport()


async def test_the_keyboard_is_enough(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/chat")
    for _ in ("Agathe", "ecoute", "seforme"):
        await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="seforme")).to_be_focused()
    await page.keyboard.press("Enter")
    seforme = Window(page)
    await expect(seforme.text).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the link that leads past everything
    await expect(seforme.text).to_be_focused()

    await page.keyboard.type("/pa")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    active = await seforme.text.get_attribute("aria-activedescendant")
    await expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(seforme.text).to_have_value("/parcours ")
    await page.keyboard.type("1285")
    await page.keyboard.press("Enter")
    create = seforme.card("Sociale > Logement").get_by_role("button", name=t("Create for the case lead"))
    await create.focus()
    await page.keyboard.press("Enter")
    await expect(seforme.form.get_by_role("heading", level=2)).to_be_focused()

    parties = seforme.field(t("Other concerned parties"))
    while not await parties.evaluate("field => field === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.type("ecou")
    await expect(seforme.form.locator("[role=option]:visible")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(seforme.form.locator("[role=option]:visible")).to_have_count(0)
    await expect(seforme.form).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(seforme.form.locator("[role=option]:visible")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(seforme.chip("ecoute")).to_be_visible()
    await expect(seforme.form.get_by_role("group", name=re.compile("ecoute"))).to_be_visible()
    await expect(seforme.field(t("Other concerned parties"))).to_be_focused()

    first = seforme.slots().first
    while not await page.evaluate("document.activeElement.name === 'one.slot'"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    while not await first.is_checked():
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(seforme.form).to_be_hidden()
    await expect(create).to_be_focused()


async def test_what_is_typed_while_the_form_follows_is_kept(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv 1285")
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await agathe.page.route("**/change", lambda route: held.set_result(route), times=1)  # noqa: PLW0108 - must be a function
    await agathe.field(t("Place")).select_option("Gembloux (Implantations)")
    route = await held
    await agathe.field(t("Comment")).fill("entre-temps")
    await route.continue_()
    await expect(agathe.form.locator("form:not([aria-busy])")).to_be_visible()

    await expect(agathe.field(t("Comment"))).to_have_value("entre-temps")


async def test_a_lost_connection_is_said_and_found_again(context: BrowserContext, problems: list[str]) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.page.route("**/say", lambda route: route.abort())
    await agathe.say("bonjour")
    await expect(agathe.page.get_by_role("alert")).to_have_text(t("This did not get through. Try again."))
    await expect(agathe.text).to_have_value("bonjour")
    assert problems.pop().startswith("Failed to load resource")
    await agathe.page.unroute("**/say")
    await agathe.text.press("Enter")

    await expect(agathe.card("bonjour")).to_be_visible()
    await expect(agathe.page.get_by_role("alert")).to_be_hidden()
