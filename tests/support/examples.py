"""How hard tests of properties try: few examples in `make test`, the same each time; many others in `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

FEW = 50
EXAMPLES = int(os.environ.get("OPTIQ_FUZZ_EXAMPLES", str(FEW)))
THOROUGH = EXAMPLES > FEW
SHUFFLES = 12 if THOROUGH else 2
"""Orders of arrival that a test tries whose every try runs events through the whole pipeline."""


def use_profile() -> None:
    """For every `@given`. Nothing in it goes by the clock, which a busy machine would not keep."""
    settings.register_profile(
        "optiq",
        max_examples=EXAMPLES,
        derandomize=not THOROUGH,
        deadline=None,
        # They ask for a strategy or a fixture to be cheap, or look at the clock.
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.function_scoped_fixture,
        ],
    )
    settings.load_profile("optiq")
