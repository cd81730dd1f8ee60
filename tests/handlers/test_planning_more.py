"""/dispo: copying days and weeks, the settings, the export, and the ways out of the command."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core.availability import Limits
from core.importing.availability import read_availability
from core.importing.findings import Findings
from core.rules import Rules
from handlers import ui
from tests.builders import ZONE, Guide, make_range
from tests.handlers.desk import Desk, Filling, replied, text_of
from tests.handlers.planning import dispo, errors, put, ranges

MONDAYS = make_range(1, first_day=date(2026, 1, 26), starts=time(9), lasts=timedelta(hours=3), rule="FREQ=WEEKLY")


async def copying(desk: Desk) -> Filling:
    return await desk.open_form(await desk.type("dispo"), "Copier un jour ou une semaine")


async def days(desk: Desk) -> list[str]:
    return sorted(r.first_day.isoformat() for r in await ranges(desk) if not r.rule)


async def test_a_day_is_copied_to_days_in_words(seforme: Desk) -> None:
    await put(seforme, MONDAYS)
    form = await copying(seforme)
    form.values |= {"day": "2026-01-26", "to": "03/02, jeudi, du 10/02 au 12/02"}
    outcomes = [await form.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert "5 plages ont été ajoutées." in text_of(replied(outcomes[0]))
    assert await days(seforme) == ["2026-01-22", "2026-02-03", "2026-02-10", "2026-02-11", "2026-02-12"]


async def test_a_week_is_copied_to_those_that_follow(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, rule=""), replace(MONDAYS, rule="", first_day=date(2026, 1, 28)))
    form = await copying(seforme)
    form.values["what"] = "week"  # a platform that shows nothing anew after a choice
    assert isinstance(await form.submit(), ui.UpdateForm)
    form.values |= {"day": "2026-01-29", "weeks": "2"}
    assert "4 plages ont été ajoutées." in text_of(replied(await form.submit()))
    assert (await days(seforme))[2:] == ["2026-02-02", "2026-02-04", "2026-02-09", "2026-02-11"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"day": ""}, {"day": "Indiquez le jour."}),
        ({"to": ""}, {"to": "Indiquez au moins un jour."}),
        ({"to": "03/02, bientôt"}, {"to": "Ceci n’est pas clair : bientôt"}),
        ({"to": "03/02 ou 04/02"}, {"to": "Ceci n’est pas clair : 03/02 ou 04/02"}),
        ({"to": "du 01/02 au 31/12"}, {"to": "Indiquez 31 jours au plus."}),
        ({"to": "03/02, " * 32}, {"to": "Indiquez 31 jours au plus."}),
        ({"to": "19/01/2026"}, {"to": "Ce moment est passé. Choisissez-en un plus tard."}),
        ({"day": "2026-01-27"}, {"day": "Il n’y a rien à copier, ou tout s’y trouve déjà."}),
        ({"to": "lundi 02/02"}, {"day": "Il n’y a rien à copier, ou tout s’y trouve déjà."}),
    ],
)
async def test_what_cannot_be_copied_is_said(seforme: Desk, changes: dict[str, str], expected: dict[str, str]) -> None:
    await put(seforme, MONDAYS)
    form = await copying(seforme)
    form.values |= {"day": "2026-01-26", "to": "03/02"} | changes
    assert errors(await form.submit()) == expected
    assert await days(seforme) == []


@pytest.mark.parametrize("weeks", ["0", "13", "x"])
async def test_a_number_of_weeks_that_was_not_offered(seforme: Desk, weeks: str) -> None:
    form = await copying(seforme)
    await form.choose("what", "week")
    form.values["weeks"] = weeks
    assert errors(await form.submit()) == {"weeks": "Choisissez le nombre de semaines."}


async def test_a_week_that_is_over_cannot_be_filled(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, rule="", first_day=date(2025, 12, 1)))
    form = await copying(seforme)
    await form.choose("what", "week")
    form.values["day"] = "2025-12-01"
    assert errors(await form.submit()) == {"day": "Ce moment est passé. Choisissez-en un plus tard."}


async def limits(desk: Desk) -> Limits | None:
    return (await desk.db.read(lambda tx: tx.agendas.limits([desk.worker.id]))).get(desk.worker.id)


async def test_settings_begin_with_the_organisation_s_and_are_kept(seforme: Desk) -> None:
    seforme.rules = Rules(limits=Limits(before=timedelta(minutes=7), daily=20))
    form = await seforme.open_form(await seforme.type("dispo"), "Réglages")
    assert form.values == {"notice": "0", "before": "7", "after": "0", "travel": "0", "daily": "20"}
    assert await limits(seforme) is None
    form.values |= {"notice": "1440", "after": "15", "travel": "30", "daily": "6"}
    card = replied(await form.submit())
    assert "Vos réglages sont enregistrés." in text_of(card)
    assert "Délai de prévenance: 1 jour" in text_of(card)
    assert "Battement avant: 7 minutes" in text_of(card)
    assert "Rendez-vous par jour, au plus: 6" in text_of(card)
    minute = timedelta(minutes=1)
    assert await limits(seforme) == Limits(1440 * minute, 7 * minute, 15 * minute, 30 * minute, 6)
    again = await seforme.open_form(await seforme.type("dispo"), "Réglages")
    assert again.values == form.values


async def test_settings_that_were_not_offered_are_refused(seforme: Desk) -> None:
    form = await seforme.open_form(await seforme.type("dispo"), "Réglages")
    form.values |= {"notice": "-5", "daily": "99999", "travel": ""}
    assert set(errors(await form.submit())) == {"notice", "daily", "travel"}
    assert await limits(seforme) is None


async def test_the_export_is_what_an_import_reads(seforme: Desk) -> None:
    await put(seforme, MONDAYS)
    card = replied(await seforme.click(await seforme.type("dispo"), "Exporter"))
    (file,) = (part for part in card.body if isinstance(part, ui.Download))
    assert (file.name, file.media_type) == ("seforme.ics", "text/calendar")
    findings = Findings("seforme.ics")
    (row,) = read_availability(file.content.encode(), findings, ZONE, seforme.clock.now())
    (own,) = await ranges(seforme)
    assert replace(row.range, id=own.id, worker_id=own.worker_id) == own


@pytest.mark.parametrize("text", ["@ecoute", "@ecoute @agathe semaine prochaine"])
async def test_colleagues_lead_to_their_agendas(seforme: Desk, text: str) -> None:
    shown = replied(await seforme.send(ui.CommandCall("dispo", text)))
    assert shown == replied(await seforme.send(ui.CommandCall("agenda", text)))
    assert "ecoute" in text_of(shown)


@pytest.mark.parametrize(
    "text",
    [
        "@",
        "@inconnu",
        "\u202e\u0007",
        "x " * 1_000,
        "👩‍👩‍👧 🕒",
        "absence",
        "jusqu'au",
        "9h",
        "' OR 1=1 --",
        "<!channel>",
    ],
)
async def test_any_text_gets_an_answer(seforme: Desk, text: str) -> None:
    before = await ranges(seforme)
    outcome = await seforme.send(ui.CommandCall("dispo", text))
    shown = outcome.form if isinstance(outcome, ui.OpenForm) else replied(outcome)
    assert shown.title
    assert "\u202e" not in text_of(shown)
    assert await ranges(seforme) == before


async def test_why_not_leads_to_the_reasons(seforme: Desk) -> None:
    form = await dispo(seforme, "pourquoi")
    assert form.form.id == "why"


async def test_an_english_worker_reads_english(seforme: Desk, guide: Guide) -> None:
    english = seforme.as_(replace(guide.seforme, locale="en"))
    form = await dispo(english, "Monday 9am-12pm in Gembloux every week until June 30 kindly")
    assert form.form.title == "New range"
    assert "I do not understand “kindly”." in text_of(form.form)
    card = replied(await form.submit())
    assert "Every Monday, 09:00 – 12:00, Gembloux (Implantations), until 30/06/2026" in text_of(card)
