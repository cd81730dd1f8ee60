"""What a person can do where Slack does not let us write (docs.slack.dev/reference/methods/chat.postMessage)."""

from typing import Final

from core.message import N_

_INVITE: Final = N_("rdv is not in that channel. Invite it there with /invite @rdv, then share the appointment again.")
_ARCHIVED: Final = N_("That channel is archived. Share the appointment in another one.")
_RESTRICTED: Final = N_("In that channel only some people may write, and rdv is none of them. Choose another one.")


def advice(error: str) -> str:
    """Return a message, still to be translated, for Slack's word."""
    if error == "is_archived":
        return _ARCHIVED
    return _RESTRICTED if error.startswith("restricted_action") else _INVITE
