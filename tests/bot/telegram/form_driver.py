"""A form as a person goes through it: what its one message says, and what he presses and types."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

MARKS = ("✓ ", "☑ ", "☐ ", "+ ", "✕ ", "✎ ")
LONG = 50
MONTH = 28
PICTURES = "Voir les agendas"
ALL, SUBMIT, ON = "Récapitulatif", "!", "☑ "
_FITTED = re.compile(r"… \((\d+)\)$")


@dataclass(frozen=True)
class Pressed:
    """A button as it is seen: `label` whole, also where the button shows its beginning only; `what` it asks for."""

    label: str
    what: str
    data: str

    @property
    def name(self) -> str:
        """The label without the mark before it."""
        return next((self.label.removeprefix(m) for m in MARKS if self.label.startswith(m)), self.label)

    def says(self, label: str) -> bool:
        """Tell whether it is that label, or its beginning: the message says the rest then."""
        cut = self.name.removesuffix("…")
        return self.name == label or (cut != self.name and len(self.label) > LONG and label.startswith(cut))


@dataclass(frozen=True)
class Seen:
    """The message of the open form."""

    text: str
    keys: Sequence[Pressed]

    @property
    def said(self) -> str:
        """All that it says, its buttons too."""
        return "\n".join([self.text, *(key.label for key in self.keys)])


def seen(text: str, keys: Sequence[tuple[str, str]], above: str = "") -> Seen:
    """Return the message of that text with those buttons: their labels and data; `above` is what stands before it."""
    said = f"{above}\n{text}"
    return Seen(text, [Pressed(_whole(label, said), data.split(":", 2)[2], data) for label, data in keys])


class Form:
    """`look` returns the message of the open form, None if none is; `press` and `type` do what a person does."""

    def __init__(
        self,
        look: Callable[[], Seen | None],
        press: Callable[[Pressed], Awaitable[None]],
        type_: Callable[[str], Awaitable[None]],
    ) -> None:
        self._look = look
        self._press = press
        self._type = type_

    async def read(self) -> str:
        """Return what the question says, and the summary; "" if no form is open."""
        if self._look() is None:
            return ""
        question = self._now().said
        await self._to_summary()
        return f"{question}\n{self._now().said}".replace("\u00a0", " ").replace("\u202f", " ")

    async def leaf(self, read: Callable[[], str]) -> str:
        """Return all that can be read on every page of every question, and of the summary; `read` reads one."""
        said, asked = {read(): None}, dict[str, None]()
        await self._to_summary()
        async for key in self._pages():
            said[read()] = None
            if key.what.startswith("q"):
                asked[key.what] = None
        if (pictures := self._named(PICTURES)) is not None:
            await self._press(pictures)
            said[read()] = None
        for what in asked:
            await self._to_summary()
            async for key in self._pages():
                if key.what == what:
                    await self._press(key)
                    break
            async for _ in self._pages():
                said[read()] = None
                if sum(key.label.isdigit() for key in self._now().keys) >= MONTH:
                    break  # a month: the next ones say nothing new
        await self._to_summary()
        return "\n".join(said)

    async def choose(self, field: str, *options: str) -> None:
        """Choose in a field."""
        key = await self._field(field)
        if key.what.startswith("k"):
            if bool(options) is not key.label.startswith(ON):
                await self._press(key)
            return
        await self._press(key)
        if "pour chercher" in self._now().text:
            for option in options:
                await self._type(option)
                await self._press(next(k for k in self._now().keys if k.what.startswith("o")))
        elif any(k.label == "Terminé" for k in self._now().keys):
            await self._tick(options)
        else:
            (option,) = options
            await self._press(await self._offered(option))
        if (done := self._named("Terminé")) is not None:
            await self._press(done)

    async def write(self, field: str, text: str) -> None:
        """Fill in a field."""
        await self._press(await self._field(field))
        await self._type(text)

    async def submit(self) -> None:
        """Send the form."""
        await self._to_summary()
        await self._press(next(k for k in self._now().keys if k.what == SUBMIT))

    async def _tick(self, options: Sequence[str]) -> None:
        for number in range(len([k for k in self._now().keys if k.what.startswith("o")])):
            key = next(k for k in self._now().keys if k.what == f"o{number}")
            if any(map(key.says, options)) is not key.label.startswith(ON):
                await self._press(key)

    async def _field(self, label: str) -> Pressed:
        await self._to_summary()
        async for key in self._pages():
            if key.what[:1] in "qk" and key.label[:2] in MARKS and key.says(label):
                return key
        raise AssertionError(f"no field {label!r} in: {self._now().said}")

    async def _offered(self, label: str) -> Pressed:
        """Return the button of an option, on whichever page or day it is."""
        async for key in self._pages():
            if key.what.startswith("o") and (key.says(label) or key.name.endswith(f" {label}")):
                return key
        raise AssertionError(f"no option {label!r} in: {self._now().said}")

    async def _pages(self):  # type: ignore[no-untyped-def]
        """Yield the buttons of what is shown, then those of every other page and day, however many turns lead there.

        A page is known by what asks for it, so that either arrow leads to one that was seen.
        """
        turns, at = dict[str, list[str]](), ""
        while True:
            if at not in turns:
                turns[at] = [key.what for key in self._now().keys if key.what.startswith("v")]
                for key in self._now().keys:
                    yield key
            way = _way(turns, at)
            if way is None:
                return
            for at in way:
                await self._press(next(k for k in self._now().keys if k.what == at))

    async def _to_summary(self) -> None:
        if (key := self._named(ALL)) is not None:
            await self._press(key)

    def _named(self, label: str) -> Pressed | None:
        return next((k for k in self._now().keys if k.label == label), None)

    def _now(self) -> Seen:
        found = self._look()
        assert found is not None, "no form is open"
        return found


def _whole(label: str, text: str) -> str:
    fitted = _FITTED.search(label)
    if not fitted:
        return label
    found = re.findall(rf"^\({fitted[1]}\) (.*)$", text, re.MULTILINE)
    assert found, f"{label!r} stands nowhere whole in: {text}"
    return str(found[-1])  # of several the nearest: earlier messages number theirs too


def _way(turns: dict[str, list[str]], at: str) -> list[str] | None:
    """Return what to press to come to a page that was not seen yet, None if all were."""
    queue, been = [(at, list[str]())], {at}
    for page, way in queue:
        for what in turns[page]:
            if what not in turns:
                return [*way, what]
            if what not in been:
                been.add(what)
                queue.append((what, [*way, what]))
    return None
