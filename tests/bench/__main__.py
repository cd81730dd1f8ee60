"""`make bench`: every figure, one JSON object a line; name rows' files to measure only those."""

import sys

from tests.bench import (
    agenda,
    book,
    expand,
    fanout,
    fanout_three,
    freetime,
    freetime_db,
    growth,
    memory,
    modal,
    search,
    slack,
    start,
    teams,
    telegram,
)

MEASURED = {
    "start": start.main,
    "slack": slack.main,
    "modal": modal.main,
    "search": search.main,
    "fanout": fanout.main,
    "teams": teams.main,
    "telegram": telegram.main,
    "fanout_three": fanout_three.main,
    "memory": memory.main,
    "book": book.main,
    "freetime": freetime.main,
    "freetime_db": freetime_db.main,
    "expand": expand.main,
    "growth": growth.main,
    "agenda": agenda.main,
}


def main() -> None:
    """Measure what is named, everything without a name."""
    for name in sys.argv[1:] or MEASURED:
        MEASURED[name]()


if __name__ == "__main__":
    main()
