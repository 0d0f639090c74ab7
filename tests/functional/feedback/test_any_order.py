"""Whatever comes between, a platform counts a conversion at most once, and once unless Optiq says why not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.outbox import leases
from optiq.feedback.sending import attempting, building, confirming, settling, splitting
from optiq.feedback.sending.working import Worker

from infra.local.ad_platforms.server import Fault
from infra.local.ad_platforms.world import Reply
from tests.functional.feedback.telling import PATHS, Telling

MINUTES_48_HOURS = 48 * 60
FAULTS = {"drop_before": Fault("", "drop_before"), "drop": Fault("", "drop"), "500": Fault("", "reply", Reply(500, {}))}
WRITES: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (building, ("add_batch", "change_batch", "put_entries")),
    (attempting, ("change_batch",)),
    (splitting, ("split_batch",)),
    (confirming, ("change_batch", "put_entries")),
    (settling, ("change_batch", "put_entries")),
)
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["convert", "bad", "deliver again", "refund", "send", "wait", "48 hours", *FAULTS]),
        # The worker is killed before or after so many of its writes and requests.
        st.tuples(st.integers(0, 14), st.booleans()),
    ),
    min_size=3,
    max_size=14,
)


class _Killed(BaseException):
    """As a process that ends."""


# Meta forgets what it was told, so most can go wrong there. TikTok's rules are the same; Google's are tried by
# `make test-slow`, and case by case in test_sending.py.
@pytest.mark.parametrize(
    "platform", ["META", *(pytest.param(one, marks=pytest.mark.slow) for one in PATHS if one != "META")]
)
@example(steps=["drop", "48 hours", "send"])
@example(steps=["bad", (4, False), "deliver again", "refund", (5, True), "drop_before"])
@given(steps=STEPS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_conversion_counts_once_in_any_order(telling: Telling, platform: str, steps: list[Any]) -> None:
    world = telling.vendors.world
    telling.vendors.faults.clear()
    world.feedback.told.clear()
    world.feedback.requests.clear()
    telling.conversions.clear()
    destination, sold = telling.destination(platform), list[str]()

    for number, one in enumerate(("convert", *steps)):
        telling.later(2)
        _do(telling, destination, one, number, sold)
    telling.vendors.faults.clear()
    for _ in range(12):
        telling.later(10)
        telling.send(destination)
        telling.later(60 * 7)
        telling.send(destination)

    for conversion_id in sold:
        first = telling.entries(destination, conversion_id)[0]
        told = [one for one in telling.entries(destination, conversion_id) if one.reason != "SUPERSEDED"]
        assert all(one.over for one in told), told
        count = world.feedback.count(first.vendor_id)
        assert count <= 1, told
        if not {one.status for one in told} & {"EXPIRED", "REJECTED", "UNKNOWN"} and told[0].reason != "REFUNDED":
            assert count == 1, told
        if platform == "GOOGLE_ADS" and told[-1].status == "CONFIRMED":
            key = f"google|987654321||{first.vendor_id}"
            assert world.feedback.told[key].value == told[-1].told_micros / 1_000_000


def _do(telling: Telling, destination: Destination, step: Any, number: int, sold: list[str]) -> None:
    if isinstance(step, tuple):
        with _killed_after(*step):
            telling.send(destination)
    elif step in ("convert", "bad"):
        # Two at once, so that a batch has something to be told apart.
        new = [telling.convert(f"{destination.destination_id}-{number}-{place}") for place in range(2)]
        if step == "bad":
            telling.vendors.world.feedback.refused.add(telling.conversions[new[0]].event_id)
            telling.vendors.world.feedback.reasons[telling.conversions[new[0]].event_id] = "INVALID_GCLID"
        telling.record(*new)
        sold += new
    elif step == "refund":
        telling.told(telling.conversions[sold[-1]].order_id, 70.0 - number)
    elif step == "deliver again":
        telling.record(*sold, *sold)
    elif step == "send":
        telling.send(destination)
    elif step in FAULTS:
        fault = FAULTS[step]
        telling.vendors.faults.append(Fault(PATHS[destination.platform], fault.kind, fault.reply))
        telling.send(destination)
    else:
        telling.later(MINUTES_48_HOURS if step == "48 hours" else 40)


@contextmanager
def _killed_after(count: int, before: bool) -> Iterator[None]:
    """Kills the worker at one of its writes or requests; its lease stays, as nobody gives it back."""
    left = [count]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if before and left[0] < 0:
                raise _Killed
            answer = real(*given, **named)
            if left[0] < 0:
                raise _Killed
            return answer

        return call

    with pytest.MonkeyPatch.context() as patched:
        for module, names in WRITES:
            for name in names:
                patched.setattr(module, name, counted(getattr(module, name)))
        patched.setattr(Worker, "ask", counted(Worker.ask))
        patched.setattr(leases, "give_back", counted(leases.give_back))
        try:
            yield
        except _Killed:
            return
