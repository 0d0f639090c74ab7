"""Every hour: reads which ad clicks were of, and says which campaigns visits came from."""

from typing import Any

from optiq.ads.resolution import api as resolution


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return dict(resolution.resolve_due())
