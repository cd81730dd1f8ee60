"""The end of Bolt's chain: each payload is read, handed to the conversations, and acknowledged with what they say."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack import inbound
from bot.slack.conversation import Conversations, Unanswered
from bot.slack.directory import Directory
from bot.slack.inbound import Incoming, Malformed

OK, BAD_REQUEST, UNAVAILABLE = 200, 400, 503


class Receiver(AsyncMiddleware):
    """Stands where Bolt would look for listeners: there is one for all, and looking takes longer than answering."""

    def __init__(self, conversations: Conversations, directory: Directory) -> None:
        self._conversations = conversations
        self._directory = directory

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's names
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002
    ) -> BoltResponse:
        """Answer the request; nothing comes after this."""
        try:
            incoming = self._read(req.body)
            answer = await self._conversations.take(incoming) if incoming is not None else {}
        except Malformed:
            return BoltResponse(status=BAD_REQUEST, body="")
        except Unanswered:
            return BoltResponse(status=UNAVAILABLE, body="")
        return BoltResponse(status=OK, body=answer or "")

    def _read(self, body: dict[str, Any]) -> Incoming | None:
        """Return the payload as an event of ours; None for a kind that we never asked for. Raises Malformed."""
        try:
            match body.get("type"):
                case None:
                    return inbound.read_command(body)
                case "block_actions":
                    return inbound.read_click(body)
                case "view_submission":
                    return inbound.read_submission(body)
                case "block_suggestion":
                    return inbound.read_search(body)
                case "event_callback":
                    us = self._directory.known
                    return inbound.read_event(body, us.bot_user if us else "")
                case _:
                    return None
        except (AttributeError, TypeError, ValueError, KeyError, IndexError) as fault:
            raise Malformed from fault
