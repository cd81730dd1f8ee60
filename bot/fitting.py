"""Fitting long labels into a platform's limits, losing nothing."""

DOTS = "…"


class Labels:
    """A long label keeps its beginning and a number, under which it stands whole in `whole`."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def fit(self, text: str, limit: int) -> str:
        """Return the text, or its beginning with the number under which `whole` has it."""
        if len(text) <= limit:
            return text
        mark = f"{DOTS} ({self._numbers.setdefault(text, len(self._numbers) + 1)})"
        return f"{text[: limit - len(mark)].rstrip()}{mark}"

    def whole(self) -> list[tuple[int, str]]:
        """Return the texts that did not fit, by number."""
        return [(number, text) for text, number in self._numbers.items()]
