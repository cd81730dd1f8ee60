"""What somebody does in Telegram: he types, presses, sends a file; Telegram tells the bot of it."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from tests.bot.telegram.fake_api import BOT, BOT_NAME, FakeTelegram, Message
from tests.bot.telegram.fake_chats import private
from tests.hall import Hall

WEBHOOK = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NUMBERS = count(1)
_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?:@\w+)?")
_SENT_AT = 1_768_896_000


@dataclass
class Person:
    """Somebody with an account; `language` is that of his Telegram. `hall` is where the bot runs that hears him."""

    hall: Hall
    telegram: FakeTelegram
    id: int
    name: str
    language: str = "fr"

    # --- what he does

    async def say(self, text: str, *, group: int = 0) -> httpx.Response | None:
        """Type a message to the bot, or in a group."""
        return await self.deliver(self.said(text, group=group))

    async def send_file(self, name: str, content: bytes) -> httpx.Response | None:
        """Send a file."""
        file_id = f"sent-{next(_NUMBERS)}"
        self.telegram.uploads[file_id] = content
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(content)}
        return await self.deliver({"message": self._message(0) | {"document": document}})

    async def press(self, message: Message, label: str) -> httpx.Response | None:
        """Press the first button of that label; one that leads to a page is an error."""
        return await self.deliver(self.pressed(message, message.key(label)["callback_data"]))

    async def start(self, payload: str = "") -> httpx.Response | None:
        """Open the conversation with the bot, perhaps by a link."""
        self.telegram.started.add(self.id)
        return await self.say(f"/start {payload}".strip())

    async def block(self) -> httpx.Response | None:
        """Block the bot."""
        self.telegram.blocked.add(self.id)
        return await self.deliver(self._standing("member", "kicked"))

    # --- as Telegram tells it

    def said(self, text: str, *, group: int = 0) -> dict[str, Any]:
        """Return the update that tells of a typed message."""
        message = self._message(group) | {"text": text}
        entities = [
            {"type": "bot_command", "offset": 0, "length": len(found[0])}
            for found in [_COMMAND.match(text)]
            if found is not None
        ]
        entities += [
            {"type": "mention", "offset": found.start(), "length": len(found[0])}
            for found in re.finditer(r"@\w+", text)
        ]
        return {"message": message | ({"entities": entities} if entities else {})}

    def pressed(self, message: Message, data: str) -> dict[str, Any]:
        """Return the update that tells of a press."""
        query = f"query-{next(_NUMBERS)}"
        self.telegram.queries.add(query)
        return {
            "callback_query": {
                "id": query,
                "from": self.user,
                "chat_instance": "1",
                "message": self.telegram.json(message) | {"from": BOT},
                "data": data,
            }
        }

    async def deliver(self, update: dict[str, Any], *, again: bool = False) -> httpx.Response | None:
        """Tell the bot of an update: at its webhook, which must take it, or when it next asks for updates."""
        if not again:
            update["update_id"] = next(_NUMBERS)
        if not self.telegram.webhook:
            self.telegram.tell(update)
            return None
        headers = {SECRET_HEADER: self.telegram.webhook.get("secret_token", "")}
        answer = await self.hall.http.post(WEBHOOK, json=update, headers=headers)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        await self.telegram.answered_with(answer.text)
        await self.hall.answered()
        return answer

    # --- what he sees

    @property
    def screen(self) -> list[Message]:
        """What stands in his conversation with the bot, the oldest first."""
        return self.telegram.messages(self.id)

    @property
    def newest(self) -> Message:
        """The last message there."""
        return self.screen[-1]

    def with_button(self, label: str) -> Message:
        """Return the last message that has the button."""
        return next(m for m in reversed(self.screen) if label in m.labels)

    @property
    def user(self) -> dict[str, Any]:
        """Who he is, as Telegram tells it."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    def _message(self, group: int) -> dict[str, Any]:
        found = self.telegram.groups.get(group)
        chat = {"id": group, "type": "supergroup", "title": found.title} if found else private(self.id)
        return {"message_id": next(self.telegram.numbers), "date": _SENT_AT, "chat": chat, "from": self.user}

    def _standing(self, before: str, after: str) -> dict[str, Any]:
        return {
            "my_chat_member": {
                "chat": private(self.id),
                "from": self.user,
                "date": _SENT_AT,
                "old_chat_member": {"status": before, "user": BOT},
                "new_chat_member": {"status": after, "user": BOT, "until_date": 0},
            }
        }


MENTION = f"@{BOT_NAME}"
