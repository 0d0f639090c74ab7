"""Which route a request takes.

Senders are often given a host or a path with a slash too many (`//v1/batch`, `/v1/batch/`). Routes that collect take
both here; API Gateway knows exact paths only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optiq.kernel.routes import Route, methods_of, route_for

_SLASHES = re.compile(r"/{2,}")


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    path_parameters: Mapping[str, str]


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._plain: dict[str, dict[str, Route]] = {}
        self._templates: dict[tuple[str, ...], dict[str, Route]] = {}
        for route in routes:
            if "{" in route.path:
                self._templates.setdefault(_segments(route.path), {})[route.method] = route
            else:
                self._plain.setdefault(route.path, {})[route.method] = route

    def match(self, method: str, path: str) -> Match | Sequence[str]:
        """The route, or the methods that the path knows: none when there is no such path."""
        if (of_path := self._plain.get(path)) is not None:
            return _match(method, of_path, {})
        segments = _segments(path)
        for template, of_path in self._templates.items():
            if (parameters := _parameters(template, segments)) is not None:
                return _match(method, of_path, parameters)
        return ()

    def tidied(self, path: str) -> str:
        """The path without slashes too many, when a route that collects has it then; else the path as it is."""
        if not (path.endswith("/") or "//" in path):
            return path
        tidy = _SLASHES.sub("/", path).rstrip("/")
        return tidy if self.collects(tidy) else path

    def collects(self, path: str) -> bool:
        return any(route.collects for route in self._plain.get(path, {}).values())


def _match(method: str, of_path: Mapping[str, Route], parameters: Mapping[str, str]) -> Match | Sequence[str]:
    route = route_for(method, of_path)
    return methods_of(of_path) if route is None else Match(route, parameters)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[1:])


def _parameters(template: Sequence[str], segments: Sequence[str]) -> dict[str, str] | None:
    """What a path has in the place of each parameter; one such as `{rest+}` takes the whole end of the path."""
    parameters: dict[str, str] = {}
    if template[-1].endswith("+}") and len(segments) >= len(template):
        *template, last = template
        segments, end = segments[: len(template)], segments[len(template) :]
        parameters[last[1:-2]] = "/".join(end)
    if len(template) != len(segments):
        return None
    for expected, actual in zip(template, segments, strict=True):
        if expected.startswith("{") and actual:
            parameters[expected[1:-1]] = actual
        elif expected != actual:
            return None
    return parameters
