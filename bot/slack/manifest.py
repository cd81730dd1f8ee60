"""The app's manifest, made from the tables that the code itself uses. Imports no SDK."""

from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.slack.scopes import EVENTS, PATH, REDIRECT, SCOPES
from bot.slack.shortcuts import LABEL, SHORTCUTS
from core.message import N_
from handlers.commands import COMMANDS
from handlers.i18n import Texts

NAME = "rdv"
DESCRIPTION = N_("Book appointments in a colleague’s agenda and answer invitations.")
COLOUR = "#1d4e89"

__all__ = ["SCOPES", "build", "manifest"]


def build(public_url: str = "", locale: str = "fr", *, several: bool = False) -> dict[str, Any]:
    """Return the manifest: with a public address for signed HTTP, without one for Socket Mode.

    With `several`, other workspaces and whole organisations may install the app, by way of that address.
    """
    texts = Texts(locale, ZoneInfo("UTC").key)
    url = {"url": f"{public_url}{PATH}"} if public_url else {}
    request_url = {"request_url": f"{public_url}{PATH}"} if public_url else {}
    commands = [
        {
            "command": f"/{spec.name}",
            "description": texts.t(spec.description),
            "usage_hint": texts.t(spec.usage_hint),
            "should_escape": False,
            **url,
        }
        for spec in COMMANDS
    ]
    shortcuts = [
        {"name": texts.t(LABEL), "type": kind, "callback_id": callback_id, "description": texts.t(about)}
        for callback_id, (kind, about) in SHORTCUTS.items()
    ]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, "description": texts.t(DESCRIPTION), "background_color": COLOUR},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": shortcuts,
            "slash_commands": commands,
        },
        "oauth_config": {
            **({"redirect_urls": [f"{public_url}{REDIRECT}"]} if several and public_url else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request_url},
            "interactivity": {
                "is_enabled": True,
                **request_url,
                **({"message_menu_options_url": f"{public_url}{PATH}"} if public_url else {}),
            },
            "org_deploy_enabled": several,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }


def manifest(public_url: str = "", locale: str = "fr", *, several: bool = False) -> str:
    """Return the manifest as YAML."""
    built = build(public_url, locale, several=several)
    text: str = yaml.safe_dump(built, allow_unicode=True, sort_keys=False, width=120)
    return text
