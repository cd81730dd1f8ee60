"""Kinds, regions, absences, limits, toggles and questions to open a time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
TEXTS = (("workers", "region"), ("availability_ranges", "kinds"), ("appointments", "kind"))
FLAGS = (("workers", "manager"), ("invitations", "optional"))


def upgrade() -> None:
    """Add the columns, tables and indexes."""
    for table, column in TEXTS:
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=sa.text("''")))
    for table, column in FLAGS:
        op.add_column(table, sa.Column(column, sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        op.f("ix_appointments_main_worker_id_starts_at"), "appointments", ["main_worker_id", "starts_at"], unique=False
    )
    _make_tables()
    _index_events()


def downgrade() -> None:
    """Drop them, with what they hold."""
    op.drop_index("ix_external_events_long", "external_events")
    op.drop_index(op.f("ix_external_events_worker_id_starts_at_ends_at_tentative"), "external_events")
    op.create_index(
        op.f("ix_external_events_worker_id_ends_at_starts_at"), "external_events", ["worker_id", "ends_at", "starts_at"]
    )
    for table in ("openings", "agenda_toggles", "booking_limits", "absences"):
        op.drop_table(table)
    op.drop_index(op.f("ix_appointments_main_worker_id_starts_at"), "appointments")
    for table, column in (*TEXTS, *FLAGS):
        op.drop_column(table, column)


def _make_tables() -> None:
    op.create_table(
        "absences",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_absences_order")),
        sa.CheckConstraint("kind IN ('leave', 'sickness', 'training', 'other')", name=op.f("ck_absences_kind")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_absences_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(
        op.f("ix_absences_worker_id_ends_at_starts_at"), "absences", ["worker_id", "ends_at", "starts_at"], unique=False
    )
    op.create_table(
        "booking_limits",
        sa.Column("worker_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("notice_seconds", sa.Integer, nullable=False),
        sa.Column("before_seconds", sa.Integer, nullable=False),
        sa.Column("after_seconds", sa.Integer, nullable=False),
        sa.Column("travel_seconds", sa.Integer, nullable=False),
        sa.Column("daily", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_booking_limits_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_booking_limits")),
    )
    op.create_table(
        "agenda_toggles",
        sa.Column("viewer_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("availability", sa.Boolean, nullable=False),
        sa.Column("external", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["viewer_id"], ["workers.id"], name=op.f("fk_agenda_toggles_viewer_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_agenda_toggles_worker_id")),
        sa.PrimaryKeyConstraint("viewer_id", "worker_id", name=op.f("pk_agenda_toggles")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "openings",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("asker_id", sa.Integer, nullable=False),
        sa.Column("main_worker_id", sa.Integer, nullable=False),
        sa.Column("case_number", BIG, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("parties", sa.Text, nullable=False),
        sa.Column("optional", sa.Text, nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("appointment_id", BIG, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_openings_order")),
        sa.CheckConstraint("state IN ('asked', 'opened', 'refused')", name=op.f("ck_openings_state")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_openings_appointment_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["workers.id"], name=op.f("fk_openings_asker_id")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_openings_case_number")),
        sa.ForeignKeyConstraint(["main_worker_id"], ["workers.id"], name=op.f("fk_openings_main_worker_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_openings_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_openings_appointment_id")),
    )


def _index_events() -> None:
    op.drop_index(op.f("ix_external_events_worker_id_ends_at_starts_at"), "external_events")
    op.create_index(
        op.f("ix_external_events_worker_id_starts_at_ends_at_tentative"),
        "external_events",
        ["worker_id", "starts_at", "ends_at", "tentative"],
        unique=False,
    )
    op.create_index(
        "ix_external_events_long",
        "external_events",
        ["worker_id", "ends_at", "starts_at", "tentative"],
        unique=False,
        sqlite_where=sa.text("ends_at - starts_at > 86400000000"),
        postgresql_where=sa.text("ends_at - starts_at > interval '24 hours'"),
    )
