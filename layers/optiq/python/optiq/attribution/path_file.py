"""The common path file: aggregated paths as CSV.

- `path`: channels joined by ` > `, oldest first
- `total_conversions`: how often the path converted
- `total_conversion_value`: what those conversions were worth together
- `total_null`, optional: how often it did not convert; MARKOV needs it
- `times`, optional: the days from each touch to the conversion, joined like the path (`7 > 1.5 > 0`); TIME_DECAY needs
  it. May be empty for a path that never converted.

Others are ignored. Needs numpy and nothing else.
"""

import csv
from collections.abc import Sequence
from pathlib import Path as FilePath

from optiq.attribution.counted_paths import Collecting, CountedPaths
from optiq.kernel.errors import InvalidError

_REQUIRED = ("path", "total_conversions", "total_conversion_value")
_NULLS, _TIMES = "total_null", "times"


def read(file: FilePath) -> CountedPaths:
    """The paths of a file, in its order.

    Raises:
        InvalidError: it cannot be read, or a line is wrong; the message names the file and the line.
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
        if missing := [name for name in _REQUIRED if name not in header]:
            raise InvalidError(f"no column {' or '.join(missing)}")
        reading = _Reading(header)
        for row in rows:
            if row:
                reading.take(row)
    except (csv.Error, InvalidError) as error:
        raise InvalidError(f"{file}, line {max(rows.line_num, 1)}: {error}") from error
    return reading.paths()


class _Reading:
    """Rows under one header."""

    def __init__(self, header: Sequence[str]) -> None:
        self._places = {name: header.index(name) for name in (*_REQUIRED, _NULLS, _TIMES) if name in header}
        self._last = max(self._places.values())
        self._collecting = Collecting()
        self._steps: dict[str, str] = {}

    def take(self, row: Sequence[str]) -> None:
        if len(row) <= self._last:
            missing = next(name for name, place in self._places.items() if place >= len(row))
            raise InvalidError(f"no value for {missing}")
        conversions, value = (self._number(row, name) for name in _REQUIRED[1:])
        nulls = self._number(row, _NULLS) if _NULLS in self._places else 0.0
        channels = self._channels(row[self._places["path"]])
        ages = None
        if _TIMES in self._places:
            times = row[self._places[_TIMES]]
            never = not conversions and not value and not times.strip()
            ages = [0.0] * len(channels) if never else [_parsed(age, _TIMES) for age in times.split(">")]
        self._collecting.add(channels, conversions, value, nulls, ages)

    def paths(self) -> CountedPaths:
        return self._collecting.paths(with_nulls=_NULLS in self._places, with_ages=_TIMES in self._places)

    def _channels(self, path: str) -> list[str]:
        steps = path.split(">")
        known = self._steps
        channels = [known.get(step) or known.setdefault(step, step.strip()) for step in steps]
        if not all(channels):
            raise InvalidError("a step of the path is empty" if path.strip() else "the path is empty")
        return channels

    def _number(self, row: Sequence[str], name: str) -> float:
        text = row[self._places[name]]
        number = _parsed(text, name)
        if not 0 <= number < float("inf"):
            raise InvalidError(f"{name} must be a finite number, 0 or more, not '{text.strip()[:40]}'")
        return number


def _parsed(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidError(f"{name} is not a number: '{text.strip()[:40]}'") from error
