"""Cards of any proposal of another time: always made, neutral where others read, without a button where it is over."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from core.cases import Place
from core.counter_views import CounterView
from core.counterproposals import CounterProposal, CounterState
from core.errors import DecidedAlready, Ended, ProposalWithdrawn
from handlers import actions
from handlers.cards.counters import counter_card, counter_refused_card
from handlers.i18n import Texts
from tests.handlers.desk import buttons, text_of
from tests.handlers.test_cards import check, ids, instants, intervals, texts, views, words, workers

DECISIONS = {actions.COUNTER_ACCEPT, actions.COUNTER_REFUSE}
proposals = st.builds(
    CounterProposal, ids, ids, ids, ids, intervals, st.none() | ids, instants, st.sampled_from(CounterState)
)
counters = st.builds(
    CounterView,
    proposal=proposals,
    appointment=views,
    proposer=workers,
    place=st.none() | st.builds(Place, ids, words, words),
    over=st.none() | st.sampled_from([DecidedAlready(), Ended(), ProposalWithdrawn()]),
)


@given(counters, texts, instants)
def test_every_proposal_has_its_cards(view: CounterView, texts: Texts, now: datetime) -> None:
    question, refused = counter_card(view, texts, now), counter_refused_card(view, texts, now)
    for card in (question, refused):
        check(card)
    assert ({b.ref.name for b in buttons(question)} >= DECISIONS) is (view.over is None)
    assert not DECISIONS & {b.ref.name for b in buttons(refused)}
    if view.appointment.removed:
        assert buttons(refused) == []
        assert not [name for client in view.appointment.clients if (name := client.label) in text_of(refused)]
