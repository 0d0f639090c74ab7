"""Every hour: renews permissions of advertising platforms at half of their life, and warns of those that end."""

from typing import Any

from optiq.ads.connections import api as connections


def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    return {"looked_at": connections.renew_due()}
