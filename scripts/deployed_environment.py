"""Makes what `pytest -m deployed` stands on: the AWS emulator MiniStack in build/ministack, and the third-party
layers for this machine, because MiniStack runs functions with the Python it runs under itself."""

import subprocess
import sys
import venv

from scripts.build_layers import ROOT
from scripts.build_layers import main as build_layers

LOCK = ROOT / "requirements" / "ministack.txt"
FOLDER = ROOT / "build" / "ministack"


def install_emulator() -> None:
    """Installs MiniStack as it is locked, unless it is there."""
    stamp = FOLDER / "lock.txt"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        venv.create(FOLDER, clear=True, with_pip=True)
        pip = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)  # noqa: S603 - our own lock
        stamp.write_bytes(LOCK.read_bytes())


def main() -> int:
    install_emulator()
    return build_layers(["--host"])


if __name__ == "__main__":
    sys.exit(main())
