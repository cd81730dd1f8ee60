"""Accounts in memory: a worker who has any has exactly one current one."""

from dataclasses import replace

from core.people import Account, Worker
from storage.memory.state import State


class MemoryAccounts:
    """Implements `core.ports.Accounts`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, platform: str, tenant: str, external_id: str) -> tuple[Account, Worker] | None:
        found = self._find(platform, tenant, external_id)
        return (found, self._state.everybody()[found.worker_id]) if found else None

    def of_worker(self, worker_id: int) -> list[Account]:
        own = [a for a in self._state.accounts.values() if a.worker_id == worker_id]
        return sorted(own, key=lambda a: (not a.current, a.id))

    def link(
        self, worker_id: int, platform: str, tenant: str, external_id: str, *, current: bool, email: str = ""
    ) -> Account:
        known = self._find(platform, tenant, external_id)
        stays = known is not None and known.worker_id == worker_id and known.current
        account_id = known.id if known else self._state.new_id("accounts")
        account = Account(account_id, worker_id, platform, tenant, external_id, stays, email)
        self._state.accounts[account_id] = account
        if known is not None and known.worker_id != worker_id and known.current:
            self._choose_current(known.worker_id)
        if current:
            self.make_current(account)
        self._choose_current(worker_id)
        return self._state.accounts[account_id]

    def make_current(self, account: Account) -> None:
        for own in self.of_worker(account.worker_id):
            self._state.accounts[own.id] = replace(own, current=own.id == account.id)

    def unlink(self, account: Account) -> None:
        known = self._state.accounts.get(account.id)
        if known is None or (known.worker_id, known.email) != (account.worker_id, account.email):
            return
        del self._state.accounts[account.id]
        copies = self._state.copies
        for copy in [c for c in copies.values() if c.account_id == account.id]:
            del copies[copy.id]
        self._choose_current(account.worker_id)

    def _choose_current(self, worker_id: int) -> None:
        own = self.of_worker(worker_id)
        if own and not own[0].current:
            self.make_current(own[0])

    def _find(self, platform: str, tenant: str, external_id: str) -> Account | None:
        wanted = (platform, tenant, external_id)
        accounts = self._state.accounts.values()
        return next((a for a in accounts if (a.platform, a.tenant, a.external_id) == wanted), None)
