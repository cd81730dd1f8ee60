"""Finding a time: the slots common to several people, the best first, and on into the booking form."""

from dataclasses import replace

import pytest

from core.availability import BusyKind, ExternalEvent
from core.ports import Transaction
from core.times import Interval
from handlers import ui
from tests.builders import Guide, at, between, make_range
from tests.handlers.desk import Desk, Filling, text_of
from tests.handlers.office import booked, click

FREE, NOT_ALL = "Tous libres", "Personnes requises libres, mais pas toutes les facultatives"


async def find(desk: Desk, *workers: int) -> Filling:
    return desk.filling(await desk.send(click("find", *workers)))


def offered(form: Filling) -> dict[str, list[str]]:
    """Return the labels of the proposals by heading, with plain spaces."""
    return {day: [o.label.replace("\u00a0", " ") for o in options] for day, options in form.slots().items()}


async def busy(desk: Desk, worker_id: int, start: str, end: str) -> None:
    event = ExternalEvent(worker_id, "uid", "", between(start, end), "Dentiste")
    await desk.db.write(lambda tx: tx.agendas.replace_external_events(worker_id, [event]))


async def test_the_words_of_a_command_fill_the_form(agathe: Desk, guide: Guide) -> None:
    text = "trouver @seforme @ecoute semaine prochaine 14h-16h Gembloux"
    form = agathe.filling(await agathe.send(ui.CommandCall("rdv", text)))
    assert form.form.title == "Trouver un moment"
    assert form.values["main"] == str(guide.seforme.id)
    assert form.values["required"] == (str(guide.ecoute.id),)
    assert {name: form.values[name] for name in ("period", "after", "before", "place", "duration")} == {
        "period": "next",
        "after": "14:00",
        "before": "16:00",
        "place": str(guide.gembloux.id),
        "duration": "60",
    }
    assert offered(form)[FREE][0] == "lun. 26 janvier 14:00 – 15:00"
    assert list(offered(form)) == [FREE]
    assert "Je ne comprends pas" not in text_of(form.form)


@pytest.mark.parametrize(
    ("text", "period", "since", "said"),
    [
        ("find @seforme", "2", None, ""),
        ("trouver @seforme cette semaine", "this", None, ""),
        ("trouver @seforme à partir du 3 février", "from", "2026-02-03", ""),
        ("Trouver @seforme mardi", "from", "2026-01-27", ""),
        ("trouver @seforme semaine du 09/02/2026", "from", "2026-02-09", ""),
        ("trouver @personne bientôt", "2", None, "@personne bientôt"),
    ],
)
async def test_days_in_words_choose_the_period(
    agathe: Desk, text: str, period: str, since: str | None, said: str
) -> None:
    form = agathe.filling(await agathe.send(ui.CommandCall("rdv", text)))
    assert (form.values["period"], form.values.get("since")) == (period, since)
    assert (f"Je ne comprends pas « {said} »." in text_of(form.form)) == bool(said)


async def test_rdv_without_that_word_still_opens_the_booking_form(agathe: Desk) -> None:
    assert agathe.filling(await agathe.send(ui.CommandCall("rdv", "1285"))).form.id == "booking"
    assert agathe.filling(await agathe.send(ui.TextReply("rdv find"))).form.id == "find"


async def test_everyone_free_comes_before_all_required_free(agathe: Desk, guide: Guide) -> None:
    await busy(agathe, guide.ecoute.id, "2026-01-20 09:00", "2026-01-30 12:00")
    form = await find(agathe, guide.seforme.id)
    await form.choose("optional", (str(guide.ecoute.id),))
    await form.choose("duration", "240")
    shown = offered(form)
    assert list(shown) == [FREE, NOT_ALL]
    assert shown[FREE][0] == "ven. 30 janvier 12:00 – 16:00"
    assert shown[NOT_ALL][0] == "mar. 20 janvier 09:00 – 13:00 – sans ecoute"
    assert "Dentiste" not in text_of(form.form)

    await form.choose("optional", ())
    await form.choose("required", (str(guide.ecoute.id),))
    assert list(offered(form)) == [FREE]
    assert offered(form)[FREE][0] == "ven. 30 janvier 12:00 – 16:00"


