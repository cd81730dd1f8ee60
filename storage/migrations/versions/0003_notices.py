"""What was received, what is to be sent and what is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("recipient_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("about_id", sa.Integer, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled", sa.Text, nullable=True),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["workers.id"], name=op.f("fk_outbox_about_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_outbox_appointment_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["workers.id"], name=op.f("fk_outbox_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("appointment_id", "recipient_id", "kind", "version", "minutes", name="uq_outbox_notice"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["failed_at", "id"],
        unique=False,
        sqlite_where=sa.text("failed_at IS NOT NULL"),
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "copies",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("messages", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_copies_account_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_copies_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_copies_appointment_id"), "copies", ["appointment_id"], unique=False)
    op.create_table(
        "web_messages",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_web_messages_direction")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_web_messages_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_messages")),
        sa.UniqueConstraint("worker_id", "seq", name=op.f("uq_web_messages_worker_id_seq")),
    )
    op.create_index(op.f("ix_web_messages_worker_id_id"), "web_messages", ["worker_id", "id"], unique=False)


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in ("web_messages", "copies", "outbox", "deliveries"):
        op.drop_table(table)
