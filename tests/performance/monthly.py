"""What a month costs on AWS at 1, 10 and 100 million events: the units measured here at each load, times list prices.

    python -m tests.performance.monthly

Left out: storage, queries, data transfer, mails, a firewall, taxes.
"""

import sys
import tempfile
from functools import partial

from infra.local.system import attach
from tests.performance.prices import dollars, schedules_dollars

MILLIONS = (1, 10, 100)
_MONTH_SECONDS = 30 * 86_400
_SESSIONS = 120
_FIXED = {"stream, on demand": 0.04 * 24 * 30, "alarms": 8.00, "three secrets": 1.20}
"""Dollars a month, whatever is sent."""
_LOG_BYTES_PER_INVOCATION, _LOG_DOLLARS_PER_GB = 700, 0.50


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        rows = [_row(millions) for millions in MILLIONS]
    names = list(rows[0])
    sys.stdout.write(
        f"| dollars a month | {' | '.join(f'{millions} M events' for millions in MILLIONS)} |\n|---|---|---|---|\n"
    )
    for name in names:
        sys.stdout.write(f"| {name} | {' | '.join(f'{row[name]:.2f}' for row in rows)} |\n")
    totals = [sum(row.values()) for row in rows]
    sys.stdout.write(f"| **total** | {' | '.join(f'**{total:.0f}**' for total in totals)} |\n")


def _row(millions: int) -> dict[str, float]:
    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from tests.functional.senders import post_beacon
    from tests.performance.cost import Scenario, usage_of
    from tests.performance.messages import beacon_body, sessions

    now_ms = system_clock()
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    visits = sessions(_SESSIONS, now_ms)
    requests = [partial(post_beacon, beacon_body(site.public_key, visit, now_ms)) for visit in visits]
    a_second = millions * 1_000_000 / _MONTH_SECONDS
    usage = usage_of(Scenario(f"{millions} M", requests, len(visits[0]), a_second, None))
    lines = (1 / usage.events_a_request + usage.invocations) * millions * 1e6
    return {
        "events, ten a request": dollars(usage) * millions,
        "logs": lines * _LOG_BYTES_PER_INVOCATION / 1024**3 * _LOG_DOLLARS_PER_GB,
        "what runs by the clock": schedules_dollars(),
        **_FIXED,
    }


if __name__ == "__main__":
    main()
