"""What people and platforms can type and forge reaches the database as data, or finds nothing."""

import pytest

from core.errors import DuplicateDelivery, NotFound
from core.people import PartyKind, PartyRef
from core.ports import Database, Transaction
from tests.builders import Guide, make_worker, store_guide
from tests.clock import START

TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "%",
    "_",
    "\\",
    "%_\\'\";--",
    "\u202e\u200f",
    "👩‍👩‍👧‍👦",
    "ﷺ" * 10_000,
    "x" * 100_000,
    "\n",
]
NUMBERS = [-1, 0, 2**31, 2**63 - 1, 2**63, 10**40]


@pytest.fixture
async def guide(stored: Database) -> Guide:
    return await stored.write(store_guide)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:8]))
async def test_odd_text_finds_nothing_and_breaks_nothing(stored: Database, guide: Guide, text: str) -> None:
    def look(tx: Transaction) -> list[object]:
        return [
            tx.people.worker_by_handle(text),
            tx.people.worker_by_email(text),
            tx.accounts.find("web", text, text),
            tx.deliveries.find(text),
            tx.places.named(text, text),
            *tx.people.search_professional_contacts(f"q{text}q", 5),
            *tx.people.search_workers(f"q{text}q", 5),
            *tx.cases.search(f"q{text}q", guide.agathe.id, 5),
        ]

    assert set(await stored.read(look)) == {None}


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("sign", ["%", "_", "\\"])
async def test_a_sign_of_the_search_language_means_itself(stored: Database, sign: str) -> None:
    await stored.write(lambda tx: tx.people.save_worker(make_worker("odd", name=f"A{sign}B")))

    def look(tx: Transaction) -> list[list[str]]:
        return [[w.handle for w in tx.people.search_workers(text, 9)] for text in (sign, f"a{sign}b", f"{sign}{sign}")]

    assert await stored.read(look) == [["odd"], ["odd"], []]


@pytest.mark.usefixtures("guide")
async def test_a_search_does_not_run_from_one_field_into_the_next(stored: Database) -> None:
    await stored.write(lambda tx: tx.people.save_worker(make_worker("x", name="Anna", job="Bert")))
    found = await stored.read(
        lambda tx: [len(tx.people.search_workers(t, 9)) for t in ("anna bert", "annabert", "anna")]
    )
    assert found == [0, 0, 1]


@pytest.mark.parametrize("number", NUMBERS)
async def test_an_odd_number_finds_nothing(stored: Database, guide: Guide, number: int) -> None:
    def look(tx: Transaction) -> list[object]:
        with pytest.raises(NotFound):
            tx.people.worker(number)
        return [
            tx.cases.find(number),
            tx.places.find(number),
            tx.appointments.find(number),
            *tx.appointments.of_case(number, guide.agathe.id, START, limit=5),
            *tx.people.find([PartyRef(kind, number) for kind in PartyKind]),
        ]

    assert set(await stored.read(look)) == {None}


@pytest.mark.parametrize("key", ["a\x00b", "\ud800", "k" * 100_000], ids=lambda key: ascii(key[:8]))
async def test_any_key_of_a_delivery_is_kept(stored: Database, key: str) -> None:
    await stored.write(lambda tx: tx.deliveries.add(key, "done", START))
    assert await stored.read(lambda tx: tx.deliveries.find(key)) == "done"
    with pytest.raises(DuplicateDelivery):
        await stored.write(lambda tx: tx.deliveries.add(key, "again", START))
    assert await stored.read(lambda tx: tx.deliveries.find(key + "?")) is None
