"""What workers choose for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
OWN = ("own_zone", "own_locale")


def upgrade() -> None:
    """Add the columns and the table."""
    for column in OWN:
        op.add_column("workers", sa.Column(column, sa.Text, nullable=True))
    op.create_table(
        "preferences",
        sa.Column("worker_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("reminders", sa.Text, nullable=True),
        sa.Column("summary_at", sa.Text, nullable=True),
        sa.Column("summary_due", INSTANT, nullable=True),
        sa.Column("availability", sa.Boolean, nullable=False),
        sa.Column("external", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_preferences_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_preferences")),
    )
    op.create_index(
        "ix_preferences_due",
        "preferences",
        ["summary_due", "worker_id"],
        unique=False,
        sqlite_where=sa.text("summary_due IS NOT NULL"),
        postgresql_where=sa.text("summary_due IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them, with what was chosen."""
    op.drop_table("preferences")
    for column in OWN:
        op.drop_column("workers", column)