async def test_fields_narrow_what_is_proposed(agathe: Desk, guide: Guide) -> None:
    def fill(tx: Transaction) -> int:
        namur = tx.places.add("Namur", "Implantations")
        at_namur = make_range(guide.seforme, place_id=namur.id, rule="", first_day=at("2026-01-23 00:00").date())
        visits = replace(at_namur, first_day=at("2026-01-24 12:00").date(), kinds=frozenset({"Visite"}))
        ranges = [make_range(guide.seforme, place_id=guide.gembloux.id), at_namur, visits]
        tx.agendas.replace_ranges(guide.seforme.id, ranges)
        return namur.id

    namur = await agathe.db.write(fill)
    form = await find(agathe, guide.seforme.id)
    await form.choose("place", str(namur))
    assert offered(form)[FREE][0].startswith("jeu. 22 janvier")
    assert all(o.hint == "Namur (Implantations)" for options in form.slots().values() for o in options)
    await form.choose("place", "any")
    await form.choose("period", "next")
    assert offered(form)[FREE][0] == "lun. 26 janvier 09:00 – 10:00"
    await form.choose("after", "10:30")
    await form.choose("before", "12:00")
    assert offered(form)[FREE] == [
        f"{day} janvier 10:30 – 11:30" for day in ("lun. 26", "mar. 27", "mer. 28", "jeu. 29", "ven. 30")
    ]
    await form.choose("before", "10:00")
    slot = form.field("slot")
    assert isinstance(slot, ui.SlotField)
    assert (slot.days, slot.hint) == ((), "La fin doit venir après le début.")
    await form.choose("after", "")
    await form.choose("before", "")
    await form.choose("period", "from")
    assert form.has("since")
    await form.choose("since", "2026-02-03")
    assert offered(form)[FREE][0] == "mar. 3 février 09:00 – 10:00"
    await form.choose("kind", "Visite")
    assert form.values["kind"] == "Visite"


async def test_nothing_that_suits_is_said(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe, guide.seforme.id)
    await form.choose("duration", "480")
    await form.choose("after", "12:00")
    assert offered(form) == {}
    slot = form.field("slot")
    assert isinstance(slot, ui.SlotField)
    assert slot.hint.startswith("Aucun moment ne convient à toutes les personnes requises")


async def test_a_proposal_leads_to_the_booking_form_with_everything_filled_in(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe, guide.seforme.id, guide.stranger.id)
    await form.choose("optional", (str(guide.ecoute.id),))
    await form.choose("duration", "90")
    await form.choose("period", "next")
    await form.choose("slot", form.slot("lun. 26 janvier 10:30"))
    outcome = await form.submit()
    assert isinstance(outcome, ui.UpdateForm)
    assert (form.form.id, form.form.title) == ("booking", "Création du rendez-vous")
    chosen = {name: form.values[name] for name in ("main", "parties", "optional", "duration", "week", "place")}
    assert chosen == {
        "main": str(guide.seforme.id),
        "parties": (f"worker:{guide.stranger.id}", f"worker:{guide.ecoute.id}"),
        "optional": (str(guide.ecoute.id),),
        "duration": "90",
        "week": "2026-01-26",
        "place": "slot",
    }
    during = between("2026-01-26 10:30", "12:00")
    assert await held(agathe, guide.seforme.id) == [(during, guide.agathe.id)]
    assert form.values["slot"] == form.slot("10:30")

    await form.choose("case", "1285")
    assert isinstance(await form.submit(), ui.CloseForm)
    booked_one = await agathe.db.read(lambda tx: tx.appointments.find(1))
    assert booked_one is not None
    assert (booked_one.during, booked_one.place_id) == (during, guide.gembloux.id)
    assert [(i.worker_id, i.optional) for i in booked_one.invitations] == [
        (guide.stranger.id, False),
        (guide.ecoute.id, True),
    ]
    assert await held(agathe, guide.seforme.id) == []


