"""Funnels as views have them."""

from collections.abc import Mapping
from typing import Any

from optiq.reports.behaviour.contracts import Exclusion, FunnelAsk, Matcher
from optiq.reports.questions.filters import read_filters

_PLAIN = ("window_minutes", "step_order", "unit", "breakdown_event", "interval", "period")


def saved_funnel(question: Mapping[str, Any]) -> FunnelAsk:
    """The question of a view of the kind FUNNEL: the body of its route, checked when it was saved."""
    return FunnelAsk(
        steps=tuple(_matcher(one) for one in question["steps"]),
        exclusions=tuple(
            Exclusion(_matcher(one["event"]), one["after"], one["before"]) for one in question.get("exclusions", ())
        ),
        filters=read_filters(question.get("filters", ())),
        segments=tuple(question.get("segments", ())),
        breakdown=question.get("breakdown") or "",
        **{name: question[name] for name in _PLAIN if name in question},
    )


def _matcher(saved: Mapping[str, Any]) -> Matcher:
    return Matcher(saved.get("event", ""), read_filters(saved.get("filters", ())))
