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
from storage.tables.notices import copies, deliveries, outbox, web_messages
from storage.tables.openings import openings
from storage.tables.people import accounts, clients, personal_contacts, professional_contacts, workers

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
    "copies",
    "deliveries",
    "external_events",
    "invitations",
    "metadata",
    "openings",
    "outbox",
    "parties",
    "personal_contacts",
    "places",
    "professional_contacts",
    "web_messages",
    "workers",
]
