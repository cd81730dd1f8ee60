"""« Pourquoi pas à cette heure ? »: the reasons in words or in a form, and nobody's private title."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.availability import Absence, AbsenceKind, ExternalEvent, Limits
from core.ports import Transaction
from core.reasons import Reason, ReasonKind
from handlers import ui
from handlers.booking import why
from handlers.cards.reasons import reason_words
from handlers.context import Context
from tests.builders import ZONE, Guide, between, make_range
from tests.handlers.desk import Desk, facts, labels, replied, text_of
from tests.handlers.office import booked, click

SEFORME = "seforme (Travailleur-euse social) (Principal)"


async def ask(desk: Desk, text: str) -> ui.Outcome:
    """Answer what follows "/dispo pourquoi"."""
    return await why.command(Context(desk.worker, desk.db, desk.clock, desk.texts, desk.rules), text)


async def reasons(desk: Desk, text: str) -> str:
    return text_of(replied(await ask(desk, text)))


async def test_words_are_answered_at_once(agathe: Desk) -> None:
    card = replied(await ask(agathe, "@seforme mardi 18h"))
    assert facts(card) == {"Date": "27/01/2026 18:00 – 19:00", "T(M)S": SEFORME}
    assert f"Pourquoi pas à cette heure ?\n{SEFORME} : en dehors des disponibilités" in text_of(card)
    assert labels(card) == ["Trouver un moment"]
    form = agathe.filling(await agathe.click(card, "Trouver un moment"))
    assert form.field("main").label == "Utilisateur principal"


async def test_every_reason_is_said_without_a_title(agathe: Desk, guide: Guide) -> None:
    await booked(agathe, guide, comment="Le bail")

    def fill(tx: Transaction) -> None:
        event = ExternalEvent(guide.seforme.id, "uid", "", between("2026-01-28 10:00", "11:00"), "Dentiste")
        tx.agendas.replace_external_events(guide.seforme.id, [event])
        day = between("2026-01-29 00:00", "2026-01-30 00:00")
        tx.agendas.save_absence(Absence(0, guide.seforme.id, AbsenceKind.SICKNESS, day, ZONE))
        tx.agendas.save_limits(guide.seforme.id, Limits(notice=timedelta(days=2), after=timedelta(minutes=30), daily=1))
        tx.agendas.hold(
            guide.seforme.id, guide.ecoute.id, between("2026-01-30 10:00", "11:00"), agathe.clock.now(), NEVER
        )

    await agathe.db.write(fill)
    at_ten = await reasons(agathe, "@seforme 27/01/2026 10h-11h")
    assert f"{SEFORME} : autre rendez-vous, 27/01/2026 10:00 – 12:00" in at_ten
    assert f"{SEFORME} : journée complète, 27/01/2026" in at_ten
    assert "battement autour d’un rendez-vous, 27/01/2026 10:00 – 12:00" in await reasons(
        agathe, "@seforme 27/01/2026 9h-9h45"
    )
    assert "occupé (agenda externe), 28/01/2026 10:00 – 11:00" in await reasons(agathe, "@seforme 28/01 10h15")
    assert f"{SEFORME} : absent·e, 29/01/2026" in await reasons(agathe, "@seforme 29/01 10h")
    assert "en cours de réservation, 30/01/2026 10:00 – 11:00" in await reasons(agathe, "@seforme 30/01 10h")
    assert "délai de prévenance" in await reasons(agathe, "@seforme demain 10h")
    assert "jour férié : Fête du Travail" in await reasons(agathe, "@seforme 01/05/2026 10h")
    assert "Ce moment fait partie des créneaux proposés." in await reasons(agathe, "@seforme 26/01 10h")
    for text in ("27/01/2026 10h", "28/01 10h15", "29/01 10h"):
        said = await reasons(agathe, f"@seforme {text}")
        assert not any(word in said for word in ("Dentiste", "bail", "Gisèle", "malad"))


NEVER = between("2026-12-30 10:00", "11:00").start


async def test_of_an_invited_person_no_more_is_said_than_that_he_is_not_free(agathe: Desk, guide: Guide) -> None:
    event = ExternalEvent(guide.ecoute.id, "uid", "", between("2026-01-27 10:00", "11:00"), "Dentiste")
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.ecoute.id, [event]))
    said = await reasons(agathe, "@seforme @ecoute mardi 10h")
    assert "ecoute (Travailleur-euse social) (Principal) : pas libre, 27/01/2026 10:00 – 11:00" in said
    assert "externe" not in said
    holiday = await reasons(agathe, "@seforme @ecoute 01/05/2026 18h")
    assert holiday.count("ecoute (Travailleur-euse social) (Principal) : pas libre") == 1


async def test_a_range_for_other_kinds_is_said(agathe: Desk, guide: Guide) -> None:
    visits = make_range(guide.seforme, kinds=frozenset({"Visite"}))
    await agathe.db.write(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [visits]))
    assert "disponible pour d’autres types de rendez-vous seulement" in await reasons(agathe, "@seforme mardi 10h")


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("", {"main": "Agathe"}, ""),
        ("@seforme", {"main": "seforme"}, ""),
        ("@seforme mardi", {"main": "seforme", "date": "2026-01-27"}, ""),
        ("@seforme 14h", {"main": "seforme", "from": "14:00", "until": "15:00"}, ""),
        ("@seforme semaine prochaine 14h", {"date": "", "from": "14:00"}, ""),
        ("@personne mardi 14h", {"main": "Agathe", "date": "2026-01-27"}, "@personne"),
        ("@seforme mardi 14h chocolat", {"main": "seforme", "date": "2026-01-27"}, "chocolat"),
        ("@seforme mardi 23h30", {}, ""),
    ],
)
async def test_what_is_missing_or_unclear_is_asked_in_a_form(
    agathe: Desk, guide: Guide, text: str, values: dict[str, str], said: str
) -> None:
    outcome = await ask(agathe, text)
    if not values:
        assert "27/01/2026 23:30 – 28/01/2026 00:30" in text_of(replied(outcome))
        return
    form = agathe.filling(outcome)
    ids = {w.handle: str(w.id) for w in guide.workers}
    assert {name: form.values[name] for name in values} == {n: ids.get(v, v) for n, v in values.items()}
    assert (f"Je ne comprends pas « {said} »." in text_of(form.form)) == bool(said)


async def test_a_time_that_cannot_be_is_said(agathe: Desk) -> None:
    form = agathe.filling(await ask(agathe, "@seforme mardi 9h-23h"))
    assert {"from": "09:00", "until": "23:00"}.items() <= form.values.items()
    assert "Un rendez-vous dure 12 heures au plus." in text_of(form.form)


async def test_the_form_answers_as_it_is_filled_in(agathe: Desk, guide: Guide) -> None:
    form = agathe.filling(await agathe.send(click("why", guide.seforme.id, guide.ecoute.id)))
    assert form.values["required"] == (str(guide.ecoute.id),)
    assert text_of(form.form).startswith("Pourquoi pas à cette heure ?")
    outcome = await form.submit()
    assert outcome == ui.FieldErrors((("date", "Indiquez le jour."),))
    await form.choose("date", "2026-01-27")
    await form.choose("from", "18:00")
    await form.choose("until", "19:00")
    assert f"{SEFORME} : en dehors des disponibilités" in text_of(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert await form.search("main", "écoute") == {"": ["ecoute (Travailleur-euse social) (Principal)"]}
    form.values.pop("main")
    assert await form.submit() == ui.FieldErrors((("main", "Choisissez l’utilisateur principal."),))


async def test_the_answer_in_english(agathe: Desk, guide: Guide) -> None:
    desk = agathe.as_(replace(guide.agathe, locale="en"))
    said = await reasons(desk, "@seforme on Tuesday at 6pm")
    assert f"Why not at this time?\n{SEFORME}: outside availability" in said


@pytest.mark.parametrize("kind", list(ReasonKind))
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_reason_has_words(agathe: Desk, guide: Guide, kind: ReasonKind, locale: str) -> None:
    texts = agathe.as_(replace(guide.agathe, locale=locale)).texts
    said = reason_words(Reason(kind, 3, between("2026-01-27 10:00", "11:00")), {3: "seforme"}, texts)
    assert said.strip()
