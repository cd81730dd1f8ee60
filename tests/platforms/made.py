"""Cards and forms of any shape, at and past the limits of every platform, for hypothesis."""

from hypothesis import strategies as st

from handlers import ui

_SIGNS = st.sampled_from(["<!channel>", "<@U1>", "*a*", "_b_", "~c~", "`d`", "&amp;", ":smile:", "<b>", "😀", "é"])
_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
short = st.one_of(_SIGNS, _WORDS).filter(lambda t: bool(t.strip()))
blank = st.sampled_from(["", " ", "\n"])


def long(most: int) -> st.SearchStrategy[str]:
    """Return texts of up to `most` characters or a few more words."""
    return st.builds(
        lambda words, times, sep: sep.join(words * times)[:most].strip() or "x",
        st.lists(short, min_size=1, max_size=5),
        st.integers(1, max(1, most // 10)),
        st.sampled_from([" ", "\n", ""]),
    )


def texts(most: int) -> st.SearchStrategy[str]:
    """Return short and long texts, and blank ones."""
    return st.one_of(short, short, long(most), blank)


labels = texts(300)
names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=2, max_size=20)
refs = st.builds(ui.ActionRef, names, st.text("0123456789.", max_size=20))
values = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=40)
named_values = values.filter(bool)
hints = texts(160)

options = st.builds(ui.Option, named_values, labels, hints)


def distinct(most: int, least: int = 0) -> st.SearchStrategy[tuple[ui.Option, ...]]:
    """Return options of different values."""
    return st.lists(options, min_size=least, max_size=most, unique_by=lambda o: o.value).map(tuple)


buttons = st.builds(ui.Button, refs, labels, st.sampled_from(["plain", "primary", "danger"]), st.booleans())
_PAGE = "https://example.org/"
links = st.builds(ui.LinkButton, st.sampled_from([_PAGE, _PAGE + "x" * 3_000]), labels)
many_buttons = st.integers(1, 60).map(
    lambda n: tuple(ui.Button(ui.ActionRef("many", str(i)), f"N° {i}") for i in range(n))
)
menus = st.builds(ui.Menu, labels, st.lists(buttons, max_size=12).map(tuple))
selects = st.builds(ui.Select, refs, texts(3_500), distinct(12), values | st.none())
toggles = st.builds(ui.Toggle, refs, labels, st.booleans())
actions = st.one_of(buttons, links, menus, selects, toggles)
rows = st.one_of(st.lists(actions, max_size=5).map(tuple), many_buttons)

DRAWINGS = ("<svg/>", "<svg></svg>")
lines = st.lists(texts(400), max_size=4).map(tuple)
items = st.builds(ui.Item, labels, lines, st.lists(actions, max_size=3).map(tuple))
elements = st.one_of(
    st.builds(ui.Text, texts(7_000)),
    st.builds(ui.Facts, st.lists(st.tuples(labels, texts(4_000)), max_size=12).map(tuple)),
    st.builds(ui.ItemList, st.lists(items, max_size=6).map(tuple)),
    st.builds(ui.Picture, st.sampled_from(DRAWINGS), texts(3_500)),
    st.builds(ui.Download, names, st.just("text/csv"), texts(3_500), labels),
    st.builds(ui.Divider),
    st.builds(ui.Notice, texts(3_500), st.sampled_from(["info", "success", "warning", "error"])),
)
cards = st.builds(ui.Card, texts(300), st.lists(elements, max_size=8).map(tuple), rows, labels)

ids = st.text("abcdefghij_-~0123456789", min_size=1, max_size=12)
groups = st.builds(ui.OptionGroup, texts(120), distinct(8))
days = st.lists(groups, max_size=4).map(
    lambda found: tuple(
        ui.OptionGroup(g.label, tuple(ui.Option(f"{i}.{o.value}", o.label, o.hint) for o in g.options))
        for i, g in enumerate(found)
    )
)
flags = st.booleans()
text_values = texts(2_900)
fields = st.one_of(
    st.builds(ui.TextField, ids, labels, text_values, hints, st.integers(1, 5_000), flags, flags),
    st.builds(ui.DateField, ids, labels, st.sampled_from(["", "2026-01-27"]), hints, flags, flags),
    st.builds(ui.TimeField, ids, labels, st.sampled_from(["", "14:15"]), hints, flags),
    st.builds(ui.ChoiceField, ids, labels, days, values, hints, flags, flags),
    st.builds(ui.MultiChoiceField, ids, labels, distinct(10), st.lists(values, max_size=3).map(tuple), hints, flags),
    st.builds(ui.SearchField, ids, labels, distinct(5), flags, hints, flags, flags),
    st.builds(ui.YesNo, ids, labels, flags, flags),
    st.builds(ui.FileField, ids, labels, hints, flags),
    st.builds(ui.ChannelField, ids, labels, hints, flags),
    st.builds(ui.SlotField, ids, labels, days, values, hints, st.none() | options, flags, flags),
)
parts = st.lists(
    st.one_of(fields, fields, elements), min_size=1, max_size=8, unique_by=lambda p: getattr(p, "id", id(p))
)
_parts = parts.filter(lambda found: any(getattr(p, "id", "") for p in found))
forms = st.builds(ui.Form, names, texts(60), _parts.map(tuple), texts(60), st.text("0123.:", max_size=60), values)


def _name(number: int, length: int) -> str:
    return f"{number:03}° {'Évangéline de la Très-Longue-Maison ' * 6}"[: max(length, 4)].strip()


def _case(appointments: int, parties: int, length: int, each: int) -> ui.Card:
    buttons = tuple(ui.Button(ui.ActionRef("do", str(n)), _name(n, length)) for n in range(each))
    listed = tuple(ui.Item(_name(n, length), (_name(n + 1, length),), buttons) for n in range(appointments))
    people = "\n".join(_name(n, length) for n in range(parties))
    return ui.Card("Parcours", (ui.Facts((("T(M)S", people),)), ui.ItemList(listed)), buttons, neutral="Parcours")


def _booking(slots: int, parties: int, length: int, places: int) -> ui.Form:
    people = tuple(ui.Option(f"worker:{n}", _name(n, length)) for n in range(parties))
    toggles = (ui.Option("availability", "Disponibilités"), ui.Option("external", "Agenda externe"))
    choices = [ui.Option(f"{n}", f"{n:04} h", _name(n % places, length)) for n in range(slots)]
    week = tuple(ui.OptionGroup(f"jour {d}", tuple(choices[d::7])) for d in range(7))
    parts: tuple[ui.Field | ui.Element, ...] = (
        ui.SearchField("parties", "Parties", people, multiple=True, refreshes=True),
        *(ui.MultiChoiceField(f"show-{o.value}", o.label, toggles, ("external",), refreshes=True) for o in people),
        ui.Picture(DRAWINGS[0], "\n".join(o.label for o in people)),
        ui.SlotField("slot", "Créneau", week, f"{slots - 1}", other=ui.Option("other", "Autre moment…")),
        ui.TextField("comment", "Commentaire", _name(0, length), multiline=True),
    )
    return ui.Form("booking", "Rendez-vous", parts, "Réserver", "1.2", "nonce")


full_case, full_booking = _case(300, 40, 200, 1), _booking(500, 40, 200, 2)
lengths = st.sampled_from([4, 75, 76, 150, 151, 200])
cases = st.builds(_case, st.integers(0, 40), st.integers(0, 40), lengths, st.integers(0, 5))
bookings = st.builds(_booking, st.integers(0, 600), st.integers(0, 40), lengths, st.integers(1, 6))
