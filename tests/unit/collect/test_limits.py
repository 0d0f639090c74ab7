"""How much each site may send, by a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect.limits import KeepingLimits
from optiq.kernel import limits
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.limits import Buckets, SendingLimits
from optiq.kernel.settings import Settings


class _Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


class SiteLimits:
    """The limits of sites whose organizations may send as much as they like."""

    def __init__(self, per_second: int, burst: int, clock: _Clock) -> None:
        self._limits = SendingLimits(Buckets(per_second, burst, clock), Buckets(1_000_000, 1_000_000, clock))

    def take(self, site_id: str, events: int) -> None:
        self._limits.take("org", site_id, events)


def test_a_burst_passes_and_what_follows_waits(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    for _ in range(100):
        site_limits.take("site_a", 1)

    with pytest.raises(LimitExceededError) as refused:
        site_limits.take("site_a", 25)

    assert refused.value.retry_after_seconds == 3
    assert "send it again in 3 s" in str(refused.value)


def test_who_waits_as_long_as_told_passes(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    site_limits.take("site_a", 100)
    with pytest.raises(LimitExceededError) as refused:
        site_limits.take("site_a", 25)

    clock.now += refused.value.retry_after_seconds

    site_limits.take("site_a", 25)


def test_a_refused_request_takes_nothing(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    site_limits.take("site_a", 90)
    for _ in range(1_000):
        with pytest.raises(LimitExceededError):
            site_limits.take("site_a", 11)

    site_limits.take("site_a", 10)


def test_a_noisy_site_leaves_the_others_alone(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    site_limits.take("site_noisy", 100)
    with pytest.raises(LimitExceededError):
        site_limits.take("site_noisy", 1)

    site_limits.take("site_quiet", 100)


def test_a_request_larger_than_a_bucket_passes_a_full_one_and_is_paid_for_later(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    site_limits.take("site_a", 500)

    with pytest.raises(LimitExceededError) as refused:
        site_limits.take("site_a", 1)

    assert refused.value.retry_after_seconds == 41


def test_a_pause_fills_a_bucket_to_its_brim_only(clock: _Clock) -> None:
    site_limits = SiteLimits(10, 100, clock)
    site_limits.take("site_a", 100)
    clock.now += 1_000_000
    site_limits.take("site_a", 100)

    with pytest.raises(LimitExceededError):
        site_limits.take("site_a", 1)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 40)), max_size=60))
def test_no_sequence_of_requests_gets_more_than_burst_and_rate(requests: list[tuple[float, int]]) -> None:
    clock = _Clock()
    site_limits = SiteLimits(10, 40, clock)
    passed = 0
    for pause, events in requests:
        clock.now += pause
        try:
            site_limits.take("site_a", events)
        except LimitExceededError:
            continue
        passed += events
        assert passed <= 40 + 10 * (clock.now - 1_000.0) + 1e-6


def test_buckets_are_forgotten_before_they_fill_the_memory(clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_BUCKETS", 50)
    buckets = Buckets(10, 100, clock)

    for number in range(1_000):
        buckets.take(f"site_{number}", 100, 1)
        buckets.take("site_busy", 100, 0)

    assert len(buckets) == 50
    assert buckets.level("site_busy") == 100


def test_many_sites_of_one_organization_share_its_limit(clock: _Clock) -> None:
    # GIVEN an organization that may send twice what a site may
    sending = SendingLimits(Buckets(10, 100, clock), Buckets(20, 200, clock))
    for site in ("site_a", "site_b"):
        sending.take("org_many", site, 100)

    # THEN a third site gets nothing, and is told when it will
    with pytest.raises(LimitExceededError, match="organization together send more than 20") as refused:
        sending.take("org_many", "site_c", 40)
    assert refused.value.retry_after_seconds == 2
    sending.take("org_other", "site_d", 100)

    # AND what was refused took nothing of the site's own bucket
    clock.now += 5
    sending.take("org_many", "site_c", 100)


def test_who_exceeds_both_limits_waits_for_both(clock: _Clock) -> None:
    sending = SendingLimits(Buckets(10, 100, clock), Buckets(2, 100, clock))
    sending.take("org", "site", 100)

    with pytest.raises(LimitExceededError, match="this site") as refused:
        sending.take("org", "site", 20)

    assert refused.value.retry_after_seconds == 10


def _keeping(clock: _Clock, network: int = 5, site: int = 20, strangers: int = 8) -> KeepingLimits:
    return KeepingLimits(Buckets(1, network, clock), Buckets(1, site, clock), Buckets(1, strangers, clock))


def test_a_network_that_floods_is_counted_and_the_others_are_kept(clock: _Clock) -> None:
    keeping = _keeping(clock)

    taken = [keeping.take("", f"203.0.113.{number % 256}") for number in range(1_000)]

    assert taken == [0] * 5 + [None] * 995
    # THEN the next that is kept, of whatever network, says how many were not
    assert keeping.take("", "198.51.100.7") == 995
    assert keeping.take("", "198.51.100.7") == 0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("203.0.113.1", "203.0.113.254", True),
        ("203.0.113.1", "203.0.114.1", False),
        ("2001:db8:1:100::1", "2001:db8:1:1ff:a::9", True),
        ("2001:db8:1:100::1", "2001:db8:1:200::1", False),
        ("203.0.113.1", "::ffff:203.0.113.77", True),
        ("no address", "", True),
    ],
)
def test_senders_are_networks(clock: _Clock, first: str, second: str, same: bool) -> None:
    keeping = _keeping(clock, network=1)

    assert keeping.take("", first) == 0
    assert (keeping.take("", second) is None) == same


def test_senders_from_everywhere_are_bounded_together(clock: _Clock) -> None:
    keeping = _keeping(clock)

    strangers = [keeping.take("", f"10.{number}.0.1") for number in range(100)]
    of_site = [keeping.take("site_a", f"11.{number}.0.1") for number in range(100)]

    assert [taken is not None for taken in strangers].count(True) == 8
    assert [taken is not None for taken in of_site].count(True) == 20
    # THEN each site counts for itself, and strangers for none
    clock.now += 1
    assert keeping.take("site_b", "12.0.0.1") == 0
    assert keeping.take("site_a", "12.0.1.1") == 80
    assert keeping.take("", "12.0.2.1") == 92


def test_no_flood_fills_the_memory(clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_BUCKETS", 50)
    networks, sites, strangers = Buckets(1, 5, clock), Buckets(1, 0, clock), Buckets(1, 0, clock)
    keeping = KeepingLimits(networks, sites, strangers)

    for number in range(1_000):
        keeping.take(f"site_{number}", f"10.{number % 256}.{number // 256}.1")

    assert len(keeping) <= 50
    assert max(len(networks), len(sites), len(strangers)) <= 50


@pytest.mark.parametrize("said", ["0", "-1", "many", "", "1.5"])
@pytest.mark.parametrize("whose", ["SITE", "ORGANIZATION"])
@pytest.mark.parametrize("limit", ["BURST_EVENTS", "EVENTS_PER_SECOND"])
def test_a_limit_that_cannot_be_is_refused_at_start(whose: str, limit: str, said: str) -> None:
    name = f"OPTIQ_{whose}_{limit}"
    with pytest.raises(ValueError, match=name):
        Settings.from_environment({name: said})
