"""Mes réglages: the form with what holds, each choice kept, and the answer in the new language at once."""

from datetime import time, timedelta

import pytest

from core.availability import Shown
from core.preferences import Preferences
from core.preferring import preferences_of
from core.rules import Rules
from handlers import ui
from handlers.booking.fields import toggles_of
from handlers.i18n import Texts
from handlers.settings.zones import zone_words
from tests.builders import Guide, at
from tests.clock import START
from tests.handlers.desk import Desk, Filling, buttons, facts, labels, replied, text_of
from tests.handlers.office import own

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def settings(desk: Desk) -> Filling:
    """Open the form from the help card."""
    return await desk.open_form(await desk.type("aide"), "Mes réglages")


async def kept(desk: Desk) -> Preferences:
    return await desk.db.read(lambda tx: preferences_of(tx, desk.worker))


def chosen(form: Filling, field: str) -> list[str]:
    """Return the labels of what is ticked or chosen."""
    found = form.field(field)
    if isinstance(found, ui.MultiChoiceField):
        return [o.label for o in found.options if o.value in found.values]
    assert isinstance(found, ui.SearchField)
    return [o.label for o in found.chosen]


async def test_the_form_shows_what_holds(agathe: Desk) -> None:
    form = await settings(agathe)
    assert form.values["locale"] == "fr"
    assert chosen(form, "zone") == ["Europe/Brussels – Bruxelles (UTC+01:00)"]
    assert chosen(form, "reminders") == ["1 heure", "1 jour"]
    assert "summary" not in form.values
    assert form.values["summary-at"] == "07:30"
    assert (form.values["availability"], form.values["external"]) == ("yes", "yes")


async def test_sending_it_untouched_changes_nothing(agathe: Desk) -> None:
    form = await settings(agathe)
    replied(await form.submit())
    assert await kept(agathe) == Preferences()


async def test_everything_is_kept_and_shown_again(agathe: Desk) -> None:
    form = await settings(agathe)
    form.values |= {"zone": "America/New_York", "reminders": ("15", "2880"), "summary": "yes", "summary-at": "18:05"}
    del form.values["external"]
    card = replied(await form.submit())
    assert facts(card) == {
        "Langue": "Français",
        "Fuseau horaire": "America/New_York (UTC-05:00)",
        "Rappels": "2 jours, 15 minutes avant",
        "Mes rendez-vous du jour": "18:05",
        "Agendas des collègues": "Disponibilités",
    }
    assert await kept(agathe) == Preferences(
        zone="America/New_York",
        reminders=(2 * DAY, timedelta(minutes=15)),
        summary_at=time(18, 5),
        shown=Shown(external=False),
    )
    again = await agathe.as_(await agathe.db.read(lambda tx: tx.people.worker(agathe.worker.id))).click(
        card, "Mes réglages"
    )
    form = agathe.filling(again)
    assert chosen(form, "reminders") == ["15 minutes", "2 jours"]
    assert (form.values["summary"], form.values["summary-at"]) == ("yes", "18:05")
    assert "external" not in form.values


async def test_the_answer_speaks_the_new_language_at_once(agathe: Desk) -> None:
    form = await settings(agathe)
    form.values["locale"] = "en"
    card = replied(await form.submit())
    assert "Your settings are saved." in text_of(card)
    assert facts(card)["Language"] == "English"
    assert labels(card) == ["My settings", "My accounts", "What can I do here?"]
    assert card.neutral == "My settings"


async def test_no_reminder_and_no_toggle_are_choices_too(agathe: Desk) -> None:
    form = await settings(agathe)
    for name in ("reminders", "availability", "external"):
        del form.values[name]
    card = replied(await form.submit())
    assert facts(card)["Rappels"] == "jamais"
    assert facts(card)["Agendas des collègues"] == "Seulement les rendez-vous et les absences"
    assert await kept(agathe) == Preferences(reminders=(), shown=Shown(availability=False, external=False))


