"""The guide's walk, 1 to 9, in three windows of one browser."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import Window, t

pytestmark = pytest.mark.browser

ECOUTE = "ecoute (Travailleur-euse social) (Principal)"
SEFORME = "seforme (Travailleur-euse social) (Principal)"
AGATHE = "Agathe (Travailleur-euse social) (Principal)"
GISELE = "Gisèle LAFRAISE (26 ans)"


async def test_the_walk_through_the_guide(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    seforme = await Window.open(context, "seforme")
    ecoute = await Window.open(context, "ecoute")
    count = ecoute.page.get_by_role("button", name="/invitations").locator("[data-count]")
    await expect(count).to_have_text("1")

    # 1 and 2: the case, its appointments, two ways to add one
    await agathe.front()
    await agathe.say("/parcours 1285")
    case = agathe.card("Sociale > Logement")
    await expect(case).to_contain_text(GISELE)
    await expect(case).to_contain_text("02:15")
    await agathe.press(t("Create for the case lead"), case)

    # 3 to 7: seforme's agenda, the parties, the place, a slot
    await expect(agathe.chip(SEFORME)).to_be_visible()
    await agathe.find(t("Other concerned parties"), "écou", ECOUTE)
    await expect(agathe.form.get_by_role("group", name=re.compile(re.escape(ECOUTE)))).to_be_visible()
    await agathe.choose(t("Place"), "Gembloux (Implantations)")
    slot = agathe.slots().first
    hours = (await slot.locator("xpath=following-sibling::span//span[1]").inner_text()).strip()
    await slot.check()
    await agathe.send(t("Book"))
    await expect(agathe.form).to_be_hidden()
    mine = agathe.appointment(hours, ECOUTE)
    await expect(mine).to_contain_text(t("no answer yet"))
    await expect(seforme.appointment(hours, ECOUTE)).to_contain_text(GISELE)

    # 8 and 9: ecoute's invitation is there at once, with the count; her answer is on every copy at once
    invitation = ecoute.appointment(hours, SEFORME)
    await expect(invitation).to_contain_text("Gembloux (Implantations)")
    await expect(count).to_have_text("2")
    await ecoute.front()
    await ecoute.say("/invitations")
    await expect(ecoute.card(t("My invitations ({count})", count=2))).to_be_visible()
    await ecoute.press("Accepter", invitation)
    accepted = f"{ECOUTE} – {t('accepted')}"
    for window in (agathe, seforme, ecoute):
        await expect(window.appointment(hours, accepted)).to_be_visible()
    await expect(count).to_have_text("1")
    await expect(invitation.get_by_text(t("Change my answer"))).to_be_visible()

    # cancel with a reason, and take it back: the others hear nothing of it
    await agathe.front()
    await agathe.press(t("Cancel"), mine)
    await agathe.field(t("Reason")).fill("<b>empêchement</b> & grève")
    await agathe.send(t("Cancel it"))
    await expect(mine).to_contain_text("<b>empêchement</b> & grève")
    await agathe.press(t("Restore the appointment"), mine)
    await expect(mine.get_by_role("button", name=t("Cancel"), exact=True)).to_be_visible()
    await expect(invitation).to_contain_text(accepted)


@pytest.mark.slow
async def test_a_time_outside_gets_the_guides_question(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv 1285")
    await agathe.field(t("Main worker")).fill("sefo")
    await agathe.form.get_by_role("option", name=SEFORME).click()
    await expect(agathe.chip(SEFORME)).to_be_visible()
    await agathe.form.get_by_role("radio", name=t("Another time…")).check()
    day = date.today() + timedelta(days=7)  # noqa: DTZ011 - the browser's own day
    await agathe.form.locator("#f-date").fill(day.isoformat())
    await agathe.form.locator("#f-from").fill("21:00")
    await agathe.form.locator("#f-until").fill("22:00")
    await agathe.send(t("Book"))

    question = agathe.form.get_by_role("note").first
    await expect(question).to_contain_text(SEFORME)
    await expect(question).to_be_focused()
    await expect(agathe.form.get_by_role("radio", name=re.compile("Gembloux|Namur")).first).to_be_visible()
    await agathe.form.get_by_role("radio", name=re.compile("^Devenir l’utilisateur principal")).click()

    await expect(agathe.chip(AGATHE)).to_be_visible()
    await expect(agathe.chip(SEFORME)).to_be_visible()
    for agenda in (AGATHE, SEFORME):
        await expect(agathe.form.get_by_role("group", name=re.compile(re.escape(agenda)))).to_be_visible()
    await agathe.send(t("Book"))
    await expect(agathe.form).to_be_hidden()
    await expect(agathe.appointment("21:00 – 22:00")).to_contain_text(f"{SEFORME} – {t('no answer yet')}")


@pytest.mark.slow
async def test_what_was_said_is_there_after_a_reload(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    twin = await Window.open(context, "Agathe")
    await agathe.say("<i>bonjour</i>")

    await expect(twin.card("<i>bonjour</i>")).to_be_visible()
    await agathe.page.reload()
    await expect(agathe.card("<i>bonjour</i>")).to_be_visible()
    await expect(agathe.page.locator("article i")).to_have_count(0)


async def test_a_form_says_what_is_wrong_and_where(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/rdv 1285")
    await agathe.send(t("Book"))
    summary = agathe.form.get_by_role("alert")
    await expect(summary).to_be_focused()
    await summary.get_by_role("link").first.click()

    wrong = agathe.form.locator("[aria-invalid=true]").first
    assert await wrong.evaluate("field => field.contains(document.activeElement)")
    described = (await wrong.get_attribute("aria-describedby") or "").split()
    assert any([await agathe.form.locator(f"#{name}:visible").count() for name in described if name.startswith("e-")])


@pytest.mark.slow
async def test_earlier_messages_are_fetched(context: BrowserContext) -> None:
    agathe = await Window.open(context, "Agathe")
    shown = await agathe.messages.count()
    for n in range(1, 18):
        await agathe.say(f"aide {n}")
        await expect(agathe.messages).to_have_count(shown + 2 * n)  # the question and its answer
    await agathe.page.reload()
    await expect(agathe.messages).to_have_count(30)
    await agathe.page.get_by_role("link", name=t("Earlier messages")).click()

    await expect(agathe.messages).not_to_have_count(30)
    ids = await agathe.messages.evaluate_all("all => all.map(one => Number(one.dataset.message))")
    assert ids == sorted(set(ids))
