"""A customer's events in order, with what became of them."""

from collections.abc import Iterable

from optiq.journeys.contracts import Conversion
from optiq.journeys.customer_contracts import TimelineEvent
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, in_order, touch_id_of
from optiq.tenancy.contracts import Site


def timeline_of(
    facts: Iterable[Fact], history: History, conversions: Iterable[Conversion], site: Site
) -> tuple[TimelineEvent, ...]:
    """Events of a person, oldest first, given their facts in any order and what follows from them."""
    touches = {touch.touch_id: touch for touch in history.touches}
    by_event = {conversion.event_id: conversion for conversion in conversions}
    return tuple(
        TimelineEvent(
            occurred_ms=fact.occurred_ms,
            event_id=fact.event_id,
            name=fact.name,
            url=fact.url,
            touch=touches.get(touch_id_of(fact, site.site_id)),
            conversion=by_event.get(fact.event_id),
        )
        for fact in in_order(facts)
    )
