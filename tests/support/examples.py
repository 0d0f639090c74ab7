"""How hard tests of properties try: few examples in `make test`, more in `make test-slow`, the same each time;
thousands of others in `make fuzz`.
"""

import os
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

FEW, MORE = 25, 50
EXAMPLES = int(os.environ.get("OPTIQ_FUZZ_EXAMPLES", str(FEW)))
THOROUGH = EXAMPLES > MORE
SHUFFLES = 12 if THOROUGH else 5 if EXAMPLES == MORE else 1
"""Orders of arrival that a test marked `any_order` tries: each try runs events through the whole pipeline."""


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


def some_and_slow(values: Iterable[Any], some: int) -> list[Any]:
    """The values of a parameter, or of several: the first ones for every run, all others for `make test-slow`."""
    each = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*value, marks=[pytest.mark.slow] if place >= some else []) for place, value in enumerate(each)]


def each_and_slow(*parameters: Sequence[Any]) -> list[Any]:
    """All combinations of two or more parameters: a few that try each value once, all others for `make test-slow`."""
    longest = max(map(len, parameters))
    # By their places: values may be equal and of different types.
    first = [tuple(place % len(values) for values in parameters) for place in range(longest)]
    others = [places for places in product(*(range(len(values)) for values in parameters)) if places not in first]
    combined = [
        tuple(values[place] for values, place in zip(parameters, places, strict=True)) for places in [*first, *others]
    ]
    return some_and_slow(combined, longest)
