"""Who may open the web chat: the guard before its routes, and the signed links."""

from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.local import is_local_host, was_forwarded

COOKIE = "rdv_chat"
LINK_SECONDS = 600
SESSION_SECONDS = 12 * 3600
BODY_LIMIT = 512 * 1024

_READING = {"GET", "HEAD", "OPTIONS"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would turn the Origin of a posted form into "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def chat_link(secret_key: str, base_url: str, handle: str) -> str:
    """Return an address that opens this worker's web chat for ten minutes."""
    return f"{base_url.rstrip('/')}/chat/enter/{_links(secret_key).dumps(handle)}"


def read_link(secret_key: str, token: str) -> str | None:
    """Return the handle that a link was made for; None if it is forged or too old."""
    return _read(_links(secret_key), token, LINK_SECONDS)


def session_cookie(secret_key: str, handle: str) -> str:
    """Return the value of the cookie that keeps the chat open for this worker."""
    return _sessions(secret_key).dumps(handle)


def read_session(secret_key: str, cookie: str) -> str | None:
    """Return the handle that a cookie was made for; None if it is forged or too old."""
    return _read(_sessions(secret_key), cookie, SESSION_SECONDS)


def chat_path(handle: str) -> str:
    """Return the path of a worker's conversation."""
    return f"/chat/{quote(handle, safe='')}"


class Guard:
    """Stands before the chat's routes: refuses what comes from elsewhere, and adds the headers that keep a page safe.

    In demonstration mode nobody is asked for a password, so that only this machine's own browser may come in:
    any other Host, and any header of a proxy or tunnel, is refused.
    """

    def __init__(self, app: ASGIApp, *, demo: bool, public_url: str, refusal: str) -> None:
        self._app = app
        self._demo = demo
        self._public = urlsplit(public_url).netloc
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or not (scope["path"] == "/chat" or scope["path"].startswith("/chat/")):
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        status = self._refused(scope, headers)
        app = PlainTextResponse(self._refusal, status) if status else self._app
        await app(scope, receive, send_safely)

    def _refused(self, scope: Scope, headers: Headers) -> int:
        if self._demo and (not is_local_host(headers.get("host", "")) or was_forwarded(headers.keys())):
            return 403
        writes = scope["method"] not in _READING
        if (writes or scope["path"].endswith("/events")) and self._foreign(headers):
            return 403
        length = headers.get("content-length", "" if writes else "0")
        if not length.isdecimal():
            return 411
        return 413 if int(length) > BODY_LIMIT else 0

    def _foreign(self, headers: Headers) -> bool:
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return True
        origin = headers.get("origin")
        if origin is None:
            return False
        own = {headers.get("host", "")} if self._demo else {headers.get("host", ""), self._public}
        return urlsplit(origin).netloc not in own - {""}


def _links(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="rdv.chat.link")


def _sessions(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="rdv.chat.session")


def _read(serializer: URLSafeTimedSerializer, text: str, seconds: int) -> str | None:
    try:
        found = serializer.loads(text, max_age=seconds)
    except BadData:
        return None
    return found if isinstance(found, str) else None
