"""Pictures and files: Slack wants both uploaded before it shows or shares them, and takes a while to read a picture."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.pictures import Pictures
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import UNREAD, Api, Refused
from bot.slack.render import Drawn, Message
from handlers.ui import Card, Download, Picture

T = TypeVar("T")
KEPT = 500
PATIENCE = 10.0
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0)
NAME = "rdv.png"  # names nobody: Slack shows it to whoever opens the picture

log = structlog.get_logger()


def downloads(card: Card) -> list[Download]:
    """Return the files that a card gives."""
    return [part for part in card.body if isinstance(part, Download)]


def needs_upload(card: Card) -> bool:
    """Tell whether Slack must be given something before it can show the card."""
    return any(isinstance(part, Picture | Download) for part in card.body)


@dataclass(slots=True)
class _Kept:
    """A picture that was uploaded; `read` once Slack has shown it."""

    file: str
    read: bool = False


class Files:
    """Uploads for one workspace. What cannot be uploaded is told in words; the log says why, without content."""

    def __init__(self, api: Api, pictures: Pictures) -> None:
        self._api = api
        self._pictures = pictures
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def known(self, parts: Iterable[object]) -> Drawn:
        """Return the files of those pictures that Slack has shown before."""
        if not self._kept:
            return ()
        found = [(svg, self._kept.get(_digest(svg))) for svg in _drawings(parts)]
        return tuple((svg, kept.file) for svg, kept in found if kept is not None and kept.read)

    async def drawn(self, parts: Iterable[object]) -> Drawn:
        """Return the files of the pictures; one is uploaded once, until it is long out of use."""
        found = [(svg, await self._picture(svg)) for svg in _drawings(parts)]
        return tuple((svg, file) for svg, file in found if file)

    async def show(self, message: Message, send: Callable[[Message], Awaitable[T]]) -> T:
        """Send a message with its pictures as soon as Slack has read them, or with their words when it does not."""
        if message.files:
            try:
                return await self.when_read(message.files, lambda: send(message))
            except Refused as fault:
                if fault.error != UNREAD:
                    raise
        return await send(message.in_words())

    async def when_read(self, files: Iterable[str], send: Callable[[], Awaitable[T]]) -> T:
        """Call `send`, which shows these files, until Slack has read them.

        Raises what `send` does; Refused with the error UNREAD when Slack does not read them in time.
        """
        files = frozenset(files)
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                sent = await send()
            except Refused as fault:
                if fault.error != UNREAD:
                    raise
            else:
                for kept in self._kept.values():
                    kept.read = kept.read or kept.file in files
                return sent
        log.warning("slack_picture_not_read")
        self.forget(files)
        raise Refused(UNREAD)

    def forget(self, files: Iterable[str]) -> None:
        """Let these be uploaded anew."""
        gone = frozenset(files)
        self._kept = OrderedDict((name, kept) for name, kept in self._kept.items() if kept.file not in gone)

    async def share(self, channel: str, file: Download) -> bool:
        """Put a file into a conversation; tell whether it is there."""
        return bool(await self._uploaded("slack_file_not_shared", file.name, _written(file), channel_id=channel))

    async def _picture(self, svg: str) -> str:
        name = _digest(svg)
        kept = self._kept.get(name)
        if kept is None:
            file = await self._uploaded("slack_picture_not_uploaded", NAME, lambda: self._pictures.png(svg))
            if not file:
                return ""
            kept = self._kept[name] = _Kept(file)
        self._kept.move_to_end(name)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return kept.file

    async def _uploaded(self, otherwise: str, name: str, made: Callable[[], Awaitable[bytes]], **where: str) -> str:
        """Return the id of the file that was made, "" when something kept it from being uploaded."""
        try:
            async with asyncio.timeout(PATIENCE):
                content = await made()
                place = await self._api.ask("files.getUploadURLExternal", filename=name, length=len(content))
                await self._api.upload(str(place["upload_url"]), content)
                file = str(place["file_id"])
                await self._api.call("files.completeUploadExternal", files=[{"id": file, "title": name}], **where)
        except Exception as fault:  # whatever it is, the words are there to be shown
            known = isinstance(fault, Refused | TryAgain | Undeliverable | MessageGone)
            log.warning(otherwise, fault=type(fault).__name__, reason=str(fault) if known else "")
            return ""
        return file


def _written(file: Download) -> Callable[[], Awaitable[bytes]]:
    async def written() -> bytes:
        return file.content.encode()

    return written


def _drawings(parts: Iterable[object]) -> list[str]:
    return [str(part.svg) for part in parts if isinstance(part, Picture)]


def _digest(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()
