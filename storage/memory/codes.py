"""One-time codes that join an account to a worker, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.people import LinkCode
from storage.memory.state import State


class MemoryLinkCodes:
    """Implements `core.ports.LinkCodes`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, digest: str, worker_id: int, expires_at: datetime) -> None:
        self._keep(lambda code: code.worker_id != worker_id or code.account_id is not None)
        self._state.codes[digest] = LinkCode(worker_id, expires_at)

    def find(self, digest: str) -> LinkCode | None:
        return self._state.codes.get(digest)

    def use(self, digest: str, account_id: int) -> bool:
        code = self._state.codes.get(digest)
        if code is None or code.account_id is not None:
            return False
        self._state.codes[digest] = replace(code, account_id=account_id)
        return True

    def prune(self, before: datetime) -> None:
        self._keep(lambda code: code.expires_at >= before)

    def _keep(self, wanted: Callable[[LinkCode], bool]) -> None:
        for digest in [digest for digest, code in self._state.codes.items() if not wanted(code)]:
            del self._state.codes[digest]
