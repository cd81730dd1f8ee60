"""Who is it, what does he want, and what he is told when it is refused."""

from dataclasses import replace

import pytest

from bot.dispatcher import Dispatcher, Sender
from core.rules import Rules
from handlers.ui import ActionClick, ActionRef, CommandCall, FieldErrors, FormSubmit, Reply
from tests.bot.office import Office

TEAM = "T1"


def dispatcher(office: Office) -> Dispatcher:
    return Dispatcher(
        office.db, office.clock, Rules(), locale="fr", zone="Europe/Brussels", contact="Agathe (agathe@example.org)"
    )


def sender(external_id: str) -> Sender:
    return Sender("slack", TEAM, external_id)


async def test_stranger_is_told_whom_to_ask(office: Office) -> None:
    assert await dispatcher(office).find(sender("U9")) is None
    assert "Agathe (agathe@example.org)" in str(dispatcher(office).stranger())


async def test_verified_address_joins_the_account(office: Office) -> None:
    joined = await dispatcher(office).link(sender("U1"), "AGATHE@example.org")

    assert joined is not None
    assert joined[1] == office.guide.agathe
    assert await dispatcher(office).find(sender("U1")) == joined


async def test_unknown_address_joins_nobody(office: Office) -> None:
    assert await dispatcher(office).link(sender("U1"), "nobody@example.org") is None
    assert await dispatcher(office).find(sender("U1")) is None


async def test_who_has_left_is_a_stranger(office: Office) -> None:
    await dispatcher(office).link(sender("U1"), "agathe@example.org")
    await office.db.write(lambda tx: tx.people.save_worker(replace(office.guide.agathe, active=False)))

    assert await dispatcher(office).find(sender("U1")) is None
    assert await dispatcher(office).link(sender("U2"), "agathe@example.org") is None


async def test_notices_follow_the_account_that_speaks(office: Office) -> None:
    bot = dispatcher(office)
    await office.join(office.guide.agathe, "slack", current=False)
    who = await bot.find(Sender("slack", TEAM, f"U{office.guide.agathe.id}"))
    assert who is not None

    await bot.handle(who, CommandCall("aide"))

    accounts = await office.db.read(lambda tx: tx.accounts.of_worker(office.guide.agathe.id))
    assert [(a.platform, a.current) for a in accounts] == [("slack", True), ("web", False)]


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_refusal_is_said_in_his_language(office: Office, locale: str) -> None:
    bot = dispatcher(office)
    await office.db.write(lambda tx: tx.people.save_worker(replace(office.guide.agathe, locale=locale)))
    who = await bot.find(Sender("web", "local", "Agathe"))
    assert who is not None

    outcome = await bot.handle(who, CommandCall("parcours", "999999"))

    assert isinstance(outcome, Reply)
    assert ("parcours" if locale == "fr" else "There is no case no. 999999") in str(outcome.card)


async def test_click_on_nothing_known_harms_nobody(office: Office) -> None:
    bot = dispatcher(office)
    who = await bot.find(Sender("web", "local", "ecoute"))
    assert who is not None

    outcome = await bot.handle(who, ActionClick(ActionRef("accept", "999999.1.0")))

    assert isinstance(outcome, Reply)
    assert outcome.live is None


async def test_refused_form_keeps_what_was_filled_in(office: Office) -> None:
    bot = dispatcher(office)
    who = await bot.find(Sender("web", "local", "ecoute"))
    assert who is not None

    outcome = await bot.handle(who, FormSubmit("cancel", "999999.1", "n1", {"reason": "x"}))

    assert isinstance(outcome, FieldErrors)
    assert outcome.errors[0][0] == ""
