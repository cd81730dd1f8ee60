"""Mes comptes: a code links another account; each may be preferred, muted, unlinked."""

import re
from dataclasses import replace

import pytest

from core.errors import CodeUnknown, LastAccount, NotFound, OnlyInPrivate
from core.linking import read_code
from core.people import Account
from handlers import actions, ui
from handlers.accounts import without_code
from handlers.commands import parse
from tests.handlers.desk import Desk, labels, replied, text_of

DOORS = {"telegram": "https://t.me/rdv_bot?start={code}", "slack": ""}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


async def joined(desk: Desk, *platforms: str) -> None:
    for platform in platforms:
        await desk.db.write(
            lambda tx, platform=platform: tx.accounts.link(  # type: ignore[misc]
                desk.worker.id, platform, "T1", desk.worker.handle, current=True
            )
        )


async def accounts(desk: Desk) -> list[Account]:
    return await desk.db.read(lambda tx: tx.accounts.of_worker(desk.worker.id))


def code_on(card: ui.Card) -> str:
    found = CODE.search(text_of(card))
    assert found is not None
    return found[0]


@pytest.mark.parametrize("typed", ["rdv lier", "lier", "Lier un autre compte", "/rdv link", "link another account"])
async def test_a_code_is_given_with_the_ways_to_use_it(agathe: Desk, typed: str) -> None:
    desk = replace(agathe, doors=DOORS)
    card = await desk.type(typed)
    code = code_on(card)
    assert "rdv lier " + code in text_of(card)
    assert "09:10" in text_of(card)
    assert code not in card.neutral
    links = [action for action in card.actions if isinstance(action, ui.LinkButton)]
    assert [link.url for link in links] == [f"https://t.me/rdv_bot?start={read_code(code)}"]


async def test_the_code_links_the_account_that_it_is_typed_from(agathe: Desk) -> None:
    await joined(agathe, "slack")
    code = code_on(await agathe.type("rdv lier"))
    there = replace(agathe, platform="telegram")
    card = await there.type(f"rdv lier {code.lower().replace('-', ' ')}")
    assert "Compte lié" in text_of(card)
    assert [a.platform for a in await accounts(agathe)] == ["telegram", "slack"]


async def test_a_repeated_delivery_gives_no_second_code(agathe: Desk) -> None:
    event = ui.CommandCall("rdv", "lier")
    first, second = [replied(await agathe.send(event, "delivery:same")) for _ in range(2)]
    code = code_on(first)
    assert CODE.search(text_of(second)) is None
    assert "Compte lié" in text_of(await replace(agathe, platform="telegram").type(f"rdv lier {code}"))


async def test_a_code_is_stored_nowhere_in_clear(agathe: Desk) -> None:
    code = code_on(await agathe.type("rdv lier"))
    stored = str(vars(agathe.db))
    assert code not in stored
    assert read_code(code) not in stored


@pytest.mark.parametrize("typed", ["rdv lier", "rdv comptes"])
async def test_nothing_of_it_is_said_where_others_read_along(agathe: Desk, typed: str) -> None:
    with pytest.raises(OnlyInPrivate):
        await replace(agathe, private=False).send(parse(typed))


async def test_a_code_typed_where_others_read_along_joins_nothing_any_more(agathe: Desk) -> None:
    code = code_on(await agathe.type("rdv lier"))
    there = replace(agathe, platform="telegram")
    with pytest.raises(OnlyInPrivate):
        await replace(there, private=False).send(parse(f"rdv lier {code}"))
    with pytest.raises(CodeUnknown):
        await there.send(parse(f"rdv lier {code}"))


async def test_what_is_no_code_is_refused(agathe: Desk) -> None:
    with pytest.raises(CodeUnknown):
        await agathe.send(parse("rdv lier maintenant"))


async def test_accounts_are_listed_preferred_muted_and_unlinked(agathe: Desk) -> None:
    await joined(agathe, "slack", "teams", "chat")
    card = await agathe.type("mes comptes")
    said = text_of(card)
    for words in ("Slack", "Microsoft Teams", "Cette conversation", "reçoit les notifications"):
        assert words in said

    slack = next(a for a in await accounts(agathe) if a.platform == "slack")
    card = await chosen(agathe, actions.ACCOUNT_PREFER, slack)
    assert "prioritaire" in text_of(card)
    assert (await accounts(agathe))[0].platform == "slack"
    card = await chosen(agathe, actions.ACCOUNT_MUTE, slack)
    assert "Notifications coupées" in text_of(card)
    assert "prioritaire" not in text_of(card)
    card = await chosen(agathe, actions.ACCOUNT_HEAR, slack)
    assert "Notifications coupées" not in text_of(card)
    card = await chosen(agathe, actions.ACCOUNT_UNLINK_SURE, slack)
    assert text_of(card).count("Slack") == text_of(card).count("Slack : compte délié.") == 1
    assert {a.platform for a in await accounts(agathe)} == {"teams", "chat"}


