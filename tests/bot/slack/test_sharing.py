"""An appointment shared to a channel: no client's name there, and nobody acts who could not otherwise (rule 9)."""

from dataclasses import replace

import pytest

from core.appointments import Answer, Appointment
from core.booking import change
from core.endings import cancel, delete
from core.invitations import answer_invitation
from core.people import Worker
from core.ports import Transaction
from core.shares import Share
from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.fake_api import Fault, Message
from tests.bot.slack.screen import fields, labels, modal_text, text_of
from tests.builders import between, make_worker

TEAM_ROOM = "C0TEAM"
SHARE = "Partager dans un canal"
NAMES = ("LAFRAISE", "Gisèle", "Odette", "Zoé")


async def share(office: Office, handle: str = "Agathe", channel: str = TEAM_ROOM) -> str:
    """Share from one's own card; return what the modal said."""
    await office[handle].click(office.with_button(handle, SHARE), SHARE)
    await office.answered()
    modal = modal_text(office[handle].modal.view)
    await office[handle].write("Canal", channel)
    await office[handle].submit()
    await office.settle()
    return modal


def in_channel(office: Office, channel: str = TEAM_ROOM) -> list[Message]:
    """What everybody in the channel sees."""
    return [m for m in office.slack.messages if m.channel == channel and not m.only_for]


def channel_reads(office: Office) -> str:
    """What the one card of the channel says; its notification names nobody either."""
    [message] = in_channel(office)
    assert not [name for name in NAMES if name in message.text or name in text_of(message.blocks)]
    return text_of(message.blocks)


async def shares(office: Office, appointment: Appointment) -> list[Share]:
    def look(tx: Transaction) -> list[Share]:
        return tx.shares.of(appointment.id)

    return await office.deps.db.read(look)


@pytest.fixture
async def appointment(office: Office) -> Appointment:
    """Agathe's, in seforme's agenda; with everybody whose name must not be read."""
    guide = office.guide
    parties = (guide.gisele.ref, guide.aunt.ref, guide.partner.ref, guide.ecoute.ref)
    return await office.book(parties=parties, comment="Gisèle veut déménager")


@pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
async def test_the_channel_reads_the_case_and_the_workers_and_no_name(office: Office, appointment: Appointment) -> None:
    modal = await share(office)
    read = channel_reads(office)
    assert read.startswith("Rendez-vous – parcours n° 1285")
    for part in ("27/01/2026 10:00 – 12:00", "seforme", "ecoute", "pas encore de réponse", "Gembloux", "[Ouvrir]"):
        assert part in read
        assert part in modal or part == "[Ouvrir]"
    assert "déménager" not in read
    assert labels(in_channel(office)[0].blocks) == ["Ouvrir"]
    assert "sans nom d’usager" in office.reads("Agathe")
    [stored] = await shares(office, appointment)
    assert (stored.platform, stored.tenant, stored.channel) == ("slack", "T0RDV", TEAM_ROOM)


async def test_only_channels_of_the_own_organisation_are_offered(office: Office, appointment: Appointment) -> None:
    assert appointment.id
    await office["Agathe"].click(office.with_button("Agathe", SHARE), SHARE)
    await office.answered()
    element = fields(office["Agathe"].modal.view)["Canal"]["element"]
    assert element["type"] == "conversations_select"
    assert element["filter"]["include"] == ["public", "private"]
    assert element["filter"]["exclude_external_shared_channels"] is True


