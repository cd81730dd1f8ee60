"""What is stored goes through the migrations and back; holds are claims that keep others out (rule 1)."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

import storage
from storage.database import HEAD
from tests.storage.conftest import Plain, plain
from tests.storage.migrated import add_worker, ask_opening, claim, fill, hold, instant, notify, notify_more, rows, times

pytestmark = pytest.mark.slow

BEFORE_HOLDS = "0003"
BEFORE_CHOICES = "0006"


@pytest.fixture
def newest(empty_url: str) -> Iterator[Plain]:
    """The newest tables: two claims of appointments, a hold of the worker himself from 20:00 to 22:00, two notices."""
    storage.migrate(empty_url)
    sql = plain(empty_url)
    fill(sql)
    hold(sql, 1, 20, 22)
    notify(sql, 1)
    notify(sql, 2)
    yield sql
    sql.engine.dispose()


def test_a_hold_is_kept_out_by_claims_and_keeps_them_out(newest: Plain) -> None:
    add_worker(newest, "b")
    for start, end in ((10, 12), (13, 15), (19, 21), (21, 23)):
        with pytest.raises(IntegrityError):
            hold(newest, 2, start, end)
    for start, end in ((19, 21), (20, 22), (21, 23)):
        with pytest.raises(IntegrityError):
            claim(newest, 3, start, end)
    hold(newest, 2, 18, 20)
    assert len(newest("SELECT id FROM claims")) == 4


@pytest.mark.parametrize(
    ("appointment", "holder", "expires"),
    [(None, None, False), (None, None, True), (None, 2, False), (3, 2, True), (None, 1, True), (1, None, False)],
)
def test_a_claim_is_one_appointments_or_expires_for_one_person(
    newest: Plain, appointment: int | None, holder: int | None, expires: bool
) -> None:
    add_worker(newest, "b")
    during = times(newest, 2, 3)
    with pytest.raises(IntegrityError):
        newest(
            "INSERT INTO claims (worker_id, starts_at, ends_at, appointment_id, held_by, expires_at)"
            " VALUES (1, :starts, :ends, :appointment, :holder, :expires)",
            appointment=appointment,
            holder=holder,
            expires=during["ends"] if expires else None,
            **during,
        )
    assert len(newest("SELECT id FROM claims")) == 3


def test_rows_are_kept_on_the_way_up(empty_url: str) -> None:
    storage.migrate(empty_url, BEFORE_HOLDS)
    sql = plain(empty_url)
    fill(sql)
    notify(sql, 1)
    before = rows(sql)
    storage.migrate(empty_url)
    assert rows(sql) == before
    assert all(before.values())
    assert sql("SELECT region, manager FROM workers") == [("", False)]
    assert sql("SELECT kind FROM appointments") == [("",)] * 3
    assert sql("SELECT kinds FROM availability_ranges") == [("",)]
    assert sql("SELECT optional FROM invitations") == [(False,)]
    assert sql("SELECT own_zone, own_locale FROM workers") == [(None, None)]
    assert sql("SELECT proposal_id, day FROM outbox") == [(None, None)]
    sql.engine.dispose()


def test_claims_get_the_places_of_their_appointments(empty_url: str) -> None:
    storage.migrate(empty_url, "0005")
    sql = plain(empty_url)
    fill(sql)
    hold(sql, 1, 20, 22)
    sql("INSERT INTO places (name, name_folded, kind, kind_folded) VALUES ('Gembloux', 'gembloux', '', '')")
    sql("UPDATE appointments SET place_id = 1 WHERE id = 1")
    storage.migrate(empty_url)
    assert sql("SELECT appointment_id, place_id FROM claims ORDER BY id") == [(1, 1), (2, None), (None, None)]
    sql.engine.dispose()


def test_rows_are_kept_on_the_way_down_without_holds_and_openings(newest: Plain, empty_url: str) -> None:
    ask_opening(newest)
    before = rows(newest)
    storage.downgrade(empty_url, BEFORE_HOLDS)
    assert rows(newest) == before
    assert (len(newest("SELECT id FROM claims")), len(newest("SELECT id FROM outbox"))) == (2, 2)
    storage.migrate(empty_url)
    assert rows(newest) == before


def test_the_number_of_a_notice_that_is_gone_does_not_come_back(newest: Plain, empty_url: str) -> None:
    """Someone may still be sending it."""
    newest("DELETE FROM outbox WHERE id = 2")
    storage.downgrade(empty_url, BEFORE_HOLDS)
    notify(newest, 3)
    newest("DELETE FROM outbox WHERE id = 3")
    storage.migrate(empty_url, HEAD)
    notify(newest, 4)
    assert [row[0] for row in newest("SELECT id FROM outbox ORDER BY id")] == [1, 4]


def test_rows_are_kept_on_the_way_down_without_choices_and_counter_proposals(newest: Plain, empty_url: str) -> None:
    ask_opening(newest)
    notify_more(newest)
    before = rows(newest)
    storage.downgrade(empty_url, BEFORE_CHOICES)
    assert rows(newest) == before
    assert newest("SELECT id, opening_id FROM outbox ORDER BY id") == [(1, None), (2, None), (3, 1)]
    storage.migrate(empty_url)
    assert rows(newest) == before
    notify(newest, 6)
    assert [row[0] for row in newest("SELECT id FROM outbox ORDER BY id")] == [1, 2, 3, 6]


@pytest.mark.parametrize("kind", ["shared", "reassigned"])
def test_what_an_older_version_cannot_send_is_not_left_to_it(newest: Plain, empty_url: str, kind: str) -> None:
    newest("UPDATE outbox SET kind = :kind WHERE id = 1", kind=kind)
    storage.downgrade(empty_url, "0008")
    assert [row[0] for row in newest("SELECT id FROM outbox")] == [2]


@pytest.mark.parametrize("step", ["0006", "0007", "0008", "0009", "0010", HEAD])
@pytest.mark.parametrize("way", ["up", "down"])
def test_each_step_keeps_holds_out_and_notices_single(empty_url: str, step: str, way: str) -> None:
    storage.migrate(empty_url, HEAD if way == "down" else step)
    if way == "down":
        storage.downgrade(empty_url, step)
    sql = plain(empty_url)
    fill(sql)
    add_worker(sql, "b")
    notify(sql, 1)
    ask_opening(sql)
    hold(sql, 1, 20, 22)
    for start, end in ((13, 15), (19, 21)):
        with pytest.raises(IntegrityError):
            hold(sql, 2, start, end)
    for again in (lambda: notify(sql, 1), lambda: _ask_again(sql)):
        with pytest.raises(IntegrityError):
            again()
    assert [len(sql(f"SELECT id FROM {table}")) for table in ("claims", "outbox")] == [3, 2]  # noqa: S608
    sql.engine.dispose()


@pytest.mark.parametrize(
    ("subjects", "fits"),
    [
        (("appointment_id",), True),
        (("proposal_id",), True),
        (("day",), True),
        ((), False),
        (("appointment_id", "day"), False),
        (("proposal_id", "day"), False),
        (("opening_id", "proposal_id"), False),
    ],
)
def test_a_notice_speaks_of_one_thing(newest: Plain, subjects: tuple[str, ...], fits: bool) -> None:
    ask_opening(newest)
    notify_more(newest)
    newest("DELETE FROM outbox")
    columns = {"appointment_id": "1", "opening_id": "1", "proposal_id": "1", "day": "'2026-01-28'"}
    values = "".join(f"{columns[subject]}, " for subject in subjects)
    insert = (
        f"INSERT INTO outbox ({''.join(f'{s}, ' for s in subjects)}recipient_id, kind, version, minutes, due_at,"  # noqa: S608
        f" attempts, created_at, error) VALUES ({values}1, 'shown', 9, 0, :at, 0, :at, '')"
    )
    at = instant(newest, 3)
    if fits:
        newest(insert, at=at)
    with pytest.raises(IntegrityError):  # nor does the same one come twice
        newest(insert, at=at)
    assert len(newest("SELECT id FROM outbox")) == fits


def _ask_again(sql: Plain) -> None:
    sql(
        "INSERT INTO outbox (opening_id, recipient_id, kind, version, minutes, due_at, attempts, created_at, error)"
        " VALUES (1, 1, 'opening_asked', 1, 0, :at, 0, :at, '')",
        at=instant(sql, 3),
    )


def _link(sql: Plain, *columns: str) -> None:
    """Add two accounts of the first worker, the second current, with more columns true in the first."""
    for number, current in ((1, False), (2, True)):
        more = "".join(f", {column}" for column in columns)
        values = "".join(", :more" for _ in columns)
        sql(
            f"INSERT INTO accounts (worker_id, platform, tenant, external_id, is_current, email{more})"  # noqa: S608
            f" VALUES (1, 'slack', 'T', :who, :current, 'a@example.org'{values})",
            who=f"U{number}",
            current=current,
            **({"more": not current} if columns else {}),
        )


_ACCOUNTS = "SELECT external_id, is_current, email FROM accounts ORDER BY id"


def test_accounts_are_kept_on_the_way_up_and_down(empty_url: str) -> None:
    storage.migrate(empty_url, "0010")
    sql = plain(empty_url)
    add_worker(sql, "a")
    _link(sql)
    before = sql(_ACCOUNTS)
    storage.migrate(empty_url)
    assert sql(_ACCOUNTS) == before
    assert sql("SELECT muted, preferred FROM accounts") == [(False, False)] * 2
    storage.downgrade(empty_url, "0010")
    assert sql(_ACCOUNTS) == before
    sql.engine.dispose()


def test_who_muted_all_he_has_left_is_reached_again_by_an_older_version(empty_url: str) -> None:
    storage.migrate(empty_url)
    sql = plain(empty_url)
    add_worker(sql, "a")
    add_worker(sql, "b")
    _link(sql, "muted")
    sql("UPDATE accounts SET is_current = false, muted = true")
    sql(
        "INSERT INTO accounts (worker_id, platform, tenant, external_id, is_current, email)"
        " VALUES (2, 'web', 'T', 'b', true, '')"
    )
    storage.downgrade(empty_url, "0010")
    assert [row[:2] for row in sql(_ACCOUNTS)] == [("U1", True), ("U2", False), ("b", True)]
    storage.migrate(empty_url)
    assert [row[:2] for row in sql(_ACCOUNTS)] == [("U1", True), ("U2", False), ("b", True)]
    sql.engine.dispose()


def test_nobody_prefers_two_accounts(empty_url: str) -> None:
    storage.migrate(empty_url)
    sql = plain(empty_url)
    add_worker(sql, "a")
    _link(sql, "preferred")
    with pytest.raises(IntegrityError):
        sql("UPDATE accounts SET preferred = true")
    sql.engine.dispose()
