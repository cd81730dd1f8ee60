"""Row `fanout_three`: how much of what three platforms allow is used to bring 300 cards up to date on them.

Everything but the network is the product's: outbox, delivery, messengers and paces, against stand-ins that enforce each
platform's windows, on a virtual clock. The row of a platform counts from its own first card to its last;
`fanout_three` is the least of them.
"""

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path

from bot.slack.pace import PER_MINUTE
from storage import migrate, open_database
from tests.bench.row import emit
from tests.platforms.fanout import FanoutOfThree
from tests.platforms.limited import TEAMS, TELEGRAM
from tests.virtual import VirtualTime

CARDS = 300
ALLOWED = {"slack": PER_MINUTE["chat.update"] / 60, "telegram": float(TELEGRAM[0][1]), "teams": float(TEAMS[0][1])}


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows())


async def _rows() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'rdv.db'}"
        migrate(url)
        database = open_database(url)
        fanout = FanoutOfThree(VirtualTime())
        await database.write(lambda tx: fanout.prepare(tx, CARDS))
        await fanout.send(database)
        await database.close()
    made: dict[str, list[datetime]] = {
        "slack": [at for at, _ in fanout.slack.made],
        "telegram": fanout.telegram.made,
        "teams": fanout.teams.made,
    }
    shares = []
    for platform, moments in made.items():
        if len(moments) != CARDS // len(made):
            raise RuntimeError(f"{len(moments)} updates on {platform}")
        rate = (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()
        shares.append(rate / ALLOWED[platform])
        emit(f"fanout_three_{platform}", rate, "updates/s", "what it allows", ALLOWED[platform])
    emit("fanout_three", min(shares), "of what is allowed", "all of it", 1)
    provoked = fanout.slack.provoked + fanout.telegram.provoked + fanout.teams.provoked
    emit("fanout_three_429", provoked, "answers", "calls", CARDS)


if __name__ == "__main__":
    main()