async def test_the_channels_card_follows_what_happens(office: Office, appointment: Appointment) -> None:
    await share(office)
    db, guide, rules = office.deps.db, office.guide, office.deps.rules

    def answer(tx: Transaction) -> object:
        return answer_invitation(tx, guide.ecoute, appointment.id, 1, 0, Answer.DECLINED, office.clock.now(), rules)

    await db.write(answer)
    await office.settle()
    assert "pas encore de réponse" in channel_reads(office), "he may still take it back"
    await office.settle(minutes=1)
    assert "refusé" in channel_reads(office)

    moved = guide.request(during=between("2026-01-27 14:00", "15:00"), parties=appointment.parties)
    await db.write(lambda tx: change(tx, guide.agathe, appointment.id, 1, moved, office.clock.now(), rules))
    await office.settle()
    assert "27/01/2026 14:00 – 15:00" in channel_reads(office)

    await db.write(lambda tx: cancel(tx, guide.agathe, appointment.id, 2, "Gisèle", office.clock.now(), rules))
    await office.settle()
    assert "annulé" not in channel_reads(office)
    await office.settle(minutes=1)
    assert "Ce rendez-vous est annulé." in channel_reads(office)

    await db.write(lambda tx: delete(tx, guide.seforme, appointment.id, 2, office.clock.now(), rules))
    await office.settle(minutes=1)
    assert channel_reads(office).endswith("Ce rendez-vous a été supprimé.")
    assert labels(in_channel(office)[0].blocks) == []


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("not_in_channel", "Invitez-le avec /invite @rdv, puis partagez à nouveau"),
        ("channel_not_found", "Invitez-le avec /invite @rdv, puis partagez à nouveau"),
        ("is_archived", "Ce canal est archivé."),
        ("restricted_action", "seules certaines personnes peuvent écrire"),
        ("restricted_action_read_only_channel", "seules certaines personnes peuvent écrire"),
        ("a_word_that_slack_makes_up", "Invitez-le avec /invite @rdv"),
    ],
)
async def test_who_shares_is_told_what_to_do_where_rdv_cannot_write(
    office: Office, appointment: Appointment, word: str, advice: str
) -> None:
    office.slack.faults["chat.postMessage"].append(Fault(word))
    await share(office)
    assert in_channel(office) == []
    assert advice in office.reads("Agathe")
    assert await shares(office, appointment) == []
    office.clock.advance(minutes=1)
    await share(office)
    assert "parcours n° 1285" in channel_reads(office)


async def test_a_passing_fault_is_waited_out_and_the_card_comes_once(office: Office, appointment: Appointment) -> None:
    office.slack.faults["chat.postMessage"] += [Fault("internal_error", 500), Fault("ratelimited", 429, 30)]
    await share(office)
    assert in_channel(office) == []
    for _ in range(3):
        await office.settle(minutes=2)
    assert "parcours n° 1285" in channel_reads(office)
    assert len(await shares(office, appointment)) == 1


async def test_sharing_again_posts_no_second_card_and_tells_who_did_it(
    office: Office, appointment: Appointment
) -> None:
    await share(office)
    await office.settle(seconds=1)
    await share(office, "ecoute")
    assert "parcours n° 1285" in channel_reads(office)
    assert "sans nom d’usager" in office.reads("ecoute")
    assert len(await shares(office, appointment)) == 1


async def test_a_card_that_was_deleted_in_the_channel_stays_away_until_it_is_shared_again(
    office: Office, appointment: Appointment
) -> None:
    await share(office)
    office.slack.messages.remove(in_channel(office)[0])
    await office["ecoute"].click(office.with_button("ecoute", "Accepter"), "Accepter")
    await office.settle(minutes=1)
    assert in_channel(office) == []
    assert await shares(office, appointment) == []
    await share(office)
    assert "accepté" in channel_reads(office)
    office.slack.messages.remove(in_channel(office)[0])
    await office.settle(minutes=1)
    await share(office)
    assert "accepté" in channel_reads(office)


async def test_a_channel_that_is_archived_keeps_no_card_of_a_person_from_its_update(
    office: Office, appointment: Appointment
) -> None:
    await share(office)
    office.slack.closed_channels.add(TEAM_ROOM)
    moved = office.guide.request(during=between("2026-01-27 14:00", "15:00"), parties=appointment.parties)
    now, rules = office.clock.now(), office.deps.rules
    await office.deps.db.write(lambda tx: change(tx, office.guide.seforme, appointment.id, 1, moved, now, rules))
    await office.settle(minutes=1)
    assert "14:00 – 15:00" in text_of(office.with_button("Agathe", SHARE).blocks)
    assert "10:00 – 12:00" in channel_reads(office)
    assert await shares(office, appointment) == []


