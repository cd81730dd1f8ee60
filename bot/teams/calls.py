"""One delivery of somebody who is known, while it is answered."""

from dataclasses import dataclass, replace

from bot.teams.directory import Who
from bot.teams.inbound import Incoming
from handlers.i18n import Texts
from handlers.ui import ActionClick


@dataclass(frozen=True, slots=True)
class Call:
    """Who, and what he sent."""

    who: Who
    incoming: Incoming

    @property
    def texts(self) -> Texts:
        """His language and clock."""
        return Texts(self.who[1].locale, self.who[1].zone)

    def about(self, event: ActionClick) -> "Call":
        """Return it as if he had clicked on something else."""
        return replace(self, incoming=replace(self.incoming, event=event))
