"""The rules of booking: pure functions and frozen dataclasses; no platform, no SQL, no network."""
