"""The wheel says what it needs, and nothing that only builds it."""

import subprocess
import sys
import zipfile
from pathlib import Path

from hatch_build import Requirements

_TRY = """
from optiq_cli import machine, main
print(machine.default_home(), flush=True)
main.main(["site", "--help"], "optiq")
"""
ROOT = Path(__file__).parents[2]


def test_wheel_needs_what_the_locks_are_made_of() -> None:
    metadata: dict[str, object] = {}
    Requirements(str(ROOT), {}).update(metadata)

    needed = metadata["dependencies"]
    assert isinstance(needed, list)
    assert {"pyarrow", "boto3", "click"} <= set(needed)
    assert not {"hatchling", "editables"} & set(needed)
    assert not [line for line in needed if line.startswith("-") or "==" in line]


def test_wheel_has_the_command_line_and_what_it_starts(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "optiq = optiq_cli.main:main" in files.read(entry_points).decode()
        files.extractall(tmp_path / "installed")
    assert {"optiq_cli/main.py", "infra/local/cli.py", "optiq/kernel/operator_key.py"} <= names
    shown = subprocess.run(
        [sys.executable, "-c", _TRY],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.startswith(f"{tmp_path}/.optiq\n")
    assert "Usage: optiq site" in shown.stdout
