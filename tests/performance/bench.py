"""Measures speed and cost in one run and prints them beside their goals: `python -m tests.performance.bench`.

Each part runs in a process of its own, so none sees another's caches or environment. The figures are this
machine's; the ratios and the prices are what to compare.
"""

import argparse
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.performance.figures import Figure


def _collect() -> list[Figure]:
    from tests.performance import collect

    return collect.measure()


def _end_to_end() -> list[Figure]:
    from tests.performance import end_to_end

    return end_to_end.measure()


def _attribution() -> list[Figure]:
    from tests.performance import attribution

    return attribution.measure()


def _recompute() -> list[Figure]:
    from tests.performance import recompute

    return recompute.measure()


def _reports() -> list[Figure]:
    from tests.performance import reports

    return reports.measure()


def _authorizer() -> list[Figure]:
    from tests.performance import authorizer

    return authorizer.measure()


def _imports() -> list[Figure]:
    from tests.performance import imports

    return imports.measure()


def _cost() -> list[Figure]:
    from tests.performance import cost

    return cost.measure()


Parts = Mapping[str, tuple[str, Callable[[], list[Figure]]]]
"""By name: a title, and what measures."""

PARTS: Parts = {
    "collect": ("Collect: the handler alone, and behind the local gateway over HTTP", _collect),
    "end_to_end": ("End to end: from the first send to the last credit, on this machine", _end_to_end),
    "attribution": ("Attribution: beside reading the same touches from Parquet", _attribution),
    "recompute": ("Recompute: a million touches through the workflow, beside reading them", _recompute),
    "reports": ("Reports: a million events beside reading them, and the overview", _reports),
    "authorizer": ("Authorizer: CPU it adds to a request, warm", _authorizer),
    "imports": ("Cold starts: CPU of a handler's import, over bare Python", _imports),
    "cost": ("Cost of a million events at list prices (us-east-1)", _cost),
}


def run(parts: Parts, description: str) -> None:
    """Measures the parts the command line asks for, all by default, and prints them."""
    asked = _arguments(parts, description)
    console = Console(width=max(120, Console().width))
    started = time.monotonic()
    measured: dict[str, list[Figure]] = {}
    for part in asked.only or parts:
        title, measure = parts[part]
        with console.status(title), ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            measured[part] = pool.submit(measure).result()
        console.print(figures_table(title, measured[part]))
    console.print(f"{time.monotonic() - started:.0f} s on {os.cpu_count()} CPUs, Python {platform.python_version()}")
    if asked.json:
        document = {part: [asdict(figure) for figure in figures] for part, figures in measured.items()}
        asked.json.write_text(json.dumps(document, indent=2) + "\n")


def _arguments(parts: Parts, description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", action="append", choices=parts, help="measure this part alone; may be repeated")
    return parser.parse_args()


def figures_table(title: str, figures: list[Figure]) -> Table:
    """The figures beside their goals."""
    table = Table("measured", title=title, title_justify="left", title_style="bold")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("goal", justify="right", no_wrap=True)
    table.add_column("beside it", overflow="fold")
    for figure in figures:
        value = f"{_number(figure.value)} {figure.unit}".strip()
        beside = "; ".join(text for text in (figure.ratio, figure.note) if text)
        table.add_row(figure.name, value, _goal(figure), beside)
    return table


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    met = figure.value <= figure.goal
    return f"[{'green' if met else 'red'}]≤ {_number(figure.goal)} {'met' if met else 'missed'}[/]"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    run(PARTS, "Measure speed and cost.")