async def test_what_the_organisation_uses_is_always_offered(agathe: Desk) -> None:
    agathe.rules = Rules(reminders=(timedelta(days=14), timedelta(minutes=7)))
    form = await settings(agathe)
    assert chosen(form, "reminders") == ["7 minutes", "14 jours"]
    offered = form.field("reminders")
    assert isinstance(offered, ui.MultiChoiceField)
    assert len(offered.options) == 10, "as many as a field may offer"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"locale": "nl"}, "locale", "La langue « nl » est inconnue."),
        ({"zone": "Gembloux"}, "zone", "Le fuseau horaire « Gembloux » est inconnu."),
        ({"reminders": ("5", "15", "30", "60", "120", "1440")}, "reminders", "Choisissez 5 rappels au plus."),
        ({"reminders": ("99999",)}, "reminders", "Un rappel vient entre 5 minutes et 7 jours avant le rendez-vous."),
        ({"summary": "yes", "summary-at": "25:00"}, "summary-at", "Indiquez une heure comme 14:15."),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    agathe: Desk, values: dict[str, ui.Value], field: str, said: str
) -> None:
    form = await settings(agathe)
    form.values |= values
    outcome = await form.submit()
    assert isinstance(outcome, ui.FieldErrors)
    assert [(name, text.replace("\u00a0", " ")) for name, text in outcome.errors] == [(field, said)]
    assert await kept(agathe) == Preferences()


async def test_a_form_sent_twice_saves_once(agathe: Desk) -> None:
    form = await settings(agathe)
    form.values["reminders"] = ("15",)
    first = await form.submit()
    form.values["reminders"] = ("30",)
    assert await form.submit() == first
    assert (await kept(agathe)).reminders == (timedelta(minutes=15),)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("brux", "Europe/Brussels – Bruxelles (UTC+01:00)"),
        ("New York", "America/New_York (UTC-05:00)"),
        ("new_york", "America/New_York (UTC-05:00)"),
        ("KATHM", "Asia/Kathmandu (UTC+05:45)"),
    ],
)
async def test_a_zone_is_found_by_typing(agathe: Desk, typed: str, first: str) -> None:
    found = await (await settings(agathe)).search("zone", typed)
    assert next(iter(found[""])) == first


async def test_the_usual_zones_are_offered_before_anything_is_typed(agathe: Desk) -> None:
    form = await settings(agathe)
    found = (await form.search("zone", " "))[""]
    assert found[0].startswith("Europe/Brussels")
    assert "UTC (UTC+00:00)" in found
    assert await form.search("zone", "nowhere at all") == {}
    assert await form.search("locale", "fr") == {}


def test_the_offset_is_that_of_now() -> None:
    texts = Texts("en", "UTC")
    assert zone_words("Europe/Brussels", texts, START) == "Europe/Brussels (UTC+01:00)"
    assert zone_words("Europe/Brussels", texts, at("2026-07-01 12:00")) == "Europe/Brussels (UTC+02:00)"


async def test_a_colleague_first_shows_as_was_chosen_in_agenda_and_booking(agathe: Desk, guide: Guide) -> None:
    form = await settings(agathe)
    del form.values["availability"]
    replied(await form.submit())
    card = await agathe.type("agenda @seforme @Agathe")
    on = [a.on for a in card.actions if isinstance(a, ui.Toggle)]
    assert on == [False, True, True, True], "one's own agenda shows whole"
    booking = await own(agathe)
    await booking.choose("parties", (f"worker:{guide.seforme.id}",))
    toggles = booking.field(toggles_of(guide.seforme.id))
    assert isinstance(toggles, ui.MultiChoiceField)
    assert toggles.values == ("external",)
    switch = next(a for a in card.actions if isinstance(a, ui.Toggle))
    turned = replied(await agathe.send(ui.ActionClick(switch.ref, "on")))
    assert next(a.on for a in turned.actions if isinstance(a, ui.Toggle)), "what is toggled is remembered"


async def test_every_help_leads_to_the_settings(agathe: Desk) -> None:
    card = await agathe.type("bonjour")
    assert buttons(card, "Mes réglages")[0].opens_form
