"""What the app asks Slack for, each right with its reason: for the code, the manifest, the doctor and the guide."""

PATH = "/slack/events"
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

SCOPES = {
    "app_mentions:read": "Hear when somebody mentions the bot in a channel, to answer that person alone.",
    "channels:read": "Know when the bot is added to a public channel, to say hello there.",
    "chat:write": "Send cards, reminders and answers, and keep the cards up to date.",
    "commands": "Offer the slash commands.",
    "files:write": "Show agendas and figures as pictures, and give files, to the person who asked for them.",
    "groups:read": "Know when the bot is added to a private channel, to say hello there.",
    "im:history": "Read what is typed to the bot in its own conversation, and nothing else.",
    "users:read": "Tell members from guests, bots and deactivated accounts.",
    "users:read.email": "Join a Slack account to a worker by the e-mail address that Slack has verified.",
}

EVENTS = {
    "app_home_opened": "The home shows its owner what waits for him; the first opening of the conversation is greeted.",
    "app_mention": "A mention in a channel is answered to that person alone.",
    "app_uninstalled": "The token of a workspace that removes the app is let go of; nobody there is written to.",
    "member_joined_channel": "The bot says hello when it is added to a channel.",
    "message.im": "What is typed to the bot is understood like a command.",
    "tokens_revoked": "A token that is taken back is let go of at once.",
    "user_change": "Who becomes a guest or is deactivated is refused; a changed e-mail address is followed.",
}
