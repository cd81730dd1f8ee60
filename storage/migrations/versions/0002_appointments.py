"""Appointments, the answers to them, and the claims on time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    at_most_a_day = "ends_at - starts_at <= " + ("86400000000" if on_sqlite else "interval '24 hours'")
    op.create_table(
        "appointments",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_number", BIG, nullable=False),
        sa.Column("main_worker_id", sa.Integer, nullable=False),
        sa.Column("creator_id", sa.Integer, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ending", sa.Text, nullable=True),
        sa.Column("ended_by", sa.Integer, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("settles_at", INSTANT, nullable=True),
        sa.Column("was_cancelled", sa.Boolean, nullable=True),
        sa.CheckConstraint("ending IN ('cancelled', 'deleted')", name=op.f("ck_appointments_ending")),
        sa.CheckConstraint(
            "(ending IS NULL) = (ended_by IS NULL) AND (ending IS NULL) = (reason IS NULL)"
            " AND (ending IS NULL) = (settles_at IS NULL) AND (ending IS NULL) = (was_cancelled IS NULL)",
            name=op.f("ck_appointments_whole_ending"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointments_order")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_appointments_case_number")),
        sa.ForeignKeyConstraint(["creator_id"], ["workers.id"], name=op.f("fk_appointments_creator_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["workers.id"], name=op.f("fk_appointments_ended_by")),
        sa.ForeignKeyConstraint(["main_worker_id"], ["workers.id"], name=op.f("fk_appointments_main_worker_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_appointments_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(
        op.f("ix_appointments_case_number_starts_at_id"),
        "appointments",
        ["case_number", "starts_at", "id"],
        unique=False,
    )
    op.create_table(
        "parties",
        sa.Column("appointment_id", BIG, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=True),
        sa.Column("client_id", BIG, nullable=True),
        sa.Column("personal_contact_id", BIG, nullable=True),
        sa.Column("professional_contact_id", BIG, nullable=True),
        sa.CheckConstraint(
            "CASE WHEN worker_id IS NULL THEN 0 ELSE 1 END + CASE WHEN client_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN personal_contact_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN professional_contact_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_parties_one"),
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_parties_appointment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_parties_client_id")),
        sa.ForeignKeyConstraint(
            ["personal_contact_id"], ["personal_contacts.id"], name=op.f("fk_parties_personal_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_contact_id"], ["professional_contacts.id"], name=op.f("fk_parties_professional_contact_id")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_parties_worker_id")),
        sa.PrimaryKeyConstraint("appointment_id", "position", name=op.f("pk_parties")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("appointment_id", BIG, autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("settles_at", INSTANT, nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "answer IN ('pending', 'accepted', 'declined', 'tentative')", name=op.f("ck_invitations_answer")
        ),
        sa.CheckConstraint(
            "previous IN ('pending', 'accepted', 'declined', 'tentative')", name=op.f("ck_invitations_previous")
        ),
        sa.CheckConstraint(at_most_a_day, name=op.f("ck_invitations_length")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_invitations_appointment_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_invitations_worker_id")),
        sa.PrimaryKeyConstraint("appointment_id", "worker_id", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitations_worker_id_starts_at"), "invitations", ["worker_id", "starts_at"], unique=False)
    op.create_index(
        "ix_invitations_waiting",
        "invitations",
        ["worker_id", "starts_at", "appointment_id"],
        unique=False,
        sqlite_where=sa.text("answer = 'pending'"),
        postgresql_where=sa.text("answer = 'pending'"),
    )
    op.create_table(
        "answers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "answer IN ('pending', 'accepted', 'declined', 'tentative')", name=op.f("ck_answers_answer")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_answers_appointment_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_answers_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_appointment_id"), "answers", ["appointment_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_claims_order")),
        sa.CheckConstraint(at_most_a_day, name=op.f("ck_claims_length")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_claims_appointment_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_claims_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_claims_appointment_id")),
    )
    op.create_index(
        "ix_claims_expiring",
        "claims",
        ["worker_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_claims_worker_id_starts_at"), "claims", ["worker_id", "starts_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["workers.id"], name=op.f("fk_audit_actor_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_audit_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_appointment_id"), "audit", ["appointment_id"], unique=False)
    _refuse_overlaps()


def _refuse_overlaps() -> None:
    """Let the database refuse two claims of one worker that overlap.

    The triggers stand on it that the claims there are do not overlap: in the order of their starts, the last one that
    starts before the new end is the only one to look at.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE claims ADD CONSTRAINT ex_claims_overlap EXCLUDE USING gist"
            " (int4range(worker_id, worker_id + 1) WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
        )
        return
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


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in ("audit", "claims", "answers", "invitations", "parties", "appointments"):
        op.drop_table(table)
