"""Daily summaries from the clock to the message: once, late the same day, and only when there is something to tell."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta

import pytest

import storage
from bot import bootstrap
from bot.scheduler import Job
from bot.settings import Settings
from bot.summaries import EVERY, plan_summaries, summary_job
from core.appointments import Answer
from core.notices import NoticeKind
from core.people import Worker
from core.ports import Database, Transaction
from core.preferences import Preferences
from core.preferring import save_preferences
from core.summaries import AT_ONCE
from handlers.ui import Card, ItemList
from tests.bot.messengers import Sent
from tests.bot.office import RULES, Office
from tests.builders import at, between, make_worker, unsent
from tests.clock import START, SetClock
from tests.storage.processes import together

MORNING = Preferences(summary_at=time(7, 30))
PEOPLE = AT_ONCE + 20


async def prefer(office: Office, worker: Worker, chosen: Preferences = MORNING) -> None:
    now = office.clock.now()
    await office.db.write(lambda tx: save_preferences(tx, worker, chosen, now, RULES))


async def told(office: Office, when: str, zone: str = "Europe/Brussels") -> list[Sent]:
    """Let it be `when`, plan and send; return the summaries that were posted."""
    office.clock.set(at(when, zone))
    await plan_summaries(office.db, office.clock)
    await office.send_all()
    return [sent for sent in office.web.taken() if sent.card.title.startswith(("Votre journée", "Your day"))]


def only(sent: list[Sent]) -> Card:
    (found,) = sent
    return found.card


def entries(card: Card) -> list[tuple[str, ...]]:
    found = [item for part in card.body if isinstance(part, ItemList) for item in part.items]
    return [tuple(line.replace("\u00a0", " ") for line in (item.title, *item.lines)) for item in found]


async def test_the_day_is_told_once_in_the_morning(office: Office) -> None:
    await prefer(office, office.guide.seforme)
    await office.book()
    assert await told(office, "2026-01-27 07:29") == []
    sent = await told(office, "2026-01-27 07:30")
    assert [s.account.worker_id for s in sent] == [office.guide.seforme.id]
    card = only(sent)
    assert card.title == "Votre journée : mardi 27 janvier 2026".replace(" :", "\u00a0:")
    assert entries(card) == [
        ("10:00 – 12:00", "Parcours n° 1285 – Gisèle LAFRAISE (26 ans)", "Gembloux (Implantations)")
    ]
    for later in ("07:31", "07:32", "23:59"):
        assert await told(office, f"2026-01-27 {later}") == []


async def test_the_push_names_nobody(office: Office) -> None:
    await prefer(office, office.guide.ecoute)
    await office.book()
    card = only(await told(office, "2026-01-27 07:30"))
    assert [b.label for b in card.actions if hasattr(b, "label")] == ["Mes invitations (1)", "Mon agenda"]
    neutral = card.neutral.replace("\u00a0", " ")
    assert neutral == "Votre journée : mardi 27 janvier 2026 – 1 rendez-vous. 1 invitation attend votre réponse."
    assert entries(card)[0][-1] == "Votre réponse : pas encore de réponse"


async def test_it_comes_late_the_same_day_and_not_the_next(office: Office) -> None:
    await prefer(office, office.guide.seforme)
    await office.book(during=between("2026-01-27 14:00", "15:00"))
    late = only(await told(office, "2026-01-27 13:00"))
    assert entries(late)[0][0] == "14:00 – 15:00"
    await office.book(during=between("2026-01-28 14:00", "15:00"))
    assert await told(office, "2026-01-29 00:00") == []


async def test_one_that_could_not_be_sent_before_midnight_is_dropped(office: Office) -> None:
    await prefer(office, office.guide.seforme)
    await office.book()
    await office.send_all()
    office.clock.set(at("2026-01-27 07:30"))
    assert await plan_summaries(office.db, office.clock) == 1
    assert await told(office, "2026-01-28 00:00") == []
    assert await office.send_all() == 0
    assert await office.failed() == []


async def test_one_that_is_switched_off_before_it_could_be_sent_is_dropped(office: Office) -> None:
    await prefer(office, office.guide.seforme)
    await office.book()
    await office.send_all()
    office.clock.set(at("2026-01-27 07:30"))
    assert await plan_summaries(office.db, office.clock) == 1
    await prefer(office, office.guide.seforme, Preferences())
    assert await told(office, "2026-01-27 07:31") == []


async def test_nothing_is_sent_on_an_empty_day(office: Office) -> None:
    await prefer(office, office.guide.ecoute)
    booked = await office.book()
    await office.answer(booked, Answer.DECLINED)
    assert await told(office, "2026-01-27 07:30") == []
    assert await unsent(office.db, office.clock.now()) == []


async def test_what_waits_is_told_on_an_empty_day_too(office: Office) -> None:
    await prefer(office, office.guide.ecoute)
    await office.book()
    card = only(await told(office, "2026-01-26 07:30"))
    assert entries(card) == []
    assert "Aucun rendez-vous" in card.neutral


@pytest.mark.parametrize(("night", "utc_before", "utc_after"), [("2026-03-29", 6.5, 5.5), ("2026-10-25", 5.5, 6.5)])
async def test_half_past_seven_stays_half_past_seven_over_a_clock_change(
    office: Office, night: str, utc_before: float, utc_after: float
) -> None:
    ecoute, sunday = office.guide.ecoute, datetime.fromisoformat(f"{night}T00:00+00:00")
    office.clock.set(sunday - timedelta(days=2))
    await prefer(office, ecoute)
    await office.book(during=between(f"{sunday + timedelta(days=1):%Y-%m-%d} 10:00", "12:00"))  # an invitation waits
    due = []
    for minute in range(0, 48 * 60, 30):
        office.clock.set(sunday - timedelta(days=1) + timedelta(minutes=minute))
        await plan_summaries(office.db, office.clock)
        await office.send_all()
        if any(s.card.title.startswith("Votre journée") for s in office.web.taken()):
            due.append(minute / 60)
    assert due == [utc_before, 24 + utc_after]


async def test_after_a_change_of_zone_it_follows_the_new_clock_in_the_new_language(office: Office) -> None:
    seforme = office.guide.seforme
    await prefer(office, seforme)
    await office.book()
    await prefer(office, seforme, Preferences(locale="en", zone="America/New_York", summary_at=time(7, 30)))
    assert await told(office, "2026-01-27 07:30") == []
    await office.book(during=between("2026-01-27 16:00", "17:00"))
    card = only(await told(office, "2026-01-27 07:30", "America/New_York"))
    assert card.title == "Your day: Tuesday, 27 January 2026"
    assert entries(card)[0][0] == "10:00 – 11:00"


async def test_off_nothing_comes(office: Office) -> None:
    await prefer(office, office.guide.seforme)
    await office.book()
    await prefer(office, office.guide.seforme, Preferences())
    assert await told(office, "2026-01-27 07:30") == []


async def test_the_job_wakes_the_outbox_only_if_something_is_due(office: Office) -> None:
    woken: list[datetime] = []
    job = summary_job(office.db, office.clock, lambda: woken.append(office.clock.now()))
    await prefer(office, office.guide.seforme)
    for when in ("2026-01-21 07:29", "2026-01-21 07:30", "2026-01-21 07:31"):
        office.clock.set(at(when))
        ran = job.run()
        assert ran is not None
        await ran
    assert woken == [at("2026-01-21 07:30")]


async def test_a_database_that_is_away_ends_no_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(office.db, "read", away)
    ran = summary_job(office.db, office.clock, lambda: None).run()
    assert ran is not None
    await ran


async def test_the_product_plans_them_every_minute(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []
    monkeypatch.setattr(bootstrap, "Scheduler", jobs.extend)
    runtime = bootstrap.build(Settings(database_url=sqlite_url, secret_key="x" * 40), demo=False)
    await runtime.db.close()
    assert {job.name: job.every for job in jobs}["summaries"] == EVERY == timedelta(minutes=1)


async def plan_again_and_again(database: Database) -> int:
    """Plan what is due, several times."""
    clock = SetClock(START + timedelta(days=1))
    return sum([await plan_summaries(database, clock) for _ in range(3)])


STORED = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=STORED)
async def crowd(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, Database]]:
    """A database of each stored kind with its address, in which more are due than one transaction plans."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    database = storage.open_database(url)

    def fill(tx: Transaction) -> None:
        for n in range(PEOPLE):
            save_preferences(tx, tx.people.save_worker(make_worker(f"w{n}")), MORNING, START, RULES)

    await database.write(fill)
    yield url, database
    await database.close()


async def each_once(database: Database) -> None:
    planned = [n for n in await unsent(database) if n.kind is NoticeKind.SUMMARY]
    assert len({n.recipient_id for n in planned}) == len(planned) == PEOPLE
    assert await database.read(lambda tx: tx.choices.summaries_due(START + timedelta(days=1), 1)) == []


async def test_two_at_once_tell_each_once(crowd: tuple[str, Database]) -> None:
    url, database = crowd
    other = storage.open_database(url)
    looked_at = await asyncio.gather(plan_again_and_again(database), plan_again_and_again(other))
    await other.close()
    assert sum(looked_at) >= PEOPLE
    await each_once(database)


@pytest.mark.slow
async def test_two_processes_tell_each_once(crowd: tuple[str, Database]) -> None:
    url, database = crowd
    looked_at = together(2, plan_again_and_again, url)
    assert sum(looked_at) >= PEOPLE, looked_at
    await each_once(database)
