"""`make bench`: every figure, one JSON object a line; name rows' files to measure only those."""

import sys

from tests.bench import book, slack, start

MEASURED = {"start": start.main, "slack": slack.main, "book": book.main}


def main() -> None:
    """Measure what is named, everything without a name."""
    for name in sys.argv[1:] or MEASURED:
        MEASURED[name]()


if __name__ == "__main__":
    main()
