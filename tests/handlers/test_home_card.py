"""The home's card: invitations first with their buttons, what may be taken back, today, the week, and the ways on."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.appointments import Answer, Appointment
from core.days import Listed
from core.endings import cancel
from core.home import INVITATIONS, TODAY, WEEK, HomeView, view_home
from core.ports import Transaction
from core.times import Interval
from handlers import ui
from handlers.codec import decode, encode
from handlers.home.card import home_card
from handlers.i18n import Texts
from tests.builders import Guide, at, between
from tests.clock import START
from tests.core.lives import world
from tests.handlers.desk import Desk, buttons, labels, text_of
from tests.handlers.office import answered, booked

QUARTER = timedelta(minutes=15)
WAYS_ON = [
    *("Prendre rendez-vous", "Trouver un moment", "Mon agenda", "Mes disponibilités", "Mes réglages", "Mes comptes"),
]
ANSWERS = ["Accepter", "Refuser", "Accepter provisoirement"]


async def home(desk: Desk) -> ui.Card:
    """Return the home of the desk's worker as it stands now."""

    def look(tx: Transaction) -> ui.Card:
        worker, now = tx.people.worker(desk.worker.id), desk.clock.now()
        return home_card(view_home(tx, worker, now), Texts(worker.locale, worker.zone), now)

    return await desk.db.read(look)


async def test_an_empty_home_says_so_and_leads_on(agathe: Desk) -> None:
    card = await home(agathe)
    assert text_of(card).splitlines() == [
        "Rendez-vous",
        "Aucune invitation n’attend votre réponse.",
        "Aujourd’hui, mardi 20 janvier 2026",
        "Plus rien aujourd’hui.",
        "Rien d’autre cette semaine.",
    ]
    assert labels(card) == WAYS_ON
    opening = {b.label for b in buttons(card) if b.opens_form}
    assert opening == {"Prendre rendez-vous", "Trouver un moment", "Mes réglages"}


async def test_an_invitation_stands_first_and_is_answered_with_one_click(
    agathe: Desk, ecoute: Desk, guide: Guide
) -> None:
    appointment = await booked(agathe, guide)
    card = await home(ecoute)
    lines = text_of(card).splitlines()
    assert lines[1] == "1 invitation attend votre réponse."
    assert lines[2:6] == [
        "27/01/2026 10:00 – 12:00",
        "Parcours n° 1285 – Gisèle LAFRAISE (26 ans)",
        "Utilisateur principal : seforme (Travailleur-euse social) (Principal)",
        "Gembloux (Implantations)",
    ]
    assert labels(card) == [*ANSWERS, "Ouvrir", *WAYS_ON]
    assert card.neutral == "Rendez-vous"
    outcome = await ecoute.click(card, "Accepter provisoirement")
    assert outcome == ui.Refreshed(appointment.id)
    ecoute.clock.set(at("2026-01-26 08:00"))
    assert "Votre réponse : accepté provisoirement" in text_of(await home(ecoute))


