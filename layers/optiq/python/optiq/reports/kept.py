"""From which day on an organization's events are kept. Totals of the days before stay as they were counted.

Without this, a day whose files are removed would be counted anew as empty, and so would the days after it: what came
before them tells who is new.
"""

from dataclasses import dataclass, field

from optiq.kernel.table import Put, put_one
from optiq.reports import keys
from optiq.reports.records import KeptRecord


@dataclass(frozen=True, slots=True)
class Fold:
    """The stamp of all files of days before a day of some timezone, and the last UTC day that is in it."""

    stamp: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The first day with events, "" for all; by timezone, the stamp of what came before."""

    day: str = ""
    folds: dict[str, Fold] = field(default_factory=dict)


def kept_of(organization_id: str) -> Kept:
    try:
        found = KeptRecord.get(*keys.kept(organization_id))
    except KeptRecord.DoesNotExist:
        return Kept()
    return Kept(found.day, {timezone: Fold(*fold) for timezone, fold in found.folds.items()})


def keep(organization_id: str, kept: Kept) -> None:
    folds = {timezone: [fold.stamp, fold.until] for timezone, fold in kept.folds.items()}
    put_one(Put(KeptRecord(*keys.kept(organization_id), day=kept.day, folds=folds), None))
