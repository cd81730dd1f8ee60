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
    """Drives the people who are in Teams; where a form offers to be shown anew after a choice, they let it."""

    def __init__(self, hall: Hall, teams: FakeTeams) -> None:
        self.hall = hall
        self.teams = teams
        self.people = {handle: Person(hall, teams, member) for handle, member in teams.members.items()}

    async def command(self, who: str, text: str) -> None:
        """Type a command, or a message; a form that is too large for a message is opened by its button."""
        person = self.people[who]
        await person.say(text)
        offered = [label for label in labels(person.screen[-1].content) if label in OPEN] if person.screen else []
        if offered:
            await person.press(person.screen[-1], offered[0])

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
        await person.use(plain(sends["title"]))

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
            await person.use(offered[0])

    def _about(self, who: str, about: str) -> Message:
        person = self.people[who]
        return next(m for m in person.screen[::-1] if about in text_of(person.content(m)))
