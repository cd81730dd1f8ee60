"""People in Teams: what they do in its client reaches the bot as the Bot Service sends it."""

import json
from dataclasses import dataclass, field
from itertools import count

import httpx

from tests.bot.teams.checks import Json, answer_faults
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import BOT, CARD, Conversation, Member, Message
from tests.bot.teams.screen import action_of, choice_of, field_of, inputs, is_form, label_of, start_of, task_text
from tests.hall import Hall

PATH = "/api/messages"
DIALOG = "dialog"
_NUMBERS = count(1)


@dataclass
class Person:
    """Somebody at a Teams client; an `older` one knows no Action.Execute.

    `dialog` is the open one, `said` what was told in passing with its place among all messages, `views` the cards that
    he alone sees in the place of a message's, `filled` what stands in the fields of an open card, `answered_at` the
    place of the last answer.
    """

    hall: Hall
    teams: FakeTeams
    member: Member
    older: bool = False
    dialog: Json | None = None
    said: list[tuple[int, str]] = field(default_factory=list)
    views: dict[str, tuple[int, Json]] = field(default_factory=dict)
    filled: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    answered_at: int = 0

    @property
    def screen(self) -> list[Message]:
        """The bot's messages in his own conversation with it."""
        return self.teams.screen(self.member.private)

    def content(self, message: Message) -> Json:
        """Return the card that he sees in a message."""
        edits, own = self.views.get(message.id, (-1, {}))
        return own if edits == message.edits else message.content

    # --- what he sends

    def activity(self, kind: str, conversation: Conversation | None = None, **more: object) -> Json:
        """Return an activity of his, in his own conversation with the bot if none is said."""
        place = conversation or self.teams.open_private(self.member)
        channel: Json = {"tenant": {"id": place.tenant}}
        if place.team:
            channel |= {"team": {"id": place.team}, "channel": {"id": place.id}}
        return {
            "type": kind,
            "id": f"1:{next(_NUMBERS)}",
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": self.member.id, "aadObjectId": self.member.object_id, "name": "Somebody"},
            "recipient": {"id": BOT, "name": "rdv"},
            "conversation": {
                "id": place.id,
                "conversationType": place.kind,
                "tenantId": place.tenant,
                "isGroup": place.kind != "personal",
                **({"name": place.title} if place.kind == "groupChat" and place.title else {}),
            },
            "channelData": channel,
            "locale": "fr-BE",
            **more,
        }

    async def send(self, activity: Json, **headers: str) -> httpx.Response:
        """Let the Bot Service deliver an activity."""
        shown = {"authorization": f"Bearer {self.teams.token()}", "content-type": "application/json", **headers}
        return await self.hall.http.post(PATH, content=json.dumps(activity).encode(), headers=shown)

    async def deliver(self, activity: Json) -> Json:
        """Send an activity that must be taken; return the body of the answer, and wait for what follows it."""
        response = await self.send(activity)
        assert response.status_code == 200, (response.status_code, response.text)
        self.answered_at = next(self.teams.numbers)
        await self.hall.answered()
        return dict(response.json()) if response.content else {}

    async def say(self, text: str, conversation: Conversation | None = None) -> Json:
        """Type a message; where others talk, the bot is mentioned."""
        if conversation is None or conversation.kind == "personal":
            return await self.deliver(self.activity("message", conversation, text=text, textFormat="plain"))
        mention = {"type": "mention", "text": "<at>rdv</at>", "mentioned": {"id": BOT, "name": "rdv"}}
        return await self.deliver(
            self.activity("message", conversation, text=f"<at>rdv</at> {text}", entities=[mention])
        )

    async def install(self, conversation: Conversation | None = None) -> Json:
        """Install the app, here or in a channel."""
        joined = {"membersAdded": [{"id": BOT}]}
        return await self.deliver(self.activity("conversationUpdate", conversation, **joined))

    # --- clicks

    async def press(self, message: Message, label: str) -> Json:
        """Click on the first button of that label."""
        activity = self.clicked(message, label)
        return self.take(activity, await self.deliver(activity), message)

    def clicked(self, message: Message, label: str) -> Json:
        """Return the activity of a click in a message."""
        content = self.content(message)
        action = action_of(content, label)
        if self.older and action["type"] == "Action.Execute":
            action = action["fallback"]
        data = action.get("data", {}) | self.collected(message.id, content)
        reply = {"replyToId": message.id}
        place = self.teams.conversations[message.conversation.partition(";")[0]]
        if action["type"] == "Action.Execute":
            value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": data}, "trigger": "manual"}
            return self.activity("invoke", place, name="adaptiveCard/action", value=value, **reply)
        if data.get("msteams", {}).get("type") == "task/fetch":
            fetched = {"data": data, "context": {"theme": "default"}}
            return self.activity("invoke", place, name="task/fetch", value=fetched, **reply)
        assert action["type"] == "Action.Submit", action
        return self.activity("message", place, value=data, **reply)

    async def look(self, message: Message) -> Json:
        """Look at a message whose card is asked for anew by itself, if it is for him."""
        refresh = message.content.get("refresh") or {}
        if self.member.id not in refresh.get("userIds", ()):
            return {}
        action = refresh["action"]
        value = {"action": {key: action[key] for key in ("type", "verb", "data")}, "trigger": "automatic"}
        place = self.teams.conversations[message.conversation.partition(";")[0]]
        activity = self.activity("invoke", place, name="adaptiveCard/action", value=value, replyToId=message.id)
        return self.take(activity, await self.deliver(activity), message)

    def take(self, activity: Json, answer: Json, message: Message | None) -> Json:
        """Show what an invoke is answered with."""
        if activity["type"] != "invoke":
            return answer
        name = activity["name"]
        self.teams.violations += [f"answer: {fault}" for fault in answer_faults(name, answer)]
        if "task" in answer:
            task = answer["task"]
            self.dialog = task["value"] if task["type"] == "continue" else None
            if task["type"] == "message":
                self._hear(task["value"])
        elif answer.get("type") == CARD and message is not None:
            self.views[message.id] = message.edits, answer["value"]
        elif answer.get("type") == "application/vnd.microsoft.activity.message":
            self._hear(answer["value"])
        elif answer.get("type") == "application/vnd.microsoft.error":
            self._hear(answer["value"]["message"])
        return answer

    def _hear(self, words: str) -> None:
        self.said.append((self.answered_at, words))

    # --- the open form

    @property
    def form(self) -> tuple[str, Json] | None:
        """The open form: the dialog, or else the newest card that waits to be sent."""
        if self.dialog is not None:
            return DIALOG, self.dialog_card
        cards = [(m.id, self.content(m)) for m in self.screen]
        return next((found for found in reversed(cards) if is_form(found[1])), None)

    @property
    def dialog_card(self) -> Json:
        """The card of the open dialog."""
        assert self.dialog is not None, "no dialog is open"
        found: Json = self.dialog["card"]["content"]
        return found

    @property
    def form_text(self) -> str:
        """What the open form says."""
        if self.dialog is not None:
            return task_text(self.dialog)
        found = self.form
        return task_text({"title": "", "card": {"content": found[1]}}) if found else ""

    def collected(self, key: str, content: Json) -> dict[str, str]:
        """Return what stands in the fields of a card; nothing of a field in which nothing is chosen."""
        typed = self._typed(key, content)
        found = {f["id"]: typed.get(f["id"], start_of(f)) for f in inputs(content)}
        kept = {f["id"] for f in inputs(content) if f["type"] in {"Input.Text", "Input.Toggle"}}
        return {name: value for name, value in found.items() if value or name in kept}

    def holds(self, label: str) -> str:
        """Return what stands in a field of the open form."""
        key, content = self._form()
        return self.collected(key, content).get(field_of(content, label)["id"], "")

    def fill(self, label: str, value: str) -> None:
        """Put something into a field of the open form."""
        key, content = self._form()
        self._typed(key, content)[field_of(content, label)["id"]] = value

    async def write(self, label: str, text: str) -> None:
        """Fill in a text, a day or a time."""
        field = field_of(self._form()[1], label)
        assert len(text) <= field.get("maxLength", len(text))
        self.fill(label, text)

    async def choose(self, label: str, *wanted: str) -> None:
        """Choose by what is read; in a search field, each is typed, and the first found is taken."""
        key, content = self._form()
        field = field_of(content, label)
        if field["type"] == "Input.Toggle":
            self.fill(label, "true" if label_of(field) in wanted else "false")
        elif "choices.data" in field:
            found = [(await self.search(label, text))[0]["value"] for text in wanted]
            before = self.collected(key, content).get(field["id"], "") if field["isMultiSelect"] else ""
            self.fill(label, ",".join([*filter(None, before.split(",")), *found]))
        else:
            self.fill(label, ",".join(choice_of(field["choices"], text)["value"] for text in wanted))

    async def search(self, label: str, text: str) -> list[Json]:
        """Type in a search field; return what is offered."""
        key, content = self._form()
        query = field_of(content, label)["choices.data"]
        value: Json = {"queryText": text, "queryOptions": {"skip": 0, "top": 15}, "dataset": query["dataset"]}
        if query.get("associatedInputs") == "auto":
            value["data"] = self.collected(key, content)
        activity = self.activity("invoke", name="application/search", value=value)
        answer = self.take(activity, await self.deliver(activity), None)
        return list(answer["value"]["results"])

    async def use(self, label: str) -> Json:
        """Click on a button of the open form."""
        key, _ = self._form()
        if key != DIALOG:
            return await self.press(next(m for m in self.screen if m.id == key), label)
        activity = self.used(label)
        return self.take(activity, await self.deliver(activity), None)

    def used(self, label: str) -> Json:
        """Return the activity of a click in the open dialog."""
        key, content = self._form()
        data = action_of(content, label).get("data", {}) | self.collected(key, content)
        return self.activity("invoke", name="task/submit", value={"data": data, "context": {"theme": "default"}})

    def _form(self) -> tuple[str, Json]:
        found = self.form
        assert found is not None, "no form is open"
        return found

    def _typed(self, key: str, content: Json) -> dict[str, str]:
        """Return what was typed into a card since it was shown: one that is shown anew has its own values again."""
        shown = json.dumps(content, sort_keys=True)
        if self.filled.get(key, ("", {}))[0] != shown:
            self.filled[key] = shown, {}
        return self.filled[key][1]
