"""The booking form: what it refuses, what it asks, what it never shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.availability import ExternalEvent
from core.cases import SupportCase
from core.errors import CaseNotFound, NotFound
from core.people import Client
from core.ports import Transaction
from handlers import ui
from tests.builders import Guide, between
from tests.handlers.booking import pictures, plain
from tests.handlers.desk import Desk, replied, text_of
from tests.handlers.office import at_another_time, booked, click, for_lead, own


async def count(desk: Desk) -> int:
    return len(await desk.db.read(lambda tx: tx.appointments.of_case(1285, desk.worker.id, desk.clock.now(), limit=50)))


def only_error(outcome: ui.Outcome) -> tuple[str, str]:
    assert isinstance(outcome, ui.FieldErrors), outcome
    ((field, message),) = outcome.errors
    return field, message


async def test_rdv_opens_the_form_at_once_with_the_creator_proposed(agathe: Desk, guide: Guide) -> None:
    form = agathe.filling(await agathe.send(ui.CommandCall("rdv")))
    assert form.values["main"] == str(guide.agathe.id)
    assert "case" not in form.values
    await form.choose("case", "1285")
    assert form.values["clients"] == (f"client:{guide.gisele.id}",)
    with_case = agathe.filling(await agathe.send(ui.CommandCall("rdv", "n° 1285")))
    assert with_case.values["case"] == "1285"
    assert with_case.values["clients"] == form.values["clients"]
    assert with_case.form.nonce != form.form.nonce


async def test_an_empty_form_says_what_is_missing_beside_each_field(agathe: Desk) -> None:
    form = agathe.filling(await agathe.send(ui.CommandCall("rdv")))
    form.values.pop("main")
    outcome = await form.submit()
    assert isinstance(outcome, ui.FieldErrors)
    assert [field for field, _ in outcome.errors] == ["case", "main", "parties", "slot"]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "field", "said"),
    [
        ("2026-01-19", "10:00", "11:00", "date", "Ce moment est passé."),
        ("2026-01-20", "08:30", "09:30", "date", "Ce moment est passé."),
        ("0001-01-01", "10:00", "11:00", "date", "Ce moment est passé."),
        ("2027-06-01", "10:00", "11:00", "date", "Ce jour est trop lointain."),
        ("9999-12-31", "23:30", "00:30", "date", "Ce jour est trop lointain."),
        ("2026-01-27", "11:00", "10:00", "until", "La fin doit venir après le début."),
        ("2026-01-27", "10:00", "10:00", "until", "La fin doit venir après le début."),
        ("2026-01-27", "07:00", "20:00", "until", "Un rendez-vous dure 12 heures au plus."),
        ("2026-03-29", "02:30", "04:00", "from", "Ce jour-là, l’heure change à 02:30"),
        ("2026-03-29", "01:00", "02:30", "until", "Ce jour-là, l’heure change à 02:30"),
        ("", "10:00", "11:00", "date", "Indiquez le jour."),
        ("demain", "10:00", "11:00", "date", "Indiquez le jour."),
        ("2026-01-27", "", "11:00", "from", "Indiquez une heure"),
        ("2026-01-27", "10:00", "25:00", "until", "Indiquez une heure"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_in_words(
    agathe: Desk, day: str, starts: str, ends: str, field: str, said: str
) -> None:
    found, message = only_error(await at_another_time(await own(agathe), day, starts, ends))
    assert (found, message.replace("\u00a0", " ")[: len(said)]) == (field, said)
    assert await count(agathe) == 0


async def test_over_midnight_and_through_the_repeated_hour_are_possible(agathe: Desk) -> None:
    assert isinstance(await at_another_time(await own(agathe), "2026-01-27", "23:30", "00:30"), ui.CloseForm)
    assert isinstance(await at_another_time(await own(agathe), "2026-10-25", "01:30", "03:30"), ui.CloseForm)
    lasted = await agathe.db.read(
        lambda tx: tx.appointments.of_case(1285, agathe.worker.id, agathe.clock.now(), limit=5)
    )
    assert [a.during.duration for a in lasted] == [timedelta(hours=3), timedelta(hours=1)]


@pytest.mark.parametrize(
    "comment",
    ["<!channel> <@U123> *gras* _~`<b onclick=x>&amp;", "مرحبا بالعالم", "👩‍👩‍👧 🕒", "x" * 2_000, "deux\nlignes"],
)
async def test_what_was_typed_is_kept_as_typed(agathe: Desk, comment: str) -> None:
    form = await own(agathe)
    await form.choose("slot", form.slot("10:00"))
    form.values["comment"] = comment
    assert isinstance(await form.submit(), ui.CloseForm)
    assert comment in text_of(await agathe.card_of(1))


@pytest.mark.parametrize("comment", ["x" * 10_000, "a\u0007b", "a\u202eb"])
async def test_text_that_cannot_be_kept_is_refused_beside_its_field(agathe: Desk, comment: str) -> None:
    form = await own(agathe)
    await form.choose("slot", form.slot("10:00"))
    form.values |= {"comment": comment}
    assert only_error(await form.submit())[0] == "comment"
    assert await count(agathe) == 0


async def test_a_taken_slot_says_who_cannot_and_offers_the_nearest(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    await form.choose("week", "2026-01-26")
    await form.choose("duration", "120")
    await form.choose("slot", next(o.value for o in form.slots()["mar. 27 janvier"] if o.label.startswith("10:00")))
    await booked(agathe, guide)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "seforme (Travailleur-euse social) (Principal) n’est plus libre à ce moment" in text_of(form.form)
    nearest = form.field("instead")
    assert isinstance(nearest, ui.ChoiceField)
    assert [o.label.replace("\u00a0", " ") for o in nearest.groups[0].options] == [
        "lun. 26 janvier 15:00 – 17:00",
        "mar. 27 janvier 12:00 – 14:00",
        "mar. 27 janvier 14:00 – 16:00",
    ]
    form.values["instead"] = nearest.groups[0].options[1].value
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await count(agathe) == 2


async def test_conflicts_are_shown_exactly_and_confirmed(agathe: Desk, guide: Guide) -> None:
    busy = between("2026-01-27 10:30", "11:30")
    event = ExternalEvent(guide.ecoute.id, "uid", "", busy, "Dentiste")
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, [event]))
    form = await for_lead(agathe)
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    await form.choose("week", "2026-01-26")
    ten = next(o for o in form.slots()["mar. 27 janvier"] if o.label.startswith("10:00"))
    assert ten.label.endswith("(à confirmer)")
    await form.choose("slot", ten.value)
    assert "10:30 – 11:30 : Occupé – agenda externe" in text_of(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    shown = text_of(form.form)
    assert "ecoute (Travailleur-euse social) (Principal) : occupé (agenda externe), 27/01/2026 10:30 – 11:30" in shown
    assert "Dentiste" not in shown
    assert isinstance(await form.submit(), ui.UpdateForm)
    form.values["confirm"] = "yes"

    more = ExternalEvent(guide.seforme.id, "uid", "", busy, "Formation")
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, [more]))
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert text_of(form.form).count("occupé (agenda externe), 27/01/2026 10:30 – 11:30") == 2
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await count(agathe) == 1


async def test_a_form_sent_five_times_books_once(agathe: Desk) -> None:
    form = await own(agathe)
    await form.choose("slot", form.slot("10:00"))
    outcomes = [await form.submit() for _ in range(5)]
    assert outcomes == [outcomes[0]] * 5
    assert isinstance(outcomes[0], ui.CloseForm)
    assert await count(agathe) == 1


async def test_a_case_that_is_not_ones_own_cannot_be_booked_in(agathe: Desk, guide: Guide) -> None:
    stranger = agathe.as_(guide.stranger)
    for name in ("create", "create-lead", "case"):
        with pytest.raises(CaseNotFound):
            await stranger.send(click(name, 1290))
    card = replied(await stranger.send(ui.CommandCall("rdv", "1290")))
    assert "Il n’y a pas de parcours n° 1290 que vous puissiez ouvrir." in text_of(card)
    form = stranger.filling(await stranger.send(ui.CommandCall("rdv")))
    await form.choose("case", "1290")
    assert "case" not in form.values
    form.values["case"] = "1290"
    form.values["parties"] = (f"worker:{guide.ecoute.id}",)
    form.values["slot"] = form.slot("10:00")
    assert only_error(await form.submit())[0] == "case"
    assert await form.search("case", "") == {"": ["Parcours n°\u00a01285 – Gisèle LAFRAISE (26 ans)"]}


async def test_nobody_of_another_case_can_be_named(agathe: Desk, guide: Guide) -> None:
    def other(tx: Transaction) -> Client:
        client = tx.people.save_client("secret", Client(0, "Aline", "Secrète"))
        tx.cases.save(SupportCase(1300, guide.case.kind, guide.stranger.id, confidential=True, clients=(client,)))
        return client

    client = await agathe.db.write(other)
    form = await own(agathe)
    await form.choose("parties", (f"client:{client.id}", f"personal_contact:{guide.aunt.id}", "worker:9999", "junk"))
    assert form.values["parties"] == (f"personal_contact:{guide.aunt.id}",)
    assert "Aline" not in text_of(form.form)
    assert await form.search("parties", "Aline") == {}


async def test_agendas_of_others_hold_no_title_and_no_name(agathe: Desk, guide: Guide) -> None:
    await booked(agathe, guide, comment="Le bail")
    form = await for_lead(agathe)
    form.values.pop("clients")
    await form.choose("week", "2026-01-26")
    (agenda,) = pictures(form)
    told = agenda.alt + str(agenda.svg)
    assert "• 10:00 – 12:00 : Rendez-vous – Gembloux (Implantations)" in plain(agenda.alt)
    assert not any(said in told for said in ("Gisèle", "LAFRAISE", "bail"))
    await form.choose(f"show-{guide.seforme.id}", ())
    (agenda,) = pictures(form)
    told_of = [line for line in plain(agenda.alt).splitlines() if line.startswith("•") and "Rien dans" not in line]
    assert told_of == ["• 10:00 – 12:00 : Rendez-vous – Gembloux (Implantations)"]


async def test_a_case_with_many_clients_is_searched(agathe: Desk, guide: Guide) -> None:
    def fill(tx: Transaction) -> None:
        clients = tuple(tx.people.save_client(f"c{n}", Client(0, f"Prénom{n}", "Étudiant")) for n in range(25))
        tx.cases.save(SupportCase(1400, guide.case.kind, guide.agathe.id, clients=clients))
        tx.cases.save(SupportCase(1401, guide.case.kind, guide.agathe.id, clients=clients[:10]))

    await agathe.db.write(fill)
    many = agathe.filling(await agathe.send(click("create", 1400)))
    assert not many.has("clients")
    found = await many.search("parties", "etudiant")
    assert len(found["Usagers du parcours"]) == 20
    ten = agathe.filling(await agathe.send(click("create", 1401)))
    offered = ten.field("clients")
    assert isinstance(offered, ui.MultiChoiceField)
    assert len(offered.options) == 10
    assert "clients" not in ten.values


async def test_an_unchanged_edit_changes_nothing(agathe: Desk, guide: Guide) -> None:
    parties = (guide.ecoute.ref, guide.partner.ref, guide.gisele.ref, guide.aunt.ref)
    made = await booked(agathe, guide, parties=parties)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await agathe.db.read(lambda tx: tx.appointments.find(made.id)) == made


async def test_an_edit_can_change_how_long_it_lasts_and_who_comes(agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    await form.choose("duration", "45")
    assert form.values["slot"] == "same"
    await form.choose("parties", (f"worker:{guide.agathe.id}", f"professional_contact:{guide.partner.id}"))
    assert isinstance(await form.submit(), ui.CloseForm)
    now = await agathe.db.read(lambda tx: tx.appointments.find(made.id))
    assert now is not None
    assert now.during.duration == timedelta(minutes=45)
    assert now.parties == (guide.gisele.ref, guide.agathe.ref, guide.partner.ref)


async def test_a_worker_who_has_left_stays_in_what_is_edited_and_cannot_be_added(agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    await agathe.db.write(lambda tx: tx.people.save_worker(replace(guide.ecoute, active=False)))
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    assert form.values["parties"] == (f"worker:{guide.ecoute.id}",)
    form.values["comment"] = "Apporter le bail"
    assert isinstance(await form.submit(), ui.CloseForm)
    new = await own(agathe)
    await new.choose("parties", (f"worker:{guide.ecoute.id}",))
    assert "parties" not in new.values


async def test_an_edit_of_an_old_card_opens_nothing(agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    other = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    form.values["comment"] = "Apporter le bail"
    await form.submit()
    stale = await agathe.send(click("edit", made.id, made.revision))
    assert isinstance(stale, ui.Refreshed)
    assert "rien n’a été fait" in stale.notice
    other.values["comment"] = "Autre chose"
    closed = await other.submit()
    assert isinstance(closed, ui.CloseForm)
    assert "rien n’a été fait" in closed.notice


async def test_a_week_without_slots_is_passed_over(agathe: Desk) -> None:
    agathe.clock.set(between("2026-01-23 16:30", "17:00").start)
    form = await for_lead(agathe)
    assert form.values["week"] == "2026-01-26"
    await form.choose("week", "2026-01-19")
    assert form.slots() == {}
    slot = form.field("slot")
    assert isinstance(slot, ui.SlotField)
    assert slot.hint.startswith("Aucun créneau libre cette semaine-là")


@pytest.mark.parametrize(
    "context",
    ["", "new", "new.0.0.0.0///", "edit.1.1.1.1////", "new.0.0.0.0/a///", "evil.0.0.0.0////", "new.0.0.0.-1////"],
)
async def test_a_forged_context_does_nothing(agathe: Desk, context: str) -> None:
    with pytest.raises(NotFound):
        await agathe.send(ui.FormSubmit("booking", context, "nonce", {"main": "1"}))
    with pytest.raises(NotFound):
        await agathe.send(ui.FormSubmit("unknown", context, "nonce", {}))
    assert await agathe.send(ui.OptionSearch("unknown", "case", "")) == ui.Options(())


async def test_forged_values_are_refused_in_words(agathe: Desk, guide: Guide) -> None:
    form = await own(agathe)
    form.values |= {"slot": "1.2.3.4", "duration": "-5", "week": "x", "place": "99", "main": "1" * 30}
    outcome = await form.submit()
    assert isinstance(outcome, ui.FieldErrors)
    assert {field for field, _ in outcome.errors} == {"main", "slot"}
    form.values |= {"slot": "99999999999.99999999999.1", "main": str(guide.agathe.id)}
    assert only_error(await form.submit())[0] == "slot"
    assert await count(agathe) == 0


async def test_two_people_race_for_one_slot(agathe: Desk, ecoute: Desk) -> None:
    forms = [await for_lead(desk) for desk in (agathe, ecoute)]
    for form in forms:
        form.values["slot"] = form.slot("10:00")  # a platform that shows nothing anew after a choice, and holds nothing
    first, second = [await form.submit() for form in forms]
    assert isinstance(first, ui.CloseForm)
    assert isinstance(second, ui.UpdateForm)
    assert "n’est plus libre" in text_of(second.form)
