"""Hypothesis looks for counterexamples, not at the clock: a busy machine fails no test."""

from hypothesis import HealthCheck, settings

settings.register_profile("whatever the clock says", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the clock says")
