"""A person's request, for the tests over all routes."""

from collections.abc import Mapping

from optiq.kernel.caller import Caller
from optiq.privacy import api as privacy


def _request(organization_id: str, site_id: str) -> str:
    entered = privacy.enter_request(Caller.system(organization_id), kind="ACCESS", identifiers=["ann@shop.example"])
    return entered.request_id


IDS = {"request_id": _request}
BODIES: Mapping[str, object] = {
    "POST /v1/privacy/requests": {"kind": "ERASE", "identifiers": ["ann@shop.example"]},
    "PATCH /v1/privacy/requests/{request_id}": {"status": "REFUSED", "reason": "nobody answered"},
}
