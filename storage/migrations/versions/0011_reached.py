"""One person on several platforms, and what platforms remember of conversations, open forms and who runs what."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the columns and the tables."""
    for column in ("muted", "preferred"):
        op.add_column("accounts", sa.Column(column, sa.Boolean, nullable=False, server_default=sa.false()))
    where = sa.text("preferred")
    op.create_index(
        "uq_accounts_preferred", "accounts", ["worker_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.create_table(
        "link_codes",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_link_codes_account_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_link_codes_worker_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_codes")),
        sqlite_with_rowid=False,
    )
    for column in ("worker_id", "account_id", "expires_at"):
        op.create_index(op.f(f"ix_link_codes_{column}"), "link_codes", [column])
    _make_conversations()
    op.create_table(
        "drafts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_saved_at"), "drafts", ["saved_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; who has muted all that he has left is reached on the first of them again."""
    for table in ("leases", "drafts", "conversations", "link_codes"):
        op.drop_table(table)
    op.execute(
        "UPDATE accounts SET is_current = true WHERE id IN (SELECT min(id) FROM accounts WHERE worker_id NOT IN"
        " (SELECT worker_id FROM accounts WHERE is_current) GROUP BY worker_id)"
    )
    op.drop_index("uq_accounts_preferred", "accounts")
    for column in ("preferred", "muted"):
        op.drop_column("accounts", column)


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('private', 'group', 'channel')", name=op.f("ck_conversations_kind")),
        sa.PrimaryKeyConstraint("platform", "tenant", "id", name=op.f("pk_conversations")),
    )
    op.create_index(
        op.f("ix_conversations_platform_tenant_person"), "conversations", ["platform", "tenant", "person", "saved_at"]
    )
