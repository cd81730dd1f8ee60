"""What the doctor hears from Telegram: of the token, of where updates go, and of what the bot reads in groups."""

from dataclasses import replace
from typing import Any

import pytest

from bot.findings import Finding
from bot.settings import TelegramSettings
from bot.telegram.checkup import check_telegram, check_updates
from handlers.i18n import Texts
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram

TEXTS = Texts("en", "Europe/Brussels")
PUBLIC = "https://rdv.example.org"


@pytest.fixture
def settings(telegram: FakeTelegram) -> TelegramSettings:
    return TelegramSettings(TOKEN, telegram.url)


async def updates(settings: TelegramSettings, public_url: str = PUBLIC) -> list[Finding]:
    return await check_updates(settings, public_url, TEXTS)


async def test_a_bot_is_named(settings: TelegramSettings) -> None:
    finding = await check_telegram(settings, TEXTS)

    assert (finding.state, finding.says) == ("ok", "Telegram answers: bot @rdv_essai_bot.")
    assert await updates(settings) == []


@pytest.mark.parametrize("token", ["7000000001:another", "no/token at all"])
async def test_a_token_that_is_no_bots_is_refused_and_not_shown(settings: TelegramSettings, token: str) -> None:
    finding = await check_telegram(replace(settings, token=token), TEXTS)

    assert (finding.name, finding.state) == ("RDV_TELEGRAM_TOKEN", "wrong")
    assert "@BotFather" in finding.todo
    assert token not in f"{finding}"


async def test_a_telegram_that_is_away_is_not_ours_to_mend(settings: TelegramSettings) -> None:
    nowhere = replace(settings, api_url="http://127.0.0.1:9/")

    assert (await check_telegram(nowhere, TEXTS)).state == "note"
    assert await updates(nowhere) == []


async def test_updates_that_go_elsewhere_are_told_of(settings: TelegramSettings, telegram: FakeTelegram) -> None:
    telegram.webhook = {"url": "https://old.example.org/telegram/webhook"}

    for public_url in (PUBLIC, ""):
        (finding,) = await updates(settings, public_url)
        assert finding.state == "note"
        assert "old.example.org" in finding.says


async def test_updates_that_do_not_arrive_are_told_of(
    settings: TelegramSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    info: dict[str, Any] = {"url": f"{PUBLIC}/telegram/webhook", "last_error_message": "Connection timed out"}
    monkeypatch.setattr(
        FakeTelegram, "_getwebhookinfo", lambda *_: info | {"pending_update_count": waiting}, raising=True
    )

    waiting = 0
    assert await updates(settings) == []
    waiting = 2
    (finding,) = await updates(settings)
    assert (finding.state, "Connection timed out" in finding.says) == ("wrong", True)
    assert PUBLIC in finding.todo


async def test_a_bot_that_reads_whole_groups_is_told_of(
    settings: TelegramSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeTelegram, "_getme", lambda *_: {"username": "rdv", "can_read_all_group_messages": True})
    (finding,) = await updates(settings)

    assert finding.state == "note"
    assert "/setprivacy" in finding.todo
