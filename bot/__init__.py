"""The composition root: settings, server, scheduler, and one folder for each chat platform."""
