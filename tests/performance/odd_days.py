"""How often the detector of odd days is wrong, and what it misses: `python -m tests.performance.odd_days`.

200 seeded series of daily counts: levels of 8 to 1,000, scattering 1 to 6 times as Poisson's law, three shapes of a
week, trends, promotions and shifts of level. In 90 days that are judged, three are made odd. The first three days of a
shift are neither right nor wrong to tell of. Printed beside the goals: false alarms per 100 days of a series, the share
of odd days that are found by how odd they are, and the precision.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from optiq.alerts.judging.detecting import K, judge
from optiq.alerts.judging.expecting import Day

SHAPES = ((1, 1, 1, 1, 1, 1, 1), (1, 1.02, 1.05, 1, 0.95, 0.55, 0.5), (0.85, 0.9, 0.9, 0.95, 1.1, 1.3, 1.2))
FACTORS = (0.0, 0.5, 0.7, 2.0, 1.5)
HISTORY, JUDGED, ODD = 56, 90, 3


@dataclass
class Tally:
    days: int = 0
    false: int = 0
    found: dict[float, list[bool]] = field(default_factory=lambda: {factor: [] for factor in FACTORS})

    @property
    def false_alarms(self) -> float:
        return 100 * self.false / self.days

    @property
    def precision(self) -> float:
        true = sum(sum(each) for each in self.found.values())
        return true / (true + self.false)


@dataclass(frozen=True)
class Series:
    """Attributes: odd: places with their factors. shifted: places right after a shift of the level."""

    days: list[Day]
    odd: dict[int, float]
    shifted: range


def series(rng: np.random.Generator) -> Series:
    length = HISTORY + JUDGED
    level = math.exp(rng.uniform(math.log(8), math.log(1000)))
    scattering = rng.uniform(1, 6)
    shape = SHAPES[rng.integers(len(SHAPES))]
    means = np.array([level * shape[day % 7] for day in range(length)])
    means *= np.exp(rng.uniform(-0.3, 0.3) * np.arange(length) / length)
    for _ in range(rng.integers(0, 3)):
        begin = int(rng.integers(0, length - 4))
        means[begin : begin + int(rng.integers(1, 4))] *= rng.uniform(1.1, 1.3)
    shifted = range(0)
    if rng.random() < 0.3:
        begin = int(rng.integers(HISTORY, length))
        means[begin:] *= rng.choice([0.6, 0.75, 1.35, 1.7])
        shifted = range(begin, begin + 3)
    odd = {int(place): float(rng.choice(FACTORS)) for place in rng.choice(range(HISTORY, length), ODD, replace=False)}
    for place, factor in odd.items():
        means[place] *= factor
    return Series([Day(day % 7, _count(rng, float(mean), scattering)) for day, mean in enumerate(means)], odd, shifted)


def _count(rng: np.random.Generator, mean: float, scattering: float) -> int:
    if mean <= 0:
        return 0
    rate = rng.gamma(mean / (scattering - 1), scattering - 1) if scattering > 1 else mean
    return int(rng.poisson(rate))


def tally(many: Sequence[Series], k: float) -> Tally:
    result = Tally()
    for one in many:
        for place, verdict in enumerate(judge(one.days, HISTORY), HISTORY):
            fires = verdict.is_odd(k)
            if place in one.odd:
                result.found[one.odd[place]].append(fires)
            elif place not in one.shifted:
                result.days += 1
                result.false += fires
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    many = [series(rng) for _ in range(asked.series)]
    print(f"{'k':>5} {'false per 100':>14} {'precision':>10}  found of days × " + " ".join(f"{f:>5}" for f in FACTORS))
    for name, k in K.items():
        found = tally(many, k)
        shares = " ".join(f"{np.mean(found.found[factor]):5.0%}" for factor in FACTORS)
        print(f"{k:>5} {found.false_alarms:>14.2f} {found.precision:>10.2f}  {name:<15} {shares}")
    print("goal at 3.5: false alarms 0.4 at most, precision 0.75 at least")


if __name__ == "__main__":
    main()
