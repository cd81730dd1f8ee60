"""Support cases and places."""

import sqlalchemy as sa

from storage.tables.base import flag, folded, metadata, new_id, number, one_of, part, text, worker
from storage.types import BIG

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("number", BIG, primary_key=True, autoincrement=False),
    folded("digits", index=True),
    text("kind"),
    worker("lead_id"),
    text("topic"),
    flag("urgent"),
    flag("confidential"),
    one_of("kind", ("occasional", "regular")),
)

case_workers = sa.Table(
    "case_workers",
    metadata,
    part("case_number", "cases.number"),
    worker(primary_key=True, autoincrement=False),
)

case_clients = sa.Table(
    "case_clients",
    metadata,
    part("case_number", "cases.number"),
    part("client_id", "clients.id"),
    number("position"),
    sa.Index(None, "client_id"),
)

case_personal_contacts = sa.Table(
    "case_personal_contacts",
    metadata,
    part("case_number", "cases.number"),
    part("contact_id", "personal_contacts.id"),
    number("position"),
)

places = sa.Table(
    "places",
    metadata,
    new_id(),
    text("name"),
    text("kind"),
    folded("name_folded"),
    folded("kind_folded"),
    sa.UniqueConstraint("name_folded", "kind_folded"),
)
