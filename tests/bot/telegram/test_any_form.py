"""Any form against a Bot API that refuses what Telegram refuses: whatever one presses, it can be sent, and says it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.filled import values_of
from bot.pictures import Pictures
from bot.platform import Deps
from bot.telegram.api import Api
from bot.telegram.chats import Chats
from bot.telegram.forms import Forms
from bot.telegram.groups import Groups
from bot.telegram.inbound import Who
from bot.telegram.pace import Pace
from core.people import Account
from core.ports import Database
from core.rules import Rules
from handlers import ui
from tests.bot.telegram.driver import is_form
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram, Message
from tests.builders import make_worker
from tests.clock import SetClock
from tests.hall import deps_for
from tests.platforms import made

CALM = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
WHO: Who = (Account(1, 1, "telegram", "telegram", "1001"), make_worker("Agathe", id=1, locale="fr"))
CHAT = 1001
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#fff"/></svg>'
)


@dataclass
class Desk:
    """Somebody before the forms of his chat; `sent` is what came of them."""

    deps: Deps
    telegram: FakeTelegram
    chats: Chats
    groups: Groups
    sent: list[ui.Inbound] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    def forms(self) -> Forms:
        """Return what any process works with."""
        return Forms(self.deps, self.chats, self.groups, self._ask, self._carry_out)

    @property
    def asked(self) -> list[Message]:
        """The messages of the open form."""
        return [m for m in self.telegram.messages(CHAT) if is_form(m)]

    async def press(self, message: Message, data: str) -> None:
        """Press a button."""
        assert await self.forms().clicked(WHO, CHAT, f"{CHAT}:{message.id}", data, f"key-{next(self.numbers)}")

    async def press_for(self, what: str) -> None:
        """Press the button of the question that asks for this, if there is one."""
        for message in self.asked:
            for row in message.keys:
                for key in row:
                    if key.get("callback_data", "").endswith(f":{what}"):
                        await self.press(message, key["callback_data"])
                        return

    async def _ask(self, _: Who, event: ui.Inbound) -> ui.Outcome:
        if isinstance(event, ui.OptionSearch):
            return ui.Options((ui.OptionGroup("Travailleurs", (ui.Option("7", f"ecoute {event.query}"[:40]),)),))
        return ui.FieldErrors((("", "pas maintenant"),))

    async def _carry_out(self, _: Who, __: int, event: ui.Inbound, ___: str) -> None:
        self.sent.append(event)
        await self.forms().show(WHO, CHAT, ui.CloseForm("Envoyé."))


@pytest.fixture
async def desk(db: Database, clock: SetClock, rules: Rules, telegram: FakeTelegram) -> AsyncIterator[Desk]:
    """The forms of one chat, against the stand-in."""
    deps = deps_for(db, clock, rules)
    api = Api(TOKEN, telegram.url, Pace(db, clock, "1", clock.sleep))
    yield Desk(deps, telegram, Chats(api, db, clock, Pictures()), Groups(api, db, clock))
    await api.close()


@CALM
@given(made.forms, st.data())
async def test_any_form_is_gone_through_and_sent(desk: Desk, form: ui.Form, data: st.DataObject) -> None:
    drawn = tuple(replace(p, svg=DRAWING) if isinstance(p, ui.Picture) else p for p in form.parts)
    form = replace(form, parts=drawn)
    desk.sent.clear()
    await desk.forms().show(WHO, CHAT, ui.OpenForm(form))
    for _ in range(6):
        if data.draw(st.booleans()):
            typed = data.draw(made.short)
            await desk.forms().typed(WHO, CHAT, typed, f"key-{next(desk.numbers)}")
        message = desk.asked[-1]
        keys = [k["callback_data"] for row in message.keys for k in row if k.get("callback_data", "")[-1:] not in "!#"]
        if not keys:
            break  # all questions are answered, and none has a choice that could be changed
        await desk.press(message, keys[data.draw(st.integers(0, 999)) % len(keys)])  # the clock goes on: keys differ
        assert desk.telegram.violations == []
    await desk.press_for("=")
    await desk.press_for("!")
    (sent,) = desk.sent
    assert isinstance(sent, ui.FormSubmit)
    assert (sent.form_id, sent.context, sent.nonce) == (form.id, form.context, form.nonce)
    assert set(sent.values) == set(values_of(form))
    assert desk.asked == []
    assert desk.telegram.violations == []


@CALM
@given(made.forms)
async def test_any_form_that_nobody_touches_is_sent_as_it_is(desk: Desk, form: ui.Form) -> None:
    desk.sent.clear()
    await desk.forms().show(WHO, CHAT, ui.OpenForm(form))
    await desk.press_for("=")
    await desk.press_for("!")
    (sent,) = desk.sent
    assert isinstance(sent, ui.FormSubmit)
    assert sent.values == values_of(form)
