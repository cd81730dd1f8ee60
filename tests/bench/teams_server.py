"""The SDK's bare echo in a process of its own, on the server that the product has.

Started as `python -m tests.bench.teams_server PORT`. It checks each token with the keys at `RDV_BENCH_VENDORS`,
and answers an Execute with a card of one line.
"""

import os
import sys
from typing import Any

from fastapi import FastAPI

from bot.server import listen, serve
from tests.bench.vendors import CLIENT, TENANT


def bare(keys: str) -> FastAPI:
    """Return the smallest app of the SDK's that answers an Execute, mounted as its documentation says."""
    from contextlib import asynccontextmanager  # noqa: PLC0415

    from microsoft_teams.api import (  # noqa: PLC0415
        AdaptiveCardActionCardResponse,
        AdaptiveCardInvokeActivity,
    )
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides  # noqa: PLC0415
    from microsoft_teams.apps import ActivityContext, App, FastAPIAdapter  # noqa: PLC0415
    from microsoft_teams.cards import AdaptiveCard, TextBlock  # noqa: PLC0415

    api = FastAPI()
    cloud = with_overrides(PUBLIC, openid_metadata_url=keys)
    app = App(
        client_id=CLIENT,
        client_secret="a client secret",
        tenant_id=TENANT,
        http_server_adapter=FastAPIAdapter(app=api),
        messaging_endpoint="/api/messages",
        cloud=cloud,
    )

    @app.on_card_action_execute("rdv")
    async def answer(ctx: ActivityContext[AdaptiveCardInvokeActivity]) -> Any:
        said = str(ctx.activity.value.action.data)
        return AdaptiveCardActionCardResponse(value=AdaptiveCard(body=[TextBlock(text=said)]))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        await app.initialize()
        yield

    api.router.lifespan_context = lifespan

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return api


def main() -> None:
    """Serve until a signal."""
    serve(
        bare(f"{os.environ['RDV_BENCH_VENDORS']}/v1/.well-known/openidconfiguration"),
        listen("127.0.0.1", int(sys.argv[1])),
        lambda: None,
    )


if __name__ == "__main__":
    main()
