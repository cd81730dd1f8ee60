"""What Telegram says of our token, and of how it brings updates, for the doctor and before serving."""

from typing import Any, Final
from urllib.parse import quote, urlsplit

from bot.findings import Finding
from bot.inquiry import inquire
from bot.settings import TelegramSettings
from handlers.i18n import Texts

TOKEN, UPDATES, GROUPS = "RDV_TELEGRAM_TOKEN", "Telegram", "@BotFather"
UNKNOWN: Final = frozenset({401, 404})
"""What Telegram answers to a token that is none of its bots' (404 when it does not even look like one)."""


async def check_telegram(telegram: TelegramSettings, texts: Texts) -> Finding:
    """Return whether the token is a bot's; only a refusal is wrong, silence is not ours to mend."""
    said = await _ask(telegram, "getMe")
    if said is None:
        says = texts.t("Telegram does not answer at the moment; messages wait until it does.")
        return Finding(TOKEN, "note", says, texts.t("Check that this machine reaches {url}.", url=telegram.api_url))
    if said.get("error_code") in UNKNOWN:
        todo = texts.t("Ask @BotFather for it: /mybots, “API Token”.")
        return Finding(TOKEN, "wrong", texts.t("Telegram does not know this token."), todo)
    me = _result(said)
    return Finding(TOKEN, "ok", texts.t("Telegram answers: bot @{name}.", name=me.get("username", "?")))


async def check_updates(telegram: TelegramSettings, public_url: str, texts: Texts) -> list[Finding]:
    """Return what stands in the way of updates, and what the bot would read in groups without need."""
    hook, me = _result(await _ask(telegram, "getWebhookInfo")), _result(await _ask(telegram, "getMe"))
    found = []
    there = urlsplit(str(hook.get("url") or "")).hostname or ""
    ours = urlsplit(public_url).hostname if public_url.startswith("https://") else None
    if there and there != ours:
        says = texts.t("This bot’s updates go to {host} at present; rdv run takes them over.", host=there)
        found.append(Finding(UPDATES, "note", says, texts.t("Use a bot of its own for each installation.")))
    elif there and hook.get("last_error_message") and hook.get("pending_update_count"):
        says = texts.t("Telegram could not deliver what waits: {why}", why=hook["last_error_message"])
        todo = texts.t("Check that {address} reaches this server from the internet.", address=public_url)
        found.append(Finding(UPDATES, "wrong", says, todo))
    if me.get("can_read_all_group_messages"):
        says = texts.t("The bot is sent all that people write in its groups; it needs only what is written to it.")
        todo = texts.t("Turn privacy mode on: @BotFather, /setprivacy, “Enable”.")
        found.append(Finding(GROUPS, "note", says, todo))
    return found


async def _ask(telegram: TelegramSettings, method: str) -> dict[str, Any] | None:
    said = await inquire(f"{telegram.api_url.rstrip('/')}/bot{quote(telegram.token, safe=':')}/{method}")
    return said.body if said is not None else None


def _result(said: dict[str, Any] | None) -> dict[str, Any]:
    result = (said or {}).get("result")
    return result if isinstance(result, dict) else {}
