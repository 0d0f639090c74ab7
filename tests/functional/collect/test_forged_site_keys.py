"""Nothing that comes by a forged site key becomes an event, of that site or of any."""

from dataclasses import replace

import pytest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import on_the_stream
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_pixel, send_segment
from tests.unit.kernel.forged_keys import FORGED, Forge

PAGE = {"kind": "page", "url": "https://shop.example/"}


@pytest.fixture
def other(table: object) -> NewSite:
    return tenancy.create_site(name="Another", domains=["another.example"])


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_key_takes_nothing_in(site: NewSite, other: NewSite, pipeline: Pipeline, forge: Forge) -> None:
    forged = forge(site.public_key, other.public_key)

    by_beacon = send_beacon(replace(site, public_key=forged), PAGE)
    send_pixel(k=forged, e="page")
    by_segment = send_segment(replace(site, write_key=forged), "track", {"userId": "u", "event": "E"})

    accepted, rejected = on_the_stream(pipeline)
    assert by_beacon["statusCode"] == 400
    assert by_segment["statusCode"] in (400, 401)
    assert accepted == []
    assert {(each.organization_id, each.site_id) for each in rejected} <= {("", "")}


def test_the_keys_themselves_are_taken(site: NewSite, other: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, PAGE)
    send_beacon(other, PAGE)
    accepted, _ = on_the_stream(pipeline)
    assert {each.site_id for each in accepted} == {site.site.site_id, other.site.site_id}
