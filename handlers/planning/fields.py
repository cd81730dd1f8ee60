"""The names of the forms, of their fields, and of the choices that stand for more than a row."""

from handlers import placing
from handlers.booking import fields as booking

RANGE_FORM = "range"
RANGE_REMOVAL = "range-remove"
ABSENCE_FORM = "absence"
ABSENCE_REMOVAL = "absence-remove"
HAND_OVER_FORM = "hand-over"
COPY_FORM = "planning-copy"
LIMITS_FORM = "planning-limits"

# Range
OCCURRENCE = "occurrence"
SCOPE = "scope"
DAY = "day"
FROM = "from"
UNTIL = "until"
PLACE, NO_PLACE = placing.PLACE, booking.NO_PLACE
KINDS = "kinds"
REPEATS = "repeats"
END = "end"
CONFIRM = "confirm"

# Absence
KIND = "kind"
FIRST = "first"
LAST = "last"

# Hand-over
PAGE = "page"
CHOSEN = "chosen"
HOW = "how"
COLLEAGUE = "colleague"

GIVE = "give"
MOVE = "move"

# Copy
WHAT = "what"
TO = "to"
WEEKS = "weeks"

ONE_DAY = "day"
WHOLE_WEEK = "week"

# Limits
NOTICE = "notice"
BEFORE = "before"
AFTER = "after"
TRAVEL = "travel"
DAILY = "daily"
