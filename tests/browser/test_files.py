"""A file that a card gives is really saved, with all that is in it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.window import Window, t

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_manager_keeps_the_table_of_the_figures(context: BrowserContext, tmp_path: Path) -> None:
    agathe = await Window.open(context, "Agathe")
    await agathe.say("/agenda chiffres")
    figures = agathe.card(t("Hours offered"))
    await expect(figures.locator("svg").first).to_be_visible()
    await expect(figures).to_contain_text(re.compile("Agathe .*offertes"))
    await agathe.press(t("Table (CSV)"), figures)
    link = agathe.page.get_by_role("link", name=t("Keep the table (CSV)"))
    async with agathe.page.expect_download() as waiting:
        await link.click()
    download = await waiting.value
    await download.save_as(tmp_path / "table.csv")
    written = (tmp_path / "table.csv").read_bytes()

    assert re.fullmatch(r"occupation-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.csv", download.suggested_filename)
    assert written.startswith("\ufeffT(M)S;Localisation;Semaine;".encode())
    assert "ecoute (Travailleur-euse social) (Principal);" in written.decode()
