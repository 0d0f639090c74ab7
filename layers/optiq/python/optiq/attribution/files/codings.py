"""The names of what is credited, as numbers."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from optiq.attribution.files.direct import is_direct


class Coding:
    """Text as codes: places in `names`, which grows with what is met. `is_direct` is as long as `names`."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.is_direct = np.zeros(0, dtype=np.bool_)
        self._code_of: dict[str, int] = {}
        self._dictionary: Any = None
        self._codes = np.zeros(0, dtype=np.int64)  # of the dictionary's places, -1 for one not met yet

    def codes(self, column: Any) -> NDArray[np.int64]:
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        if self._dictionary is None or not column.dictionary.equals(self._dictionary):
            self._dictionary = column.dictionary
            self._codes = np.full(len(column.dictionary), -1)
        places = column.indices.to_numpy()
        if (self._codes < 0).any():
            met = np.flatnonzero((np.bincount(places, minlength=len(self._codes)) > 0) & (self._codes < 0))
            self._codes[met] = [self._code(self._dictionary[place].as_py()) for place in met.tolist()]
            new = [is_direct(name) for name in self.names[len(self.is_direct) :]]
            self.is_direct = np.concatenate([self.is_direct, np.array(new, dtype=np.bool_)])
        codes: NDArray[np.int64] = self._codes.take(places)
        return codes

    def _code(self, name: str) -> int:
        code = self._code_of.setdefault(name, len(self.names))
        if code == len(self.names):
            self.names.append(name)
        return code
