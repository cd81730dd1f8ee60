"""A server in a process of its own for the Slack rows: ours, or a bare Bolt app behind the same server.

Started as `python -m tests.bench.slack_server ours|bare PORT`; of the bare one, a command with the word `open` opens
the modal in the file that `RDV_BENCH_VIEW` names, any other is echoed. Ours is the product as it is configured for one
workspace, but that the outbox rests: what is measured is a request until its answer, not the messages that follow.
"""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI

from bot.server import listen, serve
from tests.bench.slack_requests import SECRET

if TYPE_CHECKING:
    from bot.bootstrap import Runtime

BOT_TOKEN = "xoxb-bench"
OPEN = "open"


def bare() -> FastAPI:
    """Return the smallest Bolt app that answers a command, in the set-up that ours has."""
    from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler  # noqa: PLC0415
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=BOT_TOKEN, bot_id="B0BENCH", bot_user_id="U0BENCH"
        )

    api_url, view = os.environ["RDV_SLACK_API_URL"], os.environ.get("RDV_BENCH_VIEW", "")
    bolt = AsyncApp(
        signing_secret=SECRET,
        process_before_response=True,
        authorize=authorize,
        client=AsyncWebClient(base_url=api_url),
    )
    static = json.loads(Path(view).read_text(encoding="utf-8")) if view else {}

    @bolt.command("/rdv")
    async def answer(ack, command, client) -> None:  # type: ignore[no-untyped-def]
        if command["text"] != OPEN:
            await ack(command["text"])
            return
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=static)

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
    OutboxSender.ahead = lambda *_: None  # type: ignore[method-assign]
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
