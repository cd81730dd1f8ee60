"""What a worker has chosen for himself."""

from dataclasses import dataclass, field
from datetime import time, timedelta

from core.availability import Shown


@dataclass(frozen=True, slots=True)
class Preferences:
    """One worker's own choices; whatever is not chosen follows the organisation.

    `locale` ("fr", "en") and `zone` (an IANA name) are "" while those of the import hold. `reminders`: how long before
    the start, None for `rules.reminders`, empty for none at all. `summary_at`: when the daily summary comes, wall time
    in his zone, None for never. `shown` are the toggles for the agenda of a colleague that he has not toggled yet.
    """

    locale: str = ""
    zone: str = ""
    reminders: tuple[timedelta, ...] | None = None
    summary_at: time | None = None
    shown: Shown = field(default_factory=Shown)
