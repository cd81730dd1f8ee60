"""A bare python-telegram-bot in a process of its own, its webhook on the server that the product has.

Started as `python -m tests.bench.telegram_server PORT`. It reads each press and hands it to a handler, which does
nothing, or with `RDV_BENCH_ANSWERS` answers the press: the least that a bot must do, whose buttons else seem to hang.
"""

import os
import sys
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response

from bot.server import listen, serve
from tests.bench.serving import TELEGRAM_SECRET, TELEGRAM_TOKEN

PATH = "/telegram/webhook"
SIGNED_BY = "X-Telegram-Bot-Api-Secret-Token"


def bare() -> FastAPI:
    """Return the smallest bot that answers a press, its webhook inside the same server."""
    import hmac  # noqa: PLC0415

    from telegram import Update  # noqa: PLC0415
    from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes  # noqa: PLC0415

    base, answers = os.environ["RDV_TELEGRAM_API_URL"].rstrip("/"), bool(os.environ.get("RDV_BENCH_ANSWERS"))
    app = ApplicationBuilder().token(TELEGRAM_TOKEN).base_url(f"{base}/bot").updater(None).build()

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.callback_query is None:
            raise RuntimeError("only presses are measured")
        if answers:
            await update.callback_query.answer()

    app.add_handler(CallbackQueryHandler(answer))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        async with app:
            await app.start()
            yield
            await app.stop()

    api = FastAPI(lifespan=lifespan)

    @api.post(PATH)
    async def webhook(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SIGNED_BY, ""), TELEGRAM_SECRET):
            return Response(status_code=401)
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return Response()

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return api


def main() -> None:
    """Serve until a signal."""
    serve(bare(), listen("127.0.0.1", int(sys.argv[1])), lambda: None)


if __name__ == "__main__":
    main()
