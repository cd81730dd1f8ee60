"""One figure, printed as one JSON object a line."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A value beside a baseline that was measured in the same run; `ratio` is value over baseline."""

    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    ratio: float


def emit(name: str, value: float, unit: str, baseline: str, baseline_value: float) -> None:
    """Print the figure."""
    ratio = value / baseline_value if baseline_value else 0.0
    row = Row(name, round(value, 3), unit, baseline, round(baseline_value, 3), round(ratio, 3))
    sys.stdout.write(json.dumps(asdict(row)) + "\n")
    sys.stdout.flush()
