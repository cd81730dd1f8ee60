"""send*, edit*, delete*: messages in chats."""

from typing import Any

from tests.bot.telegram.checks import CAPTION, TEXT, TOAST, Arguments, Refused, check_photo, keyboard_of, text_of
from tests.bot.telegram.fake_state import FakeState, Message

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)

OTHER_KIND = "there is no text in the message to edit"
UNDELETABLE = "message can't be deleted for everyone"


class ChatMethods(FakeState):
    """Messages."""

    # --- methods

    def _sendmessage(self, a: Arguments) -> dict[str, Any]:
        chat = self._chat(a)
        text, entities = text_of(a, "text", TEXT)
        return self._show(Message(chat, 0, text, entities, keyboard_of(a), _silent(a)))

    def _sendphoto(self, a: Arguments) -> dict[str, Any]:
        chat = self._chat(a)
        text, entities = text_of(a, "caption", CAPTION)
        return self._show(Message(chat, 0, text, entities, keyboard_of(a), _silent(a), self._photo(a["photo"])))

    def _senddocument(self, a: Arguments) -> dict[str, Any]:
        chat = self._chat(a)
        text, entities = text_of(a, "caption", CAPTION)
        name, content = a["document"]
        return self._show(Message(chat, 0, text, entities, keyboard_of(a), _silent(a), document=(name, content)))

    def _editmessagetext(self, a: Arguments) -> dict[str, Any]:
        message = self._message(a, "edit")
        if message.kind != "text":
            raise Refused(OTHER_KIND)
        return self._change(message, *text_of(a, "text", TEXT), keyboard_of(a))

    def _editmessagecaption(self, a: Arguments) -> dict[str, Any]:
        message = self._message(a, "edit")
        if message.kind == "text":
            raise Refused("there is no caption in the message to edit")
        return self._change(message, *text_of(a, "caption", CAPTION), keyboard_of(a))

    def _editmessagereplymarkup(self, a: Arguments) -> dict[str, Any]:
        message = self._message(a, "edit")
        return self._change(message, message.text, message.entities, keyboard_of(a))

    def _editmessagemedia(self, a: Arguments) -> dict[str, Any]:
        message, media = self._message(a, "edit"), dict(a["media"])
        text, entities = text_of(media, "caption", CAPTION)
        if media["type"] != "photo":
            raise Refused(f"the stand-in knows no media {media['type']}")
        photo = self._photo(a.get(str(media["media"]).removeprefix("attach://"), media["media"]))
        same = photo == message.photo
        message.photo, message.document = photo, None
        return self._change(message, text, entities, keyboard_of(a), same=same)

    def _deletemessage(self, a: Arguments) -> bool:
        message = self._message(a, "delete")
        if message.old:
            raise Refused(UNDELETABLE)
        self.shown.remove(message)
        return True

    def _answercallbackquery(self, a: Arguments) -> bool:
        if len(str(a.get("text") or "")) > TOAST:
            raise Refused("MESSAGE_TOO_LONG")
        if a["callback_query_id"] not in self.queries:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        self.queries.remove(a["callback_query_id"])
        self.toasts.append(a)
        return True

    def _sendchataction(self, a: Arguments) -> bool:
        self._chat(a)
        return True

    # --- helpers

    def json(self, message: Message) -> dict[str, Any]:
        """Return a message as the Bot API tells of it."""
        group = self.groups.get(message.chat)
        chat = {"id": message.chat, "type": "supergroup", "title": group.title} if group else private(message.chat)
        told: dict[str, Any] = {"message_id": message.id, "date": 1_768_896_000, "chat": chat}
        if message.kind == "text":
            told |= {"text": message.text, "entities": message.entities}
        else:
            told |= {"caption": message.text, "caption_entities": message.entities}
        file = {"file_id": f"file-{message.id}", "file_unique_id": f"f{message.id}"}
        if message.photo:
            self.uploads[file["file_id"]] = message.photo
            told["photo"] = [{**file, "width": 100, "height": 100}]
        if message.document:
            told["document"] = {**file, "file_name": message.document[0]}
        if message.keys:
            told["reply_markup"] = {"inline_keyboard": message.keys}
        return told

    def _show(self, message: Message) -> dict[str, Any]:
        message.id = next(self.numbers)
        self.shown.append(message)
        return self.json(message)

    def _change(
        self,
        message: Message,
        text: str,
        entities: list[dict[str, Any]],
        keys: list[list[dict[str, Any]]],
        *,
        same: bool = True,
    ) -> dict[str, Any]:
        if same and (message.text, message.entities, message.keys) == (text, entities, keys):
            raise Refused(SAME)
        message.text, message.entities, message.keys = text, entities, keys
        return self.json(message)

    def _chat(self, a: Arguments) -> int:
        chat = int(a["chat_id"])
        group = self.groups.get(chat)
        if group is not None and group.moved_to:
            moved = {"migrate_to_chat_id": group.moved_to}
            raise Refused("group chat was upgraded to a supergroup chat", 400, **moved)
        if chat in self.blocked:
            raise Refused("Forbidden: bot was blocked by the user" if chat > 0 else "Forbidden: bot was kicked", 403)
        if chat in self.gone:
            raise Refused("Forbidden: user is deactivated", 403)
        if chat > 0 and chat not in self.started:
            raise Refused("Forbidden: bot can't initiate conversation with a user", 403)
        if chat < 0 and group is None:
            raise Refused("chat not found")
        return chat

    def _message(self, a: Arguments, what: str) -> Message:
        chat = self._chat(a)
        for message in self.shown:
            if (message.chat, message.id) == (chat, int(a["message_id"])):
                return message
        raise Refused(f"message to {what} not found")

    def _photo(self, given: Any) -> bytes:
        content = given[1] if isinstance(given, tuple) else self.uploads[given]
        check_photo(content)
        return content


def private(user: int) -> dict[str, Any]:
    """Return the private conversation of somebody."""
    return {"id": user, "type": "private", "first_name": "X"}


def _silent(a: Arguments) -> bool:
    return bool(a.get("disable_notification"))
