"""Who gets in: this machine's browser in demonstration mode, the holder of a signed link otherwise."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from itsdangerous import TimestampSigner

from bot.web.access import BODY_LIMIT, COOKIE, LINK_SECONDS, chat_link
from tests.bot.web.conftest import KEY, Chat, client
from tests.bot.web.window import FORM, encoded

SAY = [("text", "bonjour"), ("nonce", "0123456789"), ("after", "0")]


async def say(http: httpx.AsyncClient, handle: str = "Agathe", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(f"/chat/{handle}/say", content=encoded(SAY), headers={**FORM, **named})


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://LocalHost", "http://127.0.0.1"]
)
async def test_this_machine_gets_in(chat: Chat, base_url: str) -> None:
    async with client(chat.api, base_url) as http:
        answer = await http.get("/chat")

    assert answer.status_code == 200
    assert "seforme" in answer.text


@pytest.mark.parametrize(
    "host", ["rdv.example.org", "192.168.1.7:8000", "localhost.evil.example", "127.0.0.1.nip.io", "localhost:80:80", ""]
)
@pytest.mark.parametrize("path", ["/chat", "/chat/Agathe", "/chat/static/chat.js", "/chat/Agathe/events"])
async def test_another_host_is_refused(chat: Chat, host: str, path: str) -> None:
    answer = await chat.http.get(path, headers={"host": host})

    assert answer.status_code == 403
    assert "Agathe" not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Via",
        "CF-Connecting-IP",
        "CF-Ray",
        "True-Client-IP",
        "Ngrok-Trace-Id",
        "X-Client-IP",
    ],
)
async def test_a_tunnel_is_refused(chat: Chat, header: str) -> None:
    reading = await chat.http.get("/chat", headers={header: "203.0.113.9"})
    writing = await say(chat.http, **{header: "203.0.113.9"})

    assert (reading.status_code, writing.status_code) == (403, 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8000"])
async def test_a_foreign_page_writes_nothing(chat: Chat, origin: str) -> None:
    writing = await say(chat.http, origin=origin)
    listening = await chat.http.get("/chat/Agathe/events", headers={"origin": origin})

    assert (writing.status_code, listening.status_code) == (403, 403)
    assert "bonjour" not in (await chat.window("Agathe").open()).text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_foreign_fetch_writes_nothing(chat: Chat, site: str) -> None:
    assert (await say(chat.http, sec_fetch_site=site)).status_code == 403


async def test_the_own_page_writes(chat: Chat) -> None:
    answer = await say(chat.http, origin="http://127.0.0.1:8000", sec_fetch_site="same-origin")

    assert answer.status_code == 200


async def test_every_answer_carries_the_headers_that_keep_it_safe(chat: Chat) -> None:
    paths = ("/chat", "/chat/Agathe", "/chat/nobody", "/chat/static/chat.css", "/chat/enter/x", "/chat/Agathe/nothing")
    answers = [await chat.http.get(path) for path in paths]
    answers.append(await chat.http.get("/chat", headers={"host": "evil.example"}))

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert answers[0].headers["cache-control"] == "no-store"


async def test_no_page_holds_script_or_style_of_its_own(chat: Chat) -> None:
    page = await chat.window("Agathe").open()

    assert [s.attrs.get("src", "")[:21] for s in page.all("script")] == ["/chat/static/chat.js?"]
    assert not page.all("style")
    assert not [name for node in page for name in node.attrs if name == "style" or name.startswith("on")]


async def test_static_files_are_kept_by_their_version(chat: Chat) -> None:
    page = await chat.window("Agathe").open()
    versioned = await chat.http.get(page.one("script").attrs["src"])
    plain = await chat.http.get("/chat/static/chat.js")

    assert "immutable" in versioned.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert versioned.headers["content-type"].startswith("text/javascript")


async def test_the_font_of_pictures_is_served(chat: Chat) -> None:
    sheet = (await chat.http.get("/chat/static/chat.css")).text
    names = re.findall(r'url\("(.+?)"\)', sheet)
    assert len(names) == 2
    for name in names:
        answer = await chat.http.get(f"/chat/static/{name}")
        assert answer.headers["content-type"] == "font/ttf"
        assert "max-age" in answer.headers["cache-control"]
        assert answer.content[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize("name", ["..%2Fapp.py", "%2Fetc%2Fpasswd", "nothing.js", ".%2E"])
async def test_nothing_but_static_files_is_served(chat: Chat, name: str) -> None:
    assert (await chat.http.get(f"/chat/static/{name}")).status_code == 404


async def test_too_much_is_refused_unread(chat: Chat) -> None:
    too_much = await chat.http.post("/chat/Agathe/say", content=b"x" * (BODY_LIMIT + 1), headers=FORM)

    async def endless() -> object:
        yield b"text=1"

    unsized = await chat.http.post("/chat/Agathe/say", content=endless(), headers=FORM)

    assert (too_much.status_code, unsized.status_code) == (413, 411)


async def test_other_routes_are_left_alone(chat: Chat) -> None:
    @chat.api.get("/chatty")
    async def chatty() -> str:
        return "open"

    answer = await chat.http.get("/chatty", headers={"host": "evil.example"})

    assert answer.json() == "open"
    assert "content-security-policy" not in answer.headers


@pytest.fixture
def served(open_chat: Callable[..., Chat]) -> Chat:
    """The chat of an organisation, behind its proxy."""
    return open_chat(demo=False, public_url="https://rdv.example.org")


def link(served: Chat, handle: str = "seforme", key: str = KEY) -> str:
    return urlsplit(chat_link(key, served.deps.public_url, handle)).path


@pytest.fixture
async def outside(served: Chat) -> httpx.AsyncClient:
    """A browser far away."""
    http = client(served.api, "https://rdv.example.org")
    http.headers["x-forwarded-for"] = "203.0.113.9"
    return http


@pytest.mark.parametrize("path", ["/chat", "/chat/seforme", "/chat/seforme/events", "/chat/seforme/older?before=1"])
async def test_outside_the_demonstration_it_is_off(outside: httpx.AsyncClient, path: str) -> None:
    answer = await outside.get(path)

    assert answer.status_code == 404
    assert (await say(outside, "seforme")).status_code == 404


async def test_a_signed_link_opens_one_persons_chat(served: Chat, outside: httpx.AsyncClient) -> None:
    asked = await outside.get(link(served))
    looked_only = await outside.get("/chat/seforme")
    entered = await outside.post(link(served), headers={"origin": "https://rdv.example.org", "content-length": "0"})
    own = await outside.get("/chat/seforme")
    said = await say(outside, "seforme", origin="https://rdv.example.org")
    other = await outside.get("/chat/Agathe", headers={"cookie": f"{COOKIE}={outside.cookies[COOKIE]}"})

    assert (asked.status_code, looked_only.status_code) == (200, 404)
    assert (entered.status_code, entered.headers["location"]) == (303, "/chat/seforme")
    written = entered.headers["set-cookie"].lower()
    assert all(word in written for word in ("httponly", "samesite=strict", "secure", "path=/chat/seforme"))
    assert (own.status_code, said.status_code, other.status_code) == (200, 200, 404)
    assert "Changer de personne" not in own.text


async def test_a_foreign_page_cannot_use_the_cookie(served: Chat, outside: httpx.AsyncClient) -> None:
    await outside.post(link(served))

    assert (await say(outside, "seforme", origin="https://evil.example")).status_code == 403


async def test_a_link_lasts_ten_minutes(
    served: Chat, outside: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TimestampSigner(KEY).get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now)
    path = link(served)
    statuses = []
    for later in (LINK_SECONDS, LINK_SECONDS + 1):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _, later=later: now + later)
        statuses.append((await outside.post(path)).status_code)

    assert statuses == [303, 403]


async def test_a_forged_link_opens_nothing(served: Chat, outside: httpx.AsyncClient) -> None:
    forged = await outside.post(link(served, key="another secret"))
    unknown = await outside.post(link(served, handle="nobody"))
    await outside.post(link(served))
    as_link = await outside.post(f"/chat/enter/{outside.cookies[COOKIE]}")

    assert [a.status_code for a in (forged, unknown, as_link)] == [403, 403, 403]