async def test_a_proposal_that_has_gone_is_said_with_those_there_are(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    forms = [await find(desk, guide.seforme.id) for desk in (agathe, ecoute)]
    for form in forms:
        await form.choose("slot", form.slot("mar. 20 janvier 10:00"))
    assert isinstance(await forms[0].submit(), ui.UpdateForm)
    assert forms[0].form.id == "booking"
    assert isinstance(await forms[1].submit(), ui.UpdateForm)
    assert forms[1].form.id == "find"
    assert "Quelqu’un est justement en train de réserver ce créneau." in text_of(forms[1].form)
    assert "slot" not in forms[1].values
    assert not any(label.startswith("mar. 20 janvier 10:00") for label in offered(forms[1])[FREE])

    third = await find(ecoute, guide.seforme.id)
    await third.choose("slot", third.slot("mar. 20 janvier 14:00"))
    await booked(agathe, guide, during=between("2026-01-20 14:00", "15:00"))
    await third.submit()
    assert "Ce moment vient d’être pris." in text_of(third.form)


async def test_what_is_missing_is_said_beside_its_field(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe)
    assert form.values["main"] == str(guide.agathe.id)
    assert await form.submit() == ui.FieldErrors((("slot", "Choisissez l’une des propositions."),))
    await form.choose("period", "from")
    assert await form.submit() == ui.FieldErrors((("since", "Indiquez le jour."),))
    form.values |= {"since": "2026-02-03", "after": "x"}
    assert await form.submit() == ui.FieldErrors((("after", "Indiquez une heure comme 14:15."),))
    form.values.pop("main")
    assert await form.submit() == ui.FieldErrors((("main", "Choisissez l’utilisateur principal."),))


async def test_forged_values_do_nothing(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe, guide.seforme.id, 9999)
    assert "required" not in form.values
    form.values |= {"slot": "1.2.3.4", "duration": "-5", "period": "99", "place": "99", "required": ("x", "7" * 30)}
    assert await form.submit() == ui.FieldErrors((("slot", "Choisissez l’une des propositions."),))
    start = int(at("2026-01-20 20:00").timestamp())
    form.values["slot"] = f"{start}.{start + 3600}.0"
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert form.form.id == "find", "a time that is not offered is no way into the booking form"
    assert await held(agathe, guide.seforme.id) == []


async def test_who_is_meant_is_searched_and_nobody_is_there_twice(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe, guide.seforme.id)
    assert await form.search("required", "écoute") == {"": ["ecoute (Travailleur-euse social) (Principal)"]}
    assert await form.search("place", "x") == {}
    ids = (str(guide.seforme.id), str(guide.ecoute.id))
    await form.choose("required", ids)
    await form.choose("optional", ids)
    assert form.values["required"] == (str(guide.ecoute.id),)
    assert "optional" not in form.values


async def test_why_not_is_answered_in_the_form(agathe: Desk, guide: Guide) -> None:
    form = await find(agathe, guide.seforme.id)
    assert not form.has("date")
    await form.choose("why", "yes")
    await form.choose("date", "2026-01-27")
    await form.choose("from", "18:00")
    await form.choose("until", "19:00")
    assert "Pourquoi pas à cette heure ?" in text_of(form.form)
    assert "en dehors des disponibilités" in text_of(form.form)


async def test_the_form_in_english(agathe: Desk, guide: Guide) -> None:
    desk = agathe.as_(replace(guide.agathe, locale="en"))
    await busy(agathe, guide.ecoute.id, "2026-01-20 09:00", "17:00")
    form = desk.filling(await desk.send(ui.CommandCall("rdv", "find @seforme next week")))
    assert form.form.title == "Find a time"
    assert form.values["period"] == "next"
    assert list(offered(form)) == ["Everyone free"]
    await form.choose("period", "this")
    await form.choose("optional", (str(guide.ecoute.id),))
    assert offered(form)["All required free, not all optional"][0] == "Tue 20 January 09:00 – 10:00 – without ecoute"


async def held(desk: Desk, worker_id: int) -> list[tuple[Interval, int | None]]:
    ever = Interval(at("2026-01-01 00:00"), at("2026-12-31 00:00"))
    found = await desk.db.read(lambda tx: tx.agendas.busy([worker_id], ever, desk.clock.now()))
    return [(b.during, b.held_by) for b in found if b.kind is BusyKind.HOLD]
