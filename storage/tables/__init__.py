"""All tables. The migrations are written by hand; a test holds the two equal."""

from storage.tables.agendas import (
    absences,
    agenda_toggles,
    availability_ranges,
    booking_limits,
    external_events,
)
from storage.tables.appointments import answers, appointments, audit, claims, invitations, parties
from storage.tables.base import metadata
from storage.tables.cases import case_clients, case_personal_contacts, case_workers, cases, places
from storage.tables.notices import copies, deliveries, outbox, paces, web_messages
from storage.tables.openings import counterproposals, openings
from storage.tables.people import (
    accounts,
    clients,
    link_codes,
    personal_contacts,
    preferences,
    professional_contacts,
    workers,
)
from storage.tables.reached import conversations, drafts, leases
from storage.tables.shown import homes, shares
from storage.tables.slack import slack_bots, slack_installations, slack_oauth_states

__all__ = [
    "absences",
    "accounts",
    "agenda_toggles",
    "answers",
    "appointments",
    "audit",
    "availability_ranges",
    "booking_limits",
    "case_clients",
    "case_personal_contacts",
    "case_workers",
    "cases",
    "claims",
    "clients",
    "conversations",
    "copies",
    "counterproposals",
    "deliveries",
    "drafts",
    "external_events",
    "homes",
    "invitations",
    "leases",
    "link_codes",
    "metadata",
    "openings",
    "outbox",
    "paces",
    "parties",
    "personal_contacts",
    "places",
    "preferences",
    "professional_contacts",
    "shares",
    "slack_bots",
    "slack_installations",
    "slack_oauth_states",
    "web_messages",
    "workers",
]
