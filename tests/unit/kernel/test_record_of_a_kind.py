"""The record of an entity's dataclass."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from optiq.kernel import records


@dataclass(frozen=True, slots=True)
class Thing:
    name: str


def test_threads_that_ask_at_once_get_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    # Of two classes, one would not catch what the other one raises.
    hints_of = records.get_type_hints

    def slow(kind: type) -> dict[str, Any]:
        time.sleep(0.05)
        return hints_of(kind)

    monkeypatch.setattr(records, "get_type_hints", slow)
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(records.record_of, [Thing] * 4))

    assert len(found) == 1
