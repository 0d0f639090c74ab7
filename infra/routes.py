"""The HTTP routes, as the functions declare them: CDK, the local gateway and the documents are made from these."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from optiq.kernel.routes import Route, routes_of

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


@cache
def deployed_routes() -> tuple[Route, ...]:
    """What API Gateway needs: it knows exact methods only, so each HEAD that a GET answers is a route there."""
    declared = {route.key for route in routes()}
    heads = (
        replace(route, method="HEAD")
        for route in routes()
        if route.method == "GET" and not route.headless_because and f"HEAD {route.path}" not in declared
    )
    return (*routes(), *heads)


def sign_in_paths() -> tuple[str, ...]:
    """Where somebody could guess secrets."""
    return tuple(route.path for route in routes() if route.signs_in)


def _declared() -> Iterator[Route]:
    for module in pkgutil.walk_packages(functions.__path__, f"{functions.__name__}."):
        handler = getattr(importlib.import_module(module.name), "handler", None)
        for route in routes_of(handler):
            yield replace(route, handler=f"{module.name}.handler")
