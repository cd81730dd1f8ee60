"""The names of the fields."""

LOCALE = "locale"
ZONE = "zone"
REMINDERS = "reminders"
SUMMARY = "summary"
SUMMARY_AT = "summary-at"
AVAILABILITY = "availability"
EXTERNAL = "external"
