"""The reports' SQL, in Athena's dialect.

Money is exact: everything is whole numbers in DECIMAL(38, 0), and a quotient is only ever taken of a multiple of
its divisor, because engines differ in how they round.
"""

from collections.abc import Sequence

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.lake_tables import AD_METRICS, CREDITS, RATES, latest_rows
from optiq.kernel.money import MICROS
from optiq.reports.domain import BASE_CURRENCY, MAX_RATE_AGE_DAYS, Offset

_AGES = ", ".join(str(age) for age in range(MAX_RATE_AGE_DAYS + 1))

# Parameters: the first and the last day of rates to look at.
_RATES_OF_DAYS = f"""
rates_of_days AS (
    SELECT currency, day, rate_micros
    FROM (
        SELECT currency, rate_micros, CAST(good_on AS VARCHAR) AS day,
            row_number() OVER (PARTITION BY currency, good_on ORDER BY age) AS recency
        FROM (
            SELECT currency, rate_micros, age, CAST(date_add('day', age, CAST(day AS DATE)) AS DATE) AS good_on
            FROM ({latest_rows(RATES, "dt BETWEEN ? AND ?")}) CROSS JOIN (VALUES {_AGES}) AS ages (age)
        )
    )
    WHERE recency = 1
)"""  # noqa: S608 - names are ours

# Of rows with `amount_micros`, `currency` and `day`: what one of their units and one of ours cost per EUR, NULL when
# unknown, both 1 when nothing has to be converted. Parameters: the reporting currency, four times.
_PRICED = f"""
priced AS (
    SELECT amounts.*,
        CASE WHEN amounts.currency = ? OR amount_micros = 0 THEN 1
            WHEN amounts.currency = '{BASE_CURRENCY}' THEN {MICROS} ELSE theirs.rate_micros END AS their_rate,
        CASE WHEN amounts.currency = ? OR amount_micros = 0 THEN 1
            WHEN ? = '{BASE_CURRENCY}' THEN {MICROS} ELSE ours.rate_micros END AS our_rate
    FROM amounts
    LEFT JOIN rates_of_days AS theirs ON theirs.currency = amounts.currency AND theirs.day = amounts.day
    LEFT JOIN rates_of_days AS ours ON ours.currency = ? AND ours.day = amounts.day
)"""  # noqa: S608 - names are ours

# Rounds |amount| x our rate / their rate half up; NULL without a rate.
_CONVERTED = """
doubled AS (
    SELECT priced.*, 2 * CAST(abs(amount_micros) AS DECIMAL(38, 0)) * our_rate + their_rate AS doubled_micros,
        2 * CAST(their_rate AS DECIMAL(38, 0)) AS divisor
    FROM priced
),
converted AS (
    SELECT doubled.*, (doubled_micros - doubled_micros % divisor) / divisor AS converted_micros FROM doubled
)"""


def attribution(model: str, by: str, offsets: Sequence[Offset]) -> str:
    """Sums of one model's credits by a dimension, and apart for each currency and day that has no rate.

    Conversions for which the model was not computed count for nothing.

    Columns: the dimension; currency and day without a rate, or NULL; sum of weights; revenue in micros; touches;
    conversions whose path begins here (so that their sum counts every conversion once); those conversions' value
    in micros. Parameters: see service.py, in the order of the text.
    """
    weight, micros = f"{model.lower()}_weight", f"{model.lower()}_micros"
    columns = ("position", "touch_id", "conversion_at", weight, micros, "value_micros", "currency", by)
    where = (
        "site_id = ? AND dt BETWEEN ? AND ? "
        "AND conversion_at >= CAST(? AS TIMESTAMP) AND conversion_at < CAST(? AS TIMESTAMP)"
    )
    return f"""
WITH {_RATES_OF_DAYS},
amounts AS (
    SELECT conversion_id, position, {weight} AS weight, touch_id, {by}, currency, value_micros AS amount_micros,
        CAST(abs({micros}) AS DECIMAL(38, 0)) AS part_micros,
        row_number() OVER (PARTITION BY conversion_id ORDER BY position) AS place,
        CAST(CAST(date_add('second', {_offset(offsets)}, conversion_at) AS DATE) AS VARCHAR) AS day
    FROM ({latest_rows(CREDITS, where, columns)})
    WHERE {weight} IS NOT NULL
),
{_PRICED},
{_CONVERTED},
parts AS (
    SELECT converted.*,
        CASE WHEN amount_micros = 0 THEN 0 ELSE converted_micros * part_micros % abs(amount_micros) END AS remainder
    FROM converted
),
shares AS (
    SELECT parts.*,
        CASE WHEN amount_micros = 0 THEN 0
            ELSE (converted_micros * part_micros - remainder) / CAST(abs(amount_micros) AS DECIMAL(38, 0)) END AS share
    FROM parts
),
ranked AS (
    SELECT shares.*, converted_micros - sum(share) OVER (PARTITION BY conversion_id) AS left_over,
        row_number() OVER (PARTITION BY conversion_id ORDER BY remainder DESC, position) AS turn
    FROM shares
)
SELECT {by},
    CASE WHEN converted_micros IS NULL THEN currency END AS missing_currency,
    CASE WHEN converted_micros IS NULL THEN day END AS missing_day,
    sum(weight) AS conversions,
    sum(sign(amount_micros) * (share + CASE WHEN turn <= left_over THEN 1 ELSE 0 END)) AS revenue_micros,
    count_if(touch_id <> '') AS touches,
    count_if(place = 1) AS conversions_opened,
    sum(CASE WHEN place = 1 THEN CAST(amount_micros AS DECIMAL(38, 0)) ELSE 0 END) AS value_micros
FROM ranked
GROUP BY 1, 2, 3
"""  # noqa: S608 - names are ours


def spend(by: str) -> str:
    """Sums of daily metrics by a dimension, and apart for each currency and day that has no rate.

    Columns: the dimension; currency and day without a rate, or NULL; spend in micros of the reporting currency;
    clicks; impressions; spend in micros as it was recorded.
    """
    columns = ("channel", "impressions", "clicks", "spend_micros", "currency")
    return f"""
WITH {_RATES_OF_DAYS},
amounts AS (
    SELECT {by}, day, currency, clicks, impressions, spend_micros AS amount_micros
    FROM ({latest_rows(AD_METRICS, "site_id = ? AND dt BETWEEN ? AND ?", columns)})
),
{_PRICED},
{_CONVERTED}
SELECT {by},
    CASE WHEN converted_micros IS NULL THEN currency END AS missing_currency,
    CASE WHEN converted_micros IS NULL THEN day END AS missing_day,
    sum(sign(amount_micros) * converted_micros) AS spend_micros,
    sum(clicks) AS clicks,
    sum(impressions) AS impressions,
    sum(CAST(amount_micros AS DECIMAL(38, 0))) AS value_micros
FROM converted
GROUP BY 1, 2, 3
"""  # noqa: S608 - names are ours


def instant(instant_ms: int) -> str:
    """An instant as a timestamp's text."""
    return to_rfc3339(instant_ms).replace("T", " ").removesuffix("Z")


def _offset(offsets: Sequence[Offset]) -> str:
    """Seconds to add to `conversion_at` for the wall clock of the site."""
    *later, first = reversed(offsets)
    if not later:
        return str(first.seconds)
    cases = "".join(f" WHEN conversion_at >= TIMESTAMP '{instant(o.from_ms)}' THEN {o.seconds}" for o in later)
    return f"CASE{cases} ELSE {first.seconds} END"
