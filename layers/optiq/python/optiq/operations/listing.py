"""Which files of a partition are worth merging."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from optiq.ports.lake import LakeFile

FULL_BYTES = 32 * 1024 * 1024
"""A file so large is left as it is."""
MANY = 8
"""So many files of one tier may stand beside each other while their day lasts."""
MOST_AT_ONCE = 1_000
"""Files merged into one: their names are kept in its footer."""
_FIRST_TIER_BYTES, _STEP = 64 * 1024, 8
"""Files of a tier are merged with each other only, so that a row is written anew once a tier, not at every run."""


def partitions(files: Iterable[LakeFile]) -> Iterator[list[LakeFile]]:
    """The files of one day after another, of days that have more than one."""
    for _, of_day in groupby(files, key=lambda file: file.day):
        found = list(of_day)
        if len(found) > 1:
            yield found


def groups(files: Sequence[LakeFile], *, closed: bool) -> list[list[LakeFile]]:
    """Files to merge into one each, smallest first. Of a closed day all but full ones go together."""
    tiers: defaultdict[int, list[LakeFile]] = defaultdict(list)
    for file in sorted(files, key=lambda file: (file.size, file.name)):
        if file.size < FULL_BYTES:
            tiers[0 if closed else _tier(file.size)].append(file)
    least = 2 if closed else MANY + 1
    return [
        tier[start : start + MOST_AT_ONCE]
        for tier in tiers.values()
        if len(tier) >= least
        for start in range(0, len(tier), MOST_AT_ONCE)
    ]


def _tier(size: int) -> int:
    tier, most = 0, _FIRST_TIER_BYTES
    while size >= most:
        tier, most = tier + 1, most * _STEP
    return tier
