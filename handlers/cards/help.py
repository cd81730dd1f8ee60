"""What can be done here, with the buttons to do it."""

from core.errors import BadText, TextTooLong
from core.text import clean
from handlers import actions
from handlers.cards.notes import help_button
from handlers.commands import COMMANDS, CommandSpec
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Facts, Notice, Text

_SHOWN = 60


def help_card(texts: Texts, waiting: int, unknown: str = "") -> Card:
    """Return the welcome; `waiting` invitations are counted, `unknown` is what was typed and not understood."""
    title = texts.t("Appointments")
    body: list[Element] = []
    if unknown:
        body.append(Notice(_not_understood(unknown, texts), "warning"))
    welcome = texts.t("Here you book appointments in your colleagues’ agendas and answer invitations.")
    body += [Text(welcome), _table(texts)]
    return Card(title, tuple(body), _buttons(texts, waiting), neutral=title)


def command_help_card(spec: CommandSpec, texts: Texts, waiting: int) -> Card:
    """Return what one command does, what may follow it, examples to write like, and the ways on."""
    usage = f"/{spec.name} {texts.t(spec.usage_hint)}"
    facts = ((texts.t("Usage"), usage), (texts.t("For example"), "\n".join(map(texts.t, spec.examples))))
    body = (Text(texts.t(spec.description)), Facts(tuple(pair for pair in facts if pair[1])))
    find = (_find(texts),) if spec.name == "rdv" else ()
    buttons = (_button(spec.name, texts, waiting), *find, help_button(texts))
    return Card(f"/{spec.name}", body, buttons, neutral=f"/{spec.name}")


def channel_card(texts: Texts, sign: str = "/") -> Card:
    """Return the greeting of a channel that the bot joins: nothing of anybody's; commands there begin with `sign`."""
    title = texts.t("Appointments")
    welcome = texts.t(
        "Hello! Everyone here can book appointments and answer invitations. "
        "What you ask is answered to you alone; no client’s name appears in this channel."
    )
    return Card(title, (Text(welcome), _table(texts, sign)), neutral=title)


def _table(texts: Texts, sign: str = "/") -> Facts:
    return Facts(tuple((f"{sign}{spec.name}", texts.t(spec.description)) for spec in COMMANDS))


def _buttons(texts: Texts, waiting: int) -> tuple[Action, ...]:
    book, *others = (_button(spec.name, texts, waiting) for spec in COMMANDS)
    settings = Button(actions.ref(actions.SETTINGS), texts.t("My settings"), opens_form=True)
    own = Button(actions.ref(actions.ACCOUNTS), texts.t("My accounts"))
    return (book, _find(texts), *others, settings, own)


def _find(texts: Texts) -> Button:
    return Button(actions.ref(actions.FIND), texts.t("Find a time"), opens_form=True)


def _button(command: str, texts: Texts, waiting: int) -> Button:
    match command:
        case "rdv":
            return Button(actions.ref(actions.BOOK), texts.t("Book an appointment"), "primary", opens_form=True)
        case "invitations" if waiting:
            return Button(actions.ref(actions.INVITATIONS), texts.t("My invitations ({count})", count=waiting))
        case "invitations":
            return Button(actions.ref(actions.INVITATIONS), texts.t("My invitations"))
        case "agenda":
            return Button(actions.ref(actions.AGENDA), texts.t("My agenda"))
        case "dispo":
            return Button(actions.ref(actions.PLANNING), texts.t("My availability"))
        case _:
            return Button(actions.ref(actions.CASES), texts.t("Open a case"))


def _not_understood(typed: str, texts: Texts) -> str:
    try:
        return texts.t("I do not understand “{text}”.", text=clean(typed, limit=_SHOWN))
    except (BadText, TextTooLong):
        return texts.t("I do not understand this message.")
