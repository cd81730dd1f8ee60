"""/dispo: a range changed or deleted, one day of it, from a day on or whole; nobody is left outside in silence."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import NotFound
from core.stranding import Strands
from handlers import ui
from handlers.planning.questions import MOST_SHOWN, stranded_parts
from tests.builders import WORK_DAYS, Guide, between
from tests.handlers.desk import Desk, replied, text_of
from tests.handlers.office import booked, click
from tests.handlers.planning import MONDAYS, deleting, edited, errors, options, put, ranges


async def test_one_day_of_a_series_is_changed(seforme: Desk) -> None:
    await put(seforme, MONDAYS)
    form = await edited(seforme)
    assert (form.values["occurrence"], form.values["scope"], form.has("repeats")) == ("2026-01-26", "one", False)
    await form.choose("occurrence", "2026-02-02")
    assert form.values["day"] == "2026-02-02"
    form.values |= {"day": "2026-02-03", "from": "10:00"}
    card = replied(await form.submit())
    assert "Sauf le 02/02/2026" in text_of(card)
    assert "Mardi 3 février 2026, 10:00 – 12:00, Gembloux (Implantations)" in text_of(card)
    kept, put_there = sorted(await ranges(seforme), key=lambda r: r.first_day)
    assert kept == replace(MONDAYS, id=kept.id, worker_id=seforme.worker.id, except_days=frozenset({date(2026, 2, 2)}))
    assert put_there.rule == ""


@pytest.mark.parametrize("scope", ["following", "all"])
async def test_this_and_the_following_or_all_are_changed(seforme: Desk, scope: str) -> None:
    await put(seforme, MONDAYS)
    form = await edited(seforme)
    await form.choose("occurrence", "2026-02-09")
    await form.choose("scope", scope)
    assert (form.values["repeats"], form.values["end"]) == ("week", "")
    form.values |= {"until": "13:00", "end": "2026-06-30"}
    replied(await form.submit())
    found = sorted(await ranges(seforme), key=lambda r: r.first_day)
    words = [(r.first_day.isoformat(), r.rule, r.lasts // timedelta(hours=1)) for r in found]
    changed = "FREQ=WEEKLY;UNTIL=20260630T000000Z"
    if scope == "all":
        assert words == [("2026-01-26", changed, 4)]
    else:
        assert words == [("2026-01-26", "FREQ=WEEKLY;UNTIL=20260208T000000Z", 3), ("2026-02-09", changed, 4)]


async def test_a_whole_series_moves_to_another_weekday(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, rule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20260630T000000Z"))
    form = await edited(seforme)
    await form.choose("scope", "all")
    await form.choose("day", "2026-01-28")
    card = replied(await form.submit())
    assert "Chaque mercredi, 09:00 – 12:00, Gembloux (Implantations), jusqu’au 30/06/2026" in text_of(card)
    (moved,) = await ranges(seforme)
    assert moved.first_day == date(2026, 1, 28)


@pytest.mark.parametrize("rule", [WORK_DAYS, "FREQ=WEEKLY;COUNT=10", "FREQ=WEEKLY;BYDAY=MO;INTERVAL=1"])
@pytest.mark.parametrize("scope", ["following", "all"])
async def test_an_unchanged_form_changes_nothing(seforme: Desk, rule: str, scope: str) -> None:
    await put(seforme, replace(MONDAYS, rule=rule, except_days=frozenset({date(2026, 2, 9)})))
    before = await ranges(seforme)
    form = await edited(seforme)
    await form.choose("scope", scope)
    replied(await form.submit())
    assert await ranges(seforme) == before


async def test_a_rule_of_its_own_is_kept_as_it_is(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, rule="FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260630T000000Z"))
    form = await edited(seforme)
    await form.choose("scope", "all")
    assert form.values["repeats"] == "kept"
    assert "Comme maintenant\u00a0: chaque lundi et mercredi" in options(form, "repeats")
    form.values["end"] = "2026-07-31"
    replied(await form.submit())
    (found,) = await ranges(seforme)
    assert found.rule == "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260731T000000Z"


async def test_a_day_that_is_none_of_the_series_is_refused(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, except_days=frozenset({date(2026, 2, 2)})))
    form = await edited(seforme)
    await form.choose("occurrence", "2026-02-02")
    assert "Les prochaines fois : 09/02/2026, 16/02/2026 et 23/02/2026." in text_of(form.form)
    assert "occurrence" in errors(await form.submit())
    gone = await deleting(seforme)
    gone.values["occurrence"] = "2026-02-03"
    assert "occurrence" in errors(await gone.submit())


async def stranding(agathe: Desk, guide: Guide) -> None:
    """Two appointments of seforme's, on Tuesday the 27th and on Tuesday the 3rd."""
    await booked(agathe, guide)
    await booked(agathe, guide, during=between("2026-02-03 10:00", "12:00"))


