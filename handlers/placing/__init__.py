"""Choosing a place, or creating one in a form of its own above the open one (guide, step 5)."""

from handlers.placing.field import place_field
from handlers.placing.fields import FORM, PLACE
from handlers.placing.pushing import push_place_form, wants_new_place

__all__ = ["FORM", "PLACE", "place_field", "push_place_form", "wants_new_place"]
