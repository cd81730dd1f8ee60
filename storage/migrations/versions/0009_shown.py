"""Cards of appointments in channels, people's homes, and two indexes over what was there."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the tables and the indexes."""
    op.create_table(
        "shares",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("messages", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_shares_appointment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_shares_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint(
            "appointment_id",
            "platform",
            "tenant",
            "channel",
            name=op.f("uq_shares_appointment_id_platform_tenant_channel"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "homes",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_homes_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_homes")),
    )
    op.create_index(
        "ix_homes_waiting",
        "homes",
        ["next_at", "account_id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_copies_account_id"), "copies", ["account_id"], unique=False)
    op.create_index(
        "ix_appointments_settling",
        "appointments",
        ["ended_by", "settles_at"],
        unique=False,
        sqlite_where=sa.text("ended_by IS NOT NULL"),
        postgresql_where=sa.text("ended_by IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them, and the notices that an older version cannot send; the messages in the channels stay."""
    op.execute("DELETE FROM outbox WHERE kind IN ('shared', 'reassigned')")
    op.drop_index("ix_appointments_settling", "appointments")
    op.drop_index(op.f("ix_copies_account_id"), "copies")
    op.drop_table("homes")
    op.drop_table("shares")
