"""Which worker an account is: by an address that its platform has verified, or because an administrator says so."""

from core.people import Account, Worker
from core.ports import Transaction


def join_by_email(
    tx: Transaction, platform: str, tenant: str, external_id: str, email: str
) -> tuple[Account, Worker] | None:
    """Join an account to the active worker with its verified address; None if there is none.

    What an administrator linked stays as it is.
    """
    known = tx.accounts.find(platform, tenant, external_id)
    if known is not None and known[1].active and not known[0].email:
        return known
    worker = tx.people.worker_by_email(email)
    if worker is None or not worker.active:
        return None
    return tx.accounts.link(worker.id, platform, tenant, external_id, current=True, email=email), worker


def is_given_away(tx: Transaction, platform: str, tenant: str, external_id: str, worker: Worker) -> bool:
    """Tell whether an administrator has given the account to another worker than this one, who is still here."""
    known = tx.accounts.find(platform, tenant, external_id)
    return known is not None and known[1].active and known[1].id != worker.id and not known[0].email


def follow_email(tx: Transaction, platform: str, tenant: str, external_id: str, email: str) -> None:
    """Let an account that was joined by another address follow the new one: to its worker, or to nobody."""
    known = tx.accounts.find(platform, tenant, external_id)
    if known is None or known[0].email.casefold() in {"", email.casefold()}:
        return
    if join_by_email(tx, platform, tenant, external_id, email) is None:
        tx.accounts.unlink(known[0])


def refuse_account(tx: Transaction, platform: str, tenant: str, external_id: str) -> bool:
    """Part an account from its worker, whoever joined them; tell whether there was anything to part."""
    known = tx.accounts.find(platform, tenant, external_id)
    if known is not None:
        tx.accounts.unlink(known[0])
    return known is not None
