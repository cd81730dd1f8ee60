"""What may still be taken back, and which version of an appointment a card shows until then (rule 6)."""

from datetime import datetime

from core.appointments import Appointment


def unsettled_until(appointment: Appointment, now: datetime) -> datetime | None:
    """Return when the last ending or decline that can still be undone settles; None if nothing is open."""
    moments = [appointment.ending.settles_at] if appointment.ending else []
    moments += [i.settles_at for i in appointment.invitations if i.settles_at is not None]
    return max((m for m in moments if m > now), default=None)


def shown_version(appointment: Appointment, now: datetime) -> int:
    """Return the version that a card made at `now` shows: one less while something is still to settle.

    A card that some see before and some after the settling is thus outdated once it settles.
    """
    return appointment.version - (unsettled_until(appointment, now) is not None)
