"""Cards, forms and pages as HTML; all text is escaped, and what could disguise it is shown as a sign."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.web.forms import by_place, field_kind, is_field, is_long
from bot.web.plain import plainly
from core.people import Worker
from handlers import ui
from handlers.codec import decode
from handlers.commands import COMMANDS
from handlers.i18n import Texts
from storage.webchat import WebMessage

STATIC = Path(__file__).parent / "static"
COUNTED = "invitations"
_NAMES = re.compile(r' id="|="url\(#')


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the templates take it."""

    id: int
    seq: int
    direction: str
    card: ui.Card
    at: datetime
    time: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a request changes in the open page beside its messages.

    A `form` takes the place of the open one; with `below` it opens above that one, `popped` it comes back from below.
    `once` is shown in its place, and kept nowhere. `anew`: the page itself is out of date, its language say, and is to
    be loaded again.
    """

    form: ui.Form | None = None
    below: ui.Form | None = None
    popped: bool = False
    close: bool = False
    once: ui.Card | None = None
    anew: bool = False
    errors: tuple[tuple[str, str], ...] = ()


class Pages:
    """Makes every page and fragment."""

    def __init__(self) -> None:
        self._templates = _environment()

    def choose(self, workers: Iterable[Worker], texts: Texts, path: Callable[[str], str]) -> str:
        """Return the page on which one chooses who one is."""
        return self._render("choose.html", texts, workers=list(workers), path=path)

    def door(self, title: str, lead: str, texts: Texts, action: str = "") -> str:
        """Return a page with a sentence and perhaps a button, before any conversation."""
        return self._render("enter.html", texts, title=title, lead=lead, action=action)

    def chat(
        self,
        worker: Worker,
        base: str,
        messages: Sequence[WebMessage],
        texts: Texts,
        now: datetime,
        *,
        upto: int,
        waiting: int,
        older: int | None,
        demo: bool,
    ) -> str:
        """Return a person's conversation."""
        commands = [
            {
                "name": spec.name,
                "usage": texts.t(spec.usage_hint),
                "about": texts.t(spec.description),
                "counts": spec.name == COUNTED,
            }
            for spec in COMMANDS
        ]
        return self._render(
            "chat.html",
            texts,
            worker=worker,
            base=base,
            messages=_shown(messages, texts, now),
            upto=upto,
            waiting=waiting,
            older=older,
            demo=demo,
            commands=commands,
        )

    def answer(
        self,
        base: str,
        messages: Sequence[WebMessage],
        change: Change,
        texts: Texts,
        now: datetime,
        *,
        upto: int,
        waiting: int,
        older: int | None = None,
    ) -> str:
        """Return what a request changes in the open page."""
        return self._render(
            "answer.html",
            texts,
            base=base,
            messages=_shown(messages, texts, now),
            form=change.form,
            below=change.below,
            popped=change.popped,
            close=change.close,
            once=change.once,
            anew=change.anew,
            errors=change.errors,
            upto=upto,
            waiting=waiting,
            older=older,
        )

    def options(self, groups: Sequence[ui.OptionGroup], field_id: str, texts: Texts) -> str:
        """Return what a search field offers."""
        return self._render("options.html", texts, groups=groups, prefix=f"o-{field_id}", label=texts.t("Suggestions"))

    def _render(self, template: str, texts: Texts, **values: Any) -> str:
        def notice_word(kind: str) -> str:
            return _notice_word(kind, texts)

        def spoken(card: ui.Card) -> str:
            said = [card.title, *(e.text for e in card.body if isinstance(e, ui.Notice))]
            first = [e.text for e in card.body if isinstance(e, ui.Text)][:1]
            return ". ".join([part for part in said if part] or first)

        values.update(t=texts.t, lang=texts.locale, notice_word=notice_word, spoken=spoken)
        return self._templates.get_template(template).render(values)


def element_kind(element: ui.Element) -> str:
    """Return the name that `elements.html` knows this element by."""
    match element:
        case ui.Text():
            return "text"
        case ui.Facts():
            return "facts"
        case ui.ItemList():
            return "list"
        case ui.Picture():
            return "picture"
        case ui.Divider():
            return "divider"
        case ui.Notice():
            return "notice"
        case ui.Download():
            return "download"
        case _:
            assert_never(element)


def action_kind(action: ui.Action) -> str:
    """Return the name that `elements.html` knows this action by."""
    match action:
        case ui.Button():
            return "button"
        case ui.LinkButton():
            return "link"
        case ui.Select():
            return "select"
        case ui.Toggle():
            return "toggle"
        case ui.Menu():
            return "menu"
        case _:
            assert_never(action)


def static_version(name: str) -> str:
    """Return what changes whenever a static file does."""
    return _versions()[name]


def _finalize(value: Any) -> Any:
    return plainly(value) if type(value) is str else value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        element_kind=element_kind,
        action_kind=action_kind,
        field_kind=field_kind,
        is_field=is_field,
        is_long=is_long,
        by_place=by_place,
        by_kind=_by_kind,
        is_web=lambda url: url.startswith(("https://", "http://")),
        drawing=_drawing,
        data_url=_data_url,
        static=lambda name: f"/chat/static/{name}?{static_version(name)}",
        empty_option=ui.Option("", ""),
    )
    return environment


def _drawing(picture: ui.Picture, where: str) -> Markup:
    """Return the drawing; its patterns are named for where it stands, since a page has one space of names.

    It is not read out: the figure around it says what it is, and holds the same in words.
    """
    named = _NAMES.sub(rf"\g<0>{where}-", str(picture.svg)).replace("<svg", '<svg aria-hidden="true"', 1)
    return Markup(named)  # noqa: S704 - drawn by ourselves, and no script runs here


def _by_kind(actions: Iterable[ui.Action]) -> list[tuple[str, list[ui.Action]]]:
    """Return the actions in their order, switches that follow one another together; there are no channels here."""
    offered = (a for a in actions if not (isinstance(a, ui.Button) and a.for_channels))
    kinds = groupby(offered, lambda a: "switches" if isinstance(a, ui.Toggle) else "actions")
    return [(kind, list(some)) for kind, some in kinds]


def _data_url(file: ui.Download) -> str:
    """Return the file itself as an address: nothing is kept for it on the server."""
    return f"data:{file.media_type};charset=utf-8;base64,{b64encode(file.content.encode()).decode()}"


@cache
def _versions() -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}


def _shown(messages: Iterable[WebMessage], texts: Texts, now: datetime) -> list[Shown]:
    today = texts.local(now).date()
    return [
        Shown(m.id, m.seq, m.direction, decode(m.card), m.created_at, _time(m.created_at, today, texts))
        for m in messages
    ]


def _time(at: datetime, today: date, texts: Texts) -> str:
    clock = texts.clock(at)
    return clock if texts.local(at).date() == today else f"{texts.day_and_month(at)} {clock}"


def _notice_word(kind: str, texts: Texts) -> str:
    match kind:
        case "success":
            return texts.t("Done")
        case "warning":
            return texts.t("Please note")
        case "error":
            return texts.t("Not possible")
        case _:
            return texts.t("For your information")
