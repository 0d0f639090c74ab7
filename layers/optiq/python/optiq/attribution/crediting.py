"""From paths to credits: the one way every conversion is credited, when it arrives and when it is recomputed."""

from collections.abc import Sequence

import numpy as np

from optiq.attribution.arrays import Paths
from optiq.attribution.contracts import STANDARD_MODELS, ConversionCredits, Credit, Model, Path
from optiq.attribution.models import credit
from optiq.journeys.contracts import DIRECT
from optiq.kernel.clock import SECOND_MS


def credit_conversions(paths: Sequence[Path], computed_ms: int) -> list[ConversionCredits]:
    """The credits of every model for each conversion, in the order of `paths`."""
    values = np.array([path.conversion.value_micros for path in paths], dtype=np.int64)
    arrays = _arrays(paths)
    columns = {
        model: list(map(Credit, weights.tolist(), credits_micros.tolist()))
        for model, (weights, credits_micros) in credit(STANDARD_MODELS, arrays, values).items()
    }
    bounds = arrays.offsets.tolist()
    return [
        ConversionCredits(
            path=path,
            credits={model: tuple(column[start:end]) for model, column in columns.items()}
            if path.touches
            else _all_to_direct(path),
            computed_ms=computed_ms,
        )
        for path, start, end in zip(paths, bounds, bounds[1:], strict=False)
    ]


def _arrays(paths: Sequence[Path]) -> Paths:
    ages_ms = [path.conversion.occurred_ms - touch.occurred_ms for path in paths for touch in path.touches]
    return Paths(
        offsets=np.cumsum([0, *(len(path.touches) for path in paths)], dtype=np.int64),
        age_seconds=np.array(ages_ms, dtype=np.float64) / SECOND_MS,
        is_direct=np.array([touch.channel == DIRECT for path in paths for touch in path.touches], dtype=np.bool_),
    )


def _all_to_direct(path: Path) -> dict[Model, tuple[Credit, ...]]:
    everything = (Credit(1.0, path.conversion.value_micros),)
    return dict.fromkeys(STANDARD_MODELS, everything)
