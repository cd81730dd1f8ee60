"""Why a time is not offered: exactly when it is not, and without anyone's private title."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from core.appointments import Answer
from core.availability import ExternalEvent, Limits
from core.booking import book
from core.conflicts import NeedsConfirmation
from core.errors import Away, Held, InvalidTime, NotFound, OutsideAvailability, SlotTaken
from core.reasons import Reason, ReasonKind, reasons_against
from core.rules import Rules
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import TUESDAY_AT_TEN, Guide, answered, at, between, make_range, store_guide
from tests.clock import START
from tests.core.agendas import RULES, Scene, scenes

K = ReasonKind
HOUR = timedelta(hours=1)
EVENING = between("2026-01-27 20:00", "21:00")
MORNING = between("2026-01-27 09:00", "10:00")
NEXT_SUNDAY = between("2026-02-01 10:00", "11:00")


@pytest.fixture
def tx() -> MemoryTransaction:
    return MemoryTransaction(State())


@pytest.fixture
def guide(tx: MemoryTransaction) -> Guide:
    return store_guide(tx)


def why(tx: MemoryTransaction, guide: Guide, during: Interval = TUESDAY_AT_TEN, **more: object) -> list[Reason]:
    return reasons_against(tx, guide.seforme.id, during, START, RULES, **more)  # type: ignore[arg-type]


def test_what_is_offered_has_nothing_against_it(tx: MemoryTransaction, guide: Guide) -> None:
    assert why(tx, guide) == []
    assert why(tx, guide, invitees=[guide.ecoute.id, guide.stranger.id]) == []


@pytest.mark.parametrize(
    ("during", "kinds"),
    [
        (between("2026-01-19 10:00", "11:00"), [K.PAST]),
        (between("2027-01-25 10:00", "11:00"), [K.TOO_FAR]),
        (between("2026-01-27 10:05", "11:00"), [K.OFF_STEP]),
        (between("2026-01-27 08:30", "09:30"), [K.OUTSIDE]),
        (NEXT_SUNDAY, [K.OUTSIDE]),
        (between("2026-01-27 09:00", "22:00"), [K.TOO_LONG, K.OUTSIDE]),
    ],
)
def test_what_the_time_itself_says(
    tx: MemoryTransaction, guide: Guide, during: Interval, kinds: list[ReasonKind]
) -> None:
    always = make_range(guide.seforme, first_day=at("2026-01-12 12:00").date(), place_id=guide.gembloux.id)
    tx.agendas.replace_ranges(guide.seforme.id, [always])
    assert why(tx, guide, during) == [Reason(k, guide.seforme.id) for k in kinds]


def test_what_is_open_for_other_kinds_or_at_two_places(tx: MemoryTransaction, guide: Guide) -> None:
    seforme, namur = guide.seforme, tx.places.add("Namur", "").id
    morning = make_range(seforme, lasts=2 * HOUR, place_id=guide.gembloux.id)
    midday = make_range(seforme, starts=morning.starts.replace(hour=11), lasts=2 * HOUR, place_id=namur)
    tx.agendas.replace_ranges(seforme.id, [morning, midday])
    assert why(tx, guide) == [Reason(K.TWO_PLACES, seforme.id)]
    tx.agendas.replace_ranges(seforme.id, [make_range(seforme, kinds=frozenset({"Visite"}))])
    assert why(tx, guide) == why(tx, guide, kind="Bilan") == [Reason(K.OTHER_KIND, seforme.id)]
    assert why(tx, guide, kind="VISITE") == []


def test_what_stands_in_the_agenda(tx: MemoryTransaction, guide: Guide) -> None:
    seforme = guide.seforme
    own = tx.appointments.add(guide.appointment(during=between("2026-01-27 10:00", "10:30")))
    tx.agendas.hold(seforme.id, guide.agathe.id, between("2026-01-27 10:30", "10:45"), START, START + HOUR)
    accepted = answered(seforme, Answer.ACCEPTED)
    there = between("2026-01-27 10:45", "11:00")
    tx.appointments.add(
        guide.appointment(
            main_worker_id=guide.stranger.id, during=there, parties=(seforme.ref,), invitations=(accepted,)
        )
    )
    event = ExternalEvent(seforme.id, "uid", "", between("2026-01-27 11:00", "11:30"), "Dentiste")
    unsure = ExternalEvent(seforme.id, "uid2", "", between("2026-01-27 11:30", "12:00"), "Peut-être", tentative=True)
    tx.agendas.replace_external_events(seforme.id, [event, unsure])
    everything = [
        Reason(K.APPOINTMENT, seforme.id, own.during),
        Reason(K.HOLD, seforme.id, between("2026-01-27 10:30", "10:45")),
        Reason(K.INVITATION, seforme.id, there),
        Reason(K.EXTERNAL, seforme.id, event.during),
    ]
    assert why(tx, guide) == everything
    assert why(tx, guide, viewer_id=guide.agathe.id, ignoring=own.id) == everything[2:]
    assert "Dentiste" not in repr(why(tx, guide))


def test_a_public_holiday_is_named_in_the_viewers_language(tx: MemoryTransaction, guide: Guide) -> None:
    labour_day = between("2026-05-01 10:00", "11:00")
    whole = between("2026-05-01 00:00", "2026-05-02 00:00")
    assert why(tx, guide, labour_day) == [Reason(K.HOLIDAY, guide.seforme.id, whole, "Fête du Travail")]
    english = tx.people.save_worker(replace(guide.agathe, locale="en"))
    assert [r.label for r in why(tx, guide, labour_day, viewer_id=english.id)] == ["Labor Day"]


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (Limits(before=HOUR), K.BUFFER),
        (Limits(travel=HOUR), K.TRAVEL),
        (Limits(daily=1), K.FULL_DAY),
        (Limits(notice=timedelta(days=8)), K.NOTICE),
    ],
)
def test_what_the_workers_limits_say(tx: MemoryTransaction, guide: Guide, limits: Limits, kind: ReasonKind) -> None:
    tx.agendas.save_limits(guide.seforme.id, limits)
    own = guide.appointment(during=between("2026-01-27 12:30", "13:30"), place_id=tx.places.add("Namur", "").id)
    tx.appointments.add(own)
    day = between("2026-01-27 00:00", "2026-01-28 00:00")
    expected = {K.BUFFER: own.during, K.TRAVEL: own.during, K.FULL_DAY: day, K.NOTICE: None}
    assert why(tx, guide) == [Reason(kind, guide.seforme.id, expected[kind])]


def test_the_way_is_no_reason_where_another_of_his_places_needs_none(tx: MemoryTransaction, guide: Guide) -> None:
    seforme, namur = guide.seforme, tx.places.add("Namur", "").id
    tx.agendas.save_limits(seforme.id, Limits(travel=HOUR))
    tx.appointments.add(guide.appointment(during=between("2026-01-27 12:30", "13:30"), place_id=namur))
    tx.agendas.replace_ranges(
        seforme.id, [make_range(seforme, place_id=guide.gembloux.id), make_range(seforme, place_id=namur)]
    )
    assert why(tx, guide) == []


def test_the_past_is_not_called_too_soon_as_well(tx: MemoryTransaction, guide: Guide) -> None:
    tx.agendas.save_limits(guide.seforme.id, Limits(notice=timedelta(days=8)))
    before = Interval.lasting(START - HOUR, HOUR)
    assert [r.kind for r in why(tx, guide, before)] == [K.PAST, K.OUTSIDE]


def test_of_an_invitee_no_more_is_said_than_that_he_is_not_free(tx: MemoryTransaction, guide: Guide) -> None:
    ecoute = guide.ecoute
    event = ExternalEvent(ecoute.id, "uid", "", TUESDAY_AT_TEN, "Dentiste")
    tx.agendas.replace_external_events(ecoute.id, [event])
    tx.agendas.save_limits(ecoute.id, Limits(notice=timedelta(days=30), daily=1))
    assert why(tx, guide, invitees=[ecoute.id]) == [Reason(K.INVITEE, ecoute.id, TUESDAY_AT_TEN)]
    assert why(tx, guide) == []
    tx.agendas.replace_external_events(ecoute.id, [])
    tx.agendas.replace_ranges(ecoute.id, [make_range(ecoute, lasts=HOUR)])
    assert why(tx, guide, invitees=[ecoute.id]) == [Reason(K.INVITEE, ecoute.id)]
    tx.agendas.replace_ranges(ecoute.id, [])
    assert why(tx, guide, invitees=[ecoute.id]) == [], "who has no ranges may be asked at any time"


def test_nobody_has_no_reasons(tx: MemoryTransaction, guide: Guide) -> None:
    with pytest.raises(NotFound):
        reasons_against(tx, 404, TUESDAY_AT_TEN, START, Rules(), invitees=[guide.ecoute.id])


@given(scene=scenes())
@settings(max_examples=400)
def test_there_is_no_reason_exactly_when_the_time_is_offered(scene: Scene) -> None:
    reasons = scene.reasons()
    offered = scene.asked.during in [s.during for s in scene.offers()]
    assert (reasons == []) is offered, reasons
    assert all((r.label != "") is (r.kind is K.HOLIDAY) for r in reasons)
    assert all(r.worker_id == scene.guide.seforme.id or r.kind is K.INVITEE for r in reasons)


@given(scene=scenes())
@settings(max_examples=300)
def test_what_is_offered_is_booked_and_what_is_marked_is_asked_about(scene: Scene) -> None:
    """The first two columns of rule 3 agree: no one is surprised at the end by what he was shown at the beginning."""
    guide, asked = scene.guide, scene.asked
    scene = replace(scene, asked=replace(asked, viewer=True, ignoring=0))
    slots, reasons = scene.offers(), {r.kind for r in scene.reasons()}
    slot = slots[0] if slots else None
    parties = (guide.gisele.ref, *([guide.ecoute.ref] if asked.invited else []))
    place = slot.place_id if slot else None
    request = guide.request(during=asked.during, parties=parties, place=place, kind=asked.kind)
    try:
        book(scene.tx, guide.agathe, request, asked.now, RULES)
    except (InvalidTime, Away, OutsideAvailability, SlotTaken, Held):
        assert slot is None
    except NeedsConfirmation:
        assert slot is None or slot.marked
        assert slot or reasons
    else:
        assert slot is None or not slot.marked
        # What can be typed though it is not offered; an invitee may be asked outside his ranges.
        assert reasons <= {K.OFF_STEP, K.TWO_PLACES, K.TRAVEL, K.INVITEE}
