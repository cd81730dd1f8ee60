"""A form that says nothing that could be carried out."""

from collections.abc import Sequence


class WrongFields(Exception):
    """Leaves the transaction with nothing done: what is wrong, beside each field."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.errors = tuple(errors)
