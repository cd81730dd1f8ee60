"""Whose word is taken: tokens of the Bot Service, for this bot and for where it says it comes from, and no others."""

import asyncio
import threading
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams import tokens
from bot.teams.api import cloud_of
from bot.teams.tokens import Forged, NoKeys, Verifier
from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams, sign
from tests.bot.teams.fake_state import CLIENT, TENANT, Fault, Json
from tests.hall import Hall

OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
HOUR = 3600


@pytest.fixture
def verifier(teams: FakeTeams) -> Verifier:
    return Verifier(CLIENT, cloud_of(teams.settings()))


def bearer(teams: FakeTeams, **claims: Any) -> str:
    return f"Bearer {teams.token(**claims)}"


async def test_a_token_of_the_service_is_good_for_its_address_alone(teams: FakeTeams, verifier: Verifier) -> None:
    await verifier.verify(bearer(teams), teams.service_url)
    await verifier.verify(bearer(teams), teams.url)
    for address in ("https://smba.example.org/", f"{teams.service_url}teams/", ""):
        with pytest.raises(Forged):
            await verifier.verify(bearer(teams), address)
    assert teams.fetched_keys == 1


async def test_a_token_that_was_checked_is_good_until_it_ends_and_for_its_address_alone(
    teams: FakeTeams, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, now = bearer(teams, exp=int(time.time()) + 60), time.time()
    await verifier.verify(token, teams.service_url)
    with pytest.raises(Forged):
        await verifier.verify(token, "https://smba.example.org/")
    with pytest.raises(Forged):
        await verifier.verify(f"{token[:-4]}AAAA", teams.service_url)

    looked: list[str] = []
    checked = verifier._validator.validate_token

    async def look(raw: str, service_url: str | None = None, scope: str | None = None) -> dict[str, Any]:
        looked.append(raw)
        return await checked(raw, service_url, scope)

    monkeypatch.setattr(verifier._validator, "validate_token", look)
    await verifier.verify(token, teams.service_url)
    assert looked == []
    monkeypatch.setattr(tokens, "time", lambda: now + 61)
    await verifier.verify(token, teams.service_url)  # within the five minutes that clocks may differ by
    assert len(looked) == 1


async def test_only_so_many_checked_tokens_are_remembered(teams: FakeTeams, verifier: Verifier) -> None:
    for number in range(tokens.MOST + 5):
        await verifier.verify(bearer(teams, exp=int(time.time()) + HOUR + number), teams.service_url)
    assert len(verifier._checked) == tokens.MOST


WRONG = {
    "audience": {"aud": "another-bot"},
    "several audiences, none of them us": {"aud": ["another-bot", "a-third"]},
    "issuer": {"iss": "https://login.microsoftonline.com/common/v2.0"},
    "issuer of an agent's": {"iss": f"https://sts.windows.net/{TENANT}/", "tid": TENANT},
    "no issuer": {"iss": ""},
    "expired": {"exp": int(time.time()) - HOUR},
    "not yet": {"nbf": int(time.time()) + HOUR},
    "made tomorrow": {"iat": int(time.time()) + 24 * HOUR},
    "no address": {"serviceurl": None},
    "an address that is none": {"serviceurl": ["http://127.0.0.1"]},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG.keys())
async def test_a_token_with_anything_else_is_refused(teams: FakeTeams, verifier: Verifier, claims: Json) -> None:
    known = {"serviceurl": teams.service_url, **claims}
    with pytest.raises(Forged):
        await verifier.verify(f"Bearer {sign({k: v for k, v in known.items() if v is not None})}", teams.service_url)


async def test_a_token_that_another_key_signed_is_refused(teams: FakeTeams, verifier: Verifier) -> None:
    claims = {"serviceurl": teams.service_url}
    for token in (
        sign(claims, key=OTHER_KEY),
        sign(claims, key=OTHER_KEY, kid="another"),
        jwt.encode({"aud": CLIENT, **claims}, "s" * 32, algorithm="HS256", headers={"kid": "loopback"}),
        jwt.encode({"aud": CLIENT, **claims}, None, algorithm="none", headers={"kid": "loopback"}),
    ):
        with pytest.raises(Forged):
            await verifier.verify(f"Bearer {token}", teams.service_url)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é", "Bearer " + "." * 99]
)
async def test_what_is_no_token_is_refused(teams: FakeTeams, verifier: Verifier, header: str) -> None:
    with pytest.raises(Forged):
        await verifier.verify(header, teams.service_url)
    assert teams.fetched_keys == 0


# --- the keys


async def test_unknown_keys_do_not_make_us_fetch_again_and_again(teams: FakeTeams, verifier: Verifier) -> None:
    await verifier.verify(bearer(teams), teams.service_url)
    forged = [f"Bearer {sign({'serviceurl': teams.service_url}, key=OTHER_KEY, kid=f'k{n}')}" for n in range(20)]
    refused = await asyncio.gather(*(verifier.verify(f, teams.service_url) for f in forged), return_exceptions=True)
    assert {type(fault) for fault in refused} == {Forged}
    assert teams.fetched_keys == 1


