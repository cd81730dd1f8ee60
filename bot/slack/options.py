"""Choices in Slack's terms: at most 100 to a group, 75 characters to a label, 150 to a value."""

from collections.abc import Iterable, Sequence

from bot.fitting import DOTS
from bot.slack.blocks import LABEL, Block, Labels, pieces, plain
from handlers.ui import Option, OptionGroup

IN_GROUP = 100
GROUPS = 100
VALUE = 150
NOTHING = "~"  # Slack knows no empty value


def encode_value(value: str) -> str:
    """Return the value as Slack may carry it."""
    encoded = value if value and not value.startswith(NOTHING) else NOTHING + value
    if len(encoded) > VALUE:
        raise ValueError("the value of a choice does not fit 150 characters")
    return encoded


def decode_value(value: str) -> str:
    """Return the value that `encode_value` was given."""
    return value.removeprefix(NOTHING)


def option(choice: Option, labels: Labels) -> Block:
    """Return one choice; what does not fit stands whole among the labels."""
    return _option(choice.value, labels.fit(choice.label), labels.fit(choice.hint))


def found_option(choice: Option) -> Block:
    """Return one choice of a search, where nothing can stand beside it: a long label goes on in the line below.

    One that is too long even for that ends in dots; once it is chosen it stands whole above the field.
    """
    first, *rest = pieces(choice.label, LABEL)
    return _option(choice.value, first.rstrip(), _shortened("".join(rest) or choice.hint))


def chosen_option(choice: Option, labels: Labels) -> Block:
    """Return what was chosen in a search; what two lines do not hold stands whole among the labels."""
    below = "".join(pieces(choice.label, LABEL)[1:])
    whole = len(below) <= LABEL and (not choice.hint.strip() if below else len(choice.hint) <= LABEL)
    return found_option(choice) if whole else option(choice, labels)


def choices(groups: Sequence[OptionGroup], labels: Labels) -> Block:
    """Return the `options` or `option_groups` of a select; neither if there is nothing to choose."""
    return _arranged([(labels.fit(g.label, LABEL - 10), [option(o, labels) for o in g.options]) for g in groups])


def found_choices(groups: Sequence[OptionGroup]) -> Block:
    """Return the answer to a search."""
    found = _arranged([(_shortened(g.label, LABEL - 10), [found_option(o) for o in g.options]) for g in groups])
    return found or {"options": []}


def all_options(found: Block) -> list[Block]:
    """Return every option of what `choices` made."""
    options: list[Block] = found.get("options", [])
    return options + [o for group in found.get("option_groups", []) for o in group["options"]]


def _arranged(groups: Iterable[tuple[str, list[Block]]]) -> Block:
    kept = [(label, options) for label, options in groups if options]
    if not kept:
        return {}
    if len(kept) == 1 and not kept[0][0].strip() and len(kept[0][1]) <= IN_GROUP:
        return {"options": kept[0][1]}
    arranged = [group for label, options in kept for group in _split(label, options)]
    if len(arranged) > GROUPS:
        raise ValueError("a select has more than 100 groups")
    return {"option_groups": arranged}


def _split(label: str, options: list[Block]) -> list[Block]:
    parts = [options[at : at + IN_GROUP] for at in range(0, len(options), IN_GROUP)]
    if len(parts) == 1:
        return [{"label": plain(label), "options": options}]
    return [
        {"label": plain(f"{label} ({number}/{len(parts)})".strip()), "options": part}
        for number, part in enumerate(parts, 1)
    ]


def _option(value: str, label: str, hint: str) -> Block:
    described = {"description": plain(hint)} if hint.strip() else {}
    return {"text": plain(label), "value": encode_value(value), **described}


def _shortened(text: str, limit: int = LABEL) -> str:
    return text if len(text) <= limit else f"{pieces(text, limit - 1)[0].rstrip()}{DOTS}"
