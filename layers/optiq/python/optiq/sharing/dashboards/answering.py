"""Answers the cards of a dashboard side by side: one that fails, or takes too long, keeps no other from its answer."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import OptiqError, UpstreamError
from optiq.kernel.table import table_outages
from optiq.reports.view_answers import api as view_answers
from optiq.reports.view_answers.api import ViewAnswer
from optiq.reports.views import api as views
from optiq.reports.views.contracts import View
from optiq.sharing.dashboards.contracts import Card, CardAnswer

MOST_ROWS = 500
"""Of a card: what one answers fits into an answer of API Gateway, with 40 cards."""
_AT_ONCE = 4
_PATIENCE_SECONDS = 22.0
"""Less than a function has for its answer. What goes on after that is kept for who asks again."""


def answer_cards(
    caller: Caller,
    site_id: str,
    cards: Sequence[Card],
    *,
    period: str = "",
    compare: str = "",
    most_rows: int = MOST_ROWS,
    clock: Clock = system_clock,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> tuple[CardAnswer, ...]:
    """The answer of each card, in their order, as the caller may see it.

    Args:
        period, compare: in place of those of the views' questions.
        most_rows: of a card.
    """
    ask = partial(view_answers.answer_view, caller, period=period, compare=compare, most_rows=most_rows, clock=clock)
    pool = ThreadPoolExecutor(_AT_ONCE)
    asked = [pool.submit(_answer, caller, site_id, card, ask) for card in cards]
    wait(asked, timeout=patience_seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return tuple(_given(card, one) for card, one in zip(cards, asked, strict=True))


def _answer(caller: Caller, site_id: str, card: Card, ask: Callable[[View], ViewAnswer]) -> CardAnswer:
    if card.kind == "TEXT":
        return CardAnswer(card)
    view = None
    try:
        with table_outages():
            view = views.get_view(caller, site_id, card.view_id)
            return CardAnswer(card, view, ask(view))
    except OptiqError as error:
        return CardAnswer(card, view, error=error)


def _given(card: Card, asked: "Future[CardAnswer]") -> CardAnswer:
    if asked.done() and not asked.cancelled():
        return asked.result()
    return CardAnswer(card, error=UpstreamError("the answer takes long: ask again in a moment", retryable=True))
