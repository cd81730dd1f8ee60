"""Accounts in memory: a worker who has any that is not muted has exactly one current one, the preferred one if any."""

from dataclasses import replace

from core.errors import LastAccount
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
        return sorted(own, key=lambda a: (not a.current, a.muted, a.id))

    def link(
        self, worker_id: int, platform: str, tenant: str, external_id: str, *, current: bool, email: str = ""
    ) -> Account:
        known = self._find(platform, tenant, external_id)
        if known is not None and known.worker_id == worker_id:
            account = replace(known, email=email)
        else:
            account_id = known.id if known else self._state.new_id("accounts")
            account = Account(account_id, worker_id, platform, tenant, external_id, current=False, email=email)
        self._state.accounts[account.id] = account
        if known is not None:
            self._settle(known.worker_id)
        self._settle(worker_id, account.id if current else 0)
        return self._state.accounts[account.id]

    def make_current(self, account: Account) -> None:
        self._settle(account.worker_id, account.id)

    def prefer(self, account: Account, *, preferred: bool) -> None:
        known = self._still(account)
        if known is None or known.preferred == preferred:
            return
        for own in self.of_worker(account.worker_id):
            self._state.accounts[own.id] = replace(own, preferred=False)
        if preferred:
            self._state.accounts[known.id] = replace(known, preferred=True, muted=False)
        self._settle(account.worker_id)

    def mute(self, account: Account, *, muted: bool) -> None:
        known = self._still(account)
        if known is None or known.muted == muted:
            return
        if muted and all(a.muted or a.id == known.id for a in self.of_worker(account.worker_id)):
            raise LastAccount
        self._state.accounts[known.id] = replace(known, muted=muted, preferred=False)
        self._settle(account.worker_id)

    def unlink(self, account: Account) -> None:
        known = self._still(account)
        if known is None or known.email != account.email:
            return
        del self._state.accounts[account.id]
        copies, codes = self._state.copies, self._state.codes
        for copy in [c for c in copies.values() if c.account_id == account.id]:
            del copies[copy.id]
        for digest in [digest for digest, code in codes.items() if code.account_id == account.id]:
            del codes[digest]
        self._settle(account.worker_id)

    def _settle(self, worker_id: int, wanted: int = 0) -> None:
        """Let the right one be current: the preferred one, else the one `wanted`, else the one that is, else any.

        What is computed of the others when they are read is put down here.
        """
        own = self.of_worker(worker_id)
        heard = [a for a in own if not a.muted]
        best = max(heard, key=lambda a: (a.preferred, a.id == wanted, a.current, -a.id), default=None)
        for each in own:
            outranked = any(a.preferred and a.id != each.id for a in own)
            self._state.accounts[each.id] = replace(each, current=each == best, outranked=outranked)

    def _still(self, account: Account) -> Account | None:
        """Return the account as it is now, if it is this worker's still."""
        known = self._state.accounts.get(account.id)
        return known if known is not None and known.worker_id == account.worker_id else None

    def _find(self, platform: str, tenant: str, external_id: str) -> Account | None:
        wanted = (platform, tenant, external_id)
        accounts = self._state.accounts.values()
        return next((a for a in accounts if (a.platform, a.tenant, a.external_id) == wanted), None)
