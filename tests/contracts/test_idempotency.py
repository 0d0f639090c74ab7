"""Which routes take an Idempotency-Key is said where they are declared."""

import grimp
import pytest
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.routes import Route, answers

from infra.routes import routes

_POSTS = [route for route in routes() if route.method == "POST"]


@pytest.mark.parametrize("route", _POSTS, ids=lambda route: route.key)
def test_every_post_takes_a_key_or_says_why_it_needs_none(route: Route) -> None:
    assert route.takes_key != bool(route.keyless_because)
    # Without a caller there is nobody to keep an answer for.
    assert not (route.takes_key and route.is_open)


def test_open_post_is_refused_unless_it_says_why_it_takes_no_key() -> None:
    with pytest.raises(ValueError, match="POST /v1/x: give keyless_because"):
        make_resolver("test").post("/v1/x", open_because="anybody may")
    with pytest.raises(ValueError, match="POST /x: give keyless_because"):
        answers("POST /x", open_because="anybody may")(lambda *_: None)


def test_whoever_takes_a_key_can_read_the_secret_that_seals_answers() -> None:
    graph = grimp.build_graph("optiq", "functions", cache_dir=None)
    modules = {route.handler.rpartition(".")[0] for route in routes() if route.takes_key}

    assert {one for one in modules if "optiq.ports.wiring" not in graph.find_upstream_modules(one)} == set()


def test_what_takes_events_loads_nothing_of_keys() -> None:
    graph = grimp.build_graph("optiq", "functions", cache_dir=None)
    modules = {route.handler.rpartition(".")[0] for route in routes() if route.collects}

    for module in (*modules, "functions.identity.authorizer"):
        assert "optiq.kernel.replays.keeping" not in graph.find_upstream_modules(module)
