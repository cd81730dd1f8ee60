"""What people type after a command, French or English: people, days, hours, repetition, places, absences.

`people_in` takes the "@names" out; of the rest `read_booking` reads an appointment, `read_words` anything else. What
is not understood is handed back as it was typed, so that it can be said; nothing here raises.
"""

from handlers.words.booking import Spoken, read_booking
from handlers.words.days import Days
from handlers.words.hours import Hours
from handlers.words.parts import Part
from handlers.words.people import Colleagues, People, people_in
from handlers.words.reading import Absent, Said, read_words
from handlers.words.repeating import Every, Repeats

__all__ = [
    "Absent",
    "Colleagues",
    "Days",
    "Every",
    "Hours",
    "Part",
    "People",
    "Repeats",
    "Said",
    "Spoken",
    "people_in",
    "read_booking",
    "read_words",
]
