"""All tables. The migrations are written by hand; a test holds the two equal."""

from storage.tables.agendas import availability_ranges, external_events
from storage.tables.appointments import answers, appointments, audit, claims, invitations, parties
from storage.tables.base import metadata
from storage.tables.cases import case_clients, case_personal_contacts, case_workers, cases, places
from storage.tables.notices import copies, deliveries, outbox, web_messages
from storage.tables.people import accounts, clients, personal_contacts, professional_contacts, workers

__all__ = [
    "accounts",
    "answers",
    "appointments",
    "audit",
    "availability_ranges",
    "case_clients",
    "case_personal_contacts",
    "case_workers",
    "cases",
    "claims",
    "clients",
    "copies",
    "deliveries",
    "external_events",
    "invitations",
    "metadata",
    "outbox",
    "parties",
    "personal_contacts",
    "places",
    "professional_contacts",
    "web_messages",
    "workers",
]
