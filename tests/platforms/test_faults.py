"""Every error of a vendor's has one meaning on all platforms, and the outbox does what it asks for."""

import pytest

from bot.ports import MessageGone, TryAgain, Undeliverable
from handlers import ui
from tests.platforms.conftest import ABROAD
from tests.platforms.harness import WAIT, WHO, Bench, Fault

CARD = ui.Card("Titre", (ui.Text("texte"),), (ui.Button(ui.ActionRef("do"), "Faire"),), neutral="Rendez-vous")
OTHER = ui.Card("Autre", (ui.Text("suite"),), neutral="Rendez-vous")
PASSING = (Fault.CONFLICT, Fault.BUSY, Fault.BROKEN, Fault.SILENT)
FINAL = (Fault.BLOCKED, Fault.NOBODY, Fault.FORBIDDEN)


@pytest.mark.parametrize("bench", ABROAD, indirect=True)
@pytest.mark.parametrize("fault", FINAL)
async def test_who_cannot_be_written_to_is_undeliverable(bench: Bench, fault: Fault) -> None:
    async with bench.failing(fault, times=2):
        with pytest.raises(Undeliverable):
            await bench.messenger.post(bench.account, CARD)
    assert (await bench.screen()).text == ""


@pytest.mark.parametrize("bench", ABROAD, indirect=True)
@pytest.mark.parametrize("fault", PASSING)
async def test_a_passing_fault_is_tried_again_and_nothing_is_left_behind(bench: Bench, fault: Fault) -> None:
    async with bench.failing(fault):
        with pytest.raises(TryAgain) as caught:
            await bench.messenger.post(bench.account, CARD)
    assert fault is not Fault.BUSY or caught.value.after == WAIT
    if fault is not Fault.SILENT:
        assert (await bench.screen()).text == ""
    await bench.clear()
    await bench.messenger.post(bench.account, CARD)
    assert (await bench.screen()).text.count("texte") == 1


@pytest.mark.parametrize("bench", ABROAD, indirect=True)
@pytest.mark.parametrize("fault", PASSING)
async def test_a_card_that_could_not_be_changed_stays_and_is_changed_later(bench: Bench, fault: Fault) -> None:
    posted = await bench.messenger.post(bench.account, CARD)
    async with bench.failing(fault):
        with pytest.raises(TryAgain):
            await bench.messenger.replace(bench.account, posted, OTHER)
    shown = await bench.messenger.replace(bench.account, posted, OTHER)
    assert len(shown) == 1
    text = (await bench.screen()).text
    assert ("suite" in text, "texte" in text) == (True, False)


async def test_a_card_whose_message_was_deleted_is_gone(bench: Bench) -> None:
    posted = await bench.messenger.post(bench.account, CARD)
    await bench.delete_everything()
    with pytest.raises(MessageGone):
        await bench.messenger.replace(bench.account, posted, OTHER)


async def test_a_card_that_is_the_same_is_no_fault(bench: Bench) -> None:
    posted = await bench.messenger.post(bench.account, CARD)
    assert await bench.messenger.replace(bench.account, posted, CARD) == posted
    assert (await bench.screen()).text.count("texte") == 1


# --- through the outbox


@pytest.mark.parametrize("bench", ABROAD, indirect=True)
@pytest.mark.parametrize("fault", FINAL)
async def test_the_ledger_says_who_was_not_reached(bench: Bench, fault: Fault) -> None:
    async with bench.failing(fault, times=9):
        await bench.hall.book()
    failed = await bench.hall.deps.db.read(lambda tx: tx.outbox.failed(9))
    assert any(row.notice.recipient_id == bench.account.worker_id for row, _ in failed)
    assert all("undeliverable" in why for _, why in failed)


@pytest.mark.parametrize("bench", ABROAD, indirect=True)
@pytest.mark.parametrize("fault", PASSING)
async def test_a_card_comes_once_the_fault_has_passed(bench: Bench, fault: Fault) -> None:
    async with bench.failing(fault):
        await bench.hall.book()
    await bench.clear()
    for _ in range(4):
        await bench.hall.settle(seconds=WAIT + 1)
    assert await bench.hall.deps.db.read(lambda tx: tx.outbox.failed(9)) == []
    if fault is not Fault.SILENT:
        assert len([c for c in await bench.chat.cards(WHO) if "1285" in c]) == 1


async def test_a_card_whose_message_was_deleted_is_posted_anew(bench: Bench) -> None:
    appointment = await bench.hall.book()
    assert (await bench.screen()).text
    await bench.delete_everything()
    worker = bench.account.worker_id
    now = bench.hall.clock.now()
    await bench.hall.deps.db.write(lambda tx: tx.outbox.refresh_again(appointment.id, worker, appointment.version, now))
    await bench.hall.settle(seconds=WAIT)
    assert len([c for c in await bench.chat.cards(WHO) if "1285" in c]) == 1
