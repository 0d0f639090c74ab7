"""The common path file: aggregated paths as CSV, attributed by every model that needs no times.

Columns `path` (channels joined by ` > `), `total_conversions`, `total_conversion_value` and, optionally,
`total_null`; others are ignored. Needs numpy and nothing else.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np

from optiq.attribution.arrays import Paths
from optiq.attribution.contracts import Model, PathCredit
from optiq.attribution.models import weigh
from optiq.kernel.errors import InvalidError

TIMELESS_MODELS = (
    Model.FIRST_TOUCH,
    Model.LAST_TOUCH,
    Model.LAST_NON_DIRECT,
    Model.LINEAR,
    Model.POSITION_BASED,
)
_REQUIRED = ("path", "total_conversions", "total_conversion_value")
_NUMBERS = ("total_conversions", "total_conversion_value", "total_null")
_DIRECT = frozenset({"direct", "(direct)"})


@dataclass(frozen=True, slots=True)
class CountedPath:
    """A path of channels, oldest first: how often it converted, the value of that, and how often it did not."""

    channels: tuple[str, ...]
    conversions: float
    value: float
    nulls: float


def read(file: FilePath) -> list[CountedPath]:
    """The paths of a file, in its order.

    Raises:
        InvalidError: it cannot be read, or a line is wrong; the message names the line.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidError(f"{file}: {error.strerror or 'it cannot be read'}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidError(f"{file}, line {line}: not UTF-8") from error
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        places = {name: header.index(name) for name in (*_REQUIRED, "total_null") if name in header}
        if missing := [name for name in _REQUIRED if name not in places]:
            raise InvalidError(f"line 1: no column {' or '.join(missing)}")
        return [_counted_path(row, places, rows.line_num) for row in rows if row]
    except csv.Error as error:
        raise InvalidError(f"{file}, line {rows.line_num}: {error}") from error
    except InvalidError as error:
        raise InvalidError(f"{file}, {error}") from error


def _counted_path(row: list[str], places: dict[str, int], line: int) -> CountedPath:
    cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
    if missing := [name for name in places if name not in cells]:
        raise InvalidError(f"line {line}: no value for {missing[0]}")
    channels = tuple(channel.strip() for channel in cells["path"].split(">"))
    if not all(channels):
        raise InvalidError(f"line {line}: " + ("a step of the path is empty" if cells["path"] else "the path is empty"))
    conversions, value, nulls = (_number(cells.get(name, "0"), name, line) for name in _NUMBERS)
    return CountedPath(channels, conversions, value, nulls)


def _number(text: str, name: str, line: int) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidError(f"line {line}: {name} is not a number: '{text[:40]}'") from error
    if not math.isfinite(number) or number < 0:
        raise InvalidError(f"line {line}: {name} must be a finite number, 0 or more, not '{text[:40]}'")
    return number


def attribute(paths: Sequence[CountedPath]) -> list[PathCredit]:
    """What every timeless model gives each channel; model by model, channels in the order they first appear."""
    channels = list(dict.fromkeys(channel for path in paths for channel in path.channels))
    codes = {channel: code for code, channel in enumerate(channels)}
    code_of_touch = np.array([codes[channel] for path in paths for channel in path.channels], dtype=np.int64)
    direct = np.array([channel.casefold() in _DIRECT for channel in channels], dtype=np.bool_)
    offsets = np.cumsum([0, *(len(path.channels) for path in paths)], dtype=np.int64)
    arrays = Paths(offsets, np.zeros(len(code_of_touch)), direct[code_of_touch])
    conversions = np.repeat([path.conversions for path in paths], arrays.lengths)
    values = np.repeat([path.value for path in paths], arrays.lengths)
    answer = []
    for model in TIMELESS_MODELS:
        weights = weigh(model, arrays)
        totals = (np.bincount(code_of_touch, weights * amounts, len(channels)) for amounts in (conversions, values))
        answer += [PathCredit(model, *row) for row in zip(channels, *(total.tolist() for total in totals), strict=True)]
    return answer
