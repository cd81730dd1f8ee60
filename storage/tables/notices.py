"""What was received, what is to be sent and what is shown."""

import sqlalchemy as sa

from storage.tables.base import (
    exactly_one,
    flag,
    instant,
    metadata,
    new_id,
    number,
    one_of,
    partial_index,
    reference,
    text,
    worker,
)
from storage.types import BIG

SUBJECTS = ("appointment_id", "opening_id", "proposal_id", "day")
"""A notice has one of them."""

deliveries = sa.Table(
    "deliveries",
    metadata,
    text("key", primary_key=True),
    text("outcome"),
    instant("at"),
    sqlite_with_rowid=False,
)

outbox = sa.Table(
    "outbox",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", nullable=True),
    reference("opening_id", "openings.id", nullable=True),
    reference("proposal_id", "counterproposals.id", nullable=True),
    sa.Column("day", sa.Date, nullable=True),
    worker("recipient_id"),
    text("kind"),
    number("version"),
    number("minutes"),
    instant("due_at"),
    worker("about_id", nullable=True),
    instant("expires_at", nullable=True),
    # When to try it next; NULL once it is sent, dropped or set aside.
    instant("next_at", nullable=True),
    instant("lease_until", nullable=True),
    number("attempts"),
    instant("created_at"),
    instant("settled_at", nullable=True),
    text("settled", nullable=True),
    instant("failed_at", nullable=True),
    text("error"),
    exactly_one(SUBJECTS, "subject"),
    sa.UniqueConstraint("appointment_id", "recipient_id", "kind", "version", "minutes", name="uq_outbox_notice"),
    partial_index(
        "uq_outbox_opening", "opening_id", "recipient_id", "kind", where="opening_id IS NOT NULL", unique=True
    ),
    partial_index(
        "uq_outbox_proposal", "proposal_id", "recipient_id", "kind", where="proposal_id IS NOT NULL", unique=True
    ),
    partial_index("uq_outbox_day", "day", "recipient_id", where="day IS NOT NULL", unique=True),
    partial_index("ix_outbox_waiting", "next_at", "id", where="next_at IS NOT NULL"),
    partial_index("ix_outbox_failed", "failed_at", "id", where="failed_at IS NOT NULL"),
    sqlite_autoincrement=True,  # the number of a row that is gone must not come back while somebody sends it
)

copies = sa.Table(
    "copies",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", index=True),
    reference("account_id", "accounts.id", index=True),
    text("messages"),
    number("version"),
    sqlite_autoincrement=True,  # as above
)

paces = sa.Table(
    "paces",
    metadata,
    text("key", primary_key=True),
    instant("free_at"),
    sqlite_with_rowid=False,
)

web_messages = sa.Table(
    "web_messages",
    metadata,
    new_id(),
    worker(),
    text("direction"),
    text("card"),
    sa.Column("seq", BIG, nullable=False),
    instant("created_at"),
    flag("gone"),
    one_of("direction", ("in", "out")),
    sa.UniqueConstraint("worker_id", "seq"),
    sa.Index(None, "worker_id", "id"),
)
