"""The routes of one person's conversation: its page, what its script asks for, and what is new in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.platform import Deps
from bot.web import inbound
from bot.web.access import COOKIE, chat_path, read_session
from bot.web.conversation import Conversations, Who
from bot.web.inbound import BadRequest, Posted
from bot.web.render import Change, Pages
from bot.web.stream import Hub, event_stream
from core.people import Worker
from core.ports import Transaction
from handlers.i18n import Texts
from storage.webchat import WebMessage, changed_messages, latest_change, page_of_messages

PAGE = 30
Endpoint = Callable[[Request, Who], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a conversation: `older` is the message before which there is more, if there is."""

    messages: list[WebMessage]
    older: int | None
    upto: int


class Room:
    """Serves conversations, each to who may read it."""

    def __init__(
        self, deps: Deps, conversations: Conversations, hub: Hub, pages: Pages, not_found: Callable[[], Response]
    ) -> None:
        self._deps = deps
        self._conversations = conversations
        self._hub = hub
        self._pages = pages
        self._not_found = not_found

    def routes(self) -> list[Route]:
        """Return the routes under a person's path."""
        reading: dict[str, Endpoint] = {"older": self._older, "events": self._events}
        writing: dict[str, Endpoint] = {
            "say": self._say,
            "act": self._act,
            "change": self._change,
            "submit": self._submit,
            "options": self._options,
        }
        return [
            Route("/chat/{handle}", self._page),
            *(Route(f"/chat/{{handle}}/{name}", self._of_visitor(endpoint)) for name, endpoint in reading.items()),
            *(
                Route(f"/chat/{{handle}}/{name}", self._of_visitor(endpoint), methods=["POST"])
                for name, endpoint in writing.items()
            ),
        ]

    async def _page(self, request: Request) -> Response:
        who = await self._visitor(request)
        if who is None:
            return self._not_found()
        worker = who[1]
        if request.path_params["handle"] != worker.handle:
            return RedirectResponse(chat_path(worker.handle), 303)
        await self._conversations.greet(who)
        before: int | None
        try:
            before = inbound.read_number(request.query_params["before"])
        except (KeyError, BadRequest):
            before = None
        part = await self._part(worker, before)
        html = self._pages.chat(
            worker,
            chat_path(worker.handle),
            part.messages,
            Texts(worker.locale, worker.zone),
            self._deps.clock.now(),
            upto=part.upto,
            waiting=await self._waiting(worker),
            older=part.older,
            demo=self._deps.demo,
        )
        return HTMLResponse(html)

    async def _older(self, request: Request, who: Who) -> Response:
        before = inbound.read_number(request.query_params.get("before", ""))
        part = await self._part(who[1], before)
        return HTMLResponse(await self._answer(who, part.messages, upto=0, older=part.older or 0))

    async def _events(self, request: Request, who: Who) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        after = inbound.read_number(last)

        async def render(messages: list[WebMessage]) -> str:
            return await self._answer(who, messages, upto=messages[-1].seq)

        stream = event_stream(self._deps.db, self._hub, who[1].id, after, render)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _say(self, request: Request, who: Who) -> Response:
        posted = Posted.parse(await request.body())
        said, key = inbound.read_text(who[1].id, posted)
        return await self._changed(who, posted, await self._conversations.say(who, said, key))

    async def _act(self, request: Request, who: Who) -> Response:
        posted = Posted.parse(await request.body())
        change = await self._conversations.click(who, inbound.read_click(posted))
        return await self._changed(who, posted, change) if change is not None else PlainTextResponse("", 404)

    async def _change(self, request: Request, who: Who) -> Response:
        posted = Posted.parse(await request.body())
        change = await self._conversations.carry_out(who, inbound.read_change(posted))
        return await self._changed(who, posted, change)

    async def _submit(self, request: Request, who: Who) -> Response:
        posted = Posted.parse(await request.body())
        event, key = inbound.read_submission(who[1].id, posted)
        change = await self._conversations.carry_out(who, event, key)
        now = await self._conversations.who(who[1].handle)
        anew = now is not None and _speaks(now) != _speaks(who)
        return await self._changed(who, posted, replace(change, anew=anew))

    async def _options(self, request: Request, who: Who) -> Response:
        search = inbound.read_search(Posted.parse(await request.body()))
        groups = await self._conversations.search(who, search)
        worker = who[1]
        return HTMLResponse(self._pages.options(groups, search.field_id, Texts(worker.locale, worker.zone)))

    def _of_visitor(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            who = await self._visitor(request)
            if who is None:
                return PlainTextResponse("", 404)
            try:
                return await endpoint(request, who)
            except (BadRequest, ClientDisconnect):
                return PlainTextResponse("", 400)

        return guarded

    async def _visitor(self, request: Request) -> Who | None:
        """Return who opens this path: anybody chosen in demonstration mode, else the one whom the cookie names."""
        handle = request.path_params["handle"]
        if not self._deps.demo and read_session(self._deps.secret_key, request.cookies.get(COOKIE, "")) != handle:
            return None
        return await self._conversations.who(handle)

    async def _part(self, worker: Worker, before: int | None) -> _Part:
        def work(tx: Transaction) -> _Part:
            found = page_of_messages(tx, worker.id, PAGE + 1, before)
            shown = found[-PAGE:]
            return _Part(shown, shown[0].id if len(found) > PAGE else None, latest_change(tx, worker.id))

        return await self._deps.db.read(work)

    async def _waiting(self, worker: Worker) -> int:
        now = self._deps.clock.now()
        return await self._deps.db.read(lambda tx: tx.appointments.count_invited(worker.id, now))

    async def _changed(self, who: Who, posted: Posted, change: Change) -> Response:
        after, worker_id = posted.number("after"), who[1].id
        found = await self._deps.db.read(lambda tx: changed_messages(tx, worker_id, after))
        return HTMLResponse(await self._answer(who, found, change, upto=found[-1].seq if found else after))

    async def _answer(
        self,
        who: Who,
        messages: list[WebMessage],
        change: Change | None = None,
        *,
        upto: int,
        older: int | None = None,
    ) -> str:
        worker = who[1]
        return self._pages.answer(
            chat_path(worker.handle),
            messages,
            change or Change(),
            Texts(worker.locale, worker.zone),
            self._deps.clock.now(),
            upto=upto,
            waiting=await self._waiting(worker),
            older=older,
        )


def _speaks(who: Who) -> tuple[str, str]:
    """Return the language and the clock of that person's page."""
    return who[1].locale, who[1].zone
