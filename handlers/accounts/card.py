"""The cards: one's accounts with what may be done to each, and a code that links another one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from core.message import N_
from core.people import Account
from handlers import actions
from handlers.cards.notes import help_button
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Facts, Item, ItemList, LinkButton, Notice, Text

PLATFORMS: Final[Mapping[str, str]] = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "telegram": "Telegram",
    "web": N_("Web chat"),
}
_TAIL: Final = 4


def accounts_card(accounts: Sequence[Account], here: Account | None, texts: Texts, said: str = "") -> Card:
    """Return the list; `here` is the account that is spoken from, `said` what has just been done."""
    title = texts.t("My accounts")
    items = tuple(_item(account, accounts, here, texts) for account in accounts)
    lead = Text(texts.t("Invitations and reminders come to one of them; what you do on one shows on all."))
    done = (Notice(said, "success"),) if said else ()
    several = (lead,) if len(items) > 1 else ()
    return Card(title, (*done, *several, ItemList(items)), (link_button(texts), help_button(texts)), neutral=title)


def unlink_card(account: Account, accounts: Sequence[Account], here: Account | None, texts: Texts) -> Card:
    """Return the question whether that account is really to be unlinked; `here` is the one that is spoken from."""
    t = texts.t
    title = t("Unlink {platform}?", platform=_name(account, accounts, texts))
    warning = t("Nothing comes there any more then, and nothing can be done from there until it is linked again.")
    this = (Text(t("It is this chat.")),) if here is not None and account.id == here.id else ()
    buttons = (
        Button(actions.ref(actions.ACCOUNT_UNLINK_SURE, account.id), t("Unlink the account"), "danger"),
        Button(actions.ref(actions.ACCOUNT_KEEP), t("Keep the account")),
    )
    return Card(title, (Notice(warning, "warning"), *this), buttons, neutral=title)


def link_button(texts: Texts) -> Button:
    """Return the way to a code."""
    return Button(actions.ref(actions.LINK), texts.t("Link another account"))


def code_card(code: str, expires_at: datetime, doors: Mapping[str, str], here: str, texts: Texts) -> Card:
    """Return a fresh code with the ways to use it; `here` is the platform that it was asked on."""
    t, title = texts.t, texts.t("Link another account")
    clock = texts.clock(expires_at)
    plain = code.replace("-", "")
    links = tuple(
        LinkButton(door.replace("{code}", quote(plain)), t("Open {platform}", platform=platform_name(name, texts)))
        for name, door in doors.items()
        if "{code}" in door and name != here
    )
    steps = [t("In the other chat, write to me in private:"), t("rdv link {code}", code=code)]
    facts = Facts(((t("Code"), code), (t("Valid until"), clock)))
    warning = Notice(t("Show this code to nobody: whoever has it could act in your name. It works once."), "warning")
    return Card(title, (facts, Text("\n".join(steps)), warning), links, neutral=title, fleeting=True)


def given_card(texts: Texts) -> Card:
    """Return the answer to a request that was answered with a code already: nobody knows that code any more."""
    title = texts.t("Link another account")
    said = texts.t("A code has just been given to you. If you do not see it, ask for another one.")
    return Card(title, (Notice(said),), (link_button(texts),), neutral=title)


def linked_card(account: Account, texts: Texts) -> Card:
    """Return the word that this account is linked."""
    title = texts.t("Account linked")
    said = texts.t("This account is linked: invitations and reminders can reach you here.")
    if not account.current:
        said = texts.t("This account is linked. Your invitations and reminders go on coming to your preferred one.")
    buttons = (Button(actions.ref(actions.ACCOUNTS), texts.t("My accounts")), help_button(texts))
    return Card(title, (Notice(said, "success"),), buttons, neutral=title)


def platform_name(platform: str, texts: Texts) -> str:
    """Return what people call a platform."""
    return texts.t(PLATFORMS.get(platform, platform))


def _item(account: Account, accounts: Sequence[Account], here: Account | None, texts: Texts) -> Item:
    t = texts.t
    marks = [t("this chat")] if here is not None and account.id == here.id else []
    if account.current:
        marks.append(t("gets the notifications"))
    if account.preferred:
        marks.append(t("preferred"))
    if account.muted:
        marks.append(t("muted"))
    how = t("Known by the address {email}", email=account.email) if account.email else t("Linked by a code or by hand")
    standing = " · ".join(marks)
    lines = (how, *((standing[:1].upper() + standing[1:],) if standing else ()))
    return Item(_name(account, accounts, texts), lines, _buttons(account, accounts, texts))


def _name(account: Account, accounts: Sequence[Account], texts: Texts) -> str:
    """Return how an account is called among these: its own name is nobody's word."""
    name = platform_name(account.platform, texts)
    if sum(a.platform == account.platform for a in accounts) == 1:
        return name
    return texts.t("{platform} (…{end})", platform=name, end=account.external_id[-_TAIL:])


def _buttons(account: Account, accounts: Sequence[Account], texts: Texts) -> tuple[Action, ...]:
    t, heard = texts.t, [a for a in accounts if not a.muted]
    if len(accounts) == 1:
        return ()
    buttons: list[Action] = []
    if account.preferred:
        buttons.append(Button(actions.ref(actions.ACCOUNT_USUAL, account.id), t("Prefer none")))
    elif not account.muted:
        buttons.append(Button(actions.ref(actions.ACCOUNT_PREFER, account.id), t("Prefer this one")))
    if account.muted:
        buttons.append(Button(actions.ref(actions.ACCOUNT_HEAR, account.id), t("Turn notifications on")))
    if account.muted or heard != [account]:
        if not account.muted:
            buttons.append(Button(actions.ref(actions.ACCOUNT_MUTE, account.id), t("Mute notifications")))
        buttons.append(Button(actions.ref(actions.ACCOUNT_UNLINK, account.id), t("Unlink"), "danger"))
    return tuple(buttons)
