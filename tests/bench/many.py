"""An organisation with very many cases and people, to search in."""

import random
import sqlite3
from pathlib import Path

from core.text import fold
from storage import migrate

CASES = 100_000
CLIENTS, WORKERS, CONTACTS = 12_000, 4_000, 4_000
_GIVEN = (
    "Gisèle", "Étienne", "Agathe", "Noël", "Zoé", "Jean-Baptiste", "Fatima", "Mehdi", "Anaïs", "Loïc", "Chloé", "Inès"
)  # fmt: skip
_FAMILY = (
    "Lafraise", "Dupont", "Vandermeersch", "Öztürk", "Lefèvre", "N’Diaye", "De Smet", "Garcia", "Müller", "Étranger"
)  # fmt: skip
_SYLLABLES = ("ba", "ré", "mi", "lo", "tu", "ka", "ne", "vi", "so", "du", "çal", "ger", "pin", "roux", "mar", "tel")
_ONE_IN = 7
"""Every seventh case is confidential."""


def fill(path: Path) -> list[str]:
    """Make the database; return the names of the clients, as they are typed."""
    migrate(f"sqlite:///{path}")
    dice = random.Random(1)  # noqa: S311 - the same people each time
    clients = [_name(dice) for _ in range(CLIENTS)]
    workers, contacts = ([" ".join(_name(dice)) for _ in range(count)] for count in (WORKERS, CONTACTS))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(
            "INSERT INTO clients (id, import_key, given_name, family_name, search) VALUES (?, ?, ?, ?, ?)",
            [(n, f"c{n}", *name, fold(" ".join(name))) for n, name in enumerate(clients, 1)],
        )
        connection.executemany(
            """INSERT INTO workers (id, handle, handle_folded, name, name_folded, job, service, email, email_folded,
                 zone, locale, active, search)
               VALUES (?, ?, ?, ?, ?, 'Psychologue', 'Principal', '', '', 'Europe/Brussels', 'fr', 1, ?)""",
            [
                (n, f"w{n}", f"w{n}", name, fold(name), f"{fold(name)}\npsychologue\nprincipal")
                for n, name in enumerate(workers, 1)
            ],
        )
        connection.executemany(
            """INSERT INTO professional_contacts (id, import_key, name, name_folded, organisation, email, search)
               VALUES (?, ?, ?, ?, 'Maison médicale', '', ?)""",
            [(n, f"p{n}", name, fold(name), f"{fold(name)}\nmaison medicale") for n, name in enumerate(contacts, 1)],
        )
        connection.executemany(
            """INSERT INTO cases (number, digits, kind, lead_id, topic, urgent, confidential)
               VALUES (?, ?, 'regular', ?, '["Sociale", "Logement"]', 0, ?)""",
            [(n, str(n), dice.randint(1, WORKERS), n % _ONE_IN == 0) for n in range(1, CASES + 1)],
        )
        connection.executemany(
            "INSERT INTO case_clients (case_number, client_id, position) VALUES (?, ?, 0)",
            [(n, dice.randint(1, CLIENTS)) for n in range(1, CASES + 1)],
        )
        connection.executemany(
            "INSERT INTO case_workers (case_number, worker_id) VALUES (?, ?)",
            [(n, dice.randint(1, WORKERS)) for n in range(1, CASES + 1)],
        )
        connection.execute(
            """INSERT INTO accounts (worker_id, platform, tenant, external_id, is_current, email)
               VALUES (1, 'slack', 'T0BENCH', 'U1', 1, 'w1@example.org')"""
        )
    with sqlite3.connect(path) as connection:
        connection.execute("ANALYZE")
    connection.close()
    return [" ".join(name) for name in clients]


def _name(dice: random.Random) -> tuple[str, str]:
    made = "".join(dice.choice(_SYLLABLES) for _ in range(3)).title()
    return dice.choice(_GIVEN), dice.choice(_FAMILY) if dice.random() < 1 / 2 else made
