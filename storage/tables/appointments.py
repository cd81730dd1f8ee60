"""Appointments, the answers to them, and the claims on time."""

import sqlalchemy as sa

from storage.tables.base import (
    added_text,
    at_most_a_day,
    ends_after_start,
    exactly_one,
    flag,
    instant,
    metadata,
    new_id,
    number,
    one_of,
    part,
    partial_index,
    reference,
    text,
    worker,
)
from storage.types import BIG

ANSWERS = ("pending", "accepted", "declined", "tentative")
PARTY_COLUMNS = ("worker_id", "client_id", "personal_contact_id", "professional_contact_id")

appointments = sa.Table(
    "appointments",
    metadata,
    new_id(),
    reference("case_number", "cases.number"),
    worker("main_worker_id"),
    worker("creator_id"),
    instant("starts_at"),
    instant("ends_at"),
    text("zone"),
    reference("place_id", "places.id", nullable=True),
    text("comment"),
    instant("created_at"),
    number("revision"),
    number("version"),
    text("ending", nullable=True),
    worker("ended_by", nullable=True),
    text("reason", nullable=True),
    instant("settles_at", nullable=True),
    sa.Column("was_cancelled", sa.Boolean, nullable=True),
    added_text("kind"),
    ends_after_start(),
    one_of("ending", ("cancelled", "deleted")),
    sa.CheckConstraint(
        " AND ".join(
            f"(ending IS NULL) = ({column} IS NULL)" for column in ("ended_by", "reason", "settles_at", "was_cancelled")
        ),
        name="whole_ending",
    ),
    sa.Index(None, "case_number", "starts_at", "id"),
    sa.Index(None, "main_worker_id", "starts_at"),
    partial_index("ix_appointments_settling", "ended_by", "settles_at", where="ended_by IS NOT NULL"),
)

parties = sa.Table(
    "parties",
    metadata,
    part("appointment_id", "appointments.id"),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    worker(nullable=True),
    reference("client_id", "clients.id", nullable=True),
    reference("personal_contact_id", "personal_contacts.id", nullable=True),
    reference("professional_contact_id", "professional_contacts.id", nullable=True),
    exactly_one(PARTY_COLUMNS, "one"),
    sqlite_with_rowid=False,
)

invitations = sa.Table(
    "invitations",
    metadata,
    part("appointment_id", "appointments.id"),
    worker(primary_key=True, autoincrement=False),
    number("position"),
    text("answer"),
    text("previous"),
    number("sequence"),
    number("version"),
    instant("settles_at", nullable=True),
    # The appointment's times, kept here too: a worker's invitations are looked up by time.
    instant("starts_at"),
    instant("ends_at"),
    flag("optional", server_default=sa.false()),
    one_of("answer", ANSWERS),
    one_of("previous", ANSWERS),
    *at_most_a_day(),
    sa.Index(None, "worker_id", "starts_at"),
    partial_index("ix_invitations_waiting", "worker_id", "starts_at", "appointment_id", where="answer = 'pending'"),
    sqlite_with_rowid=False,
)

answers = sa.Table(
    "answers",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", index=True),
    worker(),
    text("answer"),
    instant("at"),
    one_of("answer", ANSWERS),
)

claims = sa.Table(  # that no two of one worker overlap stands in the migrations: SQLAlchemy cannot say it for SQLite
    "claims",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", nullable=True, unique=True),
    worker(),
    instant("starts_at"),
    instant("ends_at"),
    instant("expires_at", nullable=True),
    worker("held_by", nullable=True),  # who has this time chosen in an open form; then there is no appointment
    # The appointment's place, kept here too: a worker's time is looked up with all that the search for slots needs.
    sa.Column("place_id", BIG, nullable=True),
    ends_after_start(),
    *at_most_a_day(),
    sa.CheckConstraint("(appointment_id IS NULL) <> (held_by IS NULL)", name="owner"),
    sa.CheckConstraint("held_by IS NULL OR expires_at IS NOT NULL", name="hold_expires"),
    sa.Index(
        "ix_claims_time", "worker_id", "starts_at", "ends_at", "expires_at", "appointment_id", "held_by", "place_id"
    ),
    partial_index("ix_claims_expiring", "worker_id", "expires_at", where="expires_at IS NOT NULL"),
    partial_index("uq_claims_held_by", "held_by", where="held_by IS NOT NULL", unique=True),
)

audit = sa.Table(
    "audit",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", index=True),
    worker("actor_id"),
    text("action"),
    instant("at"),
    text("detail"),
)