async def test_a_channel_whose_update_must_wait_gets_it_although_the_creator_has_left(
    office: Office, appointment: Appointment
) -> None:
    await share(office, "ecoute")
    guide, now, rules = office.guide, office.clock.now(), office.deps.rules
    moved = guide.request(during=between("2026-01-27 14:00", "15:00"), parties=appointment.parties)

    def leave_and_move(tx: Transaction) -> None:
        tx.people.save_worker(replace(guide.agathe, active=False))
        change(tx, guide.seforme, appointment.id, 1, moved, now, rules)

    await office.deps.db.write(leave_and_move)
    office.slack.fail("chat.update", "internal_error", times=3)  # seforme's card, ecoute's, the channel's
    for _ in range(3):
        await office.settle(minutes=2)
    assert "14:00 – 15:00" in channel_reads(office)


@pytest.mark.slow
async def test_a_card_of_many_messages_is_replaced_and_shrinks(office: Office) -> None:
    def hire(tx: Transaction) -> list[Worker]:
        return [
            tx.people.save_worker(make_worker(f"w{n}", name=f"{n} " + "Très long " * 20, job="Métier " * 25))
            for n in range(40)
        ]

    crowd = await office.deps.db.write(hire)
    booked = await office.book(parties=tuple(w.ref for w in crowd))
    await share(office)
    long = in_channel(office)
    assert len(long) > 1
    read = "".join("".join(text_of(m.blocks) for m in long).split())
    assert all("".join(w.name.split()) in read for w in crowd)
    few = office.guide.request(parties=(office.guide.ecoute.ref,))
    now, rules = office.clock.now(), office.deps.rules
    await office.deps.db.write(lambda tx: change(tx, office.guide.agathe, booked.id, 1, few, now, rules))
    await office.settle(minutes=5)
    assert [m.ts for m in in_channel(office)] == [long[0].ts]
    assert "ecoute" in channel_reads(office)


# --- clicks in the channel


async def test_who_may_see_it_gets_it_alone(office: Office, appointment: Appointment) -> None:
    assert appointment.id
    await share(office)
    before = channel_reads(office)
    await office["ecoute"].click(in_channel(office)[0], "Ouvrir")
    await office.settle()
    assert channel_reads(office) == before
    [hint] = [m for m in office.screen("ecoute", TEAM_ROOM) if m.only_for]
    assert "conversation privée" in text_of(hint.blocks)
    assert not [name for name in NAMES if name in text_of(hint.blocks)]
    own = office.newest("ecoute")
    assert "LAFRAISE" in text_of(own.blocks)
    assert "Accepter" in labels(own.blocks)


async def test_a_stranger_to_the_case_learns_and_does_nothing(office: Office) -> None:
    guide = office.guide
    secret = await office.book(case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    modal = await share(office)
    assert str(guide.confidential.number) not in modal
    read = channel_reads(office)
    assert str(guide.confidential.number) not in read + in_channel(office)[0].text
    await office["Étienne"].click(in_channel(office)[0], "Ouvrir")
    await office.settle()
    assert channel_reads(office) == read
    assert office.screen("Étienne") == []
    [refusal] = [m for m in office.screen("Étienne", TEAM_ROOM) if m.only_for]
    assert refusal.only_for == office["Étienne"].user
    assert "Ceci est introuvable." in text_of(refusal.blocks)
    assert str(guide.confidential.number) not in text_of(refusal.blocks)
    assert await office.stored(secret) == secret


async def test_somebody_who_is_no_worker_is_refused_alone(office: Office, appointment: Appointment) -> None:
    assert appointment.id
    await share(office)
    office.slack.add_user("U0GUEST", "somebody@else.example")
    guest = Person("U0GUEST", office.slack, office.line)
    await guest.click(in_channel(office)[0], "Ouvrir")
    await office.settle()
    said = [m for m in office.slack.messages if m.only_for == "U0GUEST"]
    assert len(said) == 1
    assert not [name for name in (*NAMES, "seforme", "1285") if name in text_of(said[0].blocks)]
    assert len(in_channel(office)) == 1
