"""A Powertools resolver that serves several requests at once, each in its own thread.

Powertools keeps a request in attributes of the class and of the resolver, because a Lambda process serves one at a
time. Here each thread has its own. tests/unit/kernel/test_side_by_side.py finds any further place that an upgrade adds.
"""

import threading
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2


class _OfThread:
    """An attribute with a value of its own in each thread.

    Args:
        make: the value in a thread that has set none; None when reading is then an error.
    """

    def __init__(self, make: type[Any] | None = None) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, resolver: "SideBySideResolver", owner: type | None = None) -> Any:
        values = resolver.of_thread.__dict__
        if self._name not in values:
            if self._make is None:
                raise AttributeError(f"this thread has no {self._name}: it serves no request")
            values[self._name] = self._make()
        return values[self._name]

    def __set__(self, resolver: "SideBySideResolver", value: Any) -> None:
        resolver.of_thread.__dict__[self._name] = value


class SideBySideResolver(APIGatewayHttpResolver):
    """Routes are added before the first request."""

    current_event: APIGatewayProxyEventV2 = _OfThread()  # type: ignore[assignment]
    lambda_context: Any = _OfThread()
    context: dict[str, Any] = _OfThread(dict)  # type: ignore[assignment]
    processed_stack_frames: list[str] = _OfThread(list)  # type: ignore[assignment]

    def __init__(self, **options: Any) -> None:
        # Powertools' own __init__ sets some of the attributes above.
        self.of_thread = threading.local()
        self._preparing = threading.Lock()
        self._prepared = False
        super().__init__(**options)

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self._prepare()
        self.lambda_context = context
        return super().resolve(event, context)

    def _to_proxy_event(self, event: dict[str, Any]) -> APIGatewayProxyEventV2:
        # Powertools sets the answer on the class, where no resolver of ours looks for it.
        self.current_event = APIGatewayProxyEventV2(event, self._json_body_deserializer)
        return self.current_event

    def _prepare(self) -> None:
        """Builds what Powertools builds at a route's first request, which two threads would build into each other."""
        if self._prepared:
            return
        with self._preparing:
            if not self._prepared:
                for route in self._static_routes + self._dynamic_routes:
                    route._build_middleware_stack(self._router_middlewares, self)
                self._prepared = True
