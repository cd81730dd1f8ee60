"""The languages, each in its own words, for who cannot read the one that is set."""

LANGUAGES = {"fr": "Français", "en": "English"}
