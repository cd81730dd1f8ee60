"""A dispatcher that answers as a test says: any outcome reaches any platform through the platform's own routes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.dispatcher import Dispatcher
from bot.platform import Deps
from core.people import Account, Worker
from core.ports import Database
from core.rules import Rules
from handlers import ui
from tests.clock import SetClock
from tests.hall import ZONE, deps_for

Answers = Callable[[ui.Inbound], ui.Outcome]


class Scripted(Dispatcher):
    """Says what `answers` returns; `heard` is what was handed over, greetings apart. Without a script it is as ever."""

    answers: Answers | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard: list[ui.Inbound] = []

    async def handle(
        self, who: tuple[Account, Worker], event: ui.Inbound, *, delivery_key: str = "", private: bool = True
    ) -> ui.Outcome:
        """Return the outcome of the script."""
        if not isinstance(event, ui.Greeting):
            self.heard.append(event)
            if self.answers is not None:
                return self.answers(event)
        return await super().handle(who, event, delivery_key=delivery_key, private=private)

    def says(self, outcome: ui.Outcome) -> None:
        """Answer everything so from now on."""
        self.answers = lambda _: outcome

    def last(self) -> ui.Inbound:
        """Return what was handed over last."""
        return self.heard[-1]


def scripted_deps(db: Database, clock: SetClock, rules: Rules, **changes: Any) -> tuple[Deps, Scripted]:
    """Return what platforms are built from, and its dispatcher."""
    deps = deps_for(db, clock, rules, **changes)
    script = Scripted(db, clock, rules, locale="fr", zone=ZONE, contact="Odile", doors=deps.doors)
    return replace(deps, dispatcher=script), script
