"""What a command, click or form does, and the cards it answers with; knows no platform and no SQL."""
