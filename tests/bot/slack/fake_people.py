"""auth.* and users.*: who is in the workspace, and who the bot is."""

from typing import Any

from tests.bot.slack.fake_state import BOT, BOT_USER, TEAM, Arguments, FakeState, Refusal


class PeopleMethods(FakeState):
    """Members."""

    def add_user(self, user_id: str, email: str, **more: object) -> None:
        """Add a member."""
        profile = {"email": email} if email else {}
        whole = {"id": user_id, "team_id": TEAM, "deleted": False, "is_bot": False, "is_email_confirmed": True}
        self.users[user_id] = {**whole, "profile": profile, **more}

    # --- methods

    def _auth_test(self, _: Arguments) -> dict[str, Any]:
        return {"team_id": TEAM, "team": "RDV", "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}

    def _users_info(self, a: Arguments) -> dict[str, Any]:
        if a["user"] not in self.users:
            raise Refusal("user_not_found")
        user = self.users[a["user"]]
        seen = user if "users:read.email" in self.scopes else {**user, "profile": {}}
        return {"user": seen}

    def _users_lookupByEmail(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        for user in self.users.values():
            if user["profile"].get("email") == a["email"]:
                return {"user": user}
        raise Refusal("users_not_found")
