"""What is shown beside people's private conversations: cards in channels, and homes."""

import sqlalchemy as sa

from storage.tables.base import instant, metadata, new_id, number, partial_index, reference, text, worker
from storage.types import BIG

shares = sa.Table(
    "shares",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id"),
    text("platform"),
    text("tenant"),
    text("channel"),
    worker("by_id"),
    text("messages"),
    number("version"),
    sa.UniqueConstraint("appointment_id", "platform", "tenant", "channel"),
    sqlite_autoincrement=True,  # the number of a share that is gone must not come back while somebody posts it
)

homes = sa.Table(
    "homes",
    metadata,
    sa.Column("account_id", BIG, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    text("digest"),
    # When it looks otherwise; NULL while it does not by itself.
    instant("next_at", nullable=True),
    number("mark"),
    instant("lease_until", nullable=True),
    partial_index("ix_homes_waiting", "next_at", "account_id", where="next_at IS NOT NULL"),
)
