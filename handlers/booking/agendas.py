"""The agendas of the week, side by side, with each person's two toggles (guide, steps 6 and 7): never a client."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from core.agenda import Agenda, agendas_of
from core.availability import Busy, BusyKind, Shown
from core.cases import Place
from core.message import N_
from core.ports import Transaction
from handlers.agenda.picture import agendas_to_choose_from
from handlers.booking import fields
from handlers.booking.scene import Scene, window_of
from handlers.booking.toggles import toggles
from handlers.i18n import Texts
from handlers.ui import Element, Field

BUSY_WORDS = {
    BusyKind.APPOINTMENT: N_("appointment"),
    BusyKind.ACCEPTED: N_("invitation accepted"),
    BusyKind.TENTATIVE: N_("perhaps busy"),
    BusyKind.PENDING: N_("invitation without an answer yet"),
    BusyKind.EXTERNAL: N_("busy (external agenda)"),
    BusyKind.HOLD: N_("held by a colleague"),
    BusyKind.ABSENCE: N_("away"),
    BusyKind.PUBLIC_HOLIDAY: N_("public holiday"),
    BusyKind.NOTICE: N_("sooner than the notice wanted"),
    BusyKind.BUFFER: N_("too close to an appointment"),
    BusyKind.TRAVEL: N_("too close to an appointment elsewhere"),
    BusyKind.FULL_DAY: N_("full day"),
}


def agenda_parts(
    tx: Transaction, scene: Scene, places: Mapping[int, Place], texts: Texts
) -> tuple[Field | Element, ...]:
    """Return the agendas of the chosen week, the main worker's first, below the toggles of everyone concerned."""
    if scene.draft.week is None:
        return ()
    on = {w.id: scene.draft.shows(w.id) for w in scene.shown}
    shown = {w: Shown(fields.AVAILABILITY in found, fields.EXTERNAL in found) for w, found in on.items()}
    window = window_of(scene.draft.week, texts)
    agendas = agendas_of(tx, scene.actor, scene.shown, window, scene.now, scene.rules, shown, private=False)
    monday, today = scene.draft.week, texts.local(scene.now).date()
    days = [day for n in range(7) if (day := monday + timedelta(days=n)) >= today]
    seen = [_without_own_holds(agenda) for agenda in agendas]
    pictures = agendas_to_choose_from(seen, days, places, texts, scene.now, moving=scene.ignoring)
    return (*toggles(scene, texts), *pictures)


def _without_own_holds(agenda: Agenda) -> Agenda:
    """Leave out what the form itself holds: its slot says it."""
    return replace(agenda, entries=tuple(e for e in agenda.entries if not e.own))


def busy_words(busy: Busy, texts: Texts, ignoring: int | None = None) -> str:
    """Return what occupies someone, in a word that betrays nothing."""
    if ignoring is not None and busy.appointment_id == ignoring:
        return texts.t("this appointment")
    return texts.t(BUSY_WORDS[busy.kind])
