"""Answers to saved views: each question is asked as its kind's route asks it.

Apart from the views, so that questions may use views of filters.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone, system_clock
from optiq.kernel.errors import InvalidError
from optiq.reports.behaviour import api as behaviour
from optiq.reports.behaviour.contracts import (
    FunnelAnswer,
    FunnelAsk,
    PathsAnswer,
    PathsAsk,
    RetentionAnswer,
    RetentionAsk,
)
from optiq.reports.cohorts.api import cohort_value
from optiq.reports.cohorts.contracts import CohortsAnswer, CohortsAsk
from optiq.reports.domain import DayRange
from optiq.reports.questions import api as questions
from optiq.reports.questions.contracts import Answer, Ask
from optiq.reports.questions.periods import compared_days, period_days
from optiq.reports.touching import api as touching
from optiq.reports.touching.contracts import ConversionsAsk, LagsAnswer, OverlapAnswer
from optiq.reports.views.contracts import View, ViewKind
from optiq.tenancy import api as tenancy

__all__ = ["ViewAnswer", "ViewAsk", "answer_view", "ask_of", "days_of"]

ViewAsk = Ask | FunnelAsk | RetentionAsk | PathsAsk | ConversionsAsk | CohortsAsk
ViewAnswer = Answer | FunnelAnswer | RetentionAnswer | PathsAnswer | LagsAnswer | OverlapAnswer | CohortsAnswer
_ASKS: Mapping[ViewKind, TypeAdapter[Any]] = {
    "QUESTION": TypeAdapter(Ask),
    "FUNNEL": TypeAdapter(FunnelAsk),
    "RETENTION": TypeAdapter(RetentionAsk),
    "PATHS": TypeAdapter(PathsAsk),
    "TIME_TO_CONVERT": TypeAdapter(ConversionsAsk),
    "OVERLAP": TypeAdapter(ConversionsAsk),
    "COHORT_VALUE": TypeAdapter(CohortsAsk),
}


def ask_of(kind: ViewKind, question: Mapping[str, Any]) -> ViewAsk:
    """What a kind's route reads of its body. Raises InvalidError for what no route takes, or takes any more."""
    if kind not in _ASKS:
        raise InvalidError(f"a view of the kind {kind} has no answer")
    try:
        found: ViewAsk = _ASKS[kind].validate_python(_as_contract(question))
    except ValidationError as error:
        raise InvalidError("the view's question can no longer be asked: save it again") from error
    return found


def answer_view(
    caller: Caller,
    view: View,
    *,
    period: str = "",
    compare: str = "",
    most_rows: int = questions.MOST_ROWS,
    clock: Clock = system_clock,
) -> ViewAnswer:
    """The answer to a view's question.

    Args:
        period, compare: in place of the question's own; only questions of metrics compare.
        most_rows: a question of metrics lists no more.

    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: a question that cannot be asked; the message begins with the field's name.
    """
    asked = ask_of(view.kind, view.question)
    if period:
        asked = replace(asked, period=period)
    match asked:
        case Ask():
            limit = min(asked.limit, most_rows)
            asked = replace(asked, compare=compare or asked.compare, limit=limit)
            return questions.ask(caller, view.site_id, asked, clock=clock)
        case FunnelAsk():
            return behaviour.funnel(caller, view.site_id, asked, clock=clock)
        case RetentionAsk():
            return behaviour.retention(caller, view.site_id, asked, clock=clock)
        case PathsAsk():
            return behaviour.paths(caller, view.site_id, asked, clock=clock)
        case CohortsAsk():
            return cohort_value(caller, view.site_id, asked, clock=clock)
    of_conversions = touching.overlap if view.kind == "OVERLAP" else touching.time_to_convert
    return of_conversions(caller, view.site_id, asked, clock=clock)


def days_of(
    caller: Caller, site_id: str, period: str, *, compare: str = "NONE", clock: Clock = system_clock
) -> DayRange:
    """The days of a period by the site's clock, which can be compared so.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a period that cannot be; the message begins with the field's name.
    """
    timezone = parse_timezone(tenancy.get_site(caller.organization_id, site_id).timezone)
    days = period_days(period, day_of(clock(), timezone), timezone)
    compared_days(compare, days)
    return days


def _as_contract(value: Any) -> Any:
    """JSON as the contracts have it: null is left out, and every entry of `filters` is a list of filters."""
    if isinstance(value, Mapping):
        return dict(_field(name, one) for name, one in value.items() if one is not None)
    if isinstance(value, list):
        return [_as_contract(one) for one in value]
    return value


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name == "filters":
        return name, [one if isinstance(one, list) else [one] for one in value]
    # The event of an exclusion is a matcher; that of a matcher is a name.
    return "matcher" if name == "event" and isinstance(value, Mapping) else name, _as_contract(value)
