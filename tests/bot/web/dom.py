"""A page as a tree, read with the standard library's parser: what the tests look things up in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "hr", "br", "path", "circle", "rect"}
BLOCKS = {"p", "div", "h1", "h2", "h3", "dt", "dd", "li", "button", "label", "option", "article", "small", "summary"}


@dataclass
class Node:
    """An element; `parts` are its elements and texts, in order."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parts: list["Node | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        """Yield this element and all below it, but for what a template keeps for later."""
        yield self
        for part in self.parts if self.tag != "template" else ():
            if isinstance(part, Node):
                yield from part

    def all(self, tag: str = "", **attrs: str) -> list["Node"]:
        """Return the elements below with that tag and those attributes ("_" stands for "-", "..." for any value)."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            node
            for node in self
            if node is not self
            and (not tag or node.tag == tag)
            and all(name in node.attrs and value in {"...", node.attrs[name]} for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attrs: str) -> "Node":
        """Return the only such element."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of <{tag} {attrs}> in: {self.text}"
        return found[0]

    def button(self, label: str) -> "Node":
        """Return the only button of that name."""
        found = [b for b in self.all("button") if b.text == label]
        assert len(found) == 1, f"{len(found)} buttons {label!r} in: {self.text}"
        return found[0]

    @property
    def text(self) -> str:
        """What is read there, spaces joined."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        inside = "".join(part if isinstance(part, str) else part._text() for part in self.parts)
        return f" {inside} " if self.tag in BLOCKS else inside


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].parts.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def parse(html: str) -> Node:
    """Return the page; every element must be closed where it should be."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], f"<{builder.open[-1].tag}> is not closed"
    return builder.root
