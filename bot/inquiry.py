"""One question to a platform's own service, for the doctor and the command line: it takes no SDK."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PATIENCE: Final = 10.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a service answered: an object of JSON, and the headers that came with it."""

    body: dict[str, Any]
    headers: Mapping[str, str]


async def inquire(url: str, form: Mapping[str, str] | None = None, *, token: str = "") -> Said | None:
    """Return the answer to a form that is sent, or to a plain question; None when there is none that can be read."""
    import aiohttp  # noqa: PLC0415 - only what asks pays for it

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    method = "GET" if form is None else "POST"
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.request(method, url, headers=headers, data=form) as response,
        ):
            body = json.loads(await response.text())
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    return Said(body, response.headers) if isinstance(body, dict) else None
