"""The buttons of one question, and what each of them asks for."""

from typing import Final

from bot.fitting import DOTS, Labels
from bot.telegram.keyboards import FORM, LABEL, Key, Style
from bot.telegram.rich import is_seen, tidy
from handlers.ui import Text

CHOOSE: Final = "o"
REMOVE: Final = "r"
YES: Final = "y"
NO: Final = "n"
DAY: Final = "d"
TIME: Final = "c"
CLEAR: Final = "x"
SKIP: Final = ">"
BACK: Final = "<"
ALL: Final = "="
SEND: Final = "!"
GIVE_UP: Final = "#"
LOOK: Final = "*"
VIEW: Final = "v"
QUESTION: Final = "q"
TICK: Final = "k"
NOTHING: Final = "."
"""What follows the mark of the question in the data of a button; some are followed by a number, a day or a time."""


class Keys:
    """Makes the buttons of the question with that mark; labels too long for one stand whole in `whole`."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._labels = Labels()
        self._cut = set[str]()

    def key(self, label: str, what: str, style: Style = "plain", *, said: bool = False) -> Key:
        """Return a button; `said` tells that the message says its label anyway."""
        shown = " ".join(tidy(label).split())
        return Key(
            self._fitted(shown if is_seen(shown) else DOTS, said=said), f"{FORM}:{self._mark}:{what}", style=style
        )

    def whole(self) -> tuple[Text, ...]:
        """Return the labels that did not fit their buttons, by the numbers that these show."""
        return tuple(Text(f"({number}) {text}") for number, text in self._labels.whole())

    def _fitted(self, label: str, *, said: bool) -> str:
        cut = f"{label[: LABEL - len(DOTS)].rstrip()}{DOTS}"
        if len(label) <= LABEL or not said or cut in self._cut:
            return self._labels.fit(label, LABEL)
        self._cut.add(cut)
        return cut


def read(data: str) -> tuple[str, str]:
    """Return the mark of the question that a button belongs to, and what it asks for."""
    _, _, rest = data.partition(":")
    mark, _, what = rest.partition(":")
    return mark, what