async def test_a_refusal_is_taken_back_from_the_home(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    appointment = await booked(agathe, guide)
    await answered(ecoute, appointment, Answer.DECLINED)
    card = await home(ecoute)
    assert "27/01/2026 10:00 – 12:00 – refusé" in text_of(card)
    assert await ecoute.click(card, "Revenir sur mon refus") == ui.Refreshed(appointment.id)
    assert labels(await home(ecoute))[:3] == ANSWERS


async def test_a_cancellation_is_taken_back_from_the_home(agathe: Desk, guide: Guide) -> None:
    appointment = await booked(agathe, guide)
    now = agathe.clock.now()
    await agathe.db.write(lambda tx: cancel(tx, agathe.worker, appointment.id, 1, "", now, agathe.rules))
    card = await home(agathe)
    assert "27/01/2026 10:00 – 12:00 – annulé" in text_of(card)
    assert await agathe.click(card, "Rétablir le rendez-vous") == ui.Refreshed(appointment.id)
    assert labels(await home(agathe)) == WAYS_ON


async def test_today_and_the_week_are_told_in_his_language(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await booked(agathe, guide, parties=(guide.gisele.ref,))
    await booked(agathe, guide, during=between("2026-01-26 14:00", "15:00"), parties=(guide.gisele.ref,))
    seforme.clock.set(at("2026-01-26 08:00"))
    lines = text_of(await home(seforme)).splitlines()
    assert "14:00 – 15:00" in lines
    assert lines[lines.index("Cette semaine") + 1] == "mar. 27 janvier 10:00 – 12:00"
    english = Texts("en", seforme.worker.zone)
    view = await seforme.db.read(lambda tx: view_home(tx, seforme.worker, seforme.clock.now()))
    assert "Today, Monday, 26 January 2026" in text_of(home_card(view, english, seforme.clock.now()))


def crowded(count: int, clients: int, name: str) -> tuple[HomeView, HomeView]:
    """Return the homes of an invited worker and of a main worker with that many appointments each day."""
    tx, guide = world()
    people = [replace(guide.gisele, family_name=name) for _ in range(clients)]
    parties = (guide.ecoute.ref, *(tx.people.save_client(f"c{n}", c).ref for n, c in enumerate(people)))
    for n in range(count):
        for day in ("2026-01-20", "2026-01-21"):
            during = Interval.lasting(at(f"{day} 10:00") + n * timedelta(minutes=1), timedelta(minutes=1))
            tx.appointments.add(guide.appointment(during=during, parties=parties))
    return view_home(tx, guide.ecoute, START), view_home(tx, guide.seforme, START)


@settings(max_examples=20, deadline=None)
@given(
    count=st.sampled_from([0, 1, INVITATIONS, INVITATIONS + 1, TODAY, WEEK + 1, 150]),
    clients=st.sampled_from([0, 1, 3, 4, 40]),
    name=st.text("abc é", min_size=1, max_size=200),
)
def test_however_much_there_is_the_card_stays_small_and_counts_it_all(count: int, clients: int, name: str) -> None:
    texts = Texts("fr", "Europe/Brussels")
    invited, main = crowded(count, clients, name)
    card = home_card(invited, texts, START)
    assert len(buttons(card, "Accepter")) == min(2 * count, INVITATIONS)
    left = 2 * count - INVITATIONS
    more = f"Mes invitations ({2 * count})"
    assert [b.label for b in buttons(card, more)] == ([more] if left > 0 else [])
    assert (f"… et {left} autre" in text_of(card)) is (left > 0)
    card = home_card(main, texts, START)
    assert len(buttons(card, "Ouvrir")) == min(count, TODAY) + min(count, WEEK)
    assert len(buttons(card, "Mon agenda")) == 1 + (count > TODAY) + (count > WEEK)
    for shown in (card, home_card(invited, texts, START)):
        items = [item for part in shown.body if isinstance(part, ui.ItemList) for item in part.items]
        assert len(items) <= INVITATIONS + TODAY + WEEK + 3
        assert all(len(item.lines) <= 4 and len(item.actions) <= 4 for item in items)
        about = [item.lines[0] for item in items if item.lines]
        assert all(line.endswith(f" et {clients - 3} autres") for line in about if clients > 4)
        assert decode(encode(shown)) == shown


async def test_several_just_ended_are_all_said(agathe: Desk, guide: Guide) -> None:
    made: list[Appointment] = []
    for hour in range(9, 15):
        during = between(f"2026-01-27 {hour:02}:00", f"{hour + 1:02}:00")
        made.append(await booked(agathe, guide, during=during, parties=(guide.gisele.ref,)))
    for a in made:
        await agathe.db.write(lambda tx, a=a: cancel(tx, agathe.worker, a.id, 1, "", START, agathe.rules))
    card = await home(agathe)
    assert len(buttons(card, "Rétablir le rendez-vous")) == 4
    assert "… et 2 autres" in text_of(card)


def test_what_is_not_shown_is_never_silent() -> None:
    view, _ = crowded(0, 1, "Lafraise")
    card = home_card(replace(view, today=Listed((), 0), week=Listed((), 0)), Texts("en", "UTC"), START)
    assert "Nothing more today." in text_of(card)
