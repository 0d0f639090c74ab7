"""Who came back: cohorts of people by when they began, and in which later day, week or month they returned."""

from collections.abc import Sequence
from typing import Literal

from optiq.reports.domain import Offset
from optiq.reports.site_clock import Bucket, bucket_number
from optiq.reports.statements import Sql

Mode = Literal["ON", "ON_OR_AFTER"]


def retention(start: Sql, back: Sql, source: Sql, bucket: Bucket, offsets: Sequence[Offset], mode: Mode) -> Sql:
    """People by cohort and number of buckets since.

    Columns: cohort (the bucket of a person's first `start` row in the source), n, people. Bucket 0 is the cohort
    itself. ON counts who has a later `back` row in bucket n. ON_OR_AFTER gives of each person the last bucket only: the
    rows from n on add up to who came back in n or later.

    Args:
        source: a SELECT of person_id, t (ms) and what the conditions name.
    """
    times = "n" if mode == "ON" else "max(n)"
    group = "GROUP BY person_id, cohort" + (", n" if mode == "ON" else "")
    sql = f"""
WITH flagged AS (
    SELECT person_id, t, {bucket_number(bucket, "t", offsets)} AS bucket,
        coalesce({start.sql}, false) AS starts, coalesce({back.sql}, false) AS returns
    FROM ({source.sql}) AS source
),
begun AS (
    SELECT flagged.*, min(CASE WHEN starts THEN t END) OVER (PARTITION BY person_id) AS began,
        min(CASE WHEN starts THEN bucket END) OVER (PARTITION BY person_id) AS cohort
    FROM flagged WHERE starts OR returns
),
returned AS (
    SELECT person_id, cohort, bucket - cohort AS n FROM begun WHERE (starts AND t = began) OR (returns AND t > began)
),
of_people AS (SELECT person_id, cohort, {times} AS n FROM returned {group})
SELECT cohort, n, count(*) AS people FROM of_people GROUP BY cohort, n
"""  # noqa: S608 - names and numbers are ours; what people write comes as parameters
    return Sql(sql, (*start.parameters, *back.parameters, *source.parameters))
