"""The product in a process of its own, with the platforms that the environment names, its outbox at rest.

Started as `python -m tests.bench.platform_server PORT`. What is measured is a request until its answer, not what
follows. Teams' keys and tokens are where `RDV_BENCH_VENDORS` says.
"""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import settings
from bot.bootstrap import build
from bot.outbox import OutboxSender
from bot.server import listen, serve

if TYPE_CHECKING:
    from bot.bootstrap import Runtime


class Settings(settings.Settings):
    """The product's, with the vendors of the bench."""

    @property
    def teams(self) -> settings.TeamsSettings | None:
        """Teams' own, whose keys and tokens are the bench's."""
        found = super().teams
        vendors = os.environ.get("RDV_BENCH_VENDORS", "")
        keys = f"{vendors}/v1/.well-known/openidconfiguration"
        return replace(found, keys_url=keys, login_url=vendors) if found is not None else None


def resting() -> "Runtime":
    """Return the product as the environment configures it."""
    OutboxSender.wake = lambda _: None  # type: ignore[method-assign]
    OutboxSender.ahead = lambda *_: None  # type: ignore[method-assign]
    return build(Settings(_env_file=None), demo=False)


def main() -> None:
    """Serve until a signal."""
    bound = listen("127.0.0.1", int(sys.argv[1]))
    runtime = resting()
    serve(runtime.api, bound, runtime.closing)


if __name__ == "__main__":
    main()
