"""What a person sees and does in one window, by the names that are read out."""

import re
from dataclasses import dataclass
from typing import Self

from playwright.async_api import BrowserContext, Locator, Page, expect

from handlers.i18n import Texts

FRENCH = Texts("fr", "Europe/Brussels")
t = FRENCH.t


@dataclass
class Window:
    """One person's conversation."""

    page: Page

    @classmethod
    async def open(cls, context: BrowserContext, name: str) -> Self:
        """Choose who one is in a new window."""
        page = await context.new_page()
        await page.goto("/chat")
        await page.get_by_role("link", name=name).click()
        await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        return cls(page)

    @property
    def text(self) -> Locator:
        """The field for messages."""
        return self.page.get_by_role("combobox", name=t("Write a message or a command"))

    @property
    def messages(self) -> Locator:
        """All messages."""
        return self.page.get_by_role("article")

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.get_by_role("dialog")

    async def front(self) -> Self:
        """Bring it before the other windows, which Chromium draws less often."""
        await self.page.bring_to_front()
        return self

    async def say(self, words: str) -> None:
        """Type a message."""
        await self.text.fill(words)
        await self.text.press("Enter")

    def card(self, *words: str) -> Locator:
        """Return the newest card that holds all these words."""
        found = self.messages
        for word in words:
            found = found.filter(has_text=word)
        return found.last

    def appointment(self, *words: str) -> Locator:
        """Return the newest card of one appointment that holds all these words."""
        found = self.messages.filter(has=self.page.locator("dt", has_text=t("Duration")))
        for word in words:
            found = found.filter(has_text=word)
        return found.last

    async def press(self, name: str, within: Locator | None = None) -> None:
        """Press the button of that name."""
        await (within or self.page).get_by_role("button", name=name, exact=True).click()

    def field(self, name: str) -> Locator:
        """Return the form's text field, list or search field of that name."""
        label = re.compile(f"^{re.escape(name)}( {t('required')})?$")
        one_of = [self.form.get_by_role(role, name=label) for role in ("combobox", "textbox")]
        return one_of[0].or_(one_of[1])

    async def find(self, name: str, typed: str, wanted: str) -> None:
        """Search in a field and choose what is found."""
        await self.field(name).fill(typed)
        await self.form.get_by_role("option", name=wanted).click()
        await expect(self.chip(wanted)).to_be_visible()

    async def choose(self, name: str, wanted: str) -> None:
        """Choose in a list, and wait for the form that follows from it, as people do."""
        await self.field(name).select_option(wanted)
        await expect(self.form.locator("[aria-busy=true]")).to_have_count(0)

    def chip(self, wanted: str) -> Locator:
        """Return what was chosen in a search field."""
        return self.form.get_by_role("listitem").filter(has_text=wanted)

    def slots(self) -> Locator:
        """Return the free slots at which nobody is otherwise busy."""
        day = self.form.get_by_role("group", name=re.compile(r"^\w{3}\. \d"))
        return day.get_by_role("radio", name=re.compile(r"^\d\d:\d\d – \d\d:\d\d(?! \()"))

    async def send(self, name: str) -> None:
        """Send the form."""
        await self.press(name, self.form)
