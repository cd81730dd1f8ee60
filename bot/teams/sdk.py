"""The Teams SDK (microsoft-teams-apps 2.1): what we use of it, with its faults kept out.

We use what verifies and what calls. Its dispatcher stays out: unknown invokes, automatic triggers and an Execute
without data end there as an error 500, and its meters grow with each activity. So does its way to a token, which
reaches Entra on the event loop and without a time-out. `tests/bot/teams/test_sdk.py` shows each fault on the SDK as it
is, and fails when it is mended.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH = "PYTHON_DOTENV_DISABLED"


@contextmanager
def _as_a_library() -> Iterator[None]:
    """Keep the import from reading `.env` into the environment of this process, and from warning of what is new."""
    before = os.environ.get(_SWITCH)
    os.environ[_SWITCH] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ[_SWITCH]
        else:
            os.environ[_SWITCH] = before


with _as_a_library():
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment, with_overrides
    from microsoft_teams.apps.auth import TokenValidator
    from microsoft_teams.common import Client, ClientOptions

logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)  # its errors quote what anybody sends

__all__ = ["PUBLIC", "Client", "ClientOptions", "CloudEnvironment", "TokenValidator", "with_overrides"]
