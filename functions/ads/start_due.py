"""Every five minutes: starts the jobs whose wait is over, and the daily reading of accounts that are due."""

from typing import Any

from optiq.ads.sync import api as sync


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return dict(sync.start_due_syncs())
