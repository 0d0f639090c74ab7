"""The common path file: aggregated paths as CSV.

- `path`: channels joined by `>`, oldest first; blanks around it are not part of their names; `No tracked visit` alone
  for conversions without a touch
- `total_conversions`: how often the path converted
- `total_conversion_value`: what those conversions were worth together
- `total_null`, optional: how often it did not convert; MARKOV needs it
- `times`, optional: the days from each touch to the conversion, joined like the path (`7 > 1.5 > 0`); TIME_DECAY needs
  it. May be empty for a path that never converted.

Others are ignored. Needs numpy and nothing else.
"""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path as FilePath

from optiq.attribution.contracts import NO_TRACKED_VISIT
from optiq.attribution.files.counted_paths import Collecting, CountedPaths
from optiq.kernel.errors import InvalidError

_REQUIRED = ("path", "total_conversions", "total_conversion_value")
_NULLS, _TIMES = "total_null", "times"
_COLUMNS = (*_REQUIRED, _NULLS, _TIMES)
_INFINITE = math.inf
_EMPTY = f"the path is empty; a conversion without a touch has the path '{NO_TRACKED_VISIT}'"
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd")
"""How gzip, zip and zstd files begin, and no text does."""


def read(file: FilePath) -> CountedPaths:
    """The paths of a file, in its order.

    Raises:
        InvalidError: it cannot be read, or a line is wrong; the message names the file and the line. Or there is more
            of everything than can be counted.
    """
    rows = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if missing := [name for name in _REQUIRED if name not in header]:
            raise InvalidError(f"no column {' or '.join(missing)}")
        if twice := [name for name in _COLUMNS if header.count(name) > 1]:
            raise InvalidError(f"the column {twice[0]} stands there twice")
        reading = _Reading(header)
        for row in rows:
            if row:
                reading.take(row)
    except (csv.Error, InvalidError) as error:
        raise InvalidError(f"{file}, line {max(rows.line_num, 1)}: {error}") from error
    try:
        return reading.paths()
    except InvalidError as error:
        raise InvalidError(f"{file}: {error}") from error


def _text(file: FilePath) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidError(f"{file}: {error.strerror or 'it cannot be read'}") from error
    if content.startswith(_COMPRESSED):
        raise InvalidError(f"{file}: it is compressed; unpack it first")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidError(f"{file}, line {line}: not UTF-8") from error


class _Reading:
    """Rows under one header."""

    def __init__(self, header: Sequence[str]) -> None:
        self._places = {name: header.index(name) for name in _COLUMNS if name in header}
        self._path, *self._numbers = (self._places[name] for name in _REQUIRED)
        self._nulls, self._times = self._places.get(_NULLS), self._places.get(_TIMES)
        self._last, self._width = max(self._places.values()), len(header)
        self._collecting = Collecting()
        self._code_of_step: dict[str, int] = {}

    def take(self, row: Sequence[str]) -> None:
        if len(row) <= self._last:
            missing = next(name for name, place in self._places.items() if place >= len(row))
            raise InvalidError(f"no value for {missing}")
        if len(row) > self._width:
            raise InvalidError(f"{len(row)} values in {self._width} columns; a comma within one needs quotes around it")
        codes = self._codes(row[self._path])
        first, second = self._numbers
        try:
            conversions, value = float(row[first]), float(row[second])
            nulls = 0.0 if self._nulls is None else float(row[self._nulls])
        except ValueError as error:
            raise self._wrong(row) from error
        if not (0 <= conversions < _INFINITE and 0 <= value < _INFINITE and 0 <= nulls < _INFINITE):
            raise self._wrong(row)
        if self._times is not None:
            times = row[self._times]
            never = not conversions and not value and not times.strip()
            ages = [0.0] * len(codes) if never else [_parsed(age, _TIMES) for age in times.split(">")]
            self._collecting.add_ages(ages, len(codes))
        self._collecting.add(codes, conversions, value, nulls)

    def paths(self) -> CountedPaths:
        return self._collecting.paths(with_nulls=self._nulls is not None, with_ages=self._times is not None)

    def _codes(self, path: str) -> list[int]:
        steps = path.split(">")
        try:
            return [self._code_of_step[step] for step in steps]
        except KeyError:  # a step as it is written here for the first time
            if not all(map(str.strip, steps)):
                reason = "a step of the path is empty" if path.strip() else _EMPTY
                raise InvalidError(reason) from None
            self._code_of_step |= {step: self._collecting.code(step.strip()) for step in steps}
            return [self._code_of_step[step] for step in steps]

    def _wrong(self, row: Sequence[str]) -> InvalidError:
        """Which of a row's numbers is none, or not one of 0 or more."""
        cells = [(name, row[self._places[name]]) for name in (*_REQUIRED[1:], _NULLS) if name in self._places]
        name, text = next(cell for cell in cells if not 0 <= _parsed(cell[1], cell[0]) < _INFINITE)
        return InvalidError(f"{name} must be a finite number, 0 or more, not '{text.strip()[:40]}'")


def _parsed(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidError(f"{name} is not a number: '{text.strip()[:40]}'") from error
