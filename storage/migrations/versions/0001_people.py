"""Workers, their accounts, clients, contacts, cases, places, and availability."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("handle", sa.Text, nullable=False),
        sa.Column("handle_folded", FOLDED, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_folded", FOLDED, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_folded", FOLDED, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("search", FOLDED, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("handle_folded", name=op.f("uq_workers_handle_folded")),
    )
    op.create_index(op.f("ix_workers_email_folded"), "workers", ["email_folded"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_accounts_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("platform", "tenant", "external_id", name=op.f("uq_accounts_platform_tenant_external_id")),
    )
    op.create_index(op.f("ix_accounts_worker_id"), "accounts", ["worker_id"], unique=False)
    op.create_index(
        "uq_accounts_current",
        "accounts",
        ["worker_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "clients",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("import_key", sa.Text, nullable=False),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=True),
        sa.Column("search", FOLDED, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("import_key", name=op.f("uq_clients_import_key")),
    )
    op.create_table(
        "personal_contacts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("import_key", sa.Text, nullable=False),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_contacts")),
        sa.UniqueConstraint("import_key", name=op.f("uq_personal_contacts_import_key")),
    )
    op.create_table(
        "professional_contacts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("import_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_folded", FOLDED, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("search", FOLDED, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional_contacts")),
        sa.UniqueConstraint("import_key", name=op.f("uq_professional_contacts_import_key")),
    )
    op.create_table(
        "places",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name_folded", FOLDED, nullable=False),
        sa.Column("kind_folded", FOLDED, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("name_folded", "kind_folded", name=op.f("uq_places_name_folded_kind_folded")),
    )
    op.create_table(
        "cases",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("digits", FOLDED, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("lead_id", sa.Integer, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('occasional', 'regular')", name=op.f("ck_cases_kind")),
        sa.ForeignKeyConstraint(["lead_id"], ["workers.id"], name=op.f("fk_cases_lead_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_digits"), "cases", ["digits"], unique=False)
    op.create_table(
        "case_workers",
        sa.Column("case_number", BIG, autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Integer, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_case_workers_case_number")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_case_workers_worker_id")),
        sa.PrimaryKeyConstraint("case_number", "worker_id", name=op.f("pk_case_workers")),
    )
    op.create_table(
        "case_clients",
        sa.Column("case_number", BIG, autoincrement=False, nullable=False),
        sa.Column("client_id", BIG, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_case_clients_case_number")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_case_clients_client_id")),
        sa.PrimaryKeyConstraint("case_number", "client_id", name=op.f("pk_case_clients")),
    )
    op.create_index(op.f("ix_case_clients_client_id"), "case_clients", ["client_id"], unique=False)
    op.create_table(
        "case_personal_contacts",
        sa.Column("case_number", BIG, autoincrement=False, nullable=False),
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_case_personal_contacts_case_number")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["personal_contacts.id"], name=op.f("fk_case_personal_contacts_contact_id")
        ),
        sa.PrimaryKeyConstraint("case_number", "contact_id", name=op.f("pk_case_personal_contacts")),
    )
    op.create_table(
        "availability_ranges",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("starts", sa.Time, nullable=False),
        sa.Column("lasts_seconds", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("except_days", sa.Text, nullable=False),
        sa.CheckConstraint("lasts_seconds > 0", name=op.f("ck_availability_ranges_lasts")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_availability_ranges_place_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_availability_ranges_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_ranges")),
    )
    op.create_index(op.f("ix_availability_ranges_worker_id"), "availability_ranges", ["worker_id"], unique=False)
    op.create_table(
        "external_events",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("recurrence_id", sa.Text, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("tentative", sa.Boolean, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_external_events_order")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_external_events_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_events")),
    )
    op.create_index(
        op.f("ix_external_events_worker_id_ends_at_starts_at"),
        "external_events",
        ["worker_id", "ends_at", "starts_at"],
        unique=False,
    )


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in (
        "external_events",
        "availability_ranges",
        "case_personal_contacts",
        "case_clients",
        "case_workers",
        "cases",
        "places",
        "professional_contacts",
        "personal_contacts",
        "clients",
        "accounts",
        "workers",
    ):
        op.drop_table(table)
