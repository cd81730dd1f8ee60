"""What stands in the way of a time, in words, where it may be confirmed or explains a refusal (rule 3)."""

from collections.abc import Iterable, Mapping

from core.availability import Busy
from core.ports import Transaction
from handlers.booking.agendas import busy_words
from handlers.cards.words import stretch
from handlers.i18n import Texts
from handlers.ui import Notice


def conflicts_notice(
    conflicts: Iterable[Busy], names: Mapping[int, str], texts: Texts, *, ignoring: int | None = None
) -> Notice:
    """Return who is not free and why, each conflict on a line; `names` by worker, `ignoring` is the appointment."""
    lines = [
        texts.t(
            "{name}: {what}, {time}",
            name=names.get(c.worker_id, ""),
            what=busy_words(c, texts, ignoring),
            time=stretch(c.during, texts),
        )
        for c in conflicts
    ]
    return Notice("\n".join([texts.t("Not everyone is free at this time:"), *lines]), "warning")


def names_of(tx: Transaction, conflicts: Iterable[Busy]) -> dict[int, str]:
    """Return the names of the workers whom the conflicts are about."""
    return {worker_id: tx.people.worker(worker_id).label for worker_id in {c.worker_id for c in conflicts}}
