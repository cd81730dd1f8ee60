"""The names of the fields of the form that finds a time; those it shares with the booking form are named there."""

FORM = "find"

MAIN = "main"
REQUIRED = "required"
OPTIONAL = "optional"
PERIOD = "period"
SINCE = "since"
AFTER = "after"
BEFORE = "before"
PLACE = "place"
SLOT = "slot"
WHY = "why"

THIS_WEEK = "this"
NEXT_WEEK = "next"
FROM_A_DAY = "from"
ANYWHERE = "any"
