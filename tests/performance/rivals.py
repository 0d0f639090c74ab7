"""The libraries we are measured beside, in an environment of their own: build/rivals, from requirements/rivals.txt."""

import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "rivals.txt"
FOLDER = ROOT / "build" / "rivals"
PYTHON = FOLDER / "bin" / "python"


def installed() -> str:
    """Makes the environment unless it is there; gives why it cannot be made, or ""."""
    stamp = FOLDER / "lock.txt"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return ""
    venv.create(FOLDER, clear=True, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    stamp.write_bytes(LOCK.read_bytes())
    return ""
