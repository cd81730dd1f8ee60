"""What of a card or a form has to be read and pressed on every platform."""

from handlers import ui

Way = tuple[str, str]
"""What a press is read as: the reference, encoded, and its value."""


def texts_of(card: ui.Card) -> list[str]:
    """Return every text of a card that is not blank."""
    found = [card.title]
    for element in card.body:
        match element:
            case ui.Text(text) | ui.Notice(text) | ui.Picture(_, text):
                found.append(text)
            case ui.Facts(pairs):
                found += [part for pair in pairs for part in pair]
            case ui.ItemList(items):
                found += [line for i in items for line in (i.title, *i.lines)]
            case ui.Download(name, _, _, label):
                found += [name, label]
    for action in actions_of(card):
        if isinstance(action, ui.Menu):  # what opens it is the platform's own affair
            found += [b.label for b in action.buttons]
            continue
        found.append(action.label)
        if isinstance(action, ui.Select):
            found += [text for o in action.options for text in (o.label, o.hint)]
        if isinstance(action, ui.LinkButton):
            found.append(action.url)
    return [text for text in found if text.strip()]


def actions_of(card: ui.Card) -> tuple[ui.Action, ...]:
    """Return the actions of a card, those of its entries first."""
    inside = [a for e in card.body if isinstance(e, ui.ItemList) for i in e.items for a in i.actions]
    return (*inside, *card.actions)


def ways_of(actions: tuple[ui.Action, ...]) -> list[Way]:
    """Return what can be asked for with these actions, both ways of a switch among it."""
    found: list[Way] = []
    for action in actions:
        match action:
            case ui.Button(ref):
                found.append((ref.encode(), ""))
            case ui.Menu(_, inside):
                found += [(b.ref.encode(), "") for b in inside]
            case ui.Select(ref, _, options):
                found += [(ref.encode(), o.value) for o in options]
            case ui.Toggle(ref):
                found += [(ref.encode(), "off"), (ref.encode(), "on")]
            case ui.LinkButton():
                pass
    return found


def needed_of(actions: tuple[ui.Action, ...]) -> list[Way]:
    """Return what must be offered: of a switch, the other state."""
    switches = {(a.ref.encode(), "on" if a.on else "off") for a in actions if isinstance(a, ui.Toggle)}
    return [way for way in ways_of(actions) if way not in switches]


def texts_of_form(form: ui.Form) -> list[str]:
    """Return every text of a form that is not blank."""
    found = [form.title, form.submit]
    for part in form.parts:
        match part:
            case ui.ChoiceField(groups=groups) | ui.SlotField(days=groups):
                found += [part.label, part.hint, *(t for g in groups for o in g.options for t in (o.label, o.hint))]
                found += [g.label for g in groups if g.options]
                if isinstance(part, ui.SlotField) and part.other:
                    found += [part.other.label, part.other.hint]
            case ui.MultiChoiceField(label=label, options=options, hint=hint):
                found += [label, hint, *(t for o in options for t in (o.label, o.hint))]
            case ui.SearchField(label=label, chosen=chosen, multiple=multiple, hint=hint):
                found += [label, hint, *(o.label for o in (chosen if multiple else chosen[:1]))]
            case _ if isinstance(part, ui.Field):
                found += [part.label, getattr(part, "hint", "")]
            case _:
                found += texts_of(ui.Card("", (part,)))
    return [text for text in found if text.strip()]


def closely(text: str) -> str:
    """Return the text without its spaces: a line may have been broken at one."""
    return "".join(text.split())


def missing(texts: list[str], shown: str) -> list[str]:
    """Return the texts that are not shown whole, in one message or in several that follow each other."""
    found = closely(shown)
    return [text for text in texts if closely(text) not in found]
