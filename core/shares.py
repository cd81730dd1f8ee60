"""An appointment shown to a channel (rule 9): the case number and the workers, no client's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One channel's card of an appointment, posted by `by_id`; its `messages` are kept up to date.

    `tenant` and `channel` are opaque names of `platform`. `version` is the appointment's version that it shows; there
    are no `messages` until it has been posted.
    """

    id: int
    appointment_id: int
    platform: str
    tenant: str
    channel: str
    by_id: int
    messages: tuple[str, ...] = ()
    version: int = 0
