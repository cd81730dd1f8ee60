"""The commands: one table for slash commands, typed messages, help and every platform's manifest."""

import re
from dataclasses import dataclass

from core.message import N_
from core.text import fold
from handlers.ui import CommandCall


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command: what to type, what may follow, what it does; `words` are what people type instead.

    `usage_hint`, `description` and `examples` are messages still to be translated.
    """

    name: str
    usage_hint: str
    description: str
    words: tuple[str, ...]
    examples: tuple[str, ...] = ()


COMMANDS = (
    CommandSpec(
        "rdv",
        N_("[day and hours] [@colleague…] [for a case] [place], find [@colleague…], or help"),
        N_("Book an appointment"),
        (
            *("rdv", "rendez-vous", "rendezvous", "prendre rendez-vous", "prendre rdv", "reserver"),
            *("book", "book appointment", "appointment", "new appointment"),
        ),
        (
            N_("/rdv tomorrow 2:15pm-4:30pm @lea for 1285"),
            N_("/rdv next Tuesday 10am for 2h @lea @sami"),
            N_("/rdv 1285"),
            N_("/rdv find @lea @sami next week 9am-12pm"),
        ),
    ),
    CommandSpec(
        "agenda",
        N_("[@colleague…] [day or week] or help"),
        N_("See agendas side by side"),
        ("agenda", "agendas", "mon agenda", "my agenda", "calendrier", "calendar", "planning", "schedule"),
        (N_("/agenda tomorrow"), N_("/agenda @lea @sami next week")),
    ),
    CommandSpec(
        "parcours",
        N_("[case number or client’s name] or help"),
        N_("Open a case with its appointments"),
        ("parcours", "mes parcours", "dossier", "dossiers", "case", "cases", "my cases"),
        (N_("/parcours 1285"), N_("/parcours Dupont")),
    ),
    CommandSpec(
        "invitations",
        N_("[help]"),
        N_("See the invitations that await your answer"),
        ("invitations", "invitation", "mes invitations", "my invitations"),
        (N_("/invitations"),),
    ),
    CommandSpec(
        "dispo",
        N_("[when, where, how often], [absence from when to when], [why @colleague when] or help"),
        N_("See and change your own availability"),
        ("dispo", "dispos", "disponibilites", "mes dispos", "mes disponibilites", "availability", "my availability"),
        (
            N_("/dispo Monday 9am-12pm every week until 30/06"),
            N_("/dispo holiday from 24/12 to 31/12"),
            N_("/dispo why @lea Tuesday 2pm"),
        ),
    ),
)

LINK_WORDS = frozenset({"lier", "link", "lier un autre compte", "link another account"})
ACCOUNT_WORDS = frozenset({"comptes", "mes comptes", "accounts", "my accounts"})
HELP_WORDS = frozenset({"aide", "help", "?", "aidez-moi", "aide-moi", "menu"})
GREETINGS = frozenset(
    {"bonjour", "bonsoir", "salut", "coucou", "hello", "hi", "hey", "start", "good morning", "good afternoon"}
)

_BY_NAME = {spec.name: spec for spec in COMMANDS}
_BY_WORD = {word: spec for spec in COMMANDS for word in spec.words}
_NUMBER = re.compile(r"(?:n°|no\.?|nr\.?|#)?\s*([0-9]{1,9})")
_LONGEST_PHRASE = 2
_LONGEST_WAY = 4


def find_command(name: str) -> CommandSpec | None:
    """Return the command of that name."""
    return _BY_NAME.get(name)


def parse(text: str) -> CommandCall:
    """Return the command that a typed message stands for.

    Name "aide" asks for help; an empty name is a greeting, or an unknown message when its text is not empty.
    """
    typed = text.strip().removeprefix("/").split()
    for length in range(min(_LONGEST_PHRASE, len(typed)), 0, -1):
        word, rest = _word(" ".join(typed[:length])), " ".join(typed[length:])
        if word in _BY_WORD:
            return CommandCall(_BY_WORD[word].name, rest)
        if word in HELP_WORDS:
            about = _BY_WORD.get(_word(rest))
            return CommandCall(about.name, "aide") if about else CommandCall("aide")
        if word in GREETINGS:
            return CommandCall("")
    if linking_words(text) is not None:
        return CommandCall("rdv", text.strip().removeprefix("/"))
    if case_number(text) is not None:
        return CommandCall("parcours", text.strip())
    return CommandCall("", text.strip())


def linking_words(text: str) -> tuple[str, str] | None:
    """Return the word by which a text asks to link an account, or for one's accounts, and what follows; else None."""
    typed = text.strip().removeprefix("/").split()
    for length in range(min(_LONGEST_WAY, len(typed)), 0, -1):
        word = _word(" ".join(typed[:length]))
        if word in LINK_WORDS | ACCOUNT_WORDS:
            return word, " ".join(typed[length:])
    return None


def asks_for_help(text: str) -> bool:
    """Tell whether what follows a command asks what it does."""
    return _word(text) in HELP_WORDS


def case_number(text: str) -> int | None:
    """Return the number in "1285", "n° 1285" or "#1285"; None for anything else."""
    found = _NUMBER.fullmatch(fold(text))
    return int(found[1]) if found else None


def _word(text: str) -> str:
    folded = fold(text)
    return folded.rstrip("!.,; ") if folded != "?" else folded
