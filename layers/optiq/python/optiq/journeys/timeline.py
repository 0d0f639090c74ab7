"""A customer's events in order, with what became of them."""

from collections.abc import Iterable

from optiq.journeys.contracts import TimelineEvent
from optiq.journeys.customers import Person
from optiq.journeys.goals import conversion_of
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, in_order, touch_id_of
from optiq.tenancy.contracts import Site


def timeline_of(person: Person, facts: Iterable[Fact], history: History, site: Site) -> tuple[TimelineEvent, ...]:
    """All events of a person, oldest first, given their facts in any order and what follows from them."""
    touches = {touch.touch_id: touch for touch in history.touches}
    conversions = {
        goal.event_id: conversion_of(goal, site, person.customer_id, person.revision) for goal in history.goals
    }
    return tuple(
        TimelineEvent(
            occurred_ms=fact.occurred_ms,
            event_id=fact.event_id,
            name=fact.name,
            url=fact.url,
            touch=touches.get(touch_id_of(fact, site.site_id)),
            conversion=conversions.get(fact.event_id),
        )
        for fact in in_order(facts)
    )