async def test_what_falls_outside_is_listed_first(seforme: Desk, agathe: Desk, guide: Guide) -> None:
    await stranding(agathe, guide)
    before = await ranges(seforme)
    form = await edited(seforme)
    await form.choose("scope", "all")
    form.values["from"] = "11:00"
    asked = await form.submit()
    assert isinstance(asked, ui.UpdateForm)
    shown = text_of(form.form)
    assert "Ces rendez-vous se trouveraient en dehors de vos disponibilités :" in shown
    assert "27/01/2026 10:00 – 12:00, parcours n° 1285" in shown
    assert "03/02/2026 10:00 – 12:00, parcours n° 1285" in shown
    assert "LAFRAISE" not in shown
    assert form.values["from"] == "11:00"
    assert await ranges(seforme) == before
    assert isinstance(await form.submit(), ui.UpdateForm)  # not ticked
    form.values["confirm"] = "yes"
    card = replied(await form.submit())
    assert "Du lundi au vendredi, 11:00 – 17:00" in text_of(card)


async def test_one_that_was_not_shown_is_asked_about_again(seforme: Desk, agathe: Desk, guide: Guide) -> None:
    await booked(agathe, guide)
    form = await edited(seforme)
    await form.choose("scope", "all")
    form.values["from"] = "11:00"
    await form.submit()
    await booked(agathe, guide, during=between("2026-02-03 10:00", "12:00"))
    form.values["confirm"] = "yes"
    asked = await form.submit()
    assert isinstance(asked, ui.UpdateForm)
    assert "03/02/2026 10:00 – 12:00" in text_of(form.form)
    assert not form.values.get("confirm")
    form.values["confirm"] = "yes"
    replied(await form.submit())


def test_more_than_anybody_has_are_counted(seforme: Desk, guide: Guide) -> None:
    several = tuple(guide.appointment(id=n) for n in range(1, MOST_SHOWN + 13))
    said, _ = stranded_parts(Strands(several), "", seforme.texts)
    assert isinstance(said, ui.Notice)
    assert said.text.count("parcours") == MOST_SHOWN
    assert said.text.endswith("et 12 autres")


async def test_deleting_asks_too(seforme: Desk, agathe: Desk, guide: Guide) -> None:
    await stranding(agathe, guide)
    form = await deleting(seforme)
    assert form.form.title == "Supprimer la plage"
    await form.choose("occurrence", "2026-02-03")
    assert isinstance(await form.submit(), ui.UpdateForm)
    shown = text_of(form.form)
    assert "03/02/2026 10:00 – 12:00, parcours n° 1285" in shown
    assert "27/01/2026" not in shown
    form.values["confirm"] = "yes"
    outcomes = [await form.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert "Sauf le 03/02/2026" in text_of(replied(outcomes[0]))


@pytest.mark.parametrize(("scope", "left"), [("following", ["FREQ=WEEKLY;UNTIL=20260201T000000Z"]), ("all", [])])
async def test_a_series_is_deleted_from_a_day_on_or_whole(seforme: Desk, scope: str, left: list[str]) -> None:
    await put(seforme, MONDAYS)
    form = await deleting(seforme)
    await form.choose("occurrence", "2026-02-02")
    await form.choose("scope", scope)
    assert "Cette plage est supprimée." in text_of(replied(await form.submit()))
    assert [r.rule for r in await ranges(seforme)] == left


async def test_a_single_day_is_changed_and_deleted_without_a_question(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, rule=""))
    form = await edited(seforme)
    assert not form.has("scope")
    form.values |= {"repeats": "week", "until": "11:00"}
    replied(await form.submit())
    assert [(r.rule, r.lasts) for r in await ranges(seforme)] == [("FREQ=WEEKLY", timedelta(hours=2))]
    await put(seforme, replace(MONDAYS, rule=""))
    assert "Mes disponibilités" in text_of(replied(await (await deleting(seforme)).submit()))
    assert await ranges(seforme) == []


@pytest.mark.parametrize("name", ["range-edit", "range-remove", "absence-edit", "absence-remove", "hand-over"])
async def test_what_is_not_ones_own_is_not_there(seforme: Desk, ecoute: Desk, name: str) -> None:
    (own,) = await ranges(seforme)
    with pytest.raises(NotFound):
        await ecoute.send(click(name, own.id))
    with pytest.raises(NotFound):
        await ecoute.send(click(name, 999))


@pytest.mark.parametrize("form", ["range", "range-remove", "absence-remove", "hand-over"])
@pytest.mark.parametrize("context", ["", "999//0", "x", "1/a/0", "1///", "999", "-1//0"])
async def test_a_forged_context_does_nothing(ecoute: Desk, form: str, context: str) -> None:
    values: dict[str, Any] = {
        "occurrence": "2026-02-02",
        "day": "2026-02-02",
        "from": "09:00",
        "until": "12:00",
        "chosen": ("1.1",),
        "how": "give",
    }
    with pytest.raises(NotFound):
        await ecoute.send(ui.FormSubmit(form, context, "nonce", values))


async def test_another_s_range_cannot_be_named(seforme: Desk, ecoute: Desk) -> None:
    (own,) = await ranges(seforme)
    for form in ("range", "range-remove"):
        with pytest.raises(NotFound):
            await ecoute.send(
                ui.FormSubmit(form, f"{own.id}//0", "nonce", {"scope": "all", "occurrence": "2026-02-02"})
            )
    assert await ranges(seforme) == [own]
