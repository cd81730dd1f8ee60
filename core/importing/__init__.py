"""Real input: CSV and iCalendar files read into rows, checked, and saved all or nothing; no file is opened here."""
