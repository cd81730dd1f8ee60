"""Cards of appointments in channels, in memory."""

from dataclasses import replace

from core.shares import Share
from storage.memory.state import State


class MemoryShares:
    """Implements `core.ports.Shares`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, share: Share) -> Share:
        where = (share.platform, share.tenant, share.channel)
        for standing in self.of(share.appointment_id):
            if (standing.platform, standing.tenant, standing.channel) == where:
                return standing
        share = replace(share, id=self._state.new_id("shares"))
        self._state.shares[share.id] = share
        return share

    def find(self, share_id: int) -> Share | None:
        return self._state.shares.get(share_id)

    def of(self, appointment_id: int) -> list[Share]:
        return [s for s in self._state.shares.values() if s.appointment_id == appointment_id]

    def update(self, share_id: int, messages: tuple[str, ...], version: int) -> None:
        share = self.find(share_id)
        if share is not None:
            self._state.shares[share_id] = replace(share, messages=messages, version=version)

    def delete(self, share_id: int) -> None:
        self._state.shares.pop(share_id, None)
