"""Support cases, with who may find them, and places."""

from dataclasses import replace
from datetime import date

import pytest

from core.cases import CaseKind, Place, SupportCase
from core.errors import PlaceExists
from core.people import Client
from core.ports import Database, Transaction
from tests.builders import Guide


async def test_a_case_keeps_every_field(database: Database, guide: Guide) -> None:
    whole = SupportCase(
        number=77,
        kind=CaseKind.OCCASIONAL,
        lead_id=guide.ecoute.id,
        topic=("Sociale", "Logement, garantie > loyer", "Énergie"),
        urgent=True,
        confidential=True,
        worker_ids=frozenset({guide.agathe.id, guide.seforme.id}),
        clients=(guide.gisele,),
        personal_contacts=(guide.aunt,),
    )
    await database.write(lambda tx: tx.cases.save(whole))
    assert await database.read(lambda tx: tx.cases.find(77)) == whole
    assert await database.read(lambda tx: tx.cases.find(78)) is None


async def test_several_cases_are_found_at_once(database: Database, guide: Guide) -> None:
    numbers = [1290, 9999, 1285, 1290, 0, 2**40]
    found = await database.read(lambda tx: tx.cases.find_all(numbers))
    assert found == [guide.case, guide.confidential]
    assert await database.read(lambda tx: tx.cases.find_all([])) == []


async def test_saving_a_case_again_replaces_who_is_on_it(database: Database, guide: Guide) -> None:
    def work(tx: Transaction) -> SupportCase:
        brother = tx.people.save_client("brother", Client(0, "Marc", "Lafraise"))
        changed = replace(
            guide.case, topic=(), urgent=True, worker_ids=frozenset(), clients=(brother,), personal_contacts=()
        )
        tx.cases.save(changed)
        return changed

    changed = await database.write(work)
    assert await database.read(lambda tx: tx.cases.find(guide.case.number)) == changed


async def test_a_case_shows_its_people_as_they_are_now(database: Database, guide: Guide) -> None:
    married = Client(0, "Gisèle", "Petit", date(1999, 5, 4))
    stored = await database.write(lambda tx: tx.people.save_client("gisele", married))
    found = await database.read(lambda tx: tx.cases.find(guide.case.number))
    assert found is not None
    assert found.clients == (stored,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1285", [1285]),
        ("12", [1285, 1290]),
        ("285", []),
        ("gisele", [1285, 1290]),
        ("LAFRAISE", [1285, 1290]),
        ("gisèle lafr", [1285, 1290]),
        ("odette", []),
        ("%", []),
        ("_", []),
        ("", [1285, 1290]),
    ],
)
async def test_cases_are_searched_by_number_and_client(
    database: Database, guide: Guide, text: str, numbers: list[int]
) -> None:
    found = await database.read(lambda tx: tx.cases.search(text, guide.agathe.id, 10))
    assert [c.number for c in found] == numbers


@pytest.mark.parametrize("many", [1, 3, 1_000])
async def test_cases_of_many_clients_are_the_same_as_of_few(
    database: Database, guide: Guide, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("storage.cases.MANY", many)

    def fill(tx: Transaction) -> None:
        for n in range(12_000, 12_009):
            clients = tuple(tx.people.save_client(f"{n}.{i}", Client(0, f"Zoé{i}", f"Noël{n % 3}")) for i in range(2))
            tx.cases.save(SupportCase(n, guide.case.kind, guide.agathe.id, clients=clients, confidential=n % 2 == 0))

    await database.write(fill)
    for text, numbers in (
        ("noel1", [12_001, 12_007]),
        ("zoe", [12_001, 12_003, 12_005, 12_007]),
        ("zoe1 noel", [12_001, 12_003, 12_005, 12_007]),
        ("1200", [12_001, 12_003, 12_005, 12_007]),
        ("12", [1285, 12_001, 12_003, 12_005]),
        ("2", [12_005]),
        ("l", [1285, 12_001, 12_003, 12_005]),
    ):
        found = await database.read(lambda tx, text=text: tx.cases.search(text, guide.stranger.id, 4))  # type: ignore[misc]
        assert [c.number for c in found] == numbers, text


async def test_a_search_returns_whole_cases_up_to_its_limit(database: Database, guide: Guide) -> None:
    found = await database.read(lambda tx: tx.cases.search("lafraise", guide.agathe.id, 1))
    assert found == [guide.case]


async def test_a_confidential_case_is_found_by_its_lead_and_the_workers_named_on_it(
    database: Database, guide: Guide
) -> None:
    for text in ("1290", "lafraise", ""):
        for worker, seen in zip(guide.workers, (True, True, False, False), strict=True):
            found = await database.read(
                lambda tx, text=text, worker=worker: tx.cases.search(text, worker.id, 10)  # type: ignore[misc]
            )
            assert (1290 in [c.number for c in found]) is seen, (text, worker.handle)


async def test_a_confidential_case_takes_no_room_in_a_page_of_who_may_not_see_it(
    database: Database, guide: Guide
) -> None:
    await database.write(lambda tx: tx.cases.save(replace(guide.case, number=1300)))
    found = await database.read(lambda tx: tx.cases.search("1", guide.stranger.id, 2))
    assert [c.number for c in found] == [1285, 1300]


async def test_places_are_listed_by_name(database: Database) -> None:
    def work(tx: Transaction) -> list[Place]:
        return [tx.places.add(name, kind) for name, kind in (("Namur", ""), ("Écaussinnes", "Bureau"), ("Dinant", ""))]

    namur, ecaussinnes, dinant = await database.write(work)
    assert await database.read(lambda tx: tx.places.all()) == [dinant, ecaussinnes, namur]
    assert await database.read(lambda tx: tx.places.find(namur.id)) == namur
    assert await database.read(lambda tx: tx.places.find(404)) is None


async def test_a_place_is_known_by_name_and_kind_without_case_and_accents(database: Database) -> None:
    place = await database.write(lambda tx: tx.places.add("Écaussinnes", "Bureau"))
    assert await database.read(lambda tx: tx.places.named("ECAUSSINNES", "bureau")) == place
    assert await database.read(lambda tx: tx.places.named("Écaussinnes", "")) is None
    with pytest.raises(PlaceExists) as refusal:
        await database.write(lambda tx: tx.places.add("ecaussinnes", "BUREAU"))
    assert refusal.value.place_id == place.id
    other = await database.write(lambda tx: tx.places.add("Écaussinnes", "Maison"))
    assert other.id != place.id
