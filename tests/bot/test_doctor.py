"""Each missing or wrong setting is named, with what to do."""

import pytest

from bot.doctor import check_settings, nothing_configured, refused
from bot.findings import Finding
from bot.local import is_loopback
from bot.settings import Settings
from handlers.i18n import Texts

KEY = "k" * 48
TEXTS = Texts("en", "Europe/Brussels")
SLACK = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s" * 32}
SEVERAL = {
    "slack_bot_token": None,
    "slack_client_id": "1.2",
    "slack_client_secret": "secret",
    "slack_teams": "T0ONE, E0GRID",
    "public_url": "https://rdv.example.org",
}
TEAMS = {
    "slack_bot_token": None,
    "slack_signing_secret": None,
    "teams_client_id": "11111111-2222-4333-8444-555555555555",
    "teams_client_secret": "hunter2",
    "teams_tenant_id": "99999999-AAAA-4bbb-8ccc-dddddddddddd",
    "public_url": "https://rdv.example.org",
}
OPEN = {**dict.fromkeys(SLACK), "teams_skip_auth": "1"}
TELEGRAM = {**dict.fromkeys(SLACK), "telegram_token": f"123456:{'hunter2' * 5}"}


def wrong(demo: bool = False, **values: object) -> dict[str, Finding]:
    """Return what is wrong with these settings, by name."""
    settings = Settings.model_validate({"secret_key": KEY, **SLACK} | values)
    return {f.name: f for f in check_settings(settings, TEXTS, demo=demo) if f.state == "wrong"}


def without(name: str) -> dict[str, object]:
    return {name: None}


def test_complete_settings_are_right() -> None:
    assert wrong() == {}
    assert wrong(slack_signing_secret=None, slack_app_token="xapp-1") == {}
    assert wrong(public_url="https://rdv.example.org", host="0.0.0.0") == {}  # noqa: S104
    assert wrong(holidays="none", notice="2d", buffer_before="12h", travel="30m", daily="6", hold="1h") == {}


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        ({"secret_key": ""}, "RDV_SECRET_KEY", "missing"),
        ({"secret_key": "short"}, "RDV_SECRET_KEY", "too short"),
        (without("slack_bot_token"), "RDV_SLACK_BOT_TOKEN", "bot token is missing"),
        ({"slack_bot_token": "xoxp-1"}, "RDV_SLACK_BOT_TOKEN", "not a bot token"),
        (without("slack_signing_secret"), "RDV_SLACK_SIGNING_SECRET", "neither a signing secret nor an app token"),
        ({"slack_app_token": "xoxb-1"}, "RDV_SLACK_APP_TOKEN", "not an app token"),
        ({"slack_api_url": "http://api.example.org/"}, "RDV_SLACK_API_URL", "in the clear"),
        ({"slack_api_url": "nowhere"}, "RDV_SLACK_API_URL", "in the clear"),
        ({"slack_bot_token": None, "slack_signing_secret": None}, "RDV_SLACK_BOT_TOKEN", "No chat platform"),
        (SEVERAL | {"slack_client_secret": None}, "RDV_SLACK_CLIENT_SECRET", "belong together"),
        (SEVERAL | {"slack_client_id": ""}, "RDV_SLACK_CLIENT_ID", "belong together"),
        (SEVERAL | {"public_url": ""}, "RDV_PUBLIC_URL", "leads whoever installs the app back"),
        (SEVERAL | {"slack_signing_secret": None}, "RDV_SLACK_SIGNING_SECRET", "neither a signing secret"),
        ({"public_url": "http://rdv.example.org"}, "RDV_PUBLIC_URL", "https"),
        ({"public_url": "rdv.example.org"}, "RDV_PUBLIC_URL", "https"),
        ({"host": "0.0.0.0"}, "RDV_HOST", "without an encrypted public address"),  # noqa: S104
        ({"locale": "nl"}, "RDV_LOCALE", "nl"),
        ({"timezone": "Europe/Gembloux"}, "RDV_TIMEZONE", "Europe/Gembloux"),
        ({"timezone": "../etc"}, "RDV_TIMEZONE", "not known"),
        ({"holidays": "Belgique"}, "RDV_HOLIDAYS", "“Belgique”"),
        ({"holidays": "BE-99"}, "RDV_HOLIDAYS", "not known"),
        ({"notice": "366d"}, "RDV_NOTICE", "nothing could be booked"),
        ({"buffer_before": "13h"}, "RDV_BUFFER_BEFORE", "no room"),
        ({"buffer_after": "13h"}, "RDV_BUFFER_AFTER", "no room"),
        ({"travel": "1d"}, "RDV_TRAVEL", "no room"),
        ({"hold": "none"}, "RDV_HOLD", "held"),
        ({"hold": "2h"}, "RDV_HOLD", "held"),
        ({"public_url": "https://rdv.example.org:web"}, "RDV_PUBLIC_URL", "https"),
        (TEAMS | {"teams_client_id": ""}, "RDV_TEAMS_CLIENT_ID", "set up in part"),
        (TEAMS | {"teams_client_id": "rdv"}, "RDV_TEAMS_CLIENT_ID", "no id of Entra"),
        (TEAMS | {"teams_client_secret": ""}, "RDV_TEAMS_CLIENT_SECRET", "set up in part"),
        (TEAMS | {"teams_tenant_id": ""}, "RDV_TEAMS_TENANT_ID", "set up in part"),
        (TEAMS | {"teams_tenant_id": "example.org"}, "RDV_TEAMS_TENANT_ID", "no id of Entra"),
        (TEAMS | {"teams_tenants": "example.org"}, "RDV_TEAMS_TENANTS", "no id of a tenant"),
        (TEAMS | {"public_url": ""}, "RDV_PUBLIC_URL", "Teams calls the bot at a public address"),
        (TEAMS | {"public_url": "http://127.0.0.1:8000"}, "RDV_PUBLIC_URL", "Teams calls the bot at a public address"),
        (OPEN | {"public_url": "https://rdv.example.org"}, "RDV_TEAMS_SKIP_AUTH", "act as anybody"),
        (TEAMS | {"teams_skip_auth": "1"}, "RDV_TEAMS_SKIP_AUTH", "act as anybody"),
        (TELEGRAM | {"telegram_token": "hunter2"}, "RDV_TELEGRAM_TOKEN", "not a bot’s token"),
        (TELEGRAM | {"telegram_webhook_secret": "hunter 2"}, "RDV_TELEGRAM_WEBHOOK_SECRET", "letters, digits"),
        (TELEGRAM | {"telegram_api_url": "http://api.example.org/"}, "RDV_TELEGRAM_API_URL", "in the clear"),
        (TELEGRAM | {"public_url": "https://rdv.example.org:8000"}, "RDV_PUBLIC_URL", "port 8000"),
    ],
)
def test_each_fault_is_named_with_what_to_do(values: dict[str, object], name: str, says: str) -> None:
    found = wrong(**values)

    assert list(found) == [name]
    assert says in found[name].says
    assert found[name].todo
    assert "hunter" not in found[name].says + found[name].todo


