"""Failed events of a site sent again, by the route that does it."""

import json
from typing import Any

from optiq.tenancy.contracts import NewSite

from functions.collect import routes
from infra.local.handlers import Context
from tests.functional.senders import request
from tests.support.callers import by_key_of


def replay(site: NewSite, body: object = None, as_whom: NewSite | None = None) -> tuple[int, Any]:
    path = f"/v1/sites/{site.site.site_id}/failed-events/replay"
    raw = b"" if body is None else json.dumps(body).encode()
    event = request("POST", path, raw, {"content-type": "application/json"})
    event["requestContext"]["authorizer"] = by_key_of((as_whom or site).site.organization_id)
    event["requestContext"]["stage"] = "$default"
    if body is None:
        event["body"], event["isBase64Encoded"] = None, False
    answer = routes.handler(event, Context("routes", "test"))
    return answer["statusCode"], json.loads(answer["body"])


def replayed(site: NewSite, body: object = None) -> tuple[int, int]:
    status, document = replay(site, body)
    assert status == 202, document
    return document["replayed"], document["still_failing"]
