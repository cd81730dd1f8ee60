"""Other times that invitees propose; a notice may speak of one, or of a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.rebuilding import rebuild

revision = "0008"
down_revision = "0007"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
NOTICE = (
    "id", "appointment_id", "opening_id", "recipient_id", "kind", "version", "minutes", "due_at", "about_id",
    "expires_at", "next_at", "lease_until", "attempts", "created_at", "settled_at", "settled", "failed_at", "error",
)  # fmt: skip
BEFORE = "(appointment_id IS NULL) <> (opening_id IS NULL)"
SINCE = (
    "CASE WHEN appointment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN opening_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END + CASE WHEN day IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    """Add the table, and to the outbox its new subjects."""
    _make_counterproposals()
    if _on_sqlite():
        rebuild("outbox", NOTICE, lambda name: _make_outbox(name, more=True))
        _index_outbox()
    else:
        op.add_column("outbox", sa.Column("proposal_id", BIG, nullable=True))
        op.add_column("outbox", sa.Column("day", sa.Date, nullable=True))
        op.create_foreign_key(op.f("fk_outbox_proposal_id"), "outbox", "counterproposals", ["proposal_id"], ["id"])
        _check_subject(SINCE)
    _index("uq_outbox_proposal", ["proposal_id", "recipient_id", "kind"], "proposal_id IS NOT NULL", unique=True)
    _index("uq_outbox_day", ["day", "recipient_id"], "day IS NOT NULL", unique=True)


def downgrade() -> None:
    """Drop the counter-proposals, and the notices of them and of days."""
    op.execute("DELETE FROM outbox WHERE appointment_id IS NULL AND opening_id IS NULL")
    op.drop_index("uq_outbox_proposal", "outbox")
    op.drop_index("uq_outbox_day", "outbox")
    if _on_sqlite():
        rebuild("outbox", NOTICE, lambda name: _make_outbox(name, more=False))
        _index_outbox()
    else:
        op.drop_column("outbox", "proposal_id")
        op.drop_column("outbox", "day")
        _check_subject(BEFORE)
    op.drop_table("counterproposals")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _check_subject(condition: str) -> None:
    op.execute("ALTER TABLE outbox DROP CONSTRAINT IF EXISTS ck_outbox_subject")  # it went with a column of it
    op.create_check_constraint(op.f("ck_outbox_subject"), "outbox", condition)


def _index(name: str, columns: Sequence[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, "outbox", list(columns), unique=unique, sqlite_where=condition, postgresql_where=condition)


def _index_outbox() -> None:
    """Make the indexes that the table had before."""
    _index("uq_outbox_opening", ["opening_id", "recipient_id", "kind"], "opening_id IS NOT NULL", unique=True)
    _index("ix_outbox_failed", ["failed_at", "id"], "failed_at IS NOT NULL")
    _index("ix_outbox_waiting", ["next_at", "id"], "next_at IS NOT NULL")


def _make_counterproposals() -> None:
    op.create_table(
        "counterproposals",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("proposer_id", sa.Integer, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_counterproposals_order")),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'refused', 'withdrawn', 'overtaken')",
            name=op.f("ck_counterproposals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_counterproposals_appointment_id")
        ),
        sa.ForeignKeyConstraint(["proposer_id"], ["workers.id"], name=op.f("fk_counterproposals_proposer_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_counterproposals_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counterproposals")),
    )
    op.create_index(op.f("ix_counterproposals_appointment_id"), "counterproposals", ["appointment_id"], unique=False)


def _make_outbox(name: str, *, more: bool) -> None:
    added = (
        sa.Column("proposal_id", BIG, nullable=True),
        sa.Column("day", sa.Date, nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["counterproposals.id"], name=op.f("fk_outbox_proposal_id")),
    )
    op.create_table(
        name,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=True),
        sa.Column("opening_id", BIG, nullable=True),
        *(added if more else ()),
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
        sa.CheckConstraint(SINCE if more else BEFORE, name=op.f("ck_outbox_subject")),
        sa.ForeignKeyConstraint(["about_id"], ["workers.id"], name=op.f("fk_outbox_about_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_outbox_appointment_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_outbox_opening_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["workers.id"], name=op.f("fk_outbox_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("appointment_id", "recipient_id", "kind", "version", "minutes", name="uq_outbox_notice"),
        sqlite_autoincrement=True,
    )
