"""The home: it opens at once, follows every change, and is published only when it looks otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Answer
from core.booking import change
from core.endings import cancel
from core.ports import Transaction
from core.times import Interval
from storage.homes import mark_every_home
from tests.bot.slack.conftest import Office
from tests.bot.slack.screen import labels, modal_text, plain
from tests.bot.slack.surfaces import click_home, home_blocks, home_text, open_home, published
from tests.builders import at, between, make_worker

WAITS = "1 invitation attend votre réponse."


async def at_home(office: Office, *handles: str) -> None:
    """Let people look at their homes."""
    for handle in handles:
        await open_home(office[handle])
    await office.answered()


def _after(start: str, minutes: int) -> Interval:
    return Interval.lasting(at(start) + timedelta(minutes=minutes), timedelta(minutes=10))


async def test_opening_shows_what_waits_the_day_the_week_and_the_ways_on(office: Office) -> None:
    await office.book()
    await office.book(
        during=between("2026-01-20 15:00", "16:00"),
        main_worker_id=office.guide.ecoute.id,
        parties=(office.guide.gisele.ref,),
    )
    await at_home(office, "ecoute")
    read = home_text(office["ecoute"])
    parts = [WAITS, "27/01/2026 10:00", "[Accepter]", "Aujourd’hui", "15:00", "[Prendre rendez-vous]", "[Mes réglages]"]
    places = [read.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


async def test_looking_again_publishes_nothing_unless_slack_has_lost_it(office: Office) -> None:
    ecoute = office["ecoute"]
    for _ in range(3):
        await at_home(office, "ecoute")
    assert published(ecoute) == 1
    del office.slack.homes[ecoute.user]
    await at_home(office, "ecoute")
    assert published(ecoute) == 2


async def test_the_other_tab_opens_no_home(office: Office) -> None:
    await open_home(office["ecoute"], tab="messages")
    await office.answered()
    assert published(office["ecoute"]) == 0


async def test_an_answer_in_the_home_shows_there_and_on_the_card(office: Office) -> None:
    booked = await office.book()
    await at_home(office, "ecoute", "Agathe")
    await click_home(office["ecoute"], "Accepter", times=2)
    await office.answered()
    assert WAITS not in home_text(office["ecoute"])
    assert published(office["ecoute"]) == 2
    stored = await office.stored(booked)
    assert [(i.answer, i.sequence) for i in stored.invitations] == [(Answer.ACCEPTED, 1)]
    await office.settle()
    assert "Votre réponse : accepté." in office.reads("ecoute")
    assert published(office["ecoute"]) == 2


async def test_undo_in_the_home_lasts_as_long_as_it_may(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    await click_home(office["ecoute"], "Refuser")
    await office.settle()
    undo = next(label for label in labels(home_blocks(office["ecoute"])) if "refus" in label)
    await office.settle(minutes=1)
    assert undo not in labels(home_blocks(office["ecoute"]))


async def test_a_click_on_what_is_over_says_why_and_makes_the_home_fresh(office: Office) -> None:
    booked = await office.book()
    await at_home(office, "ecoute")
    now = office.clock.now()
    moved = office.guide.request(during=between("2026-01-28 10:00", "12:00"))
    await office.deps.db.write(
        lambda tx: change(tx, office.guide.agathe, booked.id, booked.revision, moved, now, office.deps.rules)
    )
    await click_home(office["ecoute"], "Accepter")
    await office.answered()
    assert (await office.stored(booked)).invitations[0].answer is Answer.PENDING
    assert "28/01/2026 10:00" in home_text(office["ecoute"])
    assert "changé" in office.reads("ecoute")


async def test_what_is_opened_from_the_home_comes_to_the_conversation_or_in_a_modal(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    before = len(office.screen("ecoute"))
    await click_home(office["ecoute"], "Ouvrir")
    await office.answered()
    assert len(office.screen("ecoute")) == before + 1
    await click_home(office["ecoute"], "Prendre rendez-vous")
    await office.answered()
    modal = office.slack.modal_of(office["ecoute"].user)
    assert modal is not None
    assert modal.view["type"] == "modal"
    assert published(office["ecoute"]) == 1


async def test_the_accounts_are_listed_from_the_home(office: Office) -> None:
    await at_home(office, "ecoute")
    await click_home(office["ecoute"], "Mes comptes")
    await office.answered()
    assert "Slack" in office.reads("ecoute")
    assert "Lier un autre compte" in labels(office.newest("ecoute").blocks)


async def test_the_settings_form_opens_from_the_home_and_its_language_shows_there(office: Office) -> None:
    agathe = office["Agathe"]
    await at_home(office, "Agathe")
    await click_home(agathe, "Mes réglages")
    await office.answered()
    assert "Langue" in modal_text(agathe.modal.view)
    await agathe.choose("Langue", "English")
    await agathe.submit()
    await office.settle()
    assert "[Book an appointment]" in home_text(agathe)
    assert "[Prendre rendez-vous]" not in home_text(agathe)


async def test_anothers_change_shows_without_anybody_looking(office: Office) -> None:
    await at_home(office, "ecoute", "Étienne")
    await office.book()
    assert WAITS in home_text(office["ecoute"])
    assert (published(office["ecoute"]), published(office["Étienne"])) == (2, 1)


async def test_what_is_done_on_a_card_shows_in_ones_own_home_with_its_undo(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    await office["ecoute"].click(office.with_button("ecoute", "Refuser"), "Refuser")
    await office.settle()
    assert WAITS not in home_text(office["ecoute"])
    assert any("refus" in label for label in labels(home_blocks(office["ecoute"])))
    await office["ecoute"].click(office.with_button("ecoute", "Revenir sur mon refus"), "Revenir sur mon refus")
    await office.settle()
    assert WAITS in home_text(office["ecoute"])


async def test_what_may_still_be_undone_is_hidden_from_the_others_until_it_settles(office: Office) -> None:
    booked = await office.book()
    await at_home(office, "ecoute")
    now = office.clock.now()
    await office.deps.db.write(
        lambda tx: cancel(tx, office.guide.agathe, booked.id, booked.revision, "", now, office.deps.rules)
    )
    await office.settle()
    assert (WAITS in home_text(office["ecoute"]), published(office["ecoute"])) == (True, 1)
    await office.settle(minutes=1)
    assert (WAITS in home_text(office["ecoute"]), published(office["ecoute"])) == (False, 2)


async def test_it_is_published_only_when_it_looks_otherwise(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    for _ in range(3):
        await office.deps.db.write(lambda tx: mark_every_home(tx, office.clock.now()))
        assert await office.platform.homes.sweep() == 1
    assert published(office["ecoute"]) == 1


async def test_midnight_makes_another_day_of_it(office: Office) -> None:
    await office.book(during=between("2026-01-21 10:00", "12:00"))
    await at_home(office, "seforme")
    assert "mardi 20 janvier" in home_text(office["seforme"])
    office.clock.set(at("2026-01-20 23:59"))
    await office.settle()
    assert published(office["seforme"]) == 1
    office.clock.set(at("2026-01-21 00:00"))
    await office.settle()
    assert "mercredi 21 janvier" in home_text(office["seforme"])
    assert published(office["seforme"]) == 2


async def test_a_worker_who_has_left_reads_whom_to_ask_and_nothing_of_anybody(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    gone = replace(office.guide.ecoute, active=False)

    def leave(tx: Transaction) -> None:
        tx.people.save_worker(gone)
        mark_every_home(tx, office.clock.now())

    await office.deps.db.write(leave)
    await office.settle()
    assert "Odile" in home_text(office["ecoute"])
    assert "1285" not in home_text(office["ecoute"])
    await at_home(office, "ecoute")
    assert published(office["ecoute"]) == 2


@pytest.mark.parametrize(
    "mark", [{"is_email_confirmed": False}, {"is_restricted": True}, {"is_ultra_restricted": True}]
)
async def test_a_stranger_and_a_guest_read_whom_to_ask(office: Office, mark: dict[str, bool]) -> None:
    ecoute = office["ecoute"]
    office.slack.users[ecoute.user] |= mark
    await office.book()
    for _ in range(2):
        await at_home(office, "ecoute")
    assert "Odile" in home_text(ecoute)
    assert "1285" not in home_text(ecoute)
    assert published(ecoute) == 1
    assert office.screen("ecoute") == []
    office.slack.users[ecoute.user] |= dict.fromkeys(mark, False) | {"is_email_confirmed": True}
    await at_home(office, "ecoute")
    assert WAITS in home_text(ecoute)


@pytest.mark.parametrize("change", [{"is_restricted": True}, {"profile": {"email": "nobody@example.org"}}])
async def test_who_is_no_worker_any_more_reads_nothing_of_it_without_opening_it(
    office: Office, change: dict[str, object]
) -> None:
    await office.book()
    await at_home(office, "ecoute")
    user = office.slack.users[office["ecoute"].user]
    user |= change
    await office["ecoute"].send_event({"type": "user_change", "user": user})
    await office.answered()
    assert "Odile" in home_text(office["ecoute"])
    assert "1285" not in home_text(office["ecoute"])


async def test_who_is_unlinked_reads_no_more_of_it_once_he_clicks(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute")
    office.slack.users[office["ecoute"].user]["profile"] = {"email": "another@example.org"}

    def unlink(tx: Transaction) -> None:
        for account in tx.accounts.of_worker(office.guide.ecoute.id):
            tx.accounts.unlink(account)

    await office.deps.db.write(unlink)
    await click_home(office["ecoute"], "Accepter")
    await office.answered()
    assert "Odile" in home_text(office["ecoute"])
    assert "1285" not in home_text(office["ecoute"])
    assert "Odile" in office.reads("ecoute")


async def test_300_appointments_and_100_invitations_fit_and_lead_on(office: Office) -> None:
    guide, db = office.guide, office.deps.db

    def fill(tx: Transaction) -> None:
        whole = guide.appointment(main_worker_id=guide.ecoute.id, parties=(guide.gisele.ref,), invitations=())
        for number in range(300):
            tx.appointments.add(replace(whole, during=_after("2026-01-20 10:00", minutes=15 * number)))

    def invite(tx: Transaction) -> None:
        whole = guide.appointment(parties=(guide.ecoute.ref,))
        for number in range(100):
            tx.appointments.add(replace(whole, during=_after("2026-02-20 10:00", minutes=15 * number)))

    await db.write(fill)
    await db.write(invite)
    await at_home(office, "ecoute")
    read = home_text(office["ecoute"])
    assert "100 invitations attendent votre réponse." in read
    assert len(home_blocks(office["ecoute"])) <= 100
    assert "… et 92 autres" in read
    assert office.slack.violations == []
    before = len(office.screen("ecoute"))
    await click_home(office["ecoute"], "Mes invitations (100)")
    await office.answered()
    assert len(office.screen("ecoute")) > before


async def test_40_parties_with_names_of_200_characters_fit(office: Office) -> None:
    guide = office.guide

    def fill(tx: Transaction) -> None:
        long = [tx.people.save_worker(make_worker(f"w{n}", name=f"{n} ".ljust(200, "é"))) for n in range(38)]
        zoe = tx.people.save_client("zoe", replace(guide.gisele, id=0, given_name="Z" * 200, family_name="M" * 200))
        parties = (zoe.ref, guide.ecoute.ref, *(worker.ref for worker in long))
        whole = guide.appointment(parties=parties, main_worker_id=long[0].id)
        for number in range(30):
            tx.appointments.add(replace(whole, during=_after("2026-01-20 10:00", minutes=15 * number)))
        mine = replace(whole, main_worker_id=guide.ecoute.id, invitations=())
        for number in range(90):
            tx.appointments.add(replace(mine, during=_after("2026-01-20 10:00", minutes=60 * number)))

    await office.deps.db.write(fill)
    await at_home(office, "ecoute")
    assert "30 invitations attendent votre réponse." in home_text(office["ecoute"])
    assert "ZZZ" in home_text(office["ecoute"])
    assert office.slack.violations == []


async def test_what_does_not_fit_comes_to_the_conversation_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.book()
    monkeypatch.setattr("bot.slack.home.BLOCKS", 6)
    await at_home(office, "ecoute")
    assert "Accepter" not in labels(home_blocks(office["ecoute"]))
    assert "[Mes réglages]" in home_text(office["ecoute"])
    await click_home(office["ecoute"], "Tout montrer dans notre conversation")
    await office.answered()
    assert "Accepter" in labels(office.newest("ecoute").blocks)
    assert "LAFRAISE" not in office.newest("ecoute").text


async def test_no_name_stands_where_others_read(office: Office) -> None:
    await office.book()
    await at_home(office, "ecoute", "Agathe")
    assert all("LAFRAISE" not in plain(m.text) for m in office.slack.messages)
    assert set(office.slack.homes) == {office["ecoute"].user, office["Agathe"].user}