async def test_the_only_account_has_nothing_to_choose(agathe: Desk) -> None:
    await joined(agathe, "slack")
    card = await agathe.type("mes comptes")
    assert labels(card) == ["Lier un autre compte", "Que puis-je faire ici\u202f?"]
    (slack,) = await accounts(agathe)
    for name in (actions.ACCOUNT_MUTE, actions.ACCOUNT_UNLINK, actions.ACCOUNT_UNLINK_SURE):
        with pytest.raises(LastAccount):
            await chosen(agathe, name, slack)


async def test_nobody_touches_the_accounts_of_another(agathe: Desk, ecoute: Desk) -> None:
    await joined(agathe, "slack", "teams")
    for account in await accounts(agathe):
        for name in (actions.ACCOUNT_UNLINK, actions.ACCOUNT_UNLINK_SURE):
            with pytest.raises(NotFound):
                await chosen(ecoute, name, account)
    assert len(await accounts(agathe)) == 2


async def test_unlinking_is_asked_first_and_nothing_is_done_until_it_is_sure(agathe: Desk) -> None:
    await joined(agathe, "slack", "chat")
    listed = await agathe.type("mes comptes")
    question = replied(await agathe.click(listed, "Délier"))
    assert "Délier" in question.title
    assert "C’est cette conversation." in text_of(question)
    assert labels(question) == ["Délier le compte", "Garder le compte"]
    assert len(await accounts(agathe)) == 2
    assert replied(await agathe.click(question, "Garder le compte")) == listed
    assert len(await accounts(agathe)) == 2
    done = replied(await agathe.click(question, "Délier le compte"))
    assert "compte délié" in text_of(done)
    assert len(await accounts(agathe)) == 1


async def test_nothing_is_asked_of_an_account_where_others_read_along(agathe: Desk) -> None:
    await joined(agathe, "slack", "chat")
    (account, _) = await accounts(agathe)
    for name in (actions.ACCOUNT_UNLINK, actions.ACCOUNT_UNLINK_SURE, actions.ACCOUNT_KEEP):
        with pytest.raises(OnlyInPrivate):
            await chosen(replace(agathe, private=False), name, account)


async def chosen(desk: Desk, name: str, account: Account) -> ui.Card:
    outcome = await desk.send(ui.ActionClick(actions.ref(name, account.id)))
    assert isinstance(outcome, ui.ReplaceCard)
    return outcome.card


async def test_an_account_known_by_its_address_comes_back_and_the_card_says_so(agathe: Desk) -> None:
    await joined(agathe, "slack", "chat")
    where = ("slack", "T1", agathe.worker.handle)
    slack = await agathe.db.write(
        lambda tx: tx.accounts.link(agathe.worker.id, *where, current=False, email="agathe@example.org")
    )
    assert "agathe@example.org" in text_of(await agathe.type("mes comptes"))
    assert "dès que vous y écrirez" in text_of(await chosen(agathe, actions.ACCOUNT_UNLINK_SURE, slack))


async def test_who_prefers_none_any_more_is_told_where_he_is(agathe: Desk) -> None:
    await joined(agathe, "chat", "slack")
    slack = (await accounts(agathe))[0]
    await chosen(agathe, actions.ACCOUNT_PREFER, slack)
    card = await chosen(agathe, actions.ACCOUNT_USUAL, slack)
    assert "prioritaire" not in text_of(card)
    assert "Cette conversation · reçoit les notifications" in text_of(card)


async def test_a_repeated_click_does_nothing_twice(agathe: Desk) -> None:
    await joined(agathe, "slack", "teams", "chat")
    teams = next(a for a in await accounts(agathe) if a.platform == "teams")
    click = ui.ActionClick(actions.ref(actions.ACCOUNT_UNLINK_SURE, teams.id))
    first, second = [await agathe.send(click, "delivery:unlink") for _ in range(2)]
    assert first == second
    assert len(await accounts(agathe)) == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rdv lier 0123-4567-89AB", "rdv lier ••••"),
        ("/rdv  link 0123 4567 89ab", "/rdv link ••••"),
        ("lier 0123-4567-89A", "lier ••••"),
        ("Lier un autre compte 0123456789AB", "Lier un autre compte ••••"),
        ("rdv lier", "rdv lier"),
        ("mes comptes 0123", "mes comptes 0123"),
        ("rdv demain  14h", "rdv demain  14h"),
    ],
)
def test_what_may_be_a_code_is_hidden_where_typed_words_are_kept(typed: str, kept: str) -> None:
    assert without_code(typed) == kept
