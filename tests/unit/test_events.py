"""What every event and every subscription must have, by the manifests."""

import inspect
from dataclasses import is_dataclass

import pytest
from optiq.events import api as events
from optiq.kernel.manifest import Subscription, contexts, subscriptions

from scripts.build_docs import events_page
from scripts.build_schemas import FACTS, FOLDER

each_subscription = pytest.mark.parametrize("one", subscriptions(), ids=lambda one: one.subscriber)


@each_subscription
def test_what_is_subscribed_is_published_and_described(one: Subscription) -> None:
    assert [context.name for context in contexts() if one.kind in context.publishes]
    assert (FOLDER / f"{one.kind.__name__}.v1.json").exists()
    assert f"| `{one.kind.__name__}` |" in events_page()


@each_subscription
def test_a_subscriber_ends_before_its_claim_does(one: Subscription) -> None:
    assert one.function.timeout_seconds * 1000 < events.LEASE_MS


def test_a_published_fact_is_a_contract_with_a_name_of_its_own_and_a_description() -> None:
    assert len({kind.__name__ for kind in FACTS}) == len(FACTS)
    for kind in FACTS:
        assert is_dataclass(kind)
        assert kind.__module__.endswith(".contracts")
        assert inspect.getdoc(kind)
