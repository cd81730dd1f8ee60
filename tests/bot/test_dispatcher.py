"""Who is it, what does he want, and what he is told when it is refused."""

from dataclasses import replace

import pytest

from bot.dispatcher import Dispatcher, Sender
from core.linking import give_code, new_code
from core.rules import Rules
from handlers.ui import ActionClick, ActionRef, CommandCall, FieldErrors, FormSubmit, Reply, TextReply
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


async def a_code(office: Office) -> str:
    code = new_code()
    await office.db.write(lambda tx: give_code(tx, office.guide.agathe, code, office.clock.now()))
    return code


async def test_a_stranger_who_says_a_code_in_private_is_its_worker(office: Office) -> None:
    said = TextReply(f"rdv lier {await a_code(office)}")
    who = await dispatcher(office).known(sender("U9"), said, private=True)
    assert who is not None
    assert who[1] == office.guide.agathe
    outcome = await dispatcher(office).handle(who, said)
    assert isinstance(outcome, Reply)
    assert "Compte lié" in outcome.card.title
    assert await dispatcher(office).find(sender("U9")) == who


async def test_a_code_said_before_others_joins_nobody(office: Office) -> None:
    said = CommandCall("rdv", f"lier {await a_code(office)}")
    assert await dispatcher(office).known(sender("U9"), said, private=False) is None
    assert await dispatcher(office).known(sender("U9"), said, private=True) is None


async def test_a_wrong_code_is_not_logged(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    code = new_code()
    assert await dispatcher(office).known(sender("U9"), TextReply(f"rdv lier {code}"), private=True) is None
    logged = capsys.readouterr().out
    assert "CodeUnknown" in logged
    assert code not in logged


async def test_using_an_account_makes_it_current_unless_another_is_preferred_or_it_is_muted(office: Office) -> None:
    agathe, helps = office.guide.agathe, CommandCall("aide")
    slack = await office.join(agathe, "slack", current=True)

    async def use(external_id: str) -> str:
        who = await dispatcher(office).find(Sender("web", "local", external_id))
        assert who is not None
        await dispatcher(office).handle(who, helps)
        return (await office.db.read(lambda tx: tx.accounts.of_worker(agathe.id)))[0].platform

    await office.db.write(lambda tx: tx.accounts.prefer(slack, preferred=True))
    assert await use(agathe.handle) == "slack"
    await office.db.write(lambda tx: tx.accounts.prefer(slack, preferred=False))
    assert await use(agathe.handle) == "web"
