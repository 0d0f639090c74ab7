"""The event source mappings: which consumer reads which messages, and how its failures are treated.

The fields are those of Lambda's CreateEventSourceMapping for a Kinesis stream with ReportBatchItemFailures.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from optiq.kernel.manifest import contexts, subscriptions

from infra.local.kinesis_event import StreamRecord, bus_event, to_event


@dataclass(frozen=True, slots=True)
class Mapping:
    """One consumer.

    Attributes:
        consumer: names its checkpoints.
        handler: import path.
        kinds: the message types it gets (filter criteria on `data.type`).
        batch_size: records in one invocation at most.
        batching_window_seconds: how long to gather records before an invocation that is not full.
        maximum_retry_attempts: invocations after the first before records go to the failure destination.
        bisect_batch_on_function_error: halve a batch that failed whole, which uses up no retry.
        event: makes the event that the handler gets of a shard's records.
    """

    consumer: str
    handler: str
    kinds: tuple[str, ...]
    batch_size: int = 1_000
    batching_window_seconds: float = 0.1
    maximum_retry_attempts: int = 8
    bisect_batch_on_function_error: bool = True
    event: Callable[[int, Sequence[StreamRecord]], dict[str, Any]] = to_event


def _mappings() -> Iterator[Mapping]:
    consumers = [(context, function) for context in contexts() for function in context.functions if function.consumes]
    for context, function in sorted(consumers, key=lambda one: "stream" not in one[1].may):
        yield Mapping(context.name, context.handler(function), function.consumes)


MAPPINGS = tuple(_mappings())
"""Every consumer, named by its context, which has one at most. Those that put on the stream themselves come first."""


def _subscribers() -> Iterator[Mapping]:
    for subscriber, several in groupby(subscriptions(), key=lambda one: one.subscriber):
        first, *others = several
        yield Mapping(
            subscriber,
            first.context.handler(first.function),
            # Together: they have one checkpoint, and who reads some kinds passes over the others.
            tuple(one.kind.__name__ for one in (first, *others)),
            batch_size=1,
            batching_window_seconds=0.0,
            # As Lambda invokes a function for an event (infra/aws/subscriptions.py).
            maximum_retry_attempts=2,
            bisect_batch_on_function_error=False,
            event=bus_event,
        )


SUBSCRIBERS = tuple(_subscribers())
"""Every function that is invoked with events between contexts; they are read from a log of their own."""