async def test_a_key_that_is_new_is_fetched_once_the_last_fetch_is_a_while_ago(
    teams: FakeTeams, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(bearer(teams), teams.service_url)
    forged = f"Bearer {sign({'serviceurl': teams.service_url}, key=OTHER_KEY, kid='new')}"
    now = time.monotonic() + tokens.AT_MOST_EACH
    monkeypatch.setattr(tokens, "monotonic", lambda: now)
    for _ in range(3):
        with pytest.raises(Forged):
            await verifier.verify(forged, teams.service_url)
    assert teams.fetched_keys == 2


async def test_keys_are_fetched_beside_the_loop(
    teams: FakeTeams, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = verifier._validator.keys
    threads: list[int] = []

    def watched() -> Any:
        threads.append(threading.get_ident())
        return fetch()

    fetch = keys.fetch_data
    monkeypatch.setattr(keys, "fetch_data", watched)
    await asyncio.gather(*(verifier.verify(bearer(teams), teams.service_url) for _ in range(5)))
    assert len(threads) == teams.fetched_keys == 1, "who comes meanwhile waits for the same keys"
    assert threads[0] != threading.get_ident()


@pytest.mark.parametrize("answer", [Fault(500), Fault(404), Fault(200)])
async def test_while_the_keys_cannot_be_had_nothing_is_said_of_any_token(
    teams: FakeTeams, verifier: Verifier, monkeypatch: pytest.MonkeyPatch, answer: Fault
) -> None:
    """A token that was refused would not come again."""
    teams.faults["keys"] = [answer] * 2
    for _ in range(3):
        with pytest.raises(NoKeys):
            await verifier.verify(bearer(teams), teams.service_url)
    assert teams.fetched_keys == 1, "they are let alone for a while"
    now = time.monotonic() + tokens.AGAIN
    monkeypatch.setattr(tokens, "monotonic", lambda: now)
    teams.faults["keys"] = []
    await verifier.verify(bearer(teams), teams.service_url)


# --- at the door


async def test_what_is_not_signed_does_nothing(hall: Hall, teams: FakeTeams, people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    wrong = ["", "Bearer a.b.c", bearer(teams, aud="another-bot"), bearer(teams, exp=1), bearer(teams, serviceurl="x")]
    for authorization in wrong:
        response = await agathe.send(agathe.activity("message", text="aide"), authorization=authorization)
        assert (response.status_code, response.content) == (401, b"")
    await hall.answered()
    assert teams.messages == []


async def test_what_comes_while_the_keys_are_away_is_to_come_again(
    hall: Hall, teams: FakeTeams, people: dict[str, Person]
) -> None:
    agathe = people["Agathe"]
    verifier = hall.platforms[0]._verifier  # type: ignore[attr-defined]
    verifier._validator.keys.jwk_set_cache.put(None)
    verifier._checked.clear()
    verifier._rests_until = 0.0
    teams.faults["keys"] = [Fault(503)]
    assert (await agathe.send(agathe.activity("message", text="aide"))).status_code == 503
    verifier._rests_until = 0.0
    await agathe.say("aide")
    assert len(agathe.screen) == 1


async def test_what_was_answered_is_not_answered_again(people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    activity = agathe.activity("message", text="aide")
    for _ in range(3):
        await agathe.deliver(activity)
    assert len(agathe.screen) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"type":' + b"9" * 5000 + b"}", 400),
        (b" " * 1_000_000, 413),
    ],
    ids=["nothing", "torn", "a list", "a text", "no unicode", "deep", "a long number", "a megabyte"],
)
async def test_what_is_no_activity_is_refused(
    hall: Hall, teams: FakeTeams, capfd: pytest.CaptureFixture[str], body: bytes, status: int
) -> None:
    shown = {"authorization": bearer(teams), "content-type": "application/json"}
    assert (await hall.http.post("/api/messages", content=body, headers=shown)).status_code == status
    await hall.answered()
    assert '"text"' not in "".join(capfd.readouterr())
    assert teams.messages == []


async def test_a_body_of_no_known_length_is_not_read(hall: Hall, teams: FakeTeams) -> None:
    async def endless() -> Any:
        while True:
            yield b" "

    shown = {"authorization": bearer(teams)}
    assert (await hall.http.post("/api/messages", content=endless(), headers=shown)).status_code == 411


async def test_refusals_are_logged_without_what_was_sent(
    people: dict[str, Person], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    agathe = people["Agathe"]
    secret = {"text": "LAFRAISE", "serviceUrl": "https://lafraise.example.org/"}
    await agathe.send(agathe.activity("message", **secret))
    await agathe.send(agathe.activity("message", **secret), authorization="Bearer lafraise.b.c")
    await agathe.send(agathe.activity("invoke", name="made/up", value={"of": "LAFRAISE"}))
    bad = {"action": {"type": "Action.Execute", "verb": "rdv", "data": {"rdv": "LAFRAISE", "form": ["LAFRAISE"]}}}
    await agathe.send(agathe.activity("invoke", name="adaptiveCard/action", value=bad))
    said = "".join(capfd.readouterr()) + caplog.text
    assert said.count("teams_refused") == 2
    assert "teams_unknown_invoke" in said
    assert "lafraise" not in said.casefold()


async def test_an_invoke_that_is_not_known_is_answered_with_a_body(people: dict[str, Person]) -> None:
    agathe = people["Agathe"]
    response = await agathe.send(agathe.activity("invoke", name="made/up", value={}))
    assert (response.status_code, response.json()) == (501, {"error": {"code": "NotImplemented"}})
