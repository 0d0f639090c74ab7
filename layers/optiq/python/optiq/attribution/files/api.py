"""Attribution of paths in files and in memory: of no tenant, without a table, a lake or AWS.

A room of its own within attribution, whose entrance hands these functions on. Each imports what it needs when it is
called: a path file needs numpy and nothing else, Parquet pyarrow.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from optiq.attribution.contracts import RESAMPLES, CountedPath, Model, ModelParameters
from optiq.attribution.files.contracts import PathAttribution

_STANDARD = ModelParameters()


def attribute_file(
    path: Path,
    models: Sequence[Model] = (),
    parameters: ModelParameters = _STANDARD,
    order: int = 1,
    resamples: int = RESAMPLES,
) -> PathAttribution:
    """What these models give each channel over a path file; without models named, all that the file allows.

    `order`: MARKOV's, 1 to 3. `resamples`: of the intervals of data-driven models; 0 leaves them out.

    Raises:
        InvalidError: a line is wrong, and the message names it; or a named model needs what the file has not.
    """
    from optiq.attribution.files import path_attribution, path_file

    return path_attribution.attribute(path_file.read(path), models, parameters, order, resamples)


def attribute_paths(
    paths: Iterable[CountedPath],
    models: Sequence[Model] = (),
    parameters: ModelParameters = _STANDARD,
    order: int = 1,
    resamples: int = RESAMPLES,
) -> PathAttribution:
    """The same for paths in memory. Raises InvalidError; its message counts paths from 0."""
    from optiq.attribution.files import path_attribution
    from optiq.attribution.files.counted_paths import collected

    return path_attribution.attribute(collected(paths), models, parameters, order, resamples)


def attribute_parquet(
    path: Path, models: Sequence[Model] = (), by: str = "channel", parameters: ModelParameters = _STANDARD
) -> PathAttribution:
    """What these models give each value of the column `by` over a path-sorted Parquet file of any size.

    Without models named, all that the parameters allow. `files.parquet_paths` tells what the file must hold.

    Raises:
        InvalidError: the file is not as it must be, and the message names the row; or a model needs what it has not.
    """
    from optiq.attribution.files import parquet_paths, streaming

    return streaming.attribute(parquet_paths.ParquetRows(path), models, by, parameters)


def attribute_raw(
    touches: Path,
    conversions: Path,
    models: Sequence[Model] = (),
    by: str = "channel",
    parameters: ModelParameters = _STANDARD,
    window_days: int | None = None,
) -> PathAttribution:
    """The same over paths made of two Parquet files in any order, which are held in memory.

    `window_days`: how long before a conversion a touch counts, 90 if not said. `files.raw_paths` tells what the files
    must hold.

    Raises:
        InvalidError: a file is not as it must be; or a model needs what they have not.
    """
    from optiq.attribution.files import raw_paths, streaming
    from optiq.attribution.path import WINDOW_DAYS

    window = WINDOW_DAYS if window_days is None else window_days
    return streaming.attribute(raw_paths.read(touches, conversions, by, window), models, by, parameters)
