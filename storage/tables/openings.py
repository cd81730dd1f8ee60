"""Questions to a colleague: to open a time, or to move an appointment to one."""

import sqlalchemy as sa

from storage.tables.base import (
    ends_after_start,
    instant,
    metadata,
    new_id,
    number,
    one_of,
    reference,
    text,
    worker,
)

openings = sa.Table(
    "openings",
    metadata,
    new_id(),
    worker("asker_id"),
    worker("main_worker_id"),
    reference("case_number", "cases.number"),
    instant("starts_at"),
    instant("ends_at"),
    text("zone"),
    text("parties"),
    text("optional"),
    reference("place_id", "places.id", nullable=True),
    text("comment"),
    text("kind"),
    instant("created_at"),
    text("state"),
    reference("appointment_id", "appointments.id", nullable=True, unique=True),
    ends_after_start(),
    one_of("state", ("asked", "opened", "refused")),
)

counterproposals = sa.Table(
    "counterproposals",
    metadata,
    new_id(),
    reference("appointment_id", "appointments.id", index=True),
    number("revision"),
    worker("proposer_id"),
    instant("starts_at"),
    instant("ends_at"),
    reference("place_id", "places.id", nullable=True),
    instant("created_at"),
    text("state"),
    ends_after_start(),
    one_of("state", ("proposed", "accepted", "refused", "withdrawn", "overtaken")),
)
