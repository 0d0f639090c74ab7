"""Writes the third-party Lambda layers from the hashed locks: build/layers/{core,lake,stripe}/python.

Wheels for Lambda's platform (ARM64, Python 3.14, Amazon Linux 2023 with glibc 2.34) are taken as they are, so
any machine with pip can build them. `--host` writes build/host-layers for this machine instead, which is what
an emulator that runs functions with the local Python needs.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LAYERS = ("core", "lake", "stripe")
LAMBDA_UNZIPPED_LIMIT_MB = 250
_LAMBDA_PLATFORM = [
    *("--platform", "manylinux2014_aarch64", "--platform", "manylinux_2_28_aarch64"),
    *("--implementation", "cp", "--python-version", "3.14"),
]
# Never used by a function, and together a third of Arrow: its RPC, its own S3 client (we write through botocore),
# headers and tests; and the copies of libarrow_python that wheels carry instead of links.
_DROPPED = (
    "bin",
    "**/tests",
    "**/*.pyi",
    "**/*.pxd",
    "**/*.pyx",
    "**/*.a",
    "pyarrow/include",
    "pyarrow/src",
    "pyarrow/*flight*",
    "pyarrow/libarrow_s3*",
    "pyarrow/_s3fs*",
    "pyarrow/libarrow_python*.so",
    "pyarrow/libarrow_python*.so.*.*.*",
    "numpy/_core/include",
)


def build_layer(name: str, folder: Path, platform: list[str]) -> None:
    """Installs a lock into `folder`/python; does nothing when that was made from the same lock and rules."""
    lock = ROOT / "requirements" / f"{name}.txt"
    recipe = lock.read_bytes() + Path(__file__).read_bytes() + repr((platform, sys.version)).encode()
    fingerprint = hashlib.sha256(recipe).hexdigest()
    stamp = folder.with_suffix(".stamp")
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    shutil.rmtree(folder, ignore_errors=True)
    target = folder / "python"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-compile", "--only-binary", ":all:", "--require-hashes"]
    subprocess.run(  # noqa: S603 - our own lock
        [*command, *options, *platform, "--target", str(target), "-r", str(lock)], check=True
    )
    for pattern in _DROPPED:
        for path in sorted(target.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    stamp.write_text(fingerprint)


def megabytes(folder: Path) -> float:
    """The unzipped size of a folder, in units of 1024² bytes, as Lambda counts it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**2


def main(arguments: list[str]) -> int:
    host = "--host" in arguments
    folder = ROOT / "build" / ("host-layers" if host else "layers")
    for name in LAYERS:
        build_layer(name, folder / name, [] if host else _LAMBDA_PLATFORM)
        print(f"{name}: {megabytes(folder / name):.0f} MB in {(folder / name).relative_to(ROOT)}")
    total = sum(megabytes(folder / name) for name in LAYERS)
    if not host and total > LAMBDA_UNZIPPED_LIMIT_MB:
        print(f"the layers together are {total:.0f} MB; Lambda allows {LAMBDA_UNZIPPED_LIMIT_MB} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
