"""Bring the catalogues up to date with the messages in the code: `python handlers/locale/update.py`.

New messages are added without a translation and named; those that are gone are dropped. The English is in the code.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PACKAGES = ("core", "handlers", "bot")
KEYWORDS = {"N_": None, "t": None, "n": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def update(path: Path) -> list[str]:
    """Rewrite one catalogue; return the messages that lack a translation."""
    with path.open("rb") as source:
        old = read_po(source, locale=path.parent.parent.name)
    new = Catalog(locale=old.locale, header_comment=old.header_comment, charset="utf-8")
    for package in PACKAGES:
        for _, _, message, _, _ in extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS):
            known = old.get(message)
            new.add(message, known.string if known else "")
    written = BytesIO()
    write_po(written, new, width=0, sort_output=True, no_location=True, omit_header=True)
    head = f'{old.header_comment}\nmsgid ""\nmsgstr ""\n"Language: {old.locale}\\n"\n'
    head += f'"Plural-Forms: {old.plural_forms}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(head + written.getvalue().decode(), encoding="utf-8")
    return [str(m.id) for m in new if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def main() -> int:
    """Update every catalogue."""
    missing = [message for path in sorted(HERE.glob("*/LC_MESSAGES/rdv.po")) for message in update(path)]
    sys.stdout.writelines(f"to translate: {message}\n" for message in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
