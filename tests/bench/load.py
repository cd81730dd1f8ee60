"""A load of prepared HTTP requests over keep-alive connections to loopback: bounded in count, ends by itself."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: requests a second, and the latencies in seconds."""

    rate: float
    latencies: tuple[float, ...]
    statuses: tuple[int, ...]

    def percentile(self, share: float) -> float:
        """Return the latency that `share` of the requests stayed within."""
        return statistics.quantiles(self.latencies, n=1000)[int(share * 1000) - 1]


async def run_load(port: int, requests: Sequence[bytes], clients: int) -> Load:
    """Send every request once, `clients` at a time, and return the figures."""
    pending = iter(requests)
    latencies: list[float] = []
    statuses: list[int] = []
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_client(port, pending, latencies, statuses))
    seconds = time.perf_counter() - begin
    return Load(len(latencies) / seconds, tuple(latencies), tuple(statuses))


async def _client(port: int, pending: Iterator[bytes], latencies: list[float], statuses: list[int]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for request in pending:
        sent = time.perf_counter()
        writer.write(request)
        statuses.append(await _response(reader))
        latencies.append(time.perf_counter() - sent)
    writer.close()
    await writer.wait_closed()


async def _response(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    marker = b"content-length: "
    at = head.find(marker)
    if at >= 0:
        length = int(head[at + len(marker) : head.index(b"\r\n", at)])
        if length:
            await reader.readexactly(length)
    return status


def http_post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return one whole request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
