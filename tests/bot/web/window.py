"""A browser window without a browser: it asks for what the page's script asks for."""

from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from tests.bot.web.dom import Node, parse


@dataclass
class Window:
    """One person's conversation; `page` and `form` are what was last seen, `below` waits under the form."""

    http: httpx.AsyncClient
    handle: str
    page: Node = field(default_factory=lambda: Node("root"))
    form: Node | None = None
    below: Node | None = None
    after: int = 0

    async def open(self) -> Node:
        """Load the page."""
        answer = await self.http.get(f"/chat/{self.handle}")
        assert answer.status_code == 200, answer.text
        self.page = parse(answer.text)
        self.after = int(self.page.one("body").attrs["data-after"])
        return self.page

    async def say(self, text: str, nonce: str | None = None) -> Node:
        """Type a message; return what came of it."""
        if not self.page.parts:
            await self.open()
        return await self.post("say", [("text", text), ("nonce", nonce or str(uuid4()))])

    async def click(self, message: Node, label: str) -> Node:
        """Press the button of that name; return what came of it."""
        return await self.press(message, message.button(label))

    async def press(self, message: Node, button: Node) -> Node:
        """Press that button."""
        return await self.post("act", click_fields(message, button))

    async def post(self, path: str, fields: list[tuple[str, str]]) -> Node:
        """Send fields; return what came of it."""
        answer = await self.http.post(
            f"/chat/{self.handle}/{path}", content=encoded([*fields, ("after", str(self.after))]), headers=FORM
        )
        assert answer.status_code == 200, (answer.status_code, answer.text)
        found = parse(answer.text)
        if path == "options":
            return found
        self.after = max(self.after, int(found.one(data_upto="...").attrs["data-upto"]))
        if found.all(data_close_form=""):
            self.form = self.below = None
        if shown := found.all(data_form=""):
            self.form = shown[0].one("form")
            self.below = None
        if waiting := found.all(data_below=""):
            self.below = waiting[0].one("form")
        return found

    def close(self) -> None:
        """Close the form, which leads back to the one below."""
        self.form, self.below = self.below, None

    async def messages(self) -> list[Node]:
        """Return the messages that a fresh page shows."""
        return (await self.open()).all("article")

    async def newest(self) -> Node:
        """Return the last message of a fresh page."""
        return (await self.messages())[-1]


FORM = {"content-type": "application/x-www-form-urlencoded"}


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """Return the fields as a browser encodes them."""
    return str(httpx.QueryParams(fields)).encode()


def click_fields(message: Node, button: Node) -> list[tuple[str, str]]:
    """Return what the script sends for a click."""
    return [
        ("message", message.attrs["data-message"]),
        ("seq", message.attrs["data-seq"]),
        ("ref", button.attrs["data-ref"]),
        ("value", button.attrs.get("data-value", "")),
    ]


def form_fields(form: Node, **changes: str | tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what a browser sends for this form, with some fields (by id) filled in otherwise."""
    fields: list[tuple[str, str]] = []
    for node in form:
        name, kind = node.attrs.get("name", ""), node.attrs.get("type", "text")
        if node.tag == "input" and name and not (kind in {"radio", "checkbox"} and "checked" not in node.attrs):
            fields.append((name, node.attrs.get("value", "")))
        elif node.tag == "textarea":
            fields.append((name, "".join(p for p in node.parts if isinstance(p, str)).removeprefix("\n")))
        elif node.tag == "select" and name:
            options = node.all("option")
            chosen = [o for o in options if "selected" in o.attrs] or options[:1]
            fields += [(name, o.attrs.get("value", "")) for o in chosen]
    for field_id, value in changes.items():
        names = {n.attrs["name"] for n in form if n.attrs.get("name", "").partition(".")[2] == field_id}
        assert len(names) == 1, f"no field {field_id!r}, only {[n for n, _ in fields]}"
        name = names.pop()
        fields = [f for f in fields if f[0] != name]
        fields += [(name, v) for v in ((value,) if isinstance(value, str) else value)]
    return fields
