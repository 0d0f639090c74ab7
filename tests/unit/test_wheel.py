"""The wheel says what it needs, and nothing that only builds it."""

from pathlib import Path

from hatch_build import Requirements

ROOT = Path(__file__).parents[2]


def test_wheel_needs_what_the_locks_are_made_of() -> None:
    metadata: dict[str, object] = {}
    Requirements(str(ROOT), {}).update(metadata)

    needed = metadata["dependencies"]
    assert isinstance(needed, list)
    assert {"pyarrow", "boto3", "click"} <= set(needed)
    assert not {"hatchling", "editables"} & set(needed)
    assert not [line for line in needed if line.startswith("-") or "==" in line]
