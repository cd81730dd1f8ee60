"""The agendas in the booking form: everyone side by side, drawn late, short however many (guide, steps 6 and 7)."""

from datetime import time, timedelta

import pytest

from core.availability import Shown
from core.ports import Transaction
from handlers import ui
from handlers.agenda import picture as drawn
from handlers.codec import decode, encode
from tests.builders import Guide, make_range, make_worker
from tests.handlers.booking import pictures, plain
from tests.handlers.desk import Desk, Filling, text_of
from tests.handlers.office import for_lead

NAMES_OF_200 = "Marie-Antoinette " * 12


async def hire(desk: Desk, count: int, *, ranges: int = 1) -> tuple[str, ...]:
    """Let so many colleagues come, each with availability; return them as concerned parties."""

    def work(tx: Transaction) -> tuple[str, ...]:
        found = []
        for n in range(count):
            worker = tx.people.save_worker(make_worker(f"collegue{n}", name=f"{n:02} {NAMES_OF_200}"[:200]))
            places = [tx.places.add(f"{n} {i} {NAMES_OF_200}"[:200], "Implantations").id for i in range(ranges)]
            hours = [
                make_range(worker, starts=time(7 + i), lasts=timedelta(minutes=50), place_id=place)
                for i, place in enumerate(places)
            ]
            tx.agendas.replace_ranges(worker.id, hours)
            found.append(f"worker:{worker.id}")
        return tuple(found)

    return await desk.db.write(work)


async def with_parties(desk: Desk, parties: tuple[str, ...]) -> Filling:
    form = await for_lead(desk)
    await form.choose("parties", parties)
    return form


async def test_everyone_concerned_stands_side_by_side(agathe: Desk, guide: Guide) -> None:
    form = await with_parties(agathe, (f"worker:{guide.ecoute.id}",))
    await form.choose("week", "2026-01-26")
    (picture,) = pictures(form)
    assert "Lundi 26 janvier 2026\nseforme\n• 09:00 – 17:00 : Disponible" in plain(picture.alt)
    assert plain(picture.alt).index("seforme") < plain(picture.alt).index("ecoute")
    assert ">ecoute<" in str(picture.svg)
    assert ">seforme<" in str(picture.svg)


async def test_what_the_picture_says_is_not_said_again_beside_it(agathe: Desk, guide: Guide) -> None:
    form = await with_parties(agathe, (f"worker:{guide.ecoute.id}",))
    (picture,) = pictures(form)
    assert text_of(form.form).count(plain(picture.alt)) == 1
    elements = [p for p in form.form.parts if not hasattr(p, "id") and not isinstance(p, ui.Picture)]
    assert "Disponible" not in "".join(str(p) for p in elements)


async def test_it_follows_the_toggles_and_says_what_is_off(agathe: Desk, guide: Guide) -> None:
    form = await for_lead(agathe)
    await form.choose(f"show-{guide.seforme.id}", ("external",))
    (picture,) = pictures(form)
    assert "Disponible –" not in plain(picture.alt)
    assert "Disponibilités masquées : seforme." in plain(picture.alt)
    shown = await agathe.db.read(lambda tx: tx.agendas.shown(agathe.worker.id, [guide.seforme.id]))
    assert shown == {guide.seforme.id: Shown(availability=False, external=True)}


async def test_it_is_drawn_when_it_is_looked_at_and_not_before(agathe: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    count: list[int] = []
    draw = drawn.draw

    def counted(*given: object) -> str:
        count.append(1)
        return draw(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(drawn, "draw", counted)
    (picture,) = pictures(await for_lead(agathe))
    assert count == []
    assert str(picture.svg) == str(picture.svg)
    assert count == [1]


async def test_a_form_with_a_picture_can_be_kept(agathe: Desk) -> None:
    form = (await for_lead(agathe)).form
    kept = decode(encode(ui.UpdateForm(form)))
    assert kept == ui.UpdateForm(form)
    assert hash(kept) == hash(ui.UpdateForm(form))


async def test_more_than_can_be_read_side_by_side_stand_in_further_pictures(agathe: Desk) -> None:
    form = await with_parties(agathe, await hire(agathe, 11))
    assert [plain(p.alt).count("collegue") for p in pictures(form)] == [0, 0, 0]
    assert [sum(f"\n{n:02} Marie" in p.alt for n in range(11)) for p in pictures(form)] == [4, 5, 2]


@pytest.mark.slow
async def test_the_words_stay_short_however_many_are_concerned(agathe: Desk) -> None:
    form = await with_parties(agathe, await hire(agathe, 45, ranges=10))
    assert pictures(form) == []
    told = [p.text for p in form.form.parts if isinstance(p, ui.Text)]
    assert sum(len(words) for words in told) < 45_000
    assert all(f"{n:02} Marie" in "".join(told) for n in range(45))
    assert "jeu. 22 janvier – 10 éléments" in plain("".join(told))


async def test_past_forty_the_toggles_are_two_lists(agathe: Desk, guide: Guide) -> None:
    parties = await hire(agathe, 45)
    form = await with_parties(agathe, parties)
    assert not form.has(f"show-{guide.seforme.id}")
    first = parties[0].removeprefix("worker:")
    assert len(form.values["show-availability"]) == 46
    assert len((await form.search("show-availability", "")).get("", [])) == 20
    assert await form.search("show-external", "seforme") == {"": ["seforme (Travailleur-euse social) (Principal)"]}
    off = tuple(w for w in form.values["show-availability"] if w != first)
    await form.choose("show-availability", off)
    assert form.values["show-availability"] == off
    shown = await agathe.db.read(lambda tx: tx.agendas.shown(agathe.worker.id, [int(first), guide.seforme.id]))
    assert shown == {int(first): Shown(availability=False), guide.seforme.id: Shown()}
