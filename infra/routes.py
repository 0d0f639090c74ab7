"""The HTTP routes, as the functions declare them: CDK, the local gateway and the documents are made from these."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from optiq.kernel.routes import Route, methods_of, route_for, routes_of

import functions

AUTHORIZER = "functions.identity.authorizer.handler"


@cache
def routes() -> tuple[Route, ...]:
    """Every route of every function, by context and module, as declared there. Imports all functions.

    Raises:
        ValueError: two functions declare one route.
    """
    found: dict[str, Route] = {}
    for route in _declared():
        if route.key in found:
            raise ValueError(f"{route.handler} declares {route.key}, which {found[route.key].handler} has")
        found[route.key] = route
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class DeployedRoute:
    """A route of API Gateway. Its method is ANY where somebody has to say who calls.

    Attributes:
        open_because: as of the route that it is made from; "" behind the authorizer.
    """

    method: str
    path: str
    handler: str
    open_because: str = ""

    @property
    def key(self) -> str:
        """API Gateway's route key."""
        return f"{self.method} {self.path}"


@cache
def deployed_routes() -> tuple[DeployedRoute, ...]:
    """What API Gateway needs: a route for each guarded path, and one for each open method, HEAD among them.

    An open path has no ANY: it would take a browser's preflight from API Gateway, which answers it for senders.

    Raises:
        ValueError: a path is open for one method and guarded for another, or two functions have a guarded path.
    """
    opened = tuple(_open())
    open_paths = {route.path for route in opened}
    guarded: dict[str, DeployedRoute] = {}
    for route in routes():
        if route.is_open:
            continue
        one = guarded.setdefault(route.path, DeployedRoute("ANY", route.path, route.handler))
        if one.handler != route.handler or route.path in open_paths:
            raise ValueError(f"{route.key}: all methods of a guarded path need one function and a caller")
    return (*opened, *guarded.values())


def sign_in_paths() -> tuple[str, ...]:
    """Where somebody could guess secrets."""
    return tuple(route.path for route in routes() if route.signs_in)


def _open() -> Iterator[DeployedRoute]:
    by_path: dict[str, dict[str, Route]] = {}
    for route in routes():
        if route.is_open:
            by_path.setdefault(route.path, {})[route.method] = route
    for path, of_path in by_path.items():
        # API Gateway takes no route that ends in "/".
        if path.endswith("/"):
            continue
        for method in methods_of(of_path):
            if answering := route_for(method, of_path):
                yield DeployedRoute(method, path, answering.handler, answering.open_because)


def _declared() -> Iterator[Route]:
    for module in pkgutil.walk_packages(functions.__path__, f"{functions.__name__}."):
        handler = getattr(importlib.import_module(module.name), "handler", None)
        for route in routes_of(handler):
            yield replace(route, handler=f"{module.name}.handler")
