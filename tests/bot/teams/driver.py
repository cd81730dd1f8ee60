"""The scenarios' chat in Teams: typed commands, clicks, dialogs and card forms."""

from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import Message
from tests.bot.teams.screen import actions, field_of, is_form, labels, plain, text_of
from tests.hall import Hall

REFRESH = ("Actualiser", "Refresh")
OPEN = ("Ouvrir le formulaire", "Open the form")
_PICKED = ("Input.Date", "Input.Time")


class TeamsChat:
    """Drives the people who are in Teams.

    Where a form offers to be shown anew after a choice, they let it; one that is too large for a message they open.
    """

    def __init__(self, hall: Hall, teams: FakeTeams) -> None:
        self.hall = hall
        self.teams = teams
        self.people = {handle: Person(hall, teams, member) for handle, member in teams.members.items()}

    async def command(self, who: str, text: str) -> None:
        """Type a command, or a message."""
        await self.people[who].say(text)
        await self._opened(who)

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Click a button."""
        person = self.people[who]
        found = next(
            m for m in person.screen[::-1] if label in labels(person.content(m)) and about in text_of(person.content(m))
        )
        await person.press(found, label)

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in a field."""
        await self.people[who].choose(field, *options)
        await self._shown_anew(who)

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a field."""
        person = self.people[who]
        await person.write(field, text)
        if person.form is not None and field_of(person.form[1], field)["type"] in _PICKED:
            await self._shown_anew(who)

    async def submit(self, who: str) -> None:
        """Send the form."""
        person = self.people[who]
        assert person.form is not None
        sends = next(a for a in actions(person.form[1]) if a.get("data", {}).get("form", {}).get("do") == "submit")
        in_a_card = person.dialog is None
        await person.use(plain(sends["title"]))
        if in_a_card:
            await self._opened(who)

    async def settle(self, **later: float) -> None:
        """Let everything be sent."""
        await self.hall.settle(**later)

    async def cards(self, who: str) -> list[str]:
        """Return what the bot's messages say, and what was said in passing, in order."""
        person = self.people[who]
        cards = [(m.number, text_of(person.content(m))) for m in person.screen if not is_form(person.content(m))]
        return [plain(text) for _, text in sorted([*cards, *person.said])]

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the buttons of a card."""
        return labels(self.people[who].content(self._about(who, about)))

    async def form(self, who: str) -> str:
        """Return what the open form says."""
        return self.people[who].form_text

    async def _shown_anew(self, who: str) -> None:
        person = self.people[who]
        offered = [label for label in labels(person.form[1]) if label in REFRESH] if person.form else []
        if offered:
            in_a_card = person.dialog is None
            await person.use(offered[0])
            if in_a_card:
                await self._opened(who)

    async def _opened(self, who: str) -> None:
        """Open a form that is too large for its message by the button that stands in its place."""
        person = self.people[who]
        newest = person.screen[-1] if person.screen else None
        offered = [label for label in labels(person.content(newest)) if label in OPEN] if newest else []
        if newest and offered:
            await person.press(newest, offered[0])

    def _about(self, who: str, about: str) -> Message:
        person = self.people[who]
        return next(m for m in person.screen[::-1] if about in text_of(person.content(m)))
