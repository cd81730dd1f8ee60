"""What platforms remember between two events: conversations, open forms, and which process runs what."""

import sqlalchemy as sa

from storage.tables.base import instant, metadata, number, one_of, text

conversations = sa.Table(
    "conversations",
    metadata,
    text("platform", primary_key=True),
    text("tenant", primary_key=True),
    text("id", primary_key=True),
    text("kind"),
    text("person"),
    text("title"),
    text("address"),
    instant("saved_at"),
    one_of("kind", ("private", "group", "channel")),
    sa.Index("ix_conversations_platform_tenant_person", "platform", "tenant", "person", "saved_at"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    text("key", primary_key=True),
    # NULL once it is dropped: the next one goes on counting, so that nobody takes it for the one he has read.
    text("payload", nullable=True),
    number("version"),
    instant("saved_at", index=True),
)

leases = sa.Table(
    "leases",
    metadata,
    text("name", primary_key=True),
    text("holder"),
    instant("until"),
    sqlite_with_rowid=False,
)
