"""The end of Bolt's chain: each payload is read, handed to the conversations, and acknowledged with what they say."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.ports import TryAgain
from bot.slack import inbound
from bot.slack.blocks import Block
from bot.slack.conversation import Unanswered
from bot.slack.inbound import HomeOpened, Incoming, Malformed
from bot.slack.workspace import Workspace
from bot.slack.workspaces import Place, Workspaces

CHANGED_USER = "user_change"
REMOVED = "app_uninstalled"
REMOVALS = frozenset({REMOVED, "tokens_revoked"})
OK, BAD_REQUEST, UNAVAILABLE = 200, 400, 503


class Receiver(AsyncMiddleware):
    """Stands where Bolt would look for listeners: there is one for all, and looking takes longer than answering."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's names
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002
    ) -> BoltResponse:
        """Answer the request; nothing comes after this."""
        try:
            answer = await self._answer(req)
        except Malformed:
            return BoltResponse(status=BAD_REQUEST, body="")
        except Unanswered:
            return BoltResponse(status=UNAVAILABLE, body="")
        return BoltResponse(status=OK, body=answer or "")

    async def _answer(self, req: AsyncBoltRequest) -> Block:
        """Return the body of the acknowledgement, from the workspace that the payload comes from."""
        place, event = _place(req), _event(req.body)
        kind = str(event.get("type"))
        if kind in REMOVALS:
            return await self._removed(place, req.body, event)
        workspace = await self._workspaces.find(place)
        if workspace is None:
            return {}
        if kind == CHANGED_USER:
            return await self._changed(workspace, event.get("user"))
        us = workspace.directory.known
        incoming = self._read(req.body, us.bot_user if us else "")
        match incoming:
            case None:
                return {}
            case HomeOpened():
                return workspace.conversations.opened(incoming)
            case _:
                return await workspace.conversations.take(incoming)

    async def _removed(self, place: Place, body: Mapping[str, Any], event: Mapping[str, Any]) -> Block:
        """Let go of a workspace; the tokens of people, which we never asked for, may be taken back as Slack likes."""
        try:
            at = datetime.fromtimestamp(int(body["event_time"]), UTC)
            ours = event["type"] == REMOVED or bool((event.get("tokens") or {}).get("bot"))
        except (AttributeError, TypeError, ValueError, KeyError, OverflowError, OSError) as fault:
            raise Malformed from fault
        if ours:
            await self._workspaces.left(place, at)
        return {}

    async def _changed(self, workspace: Workspace, user: object) -> Block:
        if not isinstance(user, dict):
            raise Malformed
        try:
            await workspace.members.changed(user)
        except TryAgain as fault:  # Slack tells it again
            raise Unanswered from fault
        except (AttributeError, TypeError) as fault:
            raise Malformed from fault
        return {}

    def _read(self, body: dict[str, Any], bot_user: str) -> Incoming | HomeOpened | None:
        """Return the payload as an event of ours; None for a kind that we never asked for. Raises Malformed."""
        try:
            match body.get("type"):
                case None if body.get("ssl_check"):  # Slack looks at our certificate
                    return None
                case None:
                    return inbound.read_command(body)
                case "block_actions":
                    return inbound.read_click(body)
                case "shortcut" | "message_action":
                    return inbound.read_shortcut(body)
                case "view_submission":
                    return inbound.read_submission(body)
                case "block_suggestion":
                    return inbound.read_search(body)
                case "event_callback":
                    return inbound.read_event(body, bot_user)
                case _:
                    return None
        except (AttributeError, TypeError, ValueError, KeyError, IndexError) as fault:
            raise Malformed from fault


def _event(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the event that a payload tells of, nothing for another kind."""
    event = body.get("event") if body.get("type") == "event_callback" else None
    return event if isinstance(event, dict) else {}


def _place(req: AsyncBoltRequest) -> Place:
    """Return where Bolt sees the payload come from."""
    context = req.context
    return Place(context.enterprise_id or "", context.team_id or "", whole=bool(context.is_enterprise_install))
