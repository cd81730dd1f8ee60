"""Enterprise Grid: an organisation installs the app for all of its workspaces, or one of them does so for itself."""

from tests.bot.slack.client import HttpLine, event_body
from tests.bot.slack.fake_oauth import Team
from tests.bot.slack.fake_state import dm_of
from tests.bot.slack.screen import text_of
from tests.bot.slack.several import AGATHE, ECOUTE, Offices, accounts, booked, cards, speak, two_of_them


async def grid(offices: Offices, *, whole: bool) -> Team:
    """Install the app in an organisation, or in one workspace of it."""
    team = offices.world.add("" if whole else "T0GRID", enterprise="E0GRID", whole=whole, name="Grid")
    team.join("U9ECOUTE", ECOUTE)
    team.join("U9AGATHE", AGATHE)
    assert (await offices.install(team)).status_code == 200
    return team


async def test_a_whole_organisation_installs_the_app(offices: Offices) -> None:
    await two_of_them(offices)
    team = await grid(offices, whole=True)
    assert "Prendre rendez-vous" in await speak(offices, "U9ECOUTE", team, "T0SOMEWHERE")
    await booked(offices)
    (card,) = cards(team, "U9ECOUTE", "Accepter")
    await offices.person("U9ECOUTE", team, "T0ELSEWHERE").click(card, "Accepter")
    await offices.person("U9AGATHE", team, "T0ELSEWHERE").say("aide")
    await offices.settle()

    assert await accounts(offices, "ecoute") == [("E0GRID", "U9ECOUTE")]
    assert (await accounts(offices, "agathe"))[0] == ("E0GRID", "U9AGATHE")
    assert "Votre réponse" in text_of(team.screen("U9ECOUTE")[-1].blocks)
    assert "ecoute accepte l’invitation" in text_of(team.screen("U9AGATHE")[-1].blocks)


async def test_its_page_leads_to_the_choice_of_workspaces(offices: Offices) -> None:
    team = offices.world.add(enterprise="E0GRID", whole=True, name="Grid")
    answer = await offices.install(team)

    assert "rdv est installé dans Grid" in answer.text
    assert "https://somewhere.enterprise.slack.com/manage/organization/apps/profile/A0RDV/workspaces/add" in answer.text


async def test_one_workspace_of_an_organisation_installs_the_app(offices: Offices) -> None:
    team = await grid(offices, whole=False)
    await speak(offices, "U9ECOUTE", team)
    await booked(offices)
    (card,) = cards(team, "U9ECOUTE", "Accepter")
    await offices.person("U9ECOUTE", team).click(card, "Accepter")
    await offices.settle()

    assert await accounts(offices, "ecoute") == [("T0GRID", "U9ECOUTE")]
    offices.clock.advance(minutes=1)
    await offices.tell(team, {"type": "app_uninstalled"})
    assert await offices.workspaces.of("T0GRID") is None


async def test_who_writes_from_another_workspace_of_the_organisation_is_reached_where_the_app_is(
    offices: Offices,
) -> None:
    team = await grid(offices, whole=False)
    person = offices.person("U9AGATHE", team)
    await person.say("aide", user_team="T0ELSEWHERE")
    await offices.settle()

    assert "Prendre rendez-vous" in text_of(team.screen("U9AGATHE")[-1].blocks)
    assert await accounts(offices, "agathe") == [("T0GRID", "U9AGATHE")]


async def test_what_comes_from_one_of_its_workspaces_alone_finds_the_organisations_token(offices: Offices) -> None:
    team = await grid(offices, whole=True)
    said = {"type": "message", "channel_type": "im", "user": "U9AGATHE", "channel": dm_of("U9AGATHE"), "text": "aide"}
    where = {"team_id": "T0SOMEWHERE", "enterprise_id": "E0GRID", "authorizations": []}
    await HttpLine(offices.http).event({**event_body(said), **where})
    await offices.settle()

    assert "Prendre rendez-vous" in text_of(team.screen("U9AGATHE")[-1].blocks)
    assert await accounts(offices, "agathe") == [("E0GRID", "U9AGATHE")]


async def test_an_organisation_removes_the_app(offices: Offices) -> None:
    team = await grid(offices, whole=True)
    await speak(offices, "U9ECOUTE", team, "T0SOMEWHERE")
    offices.clock.advance(minutes=1)
    offices.world.revoke(team)
    await offices.tell(team, {"type": "app_uninstalled"})

    assert await offices.workspaces.of("E0GRID") is None
    assert await offices.workspaces.every() == []
