"""Colleagues named with "@": by handle or name, accents and case ignored; who is not known is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import Transaction
from core.text import fold
from handlers.words import Colleagues, People, people, people_in
from storage.memory import MemoryDatabase
from tests.builders import make_worker


def store(tx: Transaction) -> None:
    for handle, name in (
        ("seforme", "Seforme"),
        ("ecoute", "Écoute Active"),
        ("étienne", "Étienne de la Tour"),
        ("zmaes", "Zoé Maes"),
        ("zdupont", "Zoé Dupont"),
        ("j.d", "Jean D."),
    ):
        tx.people.save_worker(make_worker(handle, name=name))
    tx.people.save_worker(replace(make_worker("parti", name="Parti Ailleurs"), active=False))


@pytest.fixture
async def office(memory: MemoryDatabase) -> MemoryDatabase:
    await memory.write(store)
    return memory


async def read(office: MemoryDatabase, text: str) -> tuple[list[str], tuple[str, ...], str]:
    found = await office.read(lambda tx: people_in(tx, text))
    return [w.handle for w in found.workers], found.unknown, found.rest


@pytest.mark.parametrize(
    ("text", "handles", "rest"),
    [
        ("@seforme @ecoute semaine prochaine", ["seforme", "ecoute"], "semaine prochaine"),
        ("@SEFORME, @ÉCOUTE: lundi", ["seforme", "ecoute"], "lundi"),
        ("@seforme,@ecoute", ["seforme", "ecoute"], ""),
        ("demain (@Etienne) 9h", ["étienne"], "demain 9h"),
        ("@Zoé Maes lundi", ["zmaes"], "lundi"),
        ("@zoe dupont, @zoe maes", ["zdupont", "zmaes"], ""),
        ("@maes", ["zmaes"], ""),
        ("@Étienne de la Tour.", ["étienne"], ""),
        ("@j.d, @j.d. @j.d", ["j.d"], ""),
        ("@seforme @seforme", ["seforme"], ""),
        ("@Zoé Maes (Travailleur-euse social) (Principal) demain", ["zmaes"], "demain"),
        ("lundi 9h-12h", [], "lundi 9h-12h"),
        ("seforme@example.org", [], "seforme@example.org"),
    ],
)
async def test_people_are_taken_out_of_the_text(
    office: MemoryDatabase, text: str, handles: list[str], rest: str
) -> None:
    assert await read(office, text) == (handles, (), rest)


@pytest.mark.parametrize(
    ("text", "handles", "unknown", "rest"),
    [
        ("@seforme @inconnu, demain", ["seforme"], ("@inconnu",), "demain"),
        ("@parti", [], ("@parti",), ""),
        ("@zoé lundi", [], ("@zoé",), "lundi"),  # there are two
        ("@ @@ @x @x", [], ("@", "@@", "@x"), ""),
    ],
)
async def test_who_is_not_known_is_said(
    office: MemoryDatabase, text: str, handles: list[str], unknown: tuple[str, ...], rest: str
) -> None:
    assert await read(office, text) == (handles, unknown, rest)


def test_a_long_text_is_compared_with_each_colleague_once(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []

    def counted(text: str) -> str:
        folded.append(text)
        return fold(text)

    monkeypatch.setattr(people, "fold", counted)
    everyone = [replace(make_worker(f"w{n}", name=f"Zoé Maes {n}"), id=n) for n in range(1, 101)]
    found = Colleagues(everyone).named_in(" ".join(f"@w{n} @x" for n in range(1, 101)))
    assert ([w.id for w in found.workers], found.unknown) == ([*range(1, 101)], ("@x",))
    assert len(folded) < 20 * 100


@given(st.text(alphabet=st.one_of(st.sampled_from("@ ,.()sefo"), st.characters()), max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = people_in(_Nobody(), text)  # type: ignore[arg-type]
    assert found.workers == ()
    assert People((), (), text) == found or "@" in text


class _Nobody:
    """A transaction in which there is no worker."""

    @property
    def people(self) -> "_Nobody":
        return self

    def workers(self) -> list[None]:
        return []
