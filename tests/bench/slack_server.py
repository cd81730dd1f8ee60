"""A server in a process of its own for the Slack rows: ours, or a bare Bolt app behind the same server.

Started as `python -m tests.bench.slack_server ours|bare PORT`. Ours is the product as it is configured for one
workspace, but that the outbox rests: what is measured is a request until its answer, not the messages that follow.
"""

import sys
from typing import TYPE_CHECKING

from fastapi import FastAPI

from bot.server import listen, serve
from tests.bench.slack_requests import SECRET

if TYPE_CHECKING:
    from bot.bootstrap import Runtime

BOT_TOKEN = "xoxb-bench"


def bare() -> FastAPI:
    """Return the smallest Bolt app that answers a command, in the set-up that ours has."""
    from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler  # noqa: PLC0415
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=BOT_TOKEN, bot_id="B0BENCH", bot_user_id="U0BENCH"
        )

    bolt = AsyncApp(signing_secret=SECRET, process_before_response=True, authorize=authorize)

    @bolt.command("/rdv")
    async def echo(ack, command) -> None:  # type: ignore[no-untyped-def]
        await ack(command["text"])

    handler = AsyncSlackRequestHandler(bolt)
    api = FastAPI()

    @api.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return api


def ours() -> "Runtime":
    """Return the product as the environment configures it, its outbox at rest."""
    from bot.bootstrap import build  # noqa: PLC0415 - the bare app has nothing of ours loaded
    from bot.outbox import OutboxSender  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    OutboxSender.wake = lambda _: None  # type: ignore[method-assign]
    return build(Settings(_env_file=None), demo=False)


def main() -> None:
    """Serve until a signal."""
    which, port = sys.argv[1], int(sys.argv[2])
    bound = listen("127.0.0.1", port)
    if which == "ours":
        runtime = ours()
        serve(runtime.api, bound, runtime.closing)
    else:
        serve(bare(), bound, lambda: None)


if __name__ == "__main__":
    main()