@pytest.mark.parametrize("values", [TEAMS, OPEN, OPEN | {"public_url": "http://localhost:8000"}, TELEGRAM])
def test_each_platform_is_enough_by_itself(values: dict[str, object]) -> None:
    assert wrong(**values) == {}
    assert wrong(demo=True, **values) == {}


@pytest.mark.parametrize(
    "values",
    [{"host": "0.0.0.0"}, {"host": "10.0.0.7"}, {"public_url": "https://rdv.example.org"}],  # noqa: S104
)
@pytest.mark.parametrize("demo", [False, True])
def test_tokens_are_checked_unless_this_machine_alone_is_served(*, values: dict[str, object], demo: bool) -> None:
    assert "RDV_TEAMS_SKIP_AUTH" in wrong(demo=demo, **OPEN | values)


def test_an_open_teams_is_told_of() -> None:
    settings = Settings.model_validate({"secret_key": KEY} | OPEN)
    (note,) = [f for f in check_settings(settings, TEXTS) if f.state == "note"]

    assert (note.name, note.todo) == ("RDV_TEAMS_SKIP_AUTH", "Remove RDV_TEAMS_SKIP_AUTH to serve an organisation.")


def test_demonstration_needs_nothing_but_listens_here_alone() -> None:
    nothing: dict[str, object] = {"secret_key": "", "slack_bot_token": None, "slack_signing_secret": None}

    assert wrong(demo=True, **nothing) == {}
    assert list(wrong(demo=True, host="0.0.0.0", **nothing)) == ["RDV_HOST"]  # noqa: S104


def test_slack_on_this_machine_may_be_reached_in_the_clear() -> None:
    assert wrong(slack_api_url="http://127.0.0.1:9000/api/") == {}


def test_nothing_configured() -> None:
    assert nothing_configured(Settings(_env_file=None))
    for begun in (
        {"slack_app_token": "xapp-1"},
        {"teams_tenant_id": "t"},
        {"teams_skip_auth": True},
        {"telegram_token": "1"},
    ):
        assert not nothing_configured(Settings.model_validate(begun))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("example.org", False)],  # noqa: S104
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_values_that_cannot_be_read_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_PORT", "hunter2")

    with pytest.raises(ValueError, match="port") as caught:
        Settings(_env_file=None)
    (finding,) = refused(caught.value, TEXTS)  # type: ignore[arg-type]

    assert (finding.name, finding.state) == ("RDV_PORT", "wrong")
    assert "hunter2" not in finding.says + finding.todo


def test_a_duration_that_cannot_be_read_is_explained_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RDV_NOTICE", "hunter2")

    with pytest.raises(ValueError, match="notice") as caught:
        Settings(_env_file=None)
    (finding,) = refused(caught.value, Texts("fr", "Europe/Brussels"))  # type: ignore[arg-type]

    assert "écrivez une durée sous la forme «\u00a02h\u00a0»" in finding.says
    assert "hunter2" not in finding.says + finding.todo


def test_several_workspaces_need_no_bot_token() -> None:
    assert wrong(**SEVERAL) == {}
    assert wrong(**SEVERAL | {"slack_signing_secret": None, "slack_app_token": "xapp-1"}) == {}
    assert not nothing_configured(Settings.model_validate({"slack_client_id": "1.2"}))


def test_workspaces_are_named_before_any_may_install_the_app() -> None:
    assert "No workspace may install" in wrong(**SEVERAL | {"slack_teams": ""})["RDV_SLACK_TEAMS"].says


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [(SEVERAL | {"slack_bot_token": "xoxb-1"}, "RDV_SLACK_CLIENT_ID", "The bot token wins")],
)
def test_what_is_worth_knowing_of_several_workspaces(values: dict[str, object], name: str, says: str) -> None:
    settings = Settings.model_validate({"secret_key": KEY, **SLACK} | values)
    (note,) = [f for f in check_settings(settings, TEXTS) if f.state == "note"]

    assert note.name == name
    assert says in note.says
    assert note.todo
