"""How sure a path is: by identifiers of one person, by links that may be another's, or of somebody known for a day."""

from typing import Any

import pytest
from optiq.attribution import api
from optiq.attribution.contracts import Explanation
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()
PAGE = {"url": "https://shop.example/?utm_source=news&utm_medium=email"}
MAIL = {"email": "ann@shop.example"}
JOINED_BY_MAIL: tuple[dict[str, Any], ...] = (
    {"type": "page", "anonymousId": "phone", "context": {"page": PAGE}},
    {"type": "identify", "anonymousId": "phone", "traits": MAIL},
    {"type": "identify", "userId": "ann", "traits": MAIL},
)
ORDER = {"type": "track", "event": "Order Completed", "properties": {"revenue": 10}}


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _send(site: NewSite, pipeline: Pipeline, *messages: dict[str, Any]) -> None:
    for number, message in enumerate(messages):
        said = {"messageId": f"m{number}", "timestamp": to_rfc3339(NOW - (9 - number) * DAY_MS)} | message
        assert send_segment(site, "batch", {"batch": [said]})["statusCode"] == 200
    pipeline.drain()


def _explained(site: NewSite) -> list[Explanation]:
    """Of the site's conversions, the newest first."""
    organization_id, site_id = site.site.organization_id, site.site.site_id
    found = journeys.list_conversions(organization_id, site_id, 10, None).items
    return [
        api.explain_conversion(Caller.system(organization_id), site_id, conversion.conversion_id)
        for conversion in found
    ]


def test_one_login_is_certain(site: NewSite, pipeline: Pipeline) -> None:
    visit = {"type": "page", "anonymousId": "phone", "context": {"page": PAGE}}
    _send(
        site, pipeline, visit, {"type": "identify", "anonymousId": "phone", "userId": "ann"}, ORDER | {"userId": "ann"}
    )

    (explanation,) = _explained(site)
    assert [touch.evidence for touch in explanation.path.touches] == ["DETERMINISTIC"]
    assert explanation.path.evidence == "DETERMINISTIC"


def test_mail_address_that_two_may_share_is_not(site: NewSite, pipeline: Pipeline) -> None:
    _send(site, pipeline, *JOINED_BY_MAIL, ORDER | {"userId": "ann"})

    (explanation,) = _explained(site)
    assert [touch.evidence for touch in explanation.path.touches] == ["PROBABILISTIC"]
    assert explanation.path.evidence == "PROBABILISTIC"
    assert explanation.credits is not None


def test_visitor_of_a_day_is_limited(site: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, PAGE | {"anonymous_id": ""})
    send_beacon(site, {"anonymous_id": "", "kind": "track", "name": "purchase", "properties": {"value": 5}})
    pipeline.drain()

    (explanation,) = _explained(site)
    assert explanation.path.evidence == "CONSENT_LIMITED"


def test_cutting_the_link_takes_the_doubt_away(site: NewSite, pipeline: Pipeline) -> None:
    visit = {"type": "page", "userId": "ann", "context": {"page": PAGE}}
    _send(site, pipeline, *JOINED_BY_MAIL, visit, ORDER | {"userId": "ann"})
    (before,) = _explained(site)
    customer = journeys.get_customer(site.site.organization_id, site.site.site_id, before.path.conversion.customer_id)
    (link,) = (found for found in customer.links if {"email", "user_id"} == {found.type, found.other_type})
    journeys.cut_link(site.site.organization_id, site.site.site_id, link.customer_id, link.other_customer_id)
    pipeline.drain()

    (after,) = _explained(site)
    assert (before.path.evidence, after.path.evidence) == ("PROBABILISTIC", "DETERMINISTIC")
