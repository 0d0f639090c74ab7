"""Whatever comes between pulls, the lake in the end is what the platform says."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optiq.ads.sync import api as sync
from optiq.ads.sync import digests
from optiq.kernel.ids import new_id

from tests.functional.ads.conftest import end_throttles
from tests.functional.ads.synced import GOOGLE, TIKTOK, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker
from tests.support.ad_platforms import google, tiktok
from tests.support.ad_platforms.server import Fault, Vendors
from tests.support.ad_platforms.world import DayRow, Reply

pytestmark = pytest.mark.usefixtures("table")
PLATFORMS: dict[str, tuple[str, Reply]] = {
    GOOGLE: ("searchStream", google.throttled(30)),
    TIKTOK: ("report/integrated/get", tiktok.throttled("QPM")),
}
"""What reports are asked by, and the answer that asks to wait."""
DAYS = ("2026-09-29", "2026-09-30", "2026-10-01")
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["pull", "crash", "throttle", "cut"]),
        # A day's campaign costs so many cents from now on; None: it is listed no more.
        st.tuples(st.sampled_from(DAYS), st.sampled_from(["111", "222"]), st.none() | st.integers(0, 5_000)),
    ),
    min_size=1,
    max_size=8,
)


class _Killed(BaseException):
    """As a process that ends."""


@pytest.mark.parametrize("platform", PLATFORMS)
@given(steps=STEPS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lake_is_the_world_in_the_end(
    vendors: Vendors, make_site: SiteMaker, platform: str, steps: list[object]
) -> None:
    end_throttles()
    vendors.faults.clear()
    vendors.world.by_account.clear()
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    synced = Synced(vendors, new_id("org", vendors.world.now_ms), platform=platform)
    costs: dict[tuple[str, str], int] = {}

    for step in steps:
        vendors.world.now_ms += 3_600_000
        if isinstance(step, tuple):
            day, campaign, cents = step
            costs.pop((day, campaign), None)
            if cents is not None:
                costs[day, campaign] = cents
            synced.rows(*_rows(costs))
        else:
            _pull(synced, str(step))
    vendors.world.now_ms += 3_600_000
    vendors.faults.clear()
    synced.pull()

    world = {day: sum(cents for (of, _), cents in costs.items() if of == day) for day in DAYS}
    for level in ("ACCOUNT", "CAMPAIGN", "AD"):
        found = {day: sum(micros for (micros,) in synced.latest(day, level, "spend_micros")) for day in DAYS}
        assert found == {day: cents * 10_000 for day, cents in world.items()}, level
    covered = sync.coverage(synced.who, platform, "901", DAYS[0], DAYS[-1])
    assert {one.day: one.spend_micros for one in covered} == {day: cents * 10_000 for day, cents in world.items()}


def _rows(costs: dict[tuple[str, str], int]) -> list[DayRow]:
    return [row(day, campaign, cents / 100) for (day, campaign), cents in costs.items()]


def _pull(synced: Synced, how: str) -> None:
    job = synced.job()
    path, throttled = PLATFORMS[synced.platform]
    if how == "throttle":
        synced.vendors.faults.append(Fault(path, "reply", throttled))
    if how == "cut":
        synced.vendors.faults.append(Fault(path, "truncate"))
    if how != "crash":
        synced.run(job)
        return
    keep = digests.keep
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(digests, "keep", _killed)
        try:
            synced.run(job)
        except _Killed:
            assert digests.keep is not keep


def _killed(*_: object) -> None:
    raise _Killed
