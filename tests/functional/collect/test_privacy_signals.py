"""Do Not Track and Global Privacy Control, as browsers send them."""

import json

import pytest
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon, pixel
from tests.functional.collect.posting import basic, on_the_stream, post
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request

SIGNALS = [
    ({"sec-gpc": "1"}, True),
    ({"dnt": "1"}, True),
    ({"sec-gpc": "0", "dnt": "1"}, True),
    ({"sec-gpc": "1", "dnt": "0"}, True),
    ({}, False),
    ({"dnt": "0"}, False),
    ({"sec-gpc": "", "dnt": "null"}, False),
]


@pytest.mark.parametrize(("headers", "opted_out"), SIGNALS)
def test_an_event_notes_the_privacy_signal_of_its_browser(
    site: NewSite, pipeline: Pipeline, headers: dict[str, str], opted_out: bool
) -> None:
    event = {"event_id": "v1.1", "kind": "page", "timestamp": to_rfc3339(system_clock()), "anonymous_id": "v1"}
    body = json.dumps({"k": site.public_key, "events": [event]})

    beacon.handler(request("POST", "/b", body, headers), None)
    pixel.handler(request("GET", "/p.gif", headers=headers, query=f"k={site.public_key}"), None)

    accepted, _ = on_the_stream(pipeline)
    assert [event.opted_out for event in accepted] == [opted_out] * 2


@pytest.mark.parametrize("headers", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_an_event_of_a_server_notes_no_privacy_signal(
    site: NewSite, pipeline: Pipeline, headers: dict[str, str]
) -> None:
    post("track", {"event": "Order Completed", "userId": "u1"}, **basic(site.write_key), **headers)

    ((event,), _) = on_the_stream(pipeline)
    assert not event.opted_out
