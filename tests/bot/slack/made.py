"""Cards and forms of any shape, at and past Slack's limits, for hypothesis."""

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
names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
refs = st.builds(ui.ActionRef, names, st.text("0123456789.", max_size=20))
values = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=40)
hints = texts(160)

options = st.builds(ui.Option, values, labels, hints)


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
    st.builds(ui.SlotField, ids, labels, days, values, hints, st.none() | options, flags, flags),
)
parts = st.lists(
    st.one_of(fields, fields, elements), min_size=1, max_size=8, unique_by=lambda p: getattr(p, "id", id(p))
)
_parts = parts.filter(lambda found: any(getattr(p, "id", "") for p in found))
forms = st.builds(ui.Form, names, texts(60), _parts.map(tuple), texts(60), st.text("0123.:", max_size=60), values)
