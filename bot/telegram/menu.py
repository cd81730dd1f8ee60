"""The menu of commands that Telegram shows beside the text field (core.telegram.org/bots/api#setmycommands)."""

from telegram import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.telegram.api import Api
from core.people import LOCALES
from handlers.commands import COMMANDS
from handlers.i18n import Texts


async def set_menu(api: Api, locale: str, zone: str) -> None:
    """Set the commands in each of our languages, and in the organisation's for people who speak another.

    Raises as the API does.
    """
    for language in ("", *LOCALES):
        texts = Texts(language or locale, zone)
        menu = [(spec.name, texts.t(spec.description)) for spec in COMMANDS]
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            await api.set_commands(menu, language, scope)
