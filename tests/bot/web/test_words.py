"""Every word of the web chat is there in French."""

import ast
import re
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

import bot.web
from handlers.i18n import Texts

HERE = Path(next(iter(bot.web.__path__)))


def in_templates() -> set[str]:
    """Return the messages that templates name."""
    found: set[str] = set()
    for path in (HERE / "templates").glob("*.html"):
        with path.open("rb") as source:
            found |= {message for _, _, message, _ in babel_extract(source, ("t",), (), {}) if isinstance(message, str)}
    return found


def in_code() -> set[str]:
    """Return the messages that modules name."""
    found: set[str] = set()
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "t":
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


@pytest.mark.parametrize("message", sorted(in_templates() | in_code()))
def test_every_message_is_translated(message: str) -> None:
    catalogue = Texts("fr", "Europe/Brussels")._catalogue

    assert catalogue.gettext(message)
    assert catalogue._fallback is None
    assert message in catalogue._catalog  # type: ignore[attr-defined]


def test_messages_are_found() -> None:
    assert {"Who are you?", "Send"} <= in_templates()
    assert "Not found" in in_code()


def test_the_script_holds_no_words() -> None:
    script = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "static").glob("*.js")))
    texts = re.findall(r'"([^"\n]*)"', re.sub(r"//.*", "", script))

    assert not [t for t in texts if re.search(r"[A-Z][a-z]+ [a-z]+", t)]
