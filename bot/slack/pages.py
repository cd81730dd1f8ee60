"""The pages that somebody sees who installs the app in a workspace; they look as the web chat's do."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from slack_sdk.oauth.installation_store import Installation
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.slack.scopes import INSTALL
from core.people import LOCALES
from handlers.i18n import Texts

OK, BAD_REQUEST, FORBIDDEN, UNAVAILABLE = 200, 400, 403, 503
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class InstallingPages:
    """Makes the pages, in the language that the browser asks for."""

    def __init__(self, locale: str, zone: str) -> None:
        """`locale` is for a browser that asks for none of ours."""
        self._locale, self._zone = locale, zone
        folder = Path(__file__).parent / "templates"
        environment = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("installing.html")

    def begin(self, request: Request, url: str) -> HTMLResponse:
        """Offer to install: `url` is where Slack asks for leave."""
        t = self._texts(request).t
        lines = (
            t("Slack asks whether you allow what the app needs; in many workspaces, only an administrator may."),
            t("In Enterprise Grid, choose there whether it is for one workspace or for the whole organisation."),
        )
        return self._page(request, t("Install rdv in Slack"), lines, url, t("Add to Slack"))

    def done(self, request: Request, installation: Installation, api_url_home: str) -> HTMLResponse:
        """Say that it is done, and where it goes on."""
        t = self._texts(request).t
        lines: tuple[str, ...]
        if installation.is_enterprise_install:
            title = t("rdv is installed in {name}", name=installation.enterprise_name or installation.enterprise_id)
            lines = (t("Now add it to the workspaces of your organisation, in which it is to be used."),)
            home = installation.enterprise_url or f"{api_url_home}/"
            url = f"{home}manage/organization/apps/profile/{installation.app_id}/workspaces/add"
            return self._page(request, title, lines, url, t("Choose the workspaces"))
        title = t("rdv is installed in {name}", name=installation.team_name or installation.team_id)
        lines = (
            t("Whoever has the same e-mail address in Slack and here is known from the first message on."),
            t("Open rdv under “Apps” in Slack, or type /rdv in any conversation."),
        )
        url = f"{api_url_home}/app_redirect?app={installation.app_id}&team={installation.team_id}"
        return self._page(request, title, lines, url, t("Open Slack"))

    def denied(self, request: Request) -> HTMLResponse:
        """Say that whoever was asked did not allow it."""
        t = self._texts(request).t
        return self._failed(request, t("Slack was told not to allow it. Nothing was changed."), BAD_REQUEST)

    def expired(self, request: Request) -> HTMLResponse:
        """Say that the way here took too long, was gone twice, or began in another browser."""
        t = self._texts(request).t
        line = t("The installation is to be begun and finished in the same browser, within ten minutes, and once.")
        return self._failed(request, line, BAD_REQUEST)

    def silent(self, request: Request) -> HTMLResponse:
        """Say that Slack does not answer us."""
        t = self._texts(request).t
        return self._failed(request, t("Slack does not answer at the moment. Try again in a while."), UNAVAILABLE)

    def refused(self, request: Request, error: str) -> HTMLResponse:
        """Say that Slack did not confirm it; `error` is its word for why."""
        t = self._texts(request).t
        line = t("Slack did not confirm the installation: {error}.", error=error)
        return self._failed(request, line, BAD_REQUEST)

    def unexpected(self, request: Request, tenant: str) -> HTMLResponse:
        """Say that this workspace is none of those that may install the app."""
        t = self._texts(request).t
        line = t("The workspace {team} is not among those for which this rdv is meant.", team=tenant)
        return self._failed(request, line, FORBIDDEN)

    def _failed(self, request: Request, line: str, status: int) -> HTMLResponse:
        t = self._texts(request).t
        return self._page(request, t("rdv was not installed"), (line,), INSTALL, t("Start again"), status)

    def _page(
        self, request: Request, title: str, lines: tuple[str, ...], url: str, label: str, status: int = OK
    ) -> HTMLResponse:
        locale = self._texts(request).locale
        html = self._template.render(lang=locale, title=title, lines=lines, url=url, label=label)
        return HTMLResponse(html, status, headers=_HEADERS)

    def _texts(self, request: Request) -> Texts:
        asked = [
            part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")
        ]
        return Texts(next((locale for locale in asked if locale in LOCALES), self._locale), self._zone)
