"""Every message has its French, with the same placeholders and French typography."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import handlers

ROOT = Path(handlers.__file__).parent.parent
PACKAGES = ("core", "handlers", "bot")
KEYWORDS = {"N_": None, "t": None, "n": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def written() -> set[str]:
    """Return every message in the code: as Babel extracts them, and those that it misses inside f-strings."""
    found: set[str] = set()
    for package in PACKAGES:
        for _, _, message, _, _ in extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
        for path in (ROOT / package).rglob("*.py"):
            found |= set(_called(ast.parse(path.read_text(encoding="utf-8"))))
    return found - {""}


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if name in KEYWORDS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = ROOT / "handlers" / "locale" / "fr" / "LC_MESSAGES" / "rdv.po"
    with path.open("rb") as source:
        return read_po(source, locale="fr", abort_invalid=True)


def translated(catalogue: Catalog) -> list[tuple[str, tuple[str, ...]]]:
    """Return each English message with all its French forms."""
    return [(_first(m), _forms(m)) for m in catalogue if m.id]


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_message_has_its_french_and_no_other_is_kept(catalogue: Catalog) -> None:
    assert {english for english, _ in translated(catalogue)} == written()
    assert not catalogue.obsolete


def test_no_translation_is_empty_or_a_guess(catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    assert [english for english, forms in translated(catalogue) if not all(forms)] == []


def test_translations_have_the_same_placeholders(catalogue: Catalog) -> None:
    wrong = [
        e
        for e, forms in translated(catalogue)
        if any(placeholders(f) - {"count"} != placeholders(e) - {"count"} for f in forms)
    ]
    assert wrong == []


def test_french_typography(catalogue: Catalog) -> None:
    bad = re.compile(r"[^\s\u202f\u00a0/A-Z:][;!?](\s|$)|(?<=[a-zé}]):(\s|$)| [;:!?»]|« |n° |'|\.\.\.|\"")
    wrong = [form for _, forms in translated(catalogue) for form in forms if bad.search(form)]
    assert wrong == []
