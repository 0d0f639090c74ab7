"""Renews the hashed locks under requirements/ from the .in files. No registry's address is written."""

import subprocess
import sys
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "requirements"
_OPTIONS = (
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--python-version",
    "3.11",
    "--upgrade",
    "--quiet",
)


def main() -> None:
    for source in sorted(_FOLDER.glob("*.in")):
        print(f"Locking {source.name} ...")
        lock = source.with_suffix(".txt")
        # The command is made of names that stand in this repository.
        command = [sys.executable, "-m", "uv", "pip", "compile", *_OPTIONS, source.name, "-o", lock.name]
        subprocess.run(command, cwd=_FOLDER, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
