"""The SQL of money in reports: rates of the day, sums in the reporting currency, and parts of what was converted.

Money is exact: everything is whole numbers in DECIMAL(38, 0), and a quotient is only ever taken of a multiple of
its divisor, because engines differ in how they round.
"""

from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.money import MICROS
from optiq.rates.lake import RATES
from optiq.reports.domain import BASE_CURRENCY, MAX_RATE_AGE_DAYS

_AGES = ", ".join(str(age) for age in range(MAX_RATE_AGE_DAYS + 1))

# Parameters: the first and the last day of rates to look at.
RATES_OF_DAYS = f"""
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

# Of rows with `priced_micros`, `currency` and `day`: what one of their units and one of ours cost per EUR, NULL when
# unknown, both 1 when nothing has to be converted. Parameters: the reporting currency, four times.
PRICED = f"""
priced AS (
    SELECT amounts.*,
        CASE WHEN amounts.currency = ? OR priced_micros = 0 THEN 1
            WHEN amounts.currency = '{BASE_CURRENCY}' THEN {MICROS} ELSE theirs.rate_micros END AS their_rate,
        CASE WHEN amounts.currency = ? OR priced_micros = 0 THEN 1
            WHEN ? = '{BASE_CURRENCY}' THEN {MICROS} ELSE ours.rate_micros END AS our_rate
    FROM amounts
    LEFT JOIN rates_of_days AS theirs ON theirs.currency = amounts.currency AND theirs.day = amounts.day
    LEFT JOIN rates_of_days AS ours ON ours.currency = ? AND ours.day = amounts.day
)"""  # noqa: S608 - names are ours

_DIVISOR = "(2 * CAST(their_rate AS DECIMAL(38, 0)))"


def converted(micros: str) -> str:
    """SQL of |micros| x our rate / their rate, half up; NULL without a rate."""
    doubled = f"(2 * CAST(abs({micros}) AS DECIMAL(38, 0)) * our_rate + their_rate)"
    return f"({doubled} - {doubled} % {_DIVISOR}) / {_DIVISOR}"


CONVERTED = converted("priced_micros")

# A column that is `own` where money has to be converted, or would have to be, and `other` elsewhere.
FOREIGN = "CASE WHEN their_rate = our_rate THEN {other} ELSE {own} END"

# Of `of_models`: their micros, as parts of the conversion `split_id`, anew as parts of what it was converted to, in
# `split_micros`: largest remainder, ties to the earlier. A part of 0 is 0 of it.
SPLIT_UP = """
parts AS (
    SELECT of_models.*, CASE WHEN amount_micros = 0 OR micros IS NULL THEN 0
        ELSE converted_micros * abs(micros) % abs(amount_micros) END AS remainder
    FROM of_models
),
shares AS (
    SELECT parts.*, CASE WHEN amount_micros = 0 OR micros IS NULL THEN 0
        ELSE (converted_micros * abs(micros) - remainder) / CAST(abs(amount_micros) AS DECIMAL(38, 0)) END AS share
    FROM parts
),
ranked AS (
    SELECT shares.*, converted_micros - sum(share) OVER (PARTITION BY split_id, model) AS left_over,
        row_number() OVER (PARTITION BY split_id, model ORDER BY remainder DESC, split_position) AS turn
    FROM shares
),
split_up AS (
    SELECT ranked.*, CASE WHEN weight IS NULL THEN 0
        ELSE sign(amount_micros) * (share + CASE WHEN turn <= left_over THEN 1 ELSE 0 END) END AS split_micros
    FROM ranked
)"""
