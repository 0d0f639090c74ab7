"""The sample's sales go the whole way: from Segment's API through the stream and a step to the stand-ins."""

import json
import urllib.request

from optiq.feedback import api as feedback
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, system_clock
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from infra.local.ad_platforms.server import Vendors
from infra.local.sample import telling as sample
from tests.functional.feedback.telling import Telling
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment

CONSUMERS = ("journeys", "feedback")


class _Client:
    """Posts a batch to Segment's API of a site."""

    def __init__(self, site: NewSite) -> None:
        self._site = site

    def post(self, path: str, _: object, body: object) -> None:
        assert send_segment(self._site, path.rpartition("/")[2], body)["statusCode"] == 200


def test_sales_of_the_sample_are_in_the_stand_ins_once_each(site: NewSite, vendors: Vendors) -> None:
    shop = Telling(vendors, site.site.organization_id, site.site.site_id)
    caller = Caller.system(shop.organization_id)
    tenancy.change_site(caller, shop.site_id, {"conversion_feedback": "ON"})
    vendors.world.now_ms = system_clock() - MINUTE_MS
    google, *others = [shop.destination(one, vendor_ids="ORDER_ID") for one in sample.TARGETS]
    pipeline = Pipeline()

    # WHEN Ada, Ben and Cleo buy, and it is told
    sample.sell(_Client(site), "")  # type: ignore[arg-type]
    pipeline.drain(consumers=CONSUMERS)
    for one in (google, *others):
        feedback.step(*_ids(shop), one.destination_id)

    # THEN every platform has Ada's and Ben's sales once, with hashed keys, and nobody hears of Cleo
    told = vendors.world.feedback.told
    found = sorted((one.vendor, one.event_id, one.value, one.count) for one in told.values())
    assert found == [
        (vendor, order, value, 1)
        for vendor in ("google", "meta", "tiktok")
        for order, value in (("TOLD-ADA", 120.0), ("TOLD-BEN", 48.0))
    ]
    texts = json.dumps([one.event for one in told.values()])
    assert "mail.example" not in texts
    assert "told-cleo" not in texts
    ada = told["google|987654321||TOLD-ADA"].event
    assert (ada["adIdentifiers"], ada["consent"]["adUserData"]) == (
        {"gclid": "EAIaIQobChMI-Ada"},
        "CONSENT_GRANTED",
    )
    with urllib.request.urlopen(f"{vendors.url}/google/events-manager") as page:
        assert "TOLD-ADA" in page.read().decode()

    # WHEN a part of Ada's order is refunded once Google has confirmed it
    later_ms = system_clock() + 31 * MINUTE_MS
    vendors.world.now_ms = later_ms
    feedback.step(*_ids(shop), google.destination_id, lambda: later_ms)
    sold = next(one for one in journeys.list_conversions(*_ids(shop), 10, None).items if one.order_id == "TOLD-ADA")
    journeys.refund_conversion(*_ids(shop), sold.conversion_id, 30_000_000, "refund-1", by=caller)
    pipeline.drain(consumers=CONSUMERS)
    feedback.step(*_ids(shop), google.destination_id, lambda: later_ms)

    # THEN Google counts what is left
    assert told["google|987654321||TOLD-ADA"].values == [120.0, 90.0]


def _ids(shop: Telling) -> tuple[str, str]:
    return shop.organization_id, shop.site_id
