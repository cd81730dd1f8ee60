"""A claim may be a hold, which belongs to a person; a notice may speak of an opening."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.rebuilding import rebuild

revision = "0005"
down_revision = "0004"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
CLAIM = ("id", "appointment_id", "worker_id", "starts_at", "ends_at", "expires_at")
NOTICE = (
    "id", "appointment_id", "recipient_id", "kind", "version", "minutes", "due_at", "about_id", "expires_at",
    "next_at", "lease_until", "attempts", "created_at", "settled_at", "settled", "failed_at", "error",
)  # fmt: skip


def upgrade() -> None:
    """Let both do without an appointment."""
    if _on_sqlite():
        rebuild("claims", CLAIM, lambda name: _make_claims(name, holds=True))
        _guard_claims()
        rebuild("outbox", NOTICE, lambda name: _make_outbox(name, openings=True))
        _index_outbox()
    else:
        _widen_on_postgres()
    op.create_index(
        "uq_claims_held_by",
        "claims",
        ["held_by"],
        unique=True,
        sqlite_where=sa.text("held_by IS NOT NULL"),
        postgresql_where=sa.text("held_by IS NOT NULL"),
    )
    op.create_index(
        "uq_outbox_opening",
        "outbox",
        ["opening_id", "recipient_id", "kind"],
        unique=True,
        sqlite_where=sa.text("opening_id IS NOT NULL"),
        postgresql_where=sa.text("opening_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the holds and the notices of openings."""
    op.execute("DELETE FROM claims WHERE appointment_id IS NULL")
    op.execute("DELETE FROM outbox WHERE appointment_id IS NULL")
    op.drop_index("uq_claims_held_by", "claims")
    op.drop_index("uq_outbox_opening", "outbox")
    if _on_sqlite():
        rebuild("claims", CLAIM, lambda name: _make_claims(name, holds=False))
        _guard_claims()
        rebuild("outbox", NOTICE, lambda name: _make_outbox(name, openings=False))
        _index_outbox()
    else:
        _narrow_on_postgres()


def _widen_on_postgres() -> None:
    op.add_column("claims", sa.Column("held_by", sa.Integer, nullable=True))
    op.create_foreign_key(op.f("fk_claims_held_by"), "claims", "workers", ["held_by"], ["id"])
    op.alter_column("claims", "appointment_id", nullable=True)
    op.create_check_constraint(op.f("ck_claims_owner"), "claims", "(appointment_id IS NULL) <> (held_by IS NULL)")
    op.create_check_constraint(op.f("ck_claims_hold_expires"), "claims", "held_by IS NULL OR expires_at IS NOT NULL")
    op.add_column("outbox", sa.Column("opening_id", BIG, nullable=True))
    op.create_foreign_key(op.f("fk_outbox_opening_id"), "outbox", "openings", ["opening_id"], ["id"])
    op.alter_column("outbox", "appointment_id", nullable=True)
    op.create_check_constraint(op.f("ck_outbox_subject"), "outbox", "(appointment_id IS NULL) <> (opening_id IS NULL)")


def _narrow_on_postgres() -> None:
    for name in ("owner", "hold_expires"):
        op.drop_constraint(op.f(f"ck_claims_{name}"), "claims")
    op.drop_column("claims", "held_by")
    op.alter_column("claims", "appointment_id", nullable=False)
    op.drop_constraint(op.f("ck_outbox_subject"), "outbox")
    op.drop_column("outbox", "opening_id")
    op.alter_column("outbox", "appointment_id", nullable=False)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _make_claims(name: str, *, holds: bool) -> None:
    hold = (
        sa.Column("held_by", sa.Integer, nullable=True),
        sa.CheckConstraint("(appointment_id IS NULL) <> (held_by IS NULL)", name=op.f("ck_claims_owner")),
        sa.CheckConstraint("held_by IS NULL OR expires_at IS NOT NULL", name=op.f("ck_claims_hold_expires")),
        sa.ForeignKeyConstraint(["held_by"], ["workers.id"], name=op.f("fk_claims_held_by")),
    )
    op.create_table(
        name,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=holds),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        *(hold if holds else ()),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_claims_order")),
        sa.CheckConstraint("ends_at - starts_at <= 86400000000", name=op.f("ck_claims_length")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_claims_appointment_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_claims_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_claims_appointment_id")),
    )


def _guard_claims() -> None:
    """Make the indexes and the triggers that the table had before: they went with it (rule 1)."""
    op.create_index(
        "ix_claims_expiring",
        "claims",
        ["worker_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_claims_worker_id_starts_at"), "claims", ["worker_id", "starts_at"], unique=False)
    op.execute(
        "CREATE TRIGGER claims_overlap_insert BEFORE INSERT ON claims"
        " WHEN (SELECT ends_at FROM claims WHERE worker_id = NEW.worker_id AND starts_at < NEW.ends_at"
        " ORDER BY starts_at DESC LIMIT 1) > NEW.starts_at"
        " BEGIN SELECT RAISE(ABORT, 'claims overlap'); END"
    )
    op.execute(
        "CREATE TRIGGER claims_overlap_update BEFORE UPDATE OF worker_id, starts_at, ends_at ON claims"
        " WHEN (SELECT ends_at FROM claims WHERE worker_id = NEW.worker_id AND starts_at < NEW.ends_at"
        " AND id <> OLD.id ORDER BY starts_at DESC LIMIT 1) > NEW.starts_at"
        " BEGIN SELECT RAISE(ABORT, 'claims overlap'); END"
    )


def _make_outbox(name: str, *, openings: bool) -> None:
    opening = (
        sa.Column("opening_id", BIG, nullable=True),
        sa.CheckConstraint("(appointment_id IS NULL) <> (opening_id IS NULL)", name=op.f("ck_outbox_subject")),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_outbox_opening_id")),
    )
    op.create_table(
        name,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=openings),
        *(opening if openings else ()),
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


def _index_outbox() -> None:
    op.create_index(
        "ix_outbox_failed", "outbox", ["failed_at", "id"], unique=False, sqlite_where=sa.text("failed_at IS NOT NULL")
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["next_at", "id"], unique=False, sqlite_where=sa.text("next_at IS NOT NULL")
    )
