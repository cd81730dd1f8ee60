"""Rows `slack_fanout…`: how much of the rate that Slack allows is used when 1,000 cards are to be brought up to date.

Everything but the network is the product's: outbox, delivery, messenger and pace, against a Web API that enforces
Slack's windows, on a virtual clock. `slack_fanout_two` are two senders on one database.
"""

import asyncio
import tempfile
from pathlib import Path

from bot.slack.pace import PER_MINUTE
from storage import migrate, open_database
from tests.bench.row import emit
from tests.bot.slack.fanout import Fanout
from tests.bot.slack.windows import WINDOW, WindowedSlack
from tests.virtual import VirtualTime

CARDS, OF_ONE = 1_000, 20
ALLOWED = PER_MINUTE["chat.update"]


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows("slack_fanout", 1))
    asyncio.run(_rows("slack_fanout_two", 2))


async def _rows(name: str, senders: int) -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'rdv.db'}"
        migrate(url)
        databases = [open_database(url) for _ in range(senders)]
        time = VirtualTime()
        slack = WindowedSlack(time)
        fanout = await Fanout.of(databases[0], slack, time, CARDS, OF_ONE)
        await databases[0].write(fanout.outdate)
        begun = time.now()
        await fanout.send(*databases)
        for database in databases:
            await database.close()
    if len(slack.made) != CARDS:
        raise RuntimeError(f"{len(slack.made)} updates for {CARDS} cards")
    rate = CARDS * WINDOW / (slack.made[-1][0] - begun)
    emit(name, rate, "updates/minute", "what Slack allows of chat.update", ALLOWED)
    emit(f"{name}_429", slack.provoked, "answers", "calls", CARDS)


if __name__ == "__main__":
    main()
