"""What the statements of all sources have alike: their columns, buckets and sums."""

from collections.abc import Sequence

from optiq.reports.questions.catalogue import DIMENSIONS, Source
from optiq.reports.questions.filters import dimensions_in
from optiq.reports.questions.part import Part
from optiq.reports.site_clock import bucket_of_day


def named(part: Part) -> tuple[str, ...]:
    """The dimensions that a part is by or filtered by, or that its metrics look at."""
    looked_at = (metric.of_dimension for metric in part.metrics if metric.of_dimension)
    return tuple(dict.fromkeys((*part.dimensions, *dimensions_in(part.filters), *looked_at)))


def columns_of(part: Part, source: Source) -> list[str]:
    return [*part.site_column, *(DIMENSIONS[name].columns[source] for name in part.dimensions)]


def selected(names: Sequence[str]) -> str:
    return "".join(f"coalesce({name}, '') AS key{number}, " for number, name in enumerate(names))


def day_bucket(part: Part, day: str) -> str:
    if part.bucket in ("DAY", "WEEK", "MONTH"):
        return bucket_of_day(part.bucket, day)  # type: ignore[arg-type]  # one of them, as just asked
    return "CAST(NULL AS BIGINT)"


def aggregates(part: Part, sums: dict[str, str]) -> str:
    return ", ".join(f"{sums[metric.name]} AS {metric.name}" for metric in part.metrics)


def ordinals(count: int) -> str:
    return ", ".join(str(number) for number in range(1, count + 1))
