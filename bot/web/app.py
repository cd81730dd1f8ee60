"""The web chat on the server: the door, the guard before it, and the way to each person's conversation."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.pictures.fonts import FONT_FILES, font_path
from bot.platform import Deps, Platform
from bot.ports import Messenger
from bot.web.access import COOKIE, SESSION_SECONDS, Guard, chat_path, read_link, session_cookie
from bot.web.conversation import Conversations
from bot.web.messenger import WebMessenger
from bot.web.render import STATIC, Pages, static_version
from bot.web.room import Room
from bot.web.stream import Hub
from handlers.i18n import Texts

FONTS = {name: font_path(weight) for weight, name in FONT_FILES.items()}
"""The font of pictures, so that they look here as they do in the chats."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def build(deps: Deps) -> Platform:
    """Return the web chat."""
    return WebPlatform(deps)


class WebPlatform:
    """The web chat: open on this machine in demonstration mode, else only to who holds a signed link."""

    name = WebMessenger.platform
    messenger: Messenger

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._hub = Hub()
        self._pages = Pages()
        self._texts = Texts(deps.locale, deps.zone)
        messenger = WebMessenger(deps.db, deps.clock, self._hub, demo=deps.demo)
        self.messenger = messenger
        self._conversations = Conversations(deps, messenger, self._hub)
        self._room = Room(deps, self._conversations, self._hub, self._pages, self._not_found)

    def mount(self, api: FastAPI) -> None:
        """Add the chat's routes and the guard before them."""
        refusal = self._texts.t("This chat can be opened only from its own address on this machine.")
        api.add_middleware(Guard, demo=self._deps.demo, public_url=self._deps.public_url, refusal=refusal)
        api.router.routes.extend(
            [
                Route("/chat", self._choose),
                Route("/chat/static/{name}", self._static),
                Route("/chat/enter/{token}", self._enter, methods=["GET", "POST"]),
                *self._room.routes(),
            ]
        )

    async def start(self) -> None:
        """Nothing is opened."""

    def wake(self) -> None:
        """Nothing falls due here: open pages are told by their stream."""

    def closing(self) -> None:
        """End the open streams."""
        self._hub.close()

    async def stop(self) -> None:
        """Nothing is left open."""

    async def _choose(self, _: Request) -> Response:
        if not self._deps.demo:
            return self._not_found()
        workers = await self._deps.db.read(lambda tx: tx.people.workers())
        return HTMLResponse(self._pages.choose(workers, self._texts, chat_path))

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name in FONTS:
            return FileResponse(FONTS[name], media_type="font/ttf", headers={"Cache-Control": "public, max-age=86400"})
        path = STATIC / name
        if path.parent != STATIC or path.suffix not in TYPES or not path.is_file():
            return self._not_found()
        current = request.url.query == static_version(path.name)
        cached = "public, max-age=31536000, immutable" if current else "no-cache"
        return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": cached})

    async def _enter(self, request: Request) -> Response:
        handle = read_link(self._deps.secret_key, request.path_params["token"])
        who = await self._conversations.who(handle) if handle is not None else None
        if who is None:
            title = self._texts.t("This link is no longer valid")
            lead = self._texts.t("A link opens the chat for ten minutes. Ask for a new one.")
            return HTMLResponse(self._pages.door(title, lead, self._texts), 403)
        worker = who[1]
        if request.method != "POST":  # what only looks at links, such as a mail scanner, opens nothing
            texts = Texts(worker.locale, worker.zone)
            lead = texts.t("This link opens your conversation in this browser, for twelve hours.")
            return HTMLResponse(self._pages.door(worker.name, lead, texts, action=request.url.path))
        response = RedirectResponse(chat_path(worker.handle), 303)
        response.set_cookie(
            COOKIE,
            session_cookie(self._deps.secret_key, worker.handle),
            max_age=SESSION_SECONDS,
            path=chat_path(worker.handle),
            secure=self._deps.public_url.startswith("https:"),
            httponly=True,
            samesite="strict",
        )
        return response

    def _not_found(self) -> Response:
        lead = self._texts.t("Nobody’s conversation is here. Check the address, or ask for a link.")
        return HTMLResponse(self._pages.door(self._texts.t("Not found"), lead, self._texts), 404)
