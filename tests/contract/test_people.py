"""Workers, clients and contacts; the accounts behind which they are."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import NotFound
from core.people import Client, PartyKind, PartyRef, PersonalContact, ProfessionalContact, Worker
from core.ports import Database, Transaction
from tests.builders import Guide, make_worker


async def save(database: Database, *workers: Worker) -> list[Worker]:
    return await database.write(lambda tx: [tx.people.save_worker(w) for w in workers])


async def test_a_worker_keeps_every_field(database: Database) -> None:
    whole = make_worker(
        "Zoë", zone="Europe/London", locale="en", email="Zoe@Example.org", active=False, region="FR-57", manager=True
    )
    [stored] = await save(database, whole)
    assert stored == replace(whole, id=stored.id)
    assert stored.id > 0
    assert await database.read(lambda tx: tx.people.worker(stored.id)) == stored


async def test_an_unknown_worker_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.read(lambda tx: tx.people.worker(404))


async def test_a_worker_is_found_by_handle_without_case_and_accents(database: Database) -> None:
    [stored] = await save(database, make_worker("Hélène", active=False))
    for text in ("Hélène", "helene", "HÉLÈNE"):
        assert await database.read(lambda tx, text=text: tx.people.worker_by_handle(text)) == stored  # type: ignore[misc]
    assert await database.read(lambda tx: tx.people.worker_by_handle("hel")) is None


async def test_a_worker_is_found_by_email_without_case(database: Database) -> None:
    [stored] = await save(database, make_worker("Agathe", email="Agathe@Example.org", active=False))
    assert await database.read(lambda tx: tx.people.worker_by_email("aGATHE@example.ORG")) == stored
    assert await database.read(lambda tx: tx.people.worker_by_email("agathe")) is None


async def test_nobody_is_found_by_an_empty_email(database: Database) -> None:
    await save(database, make_worker("Agathe", email=""), make_worker("Zoë", email=""))
    assert await database.read(lambda tx: tx.people.worker_by_email("")) is None


async def test_saving_the_same_handle_updates_the_worker(database: Database) -> None:
    [first] = await save(database, make_worker("Agathe"))
    [second] = await save(database, make_worker("agathe", name="Agathe Petit", active=False))
    assert second.id == first.id
    assert await database.read(lambda tx: tx.people.worker(first.id)) == second


async def test_saving_a_worker_with_his_id_updates_him(database: Database) -> None:
    [first] = await save(database, make_worker("Agathe"))
    changed = replace(first, locale="en", job="Psychologue")
    assert await save(database, changed) == [changed]
    assert await database.read(lambda tx: tx.people.worker(first.id)) == changed


async def test_active_workers_are_listed_by_name_whatever_the_accents(database: Database) -> None:
    names = ("Zoé", "émile", "Eric", "Élise", "albert")
    await save(database, *(make_worker(n, active=n != "Eric") for n in names))
    found = await database.read(lambda tx: tx.people.workers())
    assert [w.name for w in found] == ["albert", "Élise", "émile", "Zoé"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("helene", ["Hélène Dupont"]),
        ("DUPONT", ["Hélène Dupont"]),
        ("psycho", ["Boris Noël"]),
        ("noe", ["Boris Noël"]),
        ("unite nord", ["Anne Petit"]),
        ("principal", ["Boris Noël", "Hélène Dupont"]),
        ("e", ["Anne Petit", "Boris Noël", "Hélène Dupont"]),
        ("", ["Anne Petit", "Boris Noël", "Hélène Dupont"]),
        ("nobody", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; DROP TABLE workers", []),
    ],
)
async def test_active_workers_are_searched_by_name_job_and_service(
    database: Database, text: str, found: list[str]
) -> None:
    await save(
        database,
        make_worker("a", name="Hélène Dupont"),
        make_worker("b", name="Boris Noël", job="Psychologue"),
        make_worker("c", name="Anne Petit", service="Unité Nord"),
        make_worker("d", name="Hélène Partie", active=False),
    )
    assert [w.name for w in await database.read(lambda tx: tx.people.search_workers(text, 10))] == found


async def test_a_search_ends_at_its_limit(database: Database) -> None:
    await save(database, *(make_worker(f"w{n}") for n in range(5)))
    found = await database.read(lambda tx: tx.people.search_workers("w", 3))
    assert [w.name for w in found] == ["w0", "w1", "w2"]


async def test_professional_contacts_are_searched_by_name_and_organisation(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for name, organisation in (("Zoé Maes", "CPAS"), ("Anne Noël", "Hôpital"), ("Éric", "cpas de Namur")):
            tx.people.save_professional_contact(name, ProfessionalContact(0, name, organisation, "x@example.org"))

    await database.write(work)

    async def search(text: str, limit: int = 10) -> list[str]:
        found = await database.read(lambda tx: tx.people.search_professional_contacts(text, limit))
        return [c.name for c in found]

    assert await search("CPAS") == ["Éric", "Zoé Maes"]
    assert await search("hopital") == ["Anne Noël"]
    assert await search("noel") == ["Anne Noël"]
    assert await search("") == ["Anne Noël", "Éric", "Zoé Maes"]
    assert await search("", 1) == ["Anne Noël"]
    assert await search("%") == []


async def test_each_kind_of_party_is_found_by_reference(database: Database, guide: Guide) -> None:
    everyone = (guide.agathe, guide.gisele, guide.aunt, guide.partner)
    missing = [PartyRef(kind, 404) for kind in PartyKind]
    found = await database.read(lambda tx: tx.people.find([*(p.ref for p in everyone), *missing]))
    assert found == {p.ref: p for p in everyone}
    assert await database.read(lambda tx: tx.people.find([])) == {}


async def test_an_inactive_worker_is_found_by_reference(database: Database) -> None:
    [stored] = await save(database, make_worker("Agathe", active=False))
    assert await database.read(lambda tx: tx.people.find([stored.ref])) == {stored.ref: stored}


async def test_an_import_key_updates_the_same_person(database: Database) -> None:
    def work(tx: Transaction) -> None:
        client = tx.people.save_client("k", Client(0, "Gisèle", "Lafraise", date(1999, 5, 4)))
        aunt = tx.people.save_personal_contact("k", PersonalContact(0, "Odette", "Lafraise", "tante"))
        partner = tx.people.save_professional_contact("k", ProfessionalContact(0, "Zoé", "CPAS", "z@example.org"))
        other = tx.people.save_client("other", Client(0, "Gisèle", "Lafraise"))
        assert other.id != client.id
        married = tx.people.save_client("k", Client(0, "Gisèle", "Petit"))
        neighbour = tx.people.save_personal_contact("k", PersonalContact(0, "Odette", "Lafraise", "voisine"))
        moved = tx.people.save_professional_contact("k", ProfessionalContact(0, "Zoé", "Hôpital"))
        assert (married.id, neighbour.id, moved.id) == (client.id, aunt.id, partner.id)
        found = tx.people.find([client.ref, aunt.ref, partner.ref])
        assert found == {client.ref: married, aunt.ref: neighbour, partner.ref: moved}

    await database.write(work)


async def test_an_account_is_found_with_its_worker(database: Database, guide: Guide) -> None:
    account = await database.write(lambda tx: tx.accounts.link(guide.agathe.id, "slack", "T1", "U1", current=False))
    assert (account.worker_id, account.platform, account.tenant, account.external_id) == (
        guide.agathe.id, "slack", "T1", "U1",
    )  # fmt: skip
    assert await database.read(lambda tx: tx.accounts.find("slack", "T1", "U1")) == (account, guide.agathe)
    for other in (("web", "T1", "U1"), ("slack", "T2", "U1"), ("slack", "T1", "u1")):
        assert await database.read(lambda tx, other=other: tx.accounts.find(*other)) is None  # type: ignore[misc]


async def test_an_account_of_an_inactive_worker_is_found(database: Database) -> None:
    def work(tx: Transaction) -> None:
        gone = tx.people.save_worker(make_worker("gone", active=False))
        account = tx.accounts.link(gone.id, "web", "", "gone", current=True)
        assert tx.accounts.find("web", "", "gone") == (account, gone)

    await database.write(work)


async def test_notices_go_to_the_first_account_until_another_is_current(database: Database, guide: Guide) -> None:
    agathe = guide.agathe.id

    def current(tx: Transaction) -> list[tuple[str, bool]]:
        return [(a.platform, a.current) for a in tx.accounts.of_worker(agathe)]

    def work(tx: Transaction) -> None:
        assert tx.accounts.of_worker(agathe) == []
        assert tx.accounts.link(agathe, "slack", "T", "U", current=False).current
        web = tx.accounts.link(agathe, "web", "", "agathe", current=False)
        assert not web.current
        assert current(tx) == [("slack", True), ("web", False)]
        tx.accounts.make_current(web)
        assert current(tx) == [("web", True), ("slack", False)]
        assert tx.accounts.link(agathe, "teams", "", "a", current=True).current
        assert current(tx)[0] == ("teams", True)
        assert sum(is_current for _, is_current in current(tx)) == 1

    await database.write(work)
    assert len(await database.read(current)) == 3


async def test_linking_again_changes_nothing(database: Database, guide: Guide) -> None:
    def work(tx: Transaction) -> None:
        first = tx.accounts.link(guide.agathe.id, "web", "", "agathe", current=True)
        tx.accounts.link(guide.agathe.id, "slack", "T", "U", current=False)
        assert tx.accounts.link(guide.agathe.id, "web", "", "agathe", current=False) == first
        assert tx.accounts.of_worker(guide.agathe.id)[0] == first

    await database.write(work)


async def test_an_account_that_moves_leaves_the_other_worker_with_a_current_one(
    database: Database, guide: Guide
) -> None:
    agathe, ecoute = guide.agathe.id, guide.ecoute.id

    def work(tx: Transaction) -> None:
        web = tx.accounts.link(agathe, "web", "", "shared", current=True)
        tx.accounts.link(agathe, "slack", "T", "U", current=False)
        moved = tx.accounts.link(ecoute, "web", "", "shared", current=False)
        assert (moved.id, moved.worker_id, moved.current) == (web.id, ecoute, True)
        assert [(a.platform, a.current) for a in tx.accounts.of_worker(agathe)] == [("slack", True)]
        found = tx.accounts.find("web", "", "shared")
        assert found is not None
        assert found[1].id == ecoute

    await database.write(work)
