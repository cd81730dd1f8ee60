"""Several workspaces behind one Web API on loopback: who holds which token, and how an app is installed."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from bot.slack.scopes import SCOPES
from tests.bot.slack.fake_api import FakeSlack
from tests.bot.slack.fake_state import APP, Arguments

CLIENT_ID, CLIENT_SECRET = "111.222", "a client's secret"


@dataclass
class Team(FakeSlack):
    """A workspace; with `whole`, an organisation that installed the app for all of its workspaces."""

    team: str = ""
    enterprise: str | None = None
    whole: bool = False
    name: str = ""
    token: str = ""

    @property
    def bot_user(self) -> str:
        """The bot's user there."""
        return f"UB{self.team or self.enterprise}"

    def join(self, user_id: str, email: str, **more: object) -> None:
        """Add a member of this workspace."""
        grid = {"enterprise_user": {"enterprise_id": self.enterprise}} if self.enterprise else {}
        self.add_user(user_id, email, **{"team_id": self.team or "T0SOMEWHERE", **grid, **more})

    def _auth_test(self, _: Arguments) -> dict[str, Any]:
        enterprise = {"enterprise_id": self.enterprise} if self.enterprise else {}
        return {
            "url": "https://somewhere.enterprise.slack.com/",
            "team_id": self.team or self.enterprise,
            "team": self.name,
            "user_id": self.bot_user,
            "bot_id": f"B{self.team or self.enterprise}",
            "is_enterprise_install": self.whole,
            **enterprise,
        }


@dataclass
class World:
    """Slack, with every workspace that might install the app; `revoked` tokens stay known as such."""

    teams: dict[str, Team] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    codes: dict[str, Team] = field(default_factory=dict)
    refuses: str = ""
    exchanged: list[Arguments] = field(default_factory=list)
    hub: FakeSlack = field(default_factory=FakeSlack)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/oauth.v2.access", self._access)
        app.router.add_route("*", "/api/auth.revoke", self._revoke)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{id}", self._respond)
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/socket", self.hub._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close every connection."""
        await self.hub.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def add(self, team: str = "", *, enterprise: str | None = None, whole: bool = False, name: str = "") -> Team:
        """Add a workspace or an organisation."""
        found = Team(team=team, enterprise=enterprise, whole=whole, name=name or team, url=self.url)
        self.teams[team or str(enterprise)] = found
        return found

    def allow(self, authorize_url: str, team: Team) -> str:
        """Let somebody in a workspace press “Allow”; return the address to which Slack sends him back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert set(asked["scope"].split(",")) == set(SCOPES)
        code = secrets.token_hex(8)
        self.codes[code] = team
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def revoke(self, team: Team) -> None:
        """Take a workspace's token back."""
        self.revoked.add(team.token)
        team.token = ""

    def holder(self, token: str) -> Team | None:
        """Return the workspace with that token."""
        return next((team for team in self.teams.values() if token and team.token == token), None)

    async def _open(self, request: web.Request) -> web.Response:
        assert _token(request) == "xapp-1"
        return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws')}/socket"})

    async def _access(self, request: web.Request) -> web.Response:
        said: Arguments = {**request.query, **(await request.post())}
        self.exchanged.append(said)
        if self.refuses:
            return web.json_response({"ok": False, "error": self.refuses})
        if said.get("client_secret") != CLIENT_SECRET:
            return web.json_response({"ok": False, "error": "bad_client_secret"})
        team = self.codes.pop(str(said.get("code")), None)
        if team is None:
            return web.json_response({"ok": False, "error": "invalid_code"})
        team.token = team.token or f"xoxb-{secrets.token_hex(6)}"
        enterprise = {"id": team.enterprise, "name": team.name} if team.enterprise else None
        return web.json_response(
            {
                "ok": True,
                "access_token": team.token,
                "token_type": "bot",
                "scope": ",".join(SCOPES),
                "bot_user_id": team.bot_user,
                "app_id": APP,
                "team": None if team.whole else {"id": team.team, "name": team.name},
                "enterprise": enterprise,
                "authed_user": {"id": "U0INSTALLER"},
                "is_enterprise_install": team.whole,
            }
        )

    async def _revoke(self, request: web.Request) -> web.Response:
        team = self.holder(_token(request))
        if team is None:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.revoke(team)
        return web.json_response({"ok": True, "revoked": True})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token = _token(request)
        team = self.holder(token)
        if team is None:
            error = "token_revoked" if token in self.revoked else "invalid_auth"
            return web.json_response({"ok": False, "error": error})
        return await team._serve(request)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        team = next(t for t in self.teams.values() if request.match_info["id"] in t._responses)
        return await team._respond(request)


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")
