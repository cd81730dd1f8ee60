"""Quick booking: an appointment in words opens the form filled in; what is unclear is asked, never guessed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from core.appointments import Appointment
from core.availability import BusyKind
from core.ports import Database, Transaction
from core.times import Interval
from handlers import ui
from handlers.booking import spoken
from tests.builders import Guide, at, between, make_worker
from tests.handlers.desk import Desk, Filling, replied, text_of
from tests.handlers.office import booked
from tests.handlers.quickly import filled_in, quick, said, slot_at

T = TypeVar("T")
EVER = Interval(at("2026-01-01 00:00"), at("2027-01-01 00:00"))


async def only(desk: Desk) -> Appointment:
    """Return the one appointment there is."""
    found = await desk.db.read(lambda tx: tx.appointments.find(1))
    assert found is not None
    return found


async def held(desk: Desk, worker_id: int) -> list[Interval]:
    def look(tx: Transaction) -> list[Interval]:
        busy = tx.agendas.busy([worker_id], EVER, desk.clock.now())
        return [b.during for b in busy if b.kind is BusyKind.HOLD and b.held_by == desk.worker.id]

    return await desk.db.read(look)


async def test_the_form_opens_filled_in_and_books_what_was_said(agathe: Desk, guide: Guide) -> None:
    form = await quick(agathe, "demain 14h15-16h30 @ecoute @seforme pour 1285 à Gembloux")

    assert filled_in(form, "case", "main", "parties", "clients", "place", "duration") == {
        "case": "1285",
        "main": str(guide.ecoute.id),
        "parties": (f"worker:{guide.seforme.id}",),
        "clients": (f"client:{guide.gisele.id}",),
        "place": str(guide.gembloux.id),
        "duration": "135",
    }
    assert slot_at(form) == "mer. 21 janvier 14:15 – 16:30"
    during = between("2026-01-21 14:15", "16:30")
    assert await held(agathe, guide.ecoute.id) == [during]
    understood = (
        "mercredi 21 janvier 2026, 14:15 – 16:30 · ecoute, seforme · Parcours n° 1285 · Gembloux (Implantations)"
    )
    assert said(form) == [f"Compris : {understood}. Vérifiez, puis envoyez le formulaire."]

    assert isinstance(await form.submit(), ui.CloseForm)
    found = await only(agathe)
    assert (found.case_number, found.during, found.place_id) == (1285, during, guide.gembloux.id)
    assert [i.worker_id for i in found.invitations] == [guide.seforme.id]


async def test_it_is_understood_in_english_too(agathe: Desk, guide: Guide) -> None:
    english = agathe.as_(replace(guide.agathe, locale="en"))
    form = await quick(english, "next tuesday 10am for 2h with @seforme case 1285")
    assert filled_in(form, "case", "main", "duration") == {
        "case": "1285",
        "main": str(guide.seforme.id),
        "duration": "120",
    }
    assert slot_at(form) == "Tue 27 January 10:00 – 12:00"
    assert said(form) == [
        "Understood: Tuesday, 27 January 2026, 10:00 – 12:00 · seforme · Case no. 1285. Check it, then send the form."
    ]


async def test_a_typed_message_opens_it_as_well(agathe: Desk) -> None:
    form = agathe.filling(await agathe.send(ui.TextReply("Prendre rendez-vous demain 10h-11h pour 1285")))
    assert slot_at(form) == "mer. 21 janvier 10:00 – 11:00"


async def test_without_a_name_it_is_ones_own_agenda(agathe: Desk, guide: Guide) -> None:
    form = await quick(agathe, "demain 20h-21h pour 1285")  # where any time may be booked
    assert form.values["main"] == str(guide.agathe.id)
    assert filled_in(form, "slot", "date", "from", "until") == {
        "slot": "other",
        "date": "2026-01-21",
        "from": "20:00",
        "until": "21:00",
    }
    assert isinstance(await form.submit(), ui.CloseForm)


async def test_a_time_that_is_not_free_is_another_time_with_the_reasons(agathe: Desk, guide: Guide) -> None:
    await booked(agathe, guide)
    form = await quick(agathe, "27/01 11h-12h @seforme pour 1285")
    assert filled_in(form, "slot", "date", "from", "until") == {
        "slot": "other",
        "date": "2026-01-27",
        "from": "11:00",
        "until": "12:00",
    }
    label = guide.seforme.label
    assert said(form)[1:] == [
        "Ce n’est pas un créneau libre : les raisons figurent à côté de l’heure.",
        "Pourquoi pas à cette heure ?",
        f"{label} : autre rendez-vous, 27/01/2026 10:00 – 12:00",
    ]
    assert await held(agathe, guide.seforme.id) == []


async def test_outside_availability_the_form_goes_on_to_ask_the_owner(agathe: Desk) -> None:
    form = await quick(agathe, "demain 18h-19h @seforme pour 1285")
    assert "en dehors des disponibilités" in said(form)[-1]
    await form.submit()
    assert form.has("instead")


class Meanwhile:
    """A database in which something happens after the next look at it."""

    def __init__(self, db: Database, happens: Callable[[], Awaitable[object]]) -> None:
        self._db, self._happens = db, [happens]

    async def read(self, work: Callable[[Transaction], T]) -> T:
        found = await self._db.read(work)
        while self._happens:
            await self._happens.pop()()
        return found

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return await self._db.write(work)


async def test_a_slot_that_someone_takes_at_that_moment_is_told(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    words = "demain 10h-11h @seforme pour 1285"
    first: list[Filling] = []

    async def ecoute_is_faster() -> None:
        first.append(await quick(ecoute, words))

    late = await quick(replace(agathe, db=Meanwhile(agathe.db, ecoute_is_faster)), f"{words} bilan")
    assert "slot" not in late.values
    assert "Quelqu’un est justement en train de réserver ce créneau." in text_of(late.form)
    assert late.has("instead")
    assert "Je ne comprends pas « bilan »." in said(late)
    assert await held(ecoute, guide.seforme.id) == [between("2026-01-21 10:00", "11:00")]
    assert isinstance(await first[0].submit(), ui.CloseForm)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("demain @seforme pour 1285", ["À quelle heure ? Choisissez un créneau du mercredi 21 janvier 2026."]),
        (
            "demain matin @seforme pour 1285",
            ["À quelle heure de la matinée ? Choisissez un créneau du mercredi 21 janvier 2026."],
        ),
        (
            "demain soir @seforme pour 1285",
            [
                "À quelle heure de la soirée ? Choisissez un créneau du mercredi 21 janvier 2026.",
                "Aucun créneau n’est libre à ce moment-là.",
            ],
        ),
        ("semaine prochaine @seforme pour 1285", ["Quel jour, à quelle heure ? Choisissez un créneau."]),
        ("à partir de lundi @seforme pour 1285", ["Quel jour, à quelle heure ? Choisissez un créneau."]),
        ("@seforme pour 1285", ["Quand ? Choisissez un créneau."]),
        ("l’après-midi @seforme pour 1285", ["Quel jour ?"]),
        ("demain matin 14h @seforme pour 1285", ["Les heures ne correspondent pas", "À quelle heure ?"]),
        ("demain vers 10h @seforme 1285", ["Je ne comprends pas « vers 10h ».", "À quelle heure ?"]),
        ("19/01/2025 @seforme pour 1285", ["Ce moment est passé. Choisissez-en un plus tard."]),
        ("19/01/2029 @seforme pour 1285", ["Ce jour est trop lointain."]),
    ],
)
async def test_without_a_day_or_an_hour_no_slot_is_chosen(agathe: Desk, words: str, asked: list[str]) -> None:
    form = await quick(agathe, words)
    assert "slot" not in form.values
    assert [line for line in said(form)[1:] if line.startswith(tuple(asked))] == said(form)[1:]
    assert len(said(form)) == 1 + len(asked)


async def test_the_week_of_the_day_is_shown(agathe: Desk) -> None:
    form = await quick(agathe, "5 février matin @seforme")
    assert form.values["week"] == "2026-02-02"
    assert "jeu. 5 février" in form.slots()


@pytest.mark.parametrize(
    ("words", "times", "asked"),
    [
        ("10h-11h", ("", "10:00", "11:00"), "Quel jour ?"),
        ("semaine prochaine 10h-11h", ("", "10:00", "11:00"), "Quel jour ?"),
        ("demain jusqu’à 16h", ("2026-01-21", "", "16:00"), "À quelle heure cela commence-t-il ?"),
        ("demain 16h-9h", ("2026-01-21", "16:00", "09:00"), "La fin doit venir après le début."),
        ("29 mars 2h30-4h", ("2026-03-29", "02:30", "04:00"), "Ce jour-là, l’heure change à 02:30"),
        ("29 mars 1h-2h30", ("2026-03-29", "01:00", "02:30"), "Ce jour-là, l’heure change à 02:30"),
        ("aujourd’hui 8h-8h30", ("2026-01-20", "08:00", "08:30"), "Ce moment est passé."),
        ("20/01/2025 10h-11h", ("2025-01-20", "10:00", "11:00"), "Ce moment est passé."),
        ("demain 3h-4h", ("2026-01-21", "03:00", "04:00"), "03:00, c’est la nuit : vérifiez l’heure."),
        ("demain 22h30 pendant 2h", ("2026-01-21", "22:30", "00:30"), "en dehors des disponibilités"),
        ("29 mars 1h30 pendant 1h", ("2026-03-29", "01:30", "03:30"), "c’est la nuit"),
        ("dimanche prochain 10h-11h", ("2026-01-25", "10:00", "11:00"), "au dimanche 1er février 2026"),
    ],
)
async def test_a_time_that_cannot_be_or_is_not_whole_is_asked(
    agathe: Desk, words: str, times: tuple[str, str, str], asked: str
) -> None:
    form = await quick(agathe, f"{words} @seforme pour 1285")
    assert form.values["slot"] == "other"
    assert (form.values["date"], form.values["from"], form.values["until"]) == times
    assert [line for line in said(form) if asked in line]


async def test_how_long_is_proposed_aloud(agathe: Desk) -> None:
    form = await quick(agathe, "demain 10h @seforme pour 1285")
    assert slot_at(form) == "mer. 21 janvier 10:00 – 11:00"
    assert "Vous n’avez pas indiqué la durée : une heure est proposée." in said(form)
    form = await quick(agathe, "demain 10h 45 min @seforme pour 1285")
    assert slot_at(form) == "mer. 21 janvier 10:00 – 10:45"
    assert len(said(form)) == 1
    form = await quick(agathe, "demain jusqu’à 12h pendant 1h30 @seforme pour 1285")
    assert slot_at(form) == "mer. 21 janvier 10:30 – 12:00"
    form = await quick(agathe, "demain 10h-12h pendant 1h @seforme pour 1285")
    assert slot_at(form) == "mer. 21 janvier 10:00 – 12:00"
    assert "L’heure de fin indiquée et la durée (01:00) ne concordent pas." in said(form)


@pytest.mark.parametrize("words", ["mardi 10h-11h", "ce mardi 10h-11h"])
async def test_a_weekday_said_on_that_day_may_be_today(agathe: Desk, words: str) -> None:
    form = await quick(agathe, f"{words} @seforme pour 1285")
    assert "Vous pensez peut-être au mardi 20 janvier 2026 : vérifiez le jour." in said(form)
    assert slot_at(form) == "mar. 27 janvier 10:00 – 11:00"


async def test_ones_own_zone_tells_which_day_is_tomorrow(agathe: Desk, guide: Guide) -> None:
    agathe.clock.set(at("2026-01-20 23:30"))
    form = await quick(agathe, "demain 10h-11h @seforme pour 1285")
    assert slot_at(form) == "mer. 21 janvier 10:00 – 11:00"

    away = agathe.as_(replace(guide.agathe, zone="Asia/Tokyo"))  # where it is the 21st already, 7:30
    form = await quick(away, "demain 18h-19h @seforme pour 1285")
    assert slot_at(form) == "jeu. 22 janvier 18:00 – 19:00"
    assert await held(away, guide.seforme.id) == [between("2026-01-22 10:00", "11:00")]


async def test_a_colleague_named_without_the_sign_is_asked_for_with_it(agathe: Desk, guide: Guide) -> None:
    form = await quick(agathe, "lundi 9h-10h avec Seforme et etienne pour 1285")
    assert said(form)[1:] == [
        "Je ne comprends pas « Seforme … etienne ».",
        "Écrivez @ devant le nom d’un collègue : @Seforme @etienne",
    ]
    assert form.values["main"] == str(guide.agathe.id)
    assert not any("@" in line for line in said(await quick(agathe, "lundi 9h-10h avec personne pour 1285")))


async def test_what_was_there_before_stays(agathe: Desk) -> None:
    form = await quick(agathe, "")
    assert said(form) == []
    assert (await quick(agathe, "1285")).values["case"] == "1285"
    assert "Quel parcours ?" in text_of(replied(await agathe.send(ui.CommandCall("rdv", "lafraise"))))
    assert "Aucun parcours accessible ne correspond" in text_of(
        replied(await agathe.send(ui.CommandCall("rdv", "xyz")))
    )
    found = await quick(agathe, "trouver @seforme demain")
    assert found.form.title == "Trouver un moment"


async def test_about_a_message_its_author_is_invited_and_its_link_kept(agathe: Desk, guide: Guide) -> None:
    link = "https://example.slack.com/archives/C1/p1"
    form = agathe.filling(await agathe.send(ui.AboutMessage(guide.ecoute.id, link)))
    assert form.values["main"] == str(guide.agathe.id)
    assert form.values["parties"] == (f"worker:{guide.ecoute.id}",)
    assert str(form.values["comment"]).replace("\u00a0", " ") == f"À propos de ce message : {link}"
    await form.choose("case", "1285")
    await form.choose("slot", form.slot("10:00"))
    assert isinstance(await form.submit(), ui.CloseForm)
    found = await only(agathe)
    assert [i.worker_id for i in found.invitations] == [guide.ecoute.id]
    assert link in found.comment


async def test_about_ones_own_message_or_a_strangers_nobody_is_invited(agathe: Desk, guide: Guide) -> None:
    gone = await agathe.db.write(lambda tx: tx.people.save_worker(make_worker("parti", active=False)))
    for author in (guide.agathe.id, None, gone.id, 999_999):
        form = agathe.filling(await agathe.send(ui.AboutMessage(author, "")))
        assert "parties" not in form.values
        assert form.values["comment"] == ""


def test_an_hour_is_what_is_proposed() -> None:
    assert spoken.When().duration == timedelta(hours=1)
