"""What Entra says of the bot's secret, for the doctor and before serving; and whether Teams has spoken to the bot."""

from typing import Final

from bot.findings import Finding
from bot.inquiry import inquire
from bot.settings import TeamsSettings
from core.ports import Database
from handlers.i18n import Texts
from storage.conversations import any_conversation

LOGIN: Final = "https://login.microsoftonline.com"
SCOPE: Final = "https://api.botframework.com/.default"
PLATFORM, HEARD = "teams", "Teams"
CLIENT, SECRET, TENANT = "RDV_TEAMS_CLIENT_ID", "RDV_TEAMS_CLIENT_SECRET", "RDV_TEAMS_TENANT_ID"
FAULTS: Final = {7000215: SECRET, 7000222: SECRET, 700016: CLIENT, 90002: TENANT, 900023: TENANT}
"""Which setting an error of Entra's is about (learn.microsoft.com: "Microsoft Entra authentication error codes")."""


async def check_teams(teams: TeamsSettings, texts: Texts) -> Finding:
    """Return whether the bot is given a token; only a refusal is wrong, silence is not ours to mend."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": teams.client_id,
        "client_secret": teams.client_secret,
        "scope": SCOPE,
    }
    said = await inquire(f"{teams.login_url or LOGIN}/{teams.tenant_id}/oauth2/v2.0/token", asked)
    if said is None:
        says = texts.t("Entra does not answer at the moment; messages wait until it does.")
        return Finding(SECRET, "note", says, texts.t("Check that this machine reaches {url}.", url=LOGIN))
    if said.body.get("access_token"):
        return Finding(SECRET, "ok", texts.t("Entra knows the bot and gives it a token."))
    codes = said.body.get("error_codes")
    code = codes[0] if isinstance(codes, list) and codes else None
    name = FAULTS.get(code, SECRET) if isinstance(code, int) else SECRET
    error = f"AADSTS{code}" if isinstance(code, int) else str(said.body.get("error", "?"))[:60]
    return Finding(name, "wrong", texts.t("Entra gives the bot no token: {error}.", error=error), _todo(name, texts))


async def check_heard(teams: TeamsSettings, db: Database, texts: Texts) -> list[Finding]:
    """Return whether anybody has yet told the bot where its tenant is served: before, it can write to nobody."""
    if await db.read(lambda tx: any_conversation(tx, PLATFORM, teams.tenant_id)) is not None:
        return []
    says = texts.t("Nobody in Teams has the app yet, so nobody can be written to there.")
    return [Finding(HEARD, "note", says, texts.t("Upload what “rdv manifest teams” makes, and add the app."))]


def _todo(name: str, texts: Texts) -> str:
    if name == CLIENT:
        return texts.t("Copy the “Application (client) ID” of the app in Entra, which must be in this tenant.")
    if name == TENANT:
        return texts.t("Copy the “Directory (tenant) ID” of the app in Entra.")
    return texts.t("Copy the secret’s value, not its id; if its time is over, make another.")
