"""Agendas side by side, as a picture and as text (guide, steps 6 and 7)."""

from handlers.agenda.opening import click, command, switch, turn
from handlers.agenda.picture import agenda_picture, agendas_to_choose_from

__all__ = ["agenda_picture", "agendas_to_choose_from", "click", "command", "switch", "turn"]
