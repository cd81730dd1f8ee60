"""Pictures as PNG, for the chats: drawn off the event loop, and kept while they are asked for."""

import asyncio
import hashlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from bot.pictures.raster import fitting, png_of

KEPT = 64


class Pictures:
    """Draws what `handlers.drawing` makes; the last `kept` pictures are drawn once, however often they are sent."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._most = kept
        self._drawn: dict[bytes, asyncio.Future[bytes]] = {}
        self._pen = ThreadPoolExecutor(1, "pictures")  # one at a time: a crowd of pictures leaves the rest a processor

    async def png(self, svg: str) -> bytes:
        """Return the picture as PNG, as large as it says. Raises Unsupported for what no picture of ours holds."""
        name = hashlib.sha256(svg.encode()).digest()
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if name not in self._drawn:
            self._drawn[name] = asyncio.ensure_future(self._draw(name, svg))
        return await asyncio.shield(self._drawn[name])  # who gives up does not spoil it for the others

    async def png_within(self, svg: str, side: int) -> bytes:
        """Return the picture so much smaller that it fits a square of `side` pixels. Raises as `png` does."""
        return await asyncio.get_running_loop().run_in_executor(self._pen, fitting, await self.png(svg), side)

    async def _draw(self, name: bytes, svg: str) -> bytes:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pen, png_of, svg)
            self._kept[name] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return found
        finally:
            del self._drawn[name]
