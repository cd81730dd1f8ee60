"""Workers, their accounts, clients and contacts."""

import sqlalchemy as sa

from storage.tables.base import added_text, flag, folded, metadata, new_id, partial_index, text, worker

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    text("handle"),
    folded("handle_folded", unique=True),
    text("name"),
    folded("name_folded"),
    text("job"),
    text("service"),
    text("email"),
    folded("email_folded", index=True),
    text("zone"),
    text("locale"),
    flag("active"),
    folded("search"),
    added_text("region"),
    flag("manager", server_default=sa.false()),
)

accounts = sa.Table(
    "accounts",
    metadata,
    new_id(),
    worker(index=True),
    text("platform"),
    text("tenant"),
    text("external_id"),
    flag("is_current"),
    sa.UniqueConstraint("platform", "tenant", "external_id"),
    partial_index("uq_accounts_current", "worker_id", where="is_current", unique=True),
)

clients = sa.Table(
    "clients",
    metadata,
    new_id(),
    text("import_key", unique=True),
    text("given_name"),
    text("family_name"),
    sa.Column("birth_date", sa.Date, nullable=True),
    folded("search"),
)

personal_contacts = sa.Table(
    "personal_contacts",
    metadata,
    new_id(),
    text("import_key", unique=True),
    text("given_name"),
    text("family_name"),
    text("relation"),
)

professional_contacts = sa.Table(
    "professional_contacts",
    metadata,
    new_id(),
    text("import_key", unique=True),
    text("name"),
    folded("name_folded"),
    text("organisation"),
    text("email"),
    folded("search"),
)
