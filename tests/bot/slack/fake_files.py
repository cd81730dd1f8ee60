"""The workspace's files: uploaded in three steps, read by Slack a while later, private unless they are shared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Stored:
    """One file; `unread` is how many messages with it Slack still refuses."""

    id: str
    name: str
    length: int
    content: bytes = b""
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    unread: int = 0


@dataclass
class FakeFiles:
    """What was uploaded, by id; `unread` is what a new file begins with."""

    stored: dict[str, Stored] = field(default_factory=dict)
    unread: int = 0

    def begin(self, name: str, length: int) -> Stored:
        """Promise a place for a file."""
        file = Stored(f"F0FILE{len(self.stored):03}", name, length, unread=self.unread)
        self.stored[file.id] = file
        return file

    def receive(self, file_id: str, content: bytes) -> int:
        """Take the bytes; return the HTTP status."""
        file = self.stored.get(file_id)
        if file is None or len(content) != file.length:
            return 400
        file.content = content
        return 200

    def complete(self, files: Iterable[Mapping[str, str]], channel: str) -> bool:
        """Finish uploads, and share them where that is asked for; tell whether all are there."""
        found = [self.stored.get(f["id"]) for f in files]
        if not all(f is not None and f.content for f in found):
            return False
        for file in found:
            assert file is not None
            file.complete = True
            file.channels += [channel] if channel else []
        return True

    def shared(self, channel: str) -> list[Stored]:
        """Return what was put into a conversation."""
        return [f for f in self.stored.values() if channel in f.channels]

    def readable(self, shown: Any) -> bool:
        """Tell whether Slack can show all the pictures in this."""
        for file_id in pictures(shown):
            file = self.stored.get(file_id)
            if file is None or not file.complete or not file.content.startswith(PNG):
                return False
            if file.unread:
                file.unread -= 1
                return False
        return True


def pictures(shown: Any) -> Iterator[str]:
    """Yield the ids of the files in a message or a modal."""
    if isinstance(shown, Mapping):
        if shown.get("type") == "image":
            yield shown["slack_file"]["id"]
        for inside in shown.values():
            yield from pictures(inside)
    elif isinstance(shown, list | tuple):
        for inside in shown:
            yield from pictures(inside)
