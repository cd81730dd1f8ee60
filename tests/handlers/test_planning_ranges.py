"""/dispo: one's own ranges listed, and added in words or in the form."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from handlers import ui
from tests.builders import WORK_DAYS, ZONE, Guide
from tests.handlers.desk import Desk, buttons, labels, replied, text_of
from tests.handlers.office import click
from tests.handlers.planning import MONDAYS, dispo, errors, options, put, ranges


async def test_the_list_says_each_range_in_words(seforme: Desk) -> None:
    made = (
        MONDAYS,
        replace(MONDAYS, rule="FREQ=WEEKLY;INTERVAL=2;UNTIL=20260630T000000Z", kinds=frozenset({"suivi", "bilan"})),
        replace(MONDAYS, rule="FREQ=MONTHLY;BYDAY=1MO", first_day=date(2026, 2, 2), place_id=None),
        replace(MONDAYS, rule="FREQ=WEEKLY;COUNT=10", except_days=frozenset({date(2026, 2, 2), date(2026, 2, 9)})),
        replace(MONDAYS, rule="FREQ=WEEKLY;UNTIL=20260105T000000Z", first_day=date(2026, 1, 5)),  # over
        replace(MONDAYS, rule="", first_day=date(2026, 2, 4)),
        replace(MONDAYS, rule="", first_day=date(2026, 1, 19)),  # over
    )
    await put(seforme, *made)
    card = await seforme.type("disponibilités")
    assert card.title == card.neutral == "Mes disponibilités"
    (entries,) = (part for part in card.body if isinstance(part, ui.ItemList))
    shown = [
        (item.title.replace("\u00a0", " "), [x.replace("\u00a0", " ") for x in item.lines]) for item in entries.items
    ]
    assert shown == [
        ("Chaque lundi, 09:00 – 12:00, Gembloux (Implantations)", ["Prochaine fois : lun. 26 janvier"]),
        (
            "Un lundi sur deux, 09:00 – 12:00, Gembloux (Implantations), jusqu’au 30/06/2026",
            ["Pour : bilan, suivi", "Prochaine fois : lun. 26 janvier"],
        ),
        (
            "Chaque lundi, 09:00 – 12:00, Gembloux (Implantations), 10 fois",
            ["Sauf les 02/02/2026 et 09/02/2026", "Prochaine fois : lun. 26 janvier"],
        ),
        ("Le premier lundi du mois, 09:00 – 12:00", ["Prochaine fois : lun. 2 février"]),
        ("Mercredi 4 février 2026, 09:00 – 12:00, Gembloux (Implantations)", []),
    ]
    assert labels(card)[-5:] == [
        "Ajouter une plage",
        "Ajouter une absence",
        "Copier un jour ou une semaine",
        "Réglages",
        "Exporter",
    ]


async def test_the_first_of_a_month_has_its_own_word(seforme: Desk) -> None:
    first = replace(MONDAYS, first_day=date(2026, 6, 1))
    await put(seforme, first, replace(first, rule=""), replace(first, first_day=date(2026, 6, 11), rule=""))
    said = text_of(await seforme.type("dispo"))
    for words in ("Prochaine fois : lun. 1er juin", "Lundi 1er juin 2026", "Jeudi 11 juin 2026"):
        assert words in said


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (WORK_DAYS, "every day from Monday to Friday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "every Monday and Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "every 2 weeks on Monday and Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=3", "every 3 weeks on Monday"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=DAILY;BYDAY=MO", "every Monday"),
        ("FREQ=MONTHLY;BYDAY=-1MO", "the last Monday of the month"),
        ("FREQ=MONTHLY;BYMONTHDAY=26", "by its own rule (FREQ=MONTHLY;BYMONTHDAY=26)"),
        ("FREQ=YEARLY;INTERVAL=2", "by its own rule (FREQ=YEARLY;INTERVAL=2)"),
    ],
)
async def test_any_rule_has_words(seforme: Desk, guide: Guide, rule: str, words: str) -> None:
    await put(seforme, replace(MONDAYS, rule=rule))
    english = seforme.as_(replace(guide.seforme, locale="en"))
    assert words[1:] in text_of(await english.type("dispo"))


async def test_another_zone_is_named(seforme: Desk) -> None:
    await put(seforme, replace(MONDAYS, zone="Europe/London"))
    assert "09:00 – 12:00 (Europe/London)" in text_of(await seforme.type("dispo"))


async def test_the_list_comes_in_pages(seforme: Desk) -> None:
    await put(seforme, *(replace(MONDAYS, rule="", first_day=date(2026, 2, n)) for n in range(1, 12)))
    first = await seforme.type("dispo")
    assert (len(buttons(first, "Modifier")), "Précédent" in labels(first)) == (8, False)
    second = replied(await seforme.click(first, "Suivant"))
    assert (len(buttons(second, "Modifier")), "Suivant" in labels(second)) == (3, False)
    assert replied(await seforme.click(second, "Précédent")) == first
    await put(seforme, MONDAYS)
    assert len(buttons(replied(await seforme.send(click("planning-page", 1))), "Modifier")) == 1


async def test_nothing_yet_says_what_follows_from_it(seforme: Desk) -> None:
    await put(seforme)
    assert "vos collègues ne peuvent rien réserver" in text_of(await seforme.type("dispo"))


@pytest.mark.parametrize(
    "text",
    [
        "lundi 9h-12h Gembloux chaque semaine jusqu'au 30/06",
        "Monday 9am-12pm gembloux every week until June 30",
    ],
)
async def test_a_range_in_words_opens_the_form_filled_in(seforme: Desk, text: str) -> None:
    await put(seforme)
    form = await dispo(seforme, text)
    assert form.values == {
        "day": "2026-01-26",
        "from": "09:00",
        "until": "12:00",
        "place": "1",
        "kinds": "",
        "repeats": "week",
        "end": "2026-06-30",
    }
    assert not any(isinstance(part, ui.Notice) for part in form.form.parts)
    card = replied(await form.submit())
    assert "Vos disponibilités sont enregistrées." in text_of(card)
    assert "Chaque lundi, 09:00 – 12:00, Gembloux (Implantations), jusqu’au 30/06/2026" in text_of(card)
    (made,) = await ranges(seforme)
    assert (made.first_day, made.starts, made.lasts, made.zone) == (
        date(2026, 1, 26),
        time(9),
        timedelta(hours=3),
        ZONE,
    )


async def test_a_range_can_be_dictated_message_by_message(agathe: Desk) -> None:
    form = agathe.filling(await agathe.send(ui.TextReply("dispos mardi 3 février 14h-16h")))
    assert (form.values["day"], form.values["from"], form.values["repeats"]) == ("2026-02-03", "14:00", "never")


@pytest.mark.parametrize(
    ("text", "said", "values"),
    [
        ("lundi 9h-12h Liège", "Je ne comprends pas « Liège ».", {"place": "none"}),
        ("lundi 30/02 9h", "Je ne comprends pas « lundi 30/02 ».", {"day": "", "from": "09:00", "until": ""}),
        ("lundi 9h-12h jusqu'au 30/06", "Vous avez indiqué un dernier jour (30/06/2026)", {"repeats": "never"}),
        ("du 26/01 au 30/01 9h-12h", "Vous avez indiqué un dernier jour (30/01/2026)", {"end": "2026-01-30"}),
        ("semaine prochaine 9h-12h", "", {"day": ""}),
        ("lundi 9h Liège\u202e", "Je ne comprends pas « Liège\ufffd ».", {"from": "09:00"}),
    ],
)
async def test_what_is_not_clear_is_said_and_left_open(
    seforme: Desk, text: str, said: str, values: dict[str, str]
) -> None:
    form = await dispo(seforme, text)
    assert said in text_of(form.form)
    assert {name: form.values[name] for name in values} == values


async def test_words_that_say_nothing_get_an_example(seforme: Desk) -> None:
    card = replied(await seforme.send(ui.CommandCall("dispo", "<b>bla</b> bla")))
    assert "Je ne comprends pas « <b>bla</b> bla »." in text_of(card)
    assert "/dispo lundi 9h-12h chaque semaine jusqu’au 30/06" in text_of(card)


@pytest.mark.parametrize(
    ("text", "offered", "rule"),
    [
        ("mardi 3/2 9h-12h toutes les deux semaines", "Une semaine sur deux", "FREQ=WEEKLY;INTERVAL=2"),
        ("9h-12h le premier mardi du mois", "Le premier mardi du mois", "FREQ=MONTHLY;BYDAY=1TU"),
        ("9h-12h le dernier mardi du mois", "Le dernier mardi du mois", "FREQ=MONTHLY;BYDAY=-1TU"),
        ("mardi 3/2 9h-12h tous les jours", "Chaque jour", "FREQ=DAILY"),
        ("mardi 3/2 9h-12h", "Ne se répète pas", ""),
    ],
)
async def test_each_repetition(seforme: Desk, text: str, offered: str, rule: str) -> None:
    await put(seforme)
    form = await dispo(seforme, text)
    assert offered in options(form, "repeats")
    replied(await form.submit())
    assert [r.rule for r in await ranges(seforme)] == [rule]


async def test_the_nth_weekday_follows_the_day(seforme: Desk) -> None:
    form = await dispo(seforme, "9h-12h le premier mardi du mois")
    await form.choose("day", "2026-02-11")
    assert form.values["repeats"] == "month.2.2"
    assert "Le deuxième mercredi du mois" in options(form, "repeats")
    await form.choose("day", "2026-04-29")  # a fifth one is the last one
    assert form.values["repeats"] == "month.-1.2"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"day": ""}, {"day": "Indiquez le jour."}),
        ({"day": "0001-01-01"}, {"day": "Ce moment est passé. Choisissez-en un plus tard."}),
        ({"day": "2026-01-19"}, {"day": "Ce moment est passé. Choisissez-en un plus tard."}),
        ({"from": "", "until": "25:00"}, {"from": "Indiquez une heure", "until": "Indiquez une heure"}),
        ({"from": "12:00", "until": "12:00"}, {"until": "La fin doit venir après le début."}),
        ({"from": "12:00", "until": "09:00"}, {"until": "La fin doit venir après le début."}),
        ({"day": "2026-03-29", "from": "02:00", "until": "03:00"}, {"from": "Ce jour-là, l’heure change à 02:00"}),
        ({"end": "2026-06-30"}, {"repeats": "Un dernier jour est indiqué"}),
        ({"repeats": "week", "end": "2026-01-20"}, {"end": "Le dernier jour précède le premier."}),
        ({"repeats": "week", "end": "2199-01-20"}, {"end": ""}),
        ({"repeats": "FREQ=SECONDLY"}, {"repeats": "Choisissez comment"}),
        ({"repeats": "month.9.9"}, {"repeats": "Choisissez comment"}),
        ({"repeats": "kept"}, {"repeats": "Choisissez comment"}),
        ({"kinds": "a\u202eb"}, {"kinds": "Ce texte contient"}),
        ({"kinds": "x" * 61}, {"kinds": "Ce texte est trop long"}),
        ({"kinds": ",".join(map(str, range(30)))}, {"kinds": ""}),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    seforme: Desk, changes: dict[str, str], expected: dict[str, str]
) -> None:
    before = await ranges(seforme)
    form = await dispo(seforme, "lundi 9h-12h")
    form.values |= changes
    found = errors(await form.submit())
    assert {field: message[: len(expected.get(field, ""))] for field, message in found.items()} == expected
    assert await ranges(seforme) == before


async def test_until_midnight_and_through_the_night(seforme: Desk) -> None:
    await put(seforme)
    for text, lasts in (("lundi 20h-24h", 4), ("mardi 22h-6h", 8), ("mercredi 0h-24h", 24)):
        replied(await (await dispo(seforme, text)).submit())
        assert (await ranges(seforme))[-1].lasts == timedelta(hours=lasts)


async def test_kinds_and_a_new_place(seforme: Desk) -> None:
    await put(seforme)
    form = await dispo(seforme, "lundi 9h-12h")
    form.values |= {"kinds": "suivi, Premier  contact, SUIVI,"}
    await form.new_place(" Namur ", "Antenne")
    assert form.values["kinds"] == "suivi, Premier  contact, SUIVI,"
    card = replied(await form.submit())
    assert "Namur (Antenne)" in text_of(card)
    (made,) = await ranges(seforme)
    assert {kind.casefold() for kind in made.kinds} == {"suivi", "premier contact"}


async def test_a_form_sent_five_times_adds_one(seforme: Desk) -> None:
    await put(seforme)
    form = await dispo(seforme, "lundi 9h-12h")
    outcomes = [await form.submit() for _ in range(5)]
    assert outcomes == [outcomes[0]] * 5
    assert len(await ranges(seforme)) == 1
