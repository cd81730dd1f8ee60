"""Pictures and files that cards lead to: fetched from our public address, under a name that nobody guesses."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.pictures import Pictures
from bot.pictures.reading import Unsupported
from bot.platform import Deps
from core.ports import Transaction
from handlers.ui import Download, Picture
from storage.drafts import find_draft, save_draft

PATH: Final = "/teams/shown"
PNG: Final = "image/png"
LARGEST, SIDE = 1_000_000, 1024
"""Bytes and pixels of a picture that Teams shows (learn.microsoft.com: "Format cards in Microsoft Teams")."""
NOT_FOUND: Final = 404
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "private"}


class Hosted:
    """Keeps what is shown in the database, for every process; without a public address nothing is."""

    def __init__(self, deps: Deps, pictures: Pictures) -> None:
        self._deps = deps
        self._pictures = pictures
        self._at = f"{deps.public_url}{PATH}/"

    def routes(self) -> list[Route]:
        """Return the route that what is kept is fetched from."""
        return [Route(f"{PATH}/{{name}}", self._fetch)]

    async def of(self, parts: Iterable[object]) -> dict[str, str]:
        """Return the addresses of the pictures (by their SVG) and files (by their content) among the parts."""
        if not self._deps.public_url:
            return {}
        found: dict[str, str] = {}
        for part in parts:
            if isinstance(part, Picture):
                svg = str(part.svg)
                if svg.startswith(self._at):
                    found[svg] = svg  # the address that it was given before
                    continue
                try:
                    png = await self._pictures.png_within(svg, SIDE)
                except Unsupported:
                    continue
                if len(png) <= LARGEST:
                    found[svg] = await self._kept(PNG, "rdv.png", png)
            elif isinstance(part, Download):
                found[part.content] = await self._kept(part.media_type, part.name, part.content.encode())
        return found

    async def _kept(self, media_type: str, file: str, content: bytes) -> str:
        name = self._name(media_type, file, content)
        payload = json.dumps([media_type, file, base64.b64encode(content).decode()])

        def keep(tx: Transaction) -> None:  # each time: the newest card needs it as long as the oldest did
            known = find_draft(tx, _key(name))
            save_draft(tx, _key(name), payload, known.version if known else 0, self._deps.clock.now())

        await self._deps.db.write(keep)
        return f"{self._at}{name}"

    def _name(self, media_type: str, file: str, content: bytes) -> str:
        said = "\0".join((media_type, file, "")).encode() + content
        return hmac.new(f"teams shown {self._deps.secret_key}".encode(), said, hashlib.sha256).hexdigest()

    async def _fetch(self, request: Request) -> Response:
        name = str(request.path_params["name"])
        found = await self._deps.db.read(lambda tx: find_draft(tx, _key(name)))
        if found is None:
            return Response(status_code=NOT_FOUND)
        media_type, file, content = json.loads(found.payload)
        headers = dict(_HEADERS)
        if media_type != PNG:
            headers["Content-Disposition"] = f'attachment; filename="{_ascii(file)}"'
        return Response(base64.b64decode(content), media_type=media_type, headers=headers)


def _key(name: str) -> str:
    return f"teams:shown:{name}"


def _ascii(file: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in file)
