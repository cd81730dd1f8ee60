"""A clock that the test sets."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 20, 8, tzinfo=UTC)
"""A Tuesday, 9:00 in Brussels."""


class SetClock:
    """Shows `at` until the test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._at

    def advance(self, by: timedelta = timedelta(0), **parts: float) -> datetime:
        """Move on by `by` and `timedelta(**parts)`; return the new instant."""
        self._at += by + timedelta(**parts)
        return self._at

    async def sleep(self, seconds: float) -> None:
        """Let what would wait for so long find that the time has passed."""
        self.advance(seconds=seconds)

    def set(self, at: datetime) -> datetime:
        """Show `at` from now on."""
        self._at = at
        return self._at
