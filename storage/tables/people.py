"""Workers, their accounts, clients and contacts."""

import sqlalchemy as sa

from storage.tables.base import (
    added_text,
    flag,
    folded,
    instant,
    metadata,
    new_id,
    partial_index,
    reference,
    text,
    worker,
)

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
    # What the worker chose himself, in the place of the two that are imported.
    text("own_zone", nullable=True),
    text("own_locale", nullable=True),
)

preferences = sa.Table(
    "preferences",
    metadata,
    worker(primary_key=True, autoincrement=False),
    text("reminders", nullable=True),  # minutes before the start, a comma between; NULL for the organisation's
    text("summary_at", nullable=True),
    instant("summary_due", nullable=True),
    flag("availability"),
    flag("external"),
    partial_index("ix_preferences_due", "summary_due", "worker_id", where="summary_due IS NOT NULL"),
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
    added_text("email"),
    flag("muted", server_default=sa.false()),
    flag("preferred", server_default=sa.false()),
    sa.UniqueConstraint("platform", "tenant", "external_id"),
    partial_index("uq_accounts_current", "worker_id", where="is_current", unique=True),
    partial_index("uq_accounts_preferred", "worker_id", where="preferred", unique=True),
)

link_codes = sa.Table(
    "link_codes",
    metadata,
    text("digest", primary_key=True),
    worker(index=True),
    instant("expires_at", index=True),
    # On which account it was spent.
    reference("account_id", "accounts.id", nullable=True, index=True),
    sqlite_with_rowid=False,
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
