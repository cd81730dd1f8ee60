"""Any form as questions: everything can be read and chosen, within Telegram's limits, and what is chosen is sent."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.filled import value_of
from bot.telegram import marked
from bot.telegram.answers import Unread, in_words, options_of, typed
from bot.telegram.asking import above, after_outcome, can_be_asked, opened, turned
from bot.telegram.clicks import after_click
from bot.telegram.keyboards import DATA, IN_A_ROW, KEYS
from bot.telegram.questions import Screen, screen
from bot.telegram.render import render
from bot.telegram.rich import CAPTION, TEXT, tidy, units
from bot.telegram.state import SUMMARY, Layer, State, load, save
from handlers import ui
from handlers.forms import clock, day
from handlers.i18n import Texts
from storage.database import Database
from tests.platforms import made

CALM = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FRENCH = Texts("fr", "Europe/Brussels")
NOW = datetime(2026, 1, 20, 8, tzinfo=UTC)
TODAY = date(2026, 1, 20)
FOUND = (ui.OptionGroup("Travailleurs", (ui.Option("7", "ecoute"), ui.Option("8", "seforme", "Principal"))),)
MARKS = ("✓ ", "☑ ", "☐ ", "+ ", "✕ ", "✎ ")


def state_of(form: ui.Form) -> State:
    return State((opened(form),), NOW)


def at(state: State, field_id: str) -> State:
    """Return the state with that field in question, and what a search has found."""
    top = turned(state.top, field_id)
    searched = isinstance(top.question, ui.SearchField | ui.ChannelField)
    return replace(state.asking((top,), NOW), found=FOUND if searched else ())


def keys(shown: Screen) -> list[tuple[str, str]]:
    """Return the label of each button and what it asks for."""
    return [(key.label, marked.read(key.data)[1]) for row in shown.rows for key in row]


def views(state: State) -> Iterator[Screen]:
    """Yield every page and part of a question that its buttons lead to; of months and hours only the next ones."""
    seen, waiting = {""}, [""]
    while waiting:
        shown = screen(state, FRENCH, TODAY, waiting.pop())
        yield shown
        for _, what in keys(shown):
            view = what[1:]
            if what[0] == marked.VIEW and view not in seen and view[:1] != "m":
                seen.add(view)
                waiting.append(view)


def text(shown: Screen) -> str:
    """Return all that a message says, after checking that Telegram takes it."""
    messages = render(shown.card, shown.rows)
    for message in messages:
        limit = CAPTION if message.kind != "text" else TEXT
        assert units(message.rich.text) <= limit
        assert sum(map(len, message.rows)) <= KEYS
        assert all(len(row) <= IN_A_ROW for row in message.rows)
        assert all(len(key.data.encode()) <= DATA and key.label.strip() for row in message.rows for key in row)
    labels = [key.label for message in messages for row in message.rows for key in row]
    return closely(" ".join([*(message.rich.text for message in messages), *labels]))


def closely(said: str) -> str:
    return "".join(tidy(said).split())


def words(form: ui.Form) -> list[str]:
    """Return all that the form says."""
    found = [form.title, form.submit]
    for part in form.parts:
        if isinstance(part, ui.Field):
            found += [part.label, *_of_field(part)]
        else:
            found += _of_element(part)
    return found


def _of_field(field: ui.Field) -> list[str]:
    match field:
        case ui.ChoiceField(groups=groups) | ui.SlotField(days=groups):
            return [said for g in groups for o in g.options for said in (g.label, o.label, o.hint)]
        case ui.MultiChoiceField(options=options):
            return [said for o in options for said in (o.label, o.hint)]
        case ui.SearchField(chosen=chosen):
            return [o.label for o in chosen]
        case ui.TextField(value=value, hint=hint):
            return [value, hint]
        case ui.FileField(hint=hint) | ui.ChannelField(hint=hint) | ui.DateField(hint=hint) | ui.TimeField(hint=hint):
            return [hint]
        case ui.YesNo():
            return []


def _of_element(element: ui.Element) -> list[str]:
    match element:
        case ui.Text(said) | ui.Notice(said) | ui.Download(label=said):
            return [said]
        case ui.Facts(pairs):
            return [said for pair in pairs for said in pair]
        case ui.ItemList(items):
            return [said for item in items for said in (item.title, *item.lines)]
        case ui.Picture() | ui.Divider():
            return []


def everything(form: ui.Form) -> str:
    """Return all that a person can get to read in the form."""
    state = state_of(form)
    fields = [field.id for field in state.top.fields if can_be_asked(field)]
    return "".join(text(shown) for name in (SUMMARY, *fields) for shown in views(at(state, name)))


@CALM
@given(made.forms)
def test_everything_in_any_form_can_be_read(form: ui.Form) -> None:
    shown = everything(form)
    assert [said for said in words(form) if closely(said) not in shown] == []


@CALM
@given(made.forms)
def test_every_choice_of_any_form_can_be_made(form: ui.Form) -> None:
    state = state_of(form)
    for field in (f for f in state.top.fields if can_be_asked(f)):
        asked = at(state, field.id)
        offered = {what for shown in views(asked) for _, what in keys(shown)}
        chosen = field.chosen if isinstance(field, ui.SearchField) and field.multiple else ()
        options = options_of(field, asked.found)
        known = {option.value for option in chosen}
        for number, option in enumerate(options):
            if option.value not in known:
                assert f"o{number}" in offered
                made_of = after_click(asked, f"o{number}")
                assert made_of is not None
                assert made_of.changed == field
                value = made_of.top.values[field.id]
                several = isinstance(value, tuple)
                was_on = isinstance(field, ui.MultiChoiceField) and option.value in field.values
                assert (option.value in value) is not was_on if several else value == option.value
        assert {f"r{n}" for n in range(len(chosen))} <= offered


@CALM
@given(made.forms, st.data())
def test_any_form_can_be_answered_by_buttons_and_typed_text(form: ui.Form, data: st.DataObject) -> None:
    """Whatever one does, the summary is a click away, and what it says is what is sent."""
    state = state_of(form)
    for _ in range(12):
        field = state.top.question
        if isinstance(field, ui.TextField) and data.draw(st.booleans()):
            said = data.draw(made.short)
            with_text = typed(state.top, field, said[: field.limit], FRENCH, TODAY)
            assert with_text.values[field.id] == " ".join(said[: field.limit].split())
            state = state.asking((with_text,), NOW)
            continue
        shown = data.draw(st.sampled_from(list(views(state))[:6]))
        text(shown)
        turns = [t.top for _, what in keys(shown) if (t := after_click(state, what)) is not None]
        if turns:
            state = state.asking((data.draw(st.sampled_from(turns)),), NOW)
    summary = at(state, SUMMARY)
    assert marked.SEND in {what for _, what in keys(screen(summary, FRENCH, TODAY))}
    shown_text = "".join(text(shown) for shown in views(summary))
    for field in summary.top.fields:
        assert closely(in_words(summary.top, field, FRENCH)) in shown_text


@CALM
@given(st.one_of(made.forms, made.bookings))
async def test_any_form_is_kept_as_it_is(db: Database, form: ui.Form) -> None:
    state = replace(state_of(form), messages=("1", "2"), stale=("3",), pictures=("4",), found=FOUND, query="é")
    chat = hash(form.id) % 1_000_000

    def keep(tx: object) -> State | None:
        seen = load(tx, chat)  # type: ignore[arg-type]
        assert save(tx, chat, seen, state, "", NOW)  # type: ignore[arg-type]
        return load(tx, chat).state  # type: ignore[arg-type]

    assert await db.write(keep) == state


# --- which question comes next


def layer(*parts: ui.Field | ui.Element, **more: str) -> Layer:
    return opened(ui.Form(more.get("id", "booking"), "Rendez-vous", parts, "Réserver", "1", "nonce"))


def test_only_what_must_be_filled_in_is_asked() -> None:
    filled = ui.TextField("a", "A", "x", required=True)
    top = layer(filled, ui.TextField("b", "B"), ui.DateField("c", "C", required=True), ui.TimeField("d", "D"))
    assert top.asked == "c"
    turn = after_click(State((top,), NOW), "d2026-01-27")
    assert turn is not None
    assert turn.top.values["c"] == "2026-01-27"


def test_a_form_in_which_nothing_must_be_is_asked_whole() -> None:
    state = State((layer(ui.TextField("a", "Motif"), ui.YesNo("y", "Oui ?"), ui.DateField("b", "Jour")),), NOW)
    asked = []
    while state.top.asked:
        asked.append(state.top.asked)
        assert ("Passer", marked.SKIP) in keys(screen(state, FRENCH, TODAY))
        turn = after_click(state, marked.SKIP)
        assert turn is not None
        state = state.asking((turn.top,), NOW)
    assert asked == ["a", "b"]


def test_back_leads_through_the_questions_that_were_asked() -> None:
    state = State((layer(ui.TextField("a", "Motif"), ui.DateField("b", "Jour")),), NOW)
    for what in (marked.SKIP, marked.SKIP, f"{marked.QUESTION}0", marked.BACK, marked.BACK, marked.BACK):
        turn = after_click(state, what)
        assert turn is not None
        state = state.asking((turn.top,), NOW)
    assert state.top.asked == "a"


def test_what_is_to_be_read_stands_once_above_the_question_that_follows_it() -> None:
    parts = (
        ui.Text("le parcours"),
        ui.TextField("a", "A", required=True),
        ui.Notice("attention", "warning"),
        ui.TextField("b", "B", required=True),
    )
    top = layer(*parts)
    assert above(top) == (parts[0],)
    field = top.question
    assert isinstance(field, ui.TextField)
    answered = after_outcome(
        (typed(top, field, "x", FRENCH, TODAY),),
        ui.UpdateForm(replace(top.form, parts=(parts[0], ui.TextField("a", "A", "x", required=True), *parts[2:]))),
    )[-1]
    assert answered.asked == "b"
    assert above(answered) == (parts[2],)
    assert set(above(turned(answered, SUMMARY))) == {parts[0], parts[2]}


def test_a_question_that_came_up_is_asked_before_anything_else() -> None:
    old = layer(ui.TextField("a", "A", "x", required=True))
    ways = ui.ChoiceField("instead", "Que faire ?", (ui.OptionGroup("", (ui.Option("1", "un"),)),))
    asked = replace(old.form, parts=(ui.Notice("hors plage", "warning"), ways, *old.form.parts))
    top = after_outcome((old,), ui.UpdateForm(asked))[-1]
    assert top.asked == "instead"
    assert above(top) == (ui.Notice("hors plage", "warning"),)


def test_what_is_wrong_leads_to_its_field() -> None:
    top = layer(ui.TextField("a", "A", "x"), ui.YesNo("y", "Oui ?"), ui.TextField("b", "B", "y"))
    blamed = after_outcome((top,), ui.FieldErrors((("b", "trop long"), ("", "pris"))))[-1]
    assert blamed.asked == "b"
    shown = text(screen(State((blamed,), NOW), FRENCH, TODAY))
    assert "troplong" in shown
    assert "pris" in shown
    whole = after_outcome((top,), ui.FieldErrors((("gone", "trop tard"),)))[-1]
    assert whole.asked == SUMMARY
    assert "troptard" in text(screen(State((whole,), NOW), FRENCH, TODAY))


def test_a_form_above_another_comes_back_with_what_was_created() -> None:
    places = (ui.OptionGroup("", (ui.Option("new.1", "Nouveau…"), ui.Option("1", "Gembloux"))),)
    below = layer(ui.ChoiceField("place", "Lieu", places, "1", required=True), ui.TextField("c", "C", required=True))
    place = ui.Form("place", "Nouveau lieu", (ui.TextField("name", "Nom", required=True),), "Créer")
    pushed = after_outcome((below,), ui.PushForm(place, below.form))
    assert [one.form.id for one in pushed] == ["booking", "place"]
    assert pushed[-1].asked == "name"
    chosen = replace(below.form, parts=(replace(below.fields[0], value="2"), *below.form.parts[1:]))  # type: ignore[call-arg]
    popped = after_outcome(pushed, ui.PopForm(chosen))
    assert [one.form.id for one in popped] == ["booking"]
    assert popped[-1].values["place"] == "2"
    assert popped[-1].asked == "c"


# --- days, times, texts


@CALM
@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)))
def test_any_day_is_a_button_of_its_month(at_day: date) -> None:
    state = State((layer(ui.DateField("d", "Jour", required=True)),), NOW)
    found = [what for _, what in keys(screen(state, FRENCH, TODAY, f"m{at_day:%Y-%m}"))]
    assert found.count(f"d{at_day.isoformat()}") == 1
    turn = after_click(state, f"d{at_day.isoformat()}")
    assert turn is not None
    assert value_of(turn.top.fields[0]) == at_day.isoformat()


def test_the_arrows_lead_from_month_to_month() -> None:
    state = State((layer(ui.DateField("d", "Jour", "2026-01-27", required=True), id="x"),), NOW)
    state = at(state, "d")
    shown = keys(screen(state, FRENCH, TODAY))
    assert ("janvier 2026", marked.NOTHING) in shown
    assert ("[27]", "d2026-01-27") in shown
    assert ("•20", "d2026-01-20") in shown
    assert {what for label, what in shown if label in "‹›"} == {"vm2025-12", "vm2026-02"}
    assert [label for label, _ in shown[3:10]] == ["lu", "ma", "me", "je", "ve", "sa", "di"]


def test_a_time_is_an_hour_and_its_minutes() -> None:
    state = State((layer(ui.TimeField("t", "De", required=True)),), NOW)
    assert ("14", "vh14") in keys(screen(state, FRENCH, TODAY))
    assert ("14:15", "c14:15") in keys(screen(state, FRENCH, TODAY, "h14"))
    turn = after_click(state, "c14:15")
    assert turn is not None
    assert turn.top.values == {"t": "14:15"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("27/01/2026", "2026-01-27"),
        ("2026-01-27", "2026-01-27"),
        ("demain", "2026-01-21"),
        ("mardi", "2026-01-27"),
        ("le 3 février", "2026-02-03"),
        ("tomorrow", "2026-01-21"),
    ],
)
def test_a_day_may_be_written(said: str, meant: str) -> None:
    top = layer(ui.DateField("d", "Jour", required=True))
    assert isinstance(top.question, ui.DateField)
    assert typed(top, top.question, said, FRENCH, TODAY).values == {"d": meant}


@pytest.mark.parametrize(
    ("said", "time"), [("14:15", "14:15"), ("14h", "14:00"), ("9h30", "09:30"), ("9", "09:00"), ("midi", "12:00")]
)
def test_a_time_may_be_written(said: str, time: str) -> None:
    top = layer(ui.TimeField("t", "De", required=True))
    assert isinstance(top.question, ui.TimeField)
    assert typed(top, top.question, said, FRENCH, TODAY).values == {"t": time}


@CALM
@given(st.text(max_size=40))
def test_whatever_is_written_is_a_day_or_is_refused(said: str) -> None:
    top = layer(ui.DateField("d", "Jour", required=True), ui.TimeField("t", "De", required=True))
    for field in top.fields:
        assert isinstance(field, ui.DateField | ui.TimeField)
        value = ""
        with suppress(Unread):
            value = str(typed(top, field, said, FRENCH, TODAY).values[field.id])
        assert value == "" or day(value) or clock(value) is not None


def test_a_text_that_is_too_long_is_not_cut() -> None:
    top = layer(ui.TextField("a", "A", limit=5, required=True))
    assert isinstance(top.question, ui.TextField)
    with pytest.raises(Unread, match="5"):
        typed(top, top.question, "123456", FRENCH, TODAY)


def test_it_is_over_after_two_hours() -> None:
    state = State((layer(ui.TextField("a", "A")),), NOW)
    assert not state.is_over(NOW + timedelta(hours=2))
    assert state.is_over(NOW + timedelta(hours=2, seconds=1))
