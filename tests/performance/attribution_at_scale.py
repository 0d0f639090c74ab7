"""Attribution of ten million touches, beside reading them: `python -m tests.performance.attribution_at_scale`.

Every run is a process of its own on one core and one thread. What counts is CPU time from the closed file to the
answer, imports left out, the best of three in a process: reading is then at its fastest, with its memory there already.
Reading is all nine columns with pyarrow. The runs compared take turns, and the medians count.
"""

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.performance import rivals
from tests.performance.attribution_data import CAMPAIGNS, Data, made
from tests.performance.bench import figures_table
from tests.performance.figures import Figure

_TURNS, _TRIES = 2, 3
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
_RIVAL_RUNS = {
    "mam_heuristics": "MAM 2.1.1, 5 heuristics",
    "mam_markov": "MAM 2.1.1, Markov",
    "mam_shapley": "MAM 2.1.1, Shapley (sets of 4 at most)",
    "channel_attribution_heuristics": "ChannelAttribution 2.2.5, 3 heuristics",
    "channel_attribution_markov": "ChannelAttribution 2.2.5, Markov simulated to 5 %",
}


def _read(*files: Path) -> None:
    import pyarrow.parquet as pq

    for file in files:
        pq.read_table(file, use_threads=False)


def _engine(file: Path) -> None:
    from optiq.attribution import api
    from optiq.attribution.contracts import Model

    api.attribute_parquet(file, [model for model in Model if model is not Model.CUSTOM], by="campaign")


def _raw(touches: Path, conversions: Path) -> None:
    from optiq.attribution.files import raw_paths

    rows = raw_paths.read(touches, conversions, "campaign", 90)
    for _ in rows.batches(rows.schema.names):
        pass


def _raw_engine(touches: Path, conversions: Path) -> None:
    from optiq.attribution import api
    from optiq.attribution.contracts import Model

    api.attribute_raw(touches, conversions, [model for model in Model if model is not Model.CUSTOM], by="campaign")


_RUNS: dict[str, Callable[..., None]] = {"read": _read, "engine": _engine, "raw": _raw, "raw_engine": _raw_engine}
_IMPORTED = (
    "pyarrow.parquet",
    "pyarrow.compute",
    "optiq.attribution.files.streaming",
    "optiq.attribution.files.raw_paths",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure attribution at scale.")
    parser.add_argument("--touches", type=int, default=10_000_000, help="of the larger file; the smaller has a tenth")
    parser.add_argument("--without-rivals", action="store_true", help="leave the other libraries out")
    parser.add_argument("--run", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        _run(asked.run[0], [Path(file) for file in asked.run[1:]])
        return
    console = Console(width=max(120, Console().width))
    with console.status(f"Data of {asked.touches:,} touches"):
        large, small = made(asked.touches), made(asked.touches // 10)
    with console.status("Measuring"):
        ours, engine_seconds = _ours(large, small)
    title = f"Attribution of {asked.touches:,} touches, {CAMPAIGNS} campaigns, one core"
    console.print(figures_table(title, ours))
    if asked.without_rivals:
        return
    with console.status("Installing the other libraries into build/rivals"):
        missing = rivals.installed()
    if missing:
        console.print(f"MAM and ChannelAttribution are not measured: they do not install here ({missing}).")
        return
    with console.status("Measuring the other libraries"):
        theirs = _theirs(large, engine_seconds)
    console.print(figures_table("The same paths in other libraries, one thread, loading not counted", theirs))


def _ours(large: Data, small: Data) -> tuple[list[Figure], float]:
    read, engine, read_lean, engine_lean, read_raw, raw, raw_engine, engine_small = _in_turns(
        ["read", large.paths],
        ["engine", large.paths],
        ["read", large.lean_paths],
        ["engine", large.lean_paths],
        ["read", large.raw_touches, large.raw_conversions],
        ["raw", large.raw_touches, large.raw_conversions],
        ["raw_engine", large.raw_touches, large.raw_conversions],
        ["engine", small.paths],
    )
    return [
        Figure(
            "reading all 9 columns",
            read["seconds"],
            "CPU s",
            note=f"pyarrow, use_threads=False; the first time {read['first']:.2f} s",
        ),
        Figure(
            "7 heuristics, Markov, Shapley",
            engine["seconds"],
            "CPU s",
            note=f"streamed, by campaign; the first time {engine['first']:.2f} s",
        ),
        Figure("… as a multiple of reading", engine["seconds"] / read["seconds"], "x", goal=2.0, note="1.3 hoped for"),
        Figure("… peak memory", engine["peak_mb"], "MB", goal=250, note="the whole process"),
        Figure("… time over that of a tenth", engine["seconds"] / engine_small["seconds"], "x", goal=11),
        Figure(
            "the same from differences in zstd",
            engine_lean["seconds"],
            "CPU s",
            ratio=f"{engine_lean['seconds'] / read_lean['seconds']:.2f} x reading that file whole",
        ),
        Figure(
            "raw touches and conversions joined",
            raw["seconds"],
            "CPU s",
            note=f"reading them {read_raw['seconds']:.2f} s",
        ),
        Figure("… as a multiple of reading them", raw["seconds"] / read_raw["seconds"], "x", goal=3.0),
        Figure(
            "… and attributed under all nine",
            raw_engine["seconds"],
            "CPU s",
            ratio=f"{raw_engine['seconds'] / read_raw['seconds']:.2f} x reading them",
            note=f"peak memory {raw_engine['peak_mb']:.0f} MB",
        ),
    ], engine["seconds"]


def _theirs(data: Data, engine_seconds: float) -> list[Figure]:
    figures = []
    script = Path(__file__).with_name("rival_runs.py")
    for run, name in _RIVAL_RUNS.items():
        found = _measured([str(rivals.PYTHON), str(script), run, str(data.paths)])
        ratio = f"{found['seconds'] / engine_seconds:.1f} x all nine of ours, reading included"
        figures.append(Figure(name, found["seconds"], "CPU s", ratio=ratio))
    return figures


def _in_turns(*runs: list[str | Path]) -> list[dict[str, float]]:
    """Every run's medians."""
    commands = [
        [sys.executable, "-m", "tests.performance.attribution_at_scale", "--run", *map(str, run)] for run in runs
    ]
    found = [[_measured(command) for command in commands] for _ in range(_TURNS)]
    return [
        {key: statistics.median(measured[key] for measured in each) for key in each[0]}
        for each in zip(*found, strict=True)
    ]


def _measured(command: list[str]) -> dict[str, float]:
    """What a run prints last, as JSON."""
    done = subprocess.run(command, env=os.environ | _ONE_THREAD, capture_output=True, text=True, cwd=rivals.ROOT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def _run(name: str, files: list[Path]) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for module in _IMPORTED:
        importlib.import_module(module)
    taken = []
    for _ in range(_TRIES):
        begun = time.process_time()
        _RUNS[name](*files)
        taken.append(time.process_time() - begun)
    status = Path("/proc/self/status").read_text()
    peak_kb = int(status.split("VmHWM:")[1].split()[0])
    print(json.dumps({"seconds": min(taken), "first": taken[0], "peak_mb": peak_kb / 1024}))


if __name__ == "__main__":
    main()
