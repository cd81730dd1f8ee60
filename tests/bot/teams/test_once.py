"""What is done once, however often Teams tells of it, and in whichever order."""

import asyncio
import json

from core.appointments import Answer
from tests.bot.teams.client import Person
from tests.bot.teams.screen import labels
from tests.hall import Hall

ACCEPT = "Accepter"


async def test_clicks_that_come_at_once_are_one_answer(hall: Hall, people: dict[str, Person]) -> None:
    """Whether Teams repeats a delivery, or somebody clicks twice."""
    agathe, ecoute = people["Agathe"], people["ecoute"]
    booked = await hall.book()
    first, second = (ecoute.clicked(ecoute.screen[-1], ACCEPT) for _ in range(2))
    told = len(agathe.screen)
    answers = await asyncio.gather(*(ecoute.send(activity) for activity in (first, first, second)))
    await hall.settle(minutes=5)

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all("accepté" in json.dumps(answer.json(), ensure_ascii=False) for answer in answers)
    (invitation,) = (await hall.stored(booked)).invitations
    assert invitation.answer is Answer.ACCEPTED
    assert len(agathe.screen) == told + 1
    assert len(ecoute.screen) == 1


async def test_a_click_that_is_repeated_much_later_undoes_nothing(hall: Hall, people: dict[str, Person]) -> None:
    ecoute = people["ecoute"]
    booked = await hall.book()
    accepts = ecoute.clicked(ecoute.screen[-1], ACCEPT)
    await ecoute.deliver(accepts)
    await hall.settle(minutes=5)
    await ecoute.press(ecoute.screen[-1], "Refuser")
    await ecoute.deliver(accepts)
    (invitation,) = (await hall.stored(booked)).invitations
    assert invitation.answer is Answer.DECLINED


async def test_a_click_on_the_card_of_somebody_else_answers_for_nobody(hall: Hall, people: dict[str, Person]) -> None:
    """The data of a button is what anybody may send."""
    ecoute, stranger = people["ecoute"], people["Étienne"]
    booked = await hall.book()
    forged = stranger.activity(
        "invoke",
        name="adaptiveCard/action",
        value=ecoute.clicked(ecoute.screen[-1], ACCEPT)["value"],
        replyToId=ecoute.screen[-1].id,
    )
    await stranger.deliver(forged)
    await hall.settle(minutes=5)
    (invitation,) = (await hall.stored(booked)).invitations
    assert invitation.answer is Answer.PENDING
    assert len(ecoute.screen) == 1
    assert ACCEPT in labels(ecoute.screen[-1].content)
