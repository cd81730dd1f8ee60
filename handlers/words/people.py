"""Colleagues by "@handle" or "@name", as people type them."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.people import Worker
from core.ports import Transaction
from core.text import fold

_GLUED = re.compile(r"(?<=[,;])@")
_BEFORE, _AFTER = "(«“\"'", ".,;:!?)»”\"'"
_LONGEST_NAME = 6


class People(NamedTuple):
    """Who was named, each once, in order; the "@names" of nobody or of several, as typed; and the text without them.

    `alike` are those who are called by an unknown name, where they are several; `led` tells that the first "@name" is
    somebody's.
    """

    workers: tuple[Worker, ...]
    unknown: tuple[str, ...]
    rest: str
    alike: tuple[tuple[str, tuple[Worker, ...]], ...] = ()
    led: bool = True


class Colleagues:
    """Those who can be named, by what they are called: made once for a text, however many names are in it."""

    def __init__(self, everyone: Iterable[Worker]) -> None:
        self._handles, self._names, self._parts = _Called(), _Called(), _Called()
        for worker in everyone:
            name = fold(worker.name)
            self._handles.add(fold(worker.handle), worker)
            self._names.add(name, worker)
            self._names.add(fold(worker.label).rstrip(_AFTER), worker)
            for part in name.split():
                self._parts.add(part, worker)

    def named_in(self, text: str) -> People:
        """Return those named by "@seforme" or "@Zoé Maes"; case, accents and what follows are ignored."""
        words = _GLUED.sub(" @", text).split()
        found: dict[int, Worker] = {}
        unknown: dict[str, tuple[Worker, ...]] = {}
        led = True
        rest: list[str] = []
        n = 0
        while n < len(words):
            word = words[n].lstrip(_BEFORE)
            if not word.startswith("@"):
                rest.append(words[n])
                n += 1
                continue
            worker, length = self._named([word[1:], *words[n + 1 : n + _LONGEST_NAME]])
            if worker is None:
                led = led and bool(found)
                unknown[word.rstrip(_AFTER)] = self._alike(word[1:])
            else:
                found[worker.id] = worker
            n += length
        alike = tuple((name, workers) for name, workers in unknown.items() if workers)
        return People(tuple(found.values()), tuple(unknown), " ".join(rest), alike, led)

    def _named(self, words: Sequence[str]) -> tuple[Worker | None, int]:
        """Return who is meant and by how many words: the longest whole name, a handle, else one word of one name."""
        for length in range(len(words), 1, -1):
            worker = self._names.only(fold(" ".join(words[:length])).rstrip(_AFTER))
            if worker is not None:
                return worker, length
        typed = fold(words[0])
        spelled = typed.rstrip(_AFTER)
        worker = self._handles.only(typed) or self._handles.only(spelled)
        if worker is not None:
            return worker, 1
        return (self._names if self._names.has(spelled) else self._parts).only(spelled), 1

    def _alike(self, word: str) -> tuple[Worker, ...]:
        """Return the several whom that word may name."""
        spelled = fold(word).rstrip(_AFTER)
        return (self._names if self._names.has(spelled) else self._parts).all(spelled)


class _Called:
    """Workers by what some of them are called alike."""

    def __init__(self) -> None:
        self._found: dict[str, dict[int, Worker]] = {}

    def add(self, called: str, worker: Worker) -> None:
        self._found.setdefault(called, {})[worker.id] = worker

    def has(self, called: str) -> bool:
        return called in self._found

    def only(self, called: str) -> Worker | None:
        """Return who alone is called so."""
        found = self.all(called)
        return found[0] if len(found) == 1 else None

    def all(self, called: str) -> tuple[Worker, ...]:
        """Return everyone who is called so."""
        return tuple(self._found.get(called, {}).values())


def people_in(tx: Transaction, text: str) -> People:
    """Return the active workers that `text` names, as `Colleagues` reads it."""
    return Colleagues(tx.people.workers()).named_in(text) if "@" in text else People((), (), text)
