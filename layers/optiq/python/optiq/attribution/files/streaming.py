"""Every model over path-sorted rows, of a Parquet file of any size or others, at about the speed of reading them.

Paths are summed up, not kept. The definitions are those of `models`, `markov` and `shapley`; here they are applied to
sums: what follows from position alone to a cube of what value c earned at position p of paths of n touches, MARKOV to
counts of transitions.
"""

from collections.abc import Sequence

import numpy as np

from optiq.attribution.arrays import Floats
from optiq.attribution.bootstrap import too_few
from optiq.attribution.contracts import (
    DATA_DRIVEN_MODELS,
    NO_TRACKED_VISIT,
    Model,
    ModelParameters,
    ModelVerdict,
    Verdict,
)
from optiq.attribution.files.contracts import PathAttribution, PathCredit
from optiq.attribution.files.parquet_paths import PathReader, PathRows
from optiq.attribution.files.path_batches import PathBatch
from optiq.attribution.files.path_sums import PathSums
from optiq.attribution.models import (
    STANDARD_PARAMETERS,
)
from optiq.kernel.errors import InvalidError

_KEPT_BYTES = (32 << 20) - 8_192
"""glibc keeps for reuse up to twice the largest block freed so far, of 32 MB at most, and hands the rest back to the
system. Without this, each batch's arrays would come as fresh pages: a tenth of the time."""

_NO_INTERVALS = "paths that stream by are not kept, so no intervals were worked out"


def attribute(
    rows: PathRows,
    models: Sequence[Model] = (),
    by: str = "channel",
    parameters: ModelParameters = STANDARD_PARAMETERS,
) -> PathAttribution:
    """What these models give each value of the column `by`, values in alphabetical order; without models named, all.

    For the rows see `parquet_paths`; the answer's `value` is in their unit. MARKOV is of the first order. Intervals
    would take the paths themselves; so there are none, and the verdicts say so.

    Raises:
        InvalidError: the rows are not as they must be, or add up to more than can be counted; CUSTOM without its
            weights; more than MAX_MARKOV_NAMES values and MARKOV.
    """
    missing = {} if parameters.custom else {Model.CUSTOM: "weights of your own"}
    if refused := [model for model in models if model in missing]:
        raise InvalidError(f"{refused[0]} needs {missing[refused[0]]}")
    chosen = list(dict.fromkeys(models)) or [model for model in Model if model not in missing]
    np.empty(_KEPT_BYTES, dtype=np.uint8)  # freed at once, for what that teaches the allocator
    reader = PathReader(rows, by)
    sums = PathSums(chosen, parameters)
    untouched = np.zeros(2)
    for batch in reader.batches():
        touched, amounts = _apart(batch, reader.names)
        untouched += amounts
        sums.add(touched, len(reader.names))
    untouched += rows.untouched
    credits_ = [
        PathCredit(model, *row)
        for model, earned in sums.earned(len(reader.names)).items()
        for row in _rows(reader.names, earned, untouched)
    ]
    verdicts = [
        ModelVerdict(model, Verdict.NOT_ENOUGH_DATA, too_few(model, *sums.paths()) or _NO_INTERVALS)
        for model in chosen
        if model in DATA_DRIVEN_MODELS
    ]
    return PathAttribution(tuple(credits_), tuple(verdicts), {} if models else missing)


def _apart(batch: PathBatch, names: Sequence[str]) -> tuple[PathBatch, Floats]:
    """The paths that have a touch; and conversions and their value, shape (2,), of `No tracked visit` alone."""
    if NO_TRACKED_VISIT not in names:
        return batch, np.zeros(2)
    first_codes = batch.codes.take(batch.offsets[:-1])
    touched = (batch.lengths > 1) | (first_codes != names.index(NO_TRACKED_VISIT))
    return batch.only(touched), batch.amounts[:, ~touched].sum(axis=1)


def _rows(names: Sequence[str], earned: Floats, untouched: Floats) -> list[tuple[str, float, float]]:
    """What each name earned, by name; what had no touch is `No tracked visit`'s."""
    amounts = dict(zip(names, earned.T, strict=True))
    if untouched.any():
        amounts[NO_TRACKED_VISIT] = amounts.get(NO_TRACKED_VISIT, np.zeros(2)) + untouched
    return [(name, *amounts[name].tolist()) for name in sorted(amounts)]
