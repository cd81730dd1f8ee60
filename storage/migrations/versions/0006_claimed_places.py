"""A claim knows its place, and one index has all that a search for free time reads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEARCHED = ["worker_id", "starts_at", "ends_at", "expires_at", "appointment_id", "held_by", "place_id"]


def upgrade() -> None:
    """Add the column, filled from the appointments, and the index in the place of a shorter one."""
    op.add_column("claims", sa.Column("place_id", BIG, nullable=True))
    op.execute(
        "UPDATE claims SET place_id ="
        " (SELECT appointments.place_id FROM appointments WHERE appointments.id = claims.appointment_id)"
    )
    op.drop_index(op.f("ix_claims_worker_id_starts_at"), "claims")
    op.create_index("ix_claims_time", "claims", SEARCHED, unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_claims_time", "claims")
    op.create_index(op.f("ix_claims_worker_id_starts_at"), "claims", ["worker_id", "starts_at"], unique=False)
    op.drop_column("claims", "place_id")
