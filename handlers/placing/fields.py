"""The names of the fields and of the form, and of the choices that stand for more than a row."""

FORM = "place"

PLACE = "place"
"""The field of every form in which a place is chosen."""

NAME = "name"
KIND = "kind"

NEW = "new"
"""Begins the choice to create one; after a dot follows what is chosen now, to be put back meanwhile."""
