"""How much each site may send, by a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect import limits
from optiq.collect.limits import SiteLimits
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.settings import Settings


class _Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


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
    monkeypatch.setattr(limits, "KEPT_SITES", 50)
    site_limits = SiteLimits(10, 100, clock)

    for number in range(1_000):
        site_limits.take(f"site_{number}", 1)
        site_limits.take("site_busy", 0)

    assert len(site_limits) == 50
    site_limits.take("site_busy", 100)


@pytest.mark.parametrize("said", ["0", "-1", "many", "", "1.5"])
def test_a_limit_that_cannot_be_is_refused_at_start(said: str) -> None:
    with pytest.raises(ValueError, match="OPTIQ_SITE_BURST_EVENTS"):
        Settings.from_environment({"OPTIQ_SITE_BURST_EVENTS": said})
