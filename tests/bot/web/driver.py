"""The web chat as every scenario sees a chat: what a browser would send, without a browser."""

from collections.abc import Iterable

from tests.bot.web.conftest import Chat as Server
from tests.bot.web.dom import Node, parse
from tests.bot.web.window import Window, form_fields

REQUIRED = " obligatoire"


class WebChat:
    """Implements `tests.scenarios.chat.Chat` over HTTP."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._windows: dict[str, Window] = {}

    async def command(self, who: str, text: str) -> None:
        """Type it and send it."""
        await self._window(who).say(text)

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Click the first such button of the newest card that has one."""
        for card in reversed(await self._messages(who)):
            found = [b for b in _buttons(card) if b.text == label]
            if found and about in card.text:
                await self._window(who).press(card, found[0])
                return
        raise AssertionError(f"no button {label!r}")

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in a list, among radio buttons or boxes, or in a search field."""
        part = self._field(who, field)
        if "data-search" in part.attrs:
            for option in options:
                await self._search(who, field, option)
            return
        found = [n for n in part if n.attrs.get("type") in {"radio", "checkbox"} or n.tag == "option"]
        labelled = [(n, _label(part, n)) for n in found]
        for option in options:
            assert option in [label for _, label in labelled], f"no {option!r} in {[label for _, label in labelled]}"
        left = list(options)
        for node, label in labelled:
            mark = "selected" if node.tag == "option" else "checked"
            node.attrs.pop(mark, None)
            if label in left:
                left.remove(label)
                node.attrs[mark] = ""
        await self._follow(who, part, found)

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a field."""
        part = self._field(who, field)
        control = next(n for n in part if n.tag == "textarea" or n.attrs.get("type") in {"text", "date", "time"})
        if control.tag == "textarea":
            control.parts = [f"\n{text}"]
        else:
            control.attrs["value"] = text
        await self._follow(who, part, [control])

    async def submit(self, who: str) -> None:
        """Send the form."""
        await self._window(who).post("submit", form_fields(self._form(who)))

    async def settle(self, **later: float) -> None:
        """Let time pass, and send what is due."""
        self._server.clock.advance(**later)
        await self._server.send_notices()

    async def cards(self, who: str) -> list[str]:
        """Return the bot's messages."""
        return [card.text for card in await self._messages(who)]

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the labels of the newest card that says so."""
        cards = [card for card in await self._messages(who) if about in card.text]
        return [button.text for button in _buttons(cards[-1])]

    async def form(self, who: str) -> str:
        """Return what the open form says."""
        form = self._window(who).form
        return form.text if form is not None else ""

    async def _search(self, who: str, field: str, typed: str) -> None:
        part, window = self._field(who, field), self._window(who)
        name = part.attrs["data-search"]
        found = await window.post("options", [*form_fields(self._form(who)), ("field", name), ("query", typed)])
        option = found.all(role="option")[0]
        chips = part.one("ul", _class="chips")
        chip = Node("input", {"type": "hidden", "name": part.all("input")[0].attrs["name"]})
        chip.attrs["value"] = option.attrs["data-value"]
        chips.parts = [*chips.parts, chip] if "data-multiple" in part.attrs else [chip]
        if "data-refreshes-search" in part.attrs:
            await self._change(who, name)

    async def _follow(self, who: str, part: Node, controls: Iterable[Node]) -> None:
        nodes = [*controls, *part.all("select")]
        if any("data-refreshes" in node.attrs for node in nodes):
            await self._change(who, part.attrs["data-field"])

    async def _change(self, who: str, field: str) -> None:
        await self._window(who).post("change", [*form_fields(self._form(who)), ("changed", field)])

    def _field(self, who: str, label: str) -> Node:
        form = self._form(who)
        for part in form.all(data_field="..."):
            names = [n for n in part.parts if isinstance(n, Node) and n.tag in {"label", "legend"}]
            if names and names[0].text.removesuffix(REQUIRED) == label:
                return part
        raise AssertionError(f"no field {label!r} in: {form.text}")

    def _form(self, who: str) -> Node:
        form = self._window(who).form
        assert form is not None, "no form is open"
        return form

    def _window(self, who: str) -> Window:
        return self._windows.setdefault(who, self._server.window(who))

    async def _messages(self, who: str) -> list[Node]:
        window = self._window(who)
        page = await window.open()
        found = page.all("article")
        while links := page.all("a", _class="button plain older"):
            answer = await window.http.get(f"/chat/{who}{links[0].attrs['href']}")
            page = parse(answer.text)
            found = page.all("article") + found
        return [m for m in found if m.attrs["class"] == "message out"]


def _buttons(card: Node) -> list[Node]:
    return [button for button in card.all("button") if "data-ref" in button.attrs]


def _label(part: Node, control: Node) -> str:
    if control.tag == "option":
        return control.text
    around = next(label for label in part.all("label") if control in list(label))
    return around.one(_class="choice-label").text
