"""Plays what one sender can do to the others, and prints the ratios beside their goals: `make bench-fairness`.

Everything runs on this machine, over its loopback. A ratio is to the same thing without the load, just before.
"""

from tests.performance.bench import Parts, run
from tests.performance.figures import Figure

_HISTORY_GOAL = 10.0
"""Of work for one event, beside a new visitor's: it is bounded, whatever its visitor did before."""


def _history() -> list[Figure]:
    from tests.performance import long_history

    return in_ratios(long_history.measure(events=10_000, compared=1_000, alone=30))


def _garbage() -> list[Figure]:
    from tests.performance import fair_shares

    return fair_shares.beside_garbage()


def _lake() -> list[Figure]:
    from tests.performance import lake_files

    return lake_files.measure()


def _reports() -> list[Figure]:
    from tests.performance import fairness

    return fairness.measure()


def _tenants() -> list[Figure]:
    from tests.performance import fair_shares

    return fair_shares.beside_busy_tenants()


def in_ratios(figures: list[Figure]) -> list[Figure]:
    """Those that are compared with something, as that ratio."""
    return [
        Figure(
            figure.name,
            float(figure.ratio.removesuffix(" x")),
            "x",
            _HISTORY_GOAL,
            note=f"{figure.value:.3g} {figure.unit}; {figure.note}",
        )
        for figure in figures
        if figure.ratio
    ]


PARTS: Parts = {
    "history": ("H1: work for one event, beside a new visitor's, by what its visitor did before", _history),
    "garbage": ("H2: a quiet tenant beside garbage of strangers", _garbage),
    "lake": ("H3: a report by the number of the lake's files, before and after they are merged", _lake),
    "reports": ("H4: a tenant's small requests beside another's heavy reports", _reports),
    "tenants": ("H6: a quiet tenant beside tenants that send all they may", _tenants),
}


if __name__ == "__main__":
    run(PARTS, "Measure what one sender can cost the others.")
