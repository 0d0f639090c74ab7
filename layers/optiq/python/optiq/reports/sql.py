"""The reports' SQL, in Athena's dialect.

Money is exact: everything is whole numbers in DECIMAL(38, 0), and a quotient is only ever taken of a multiple of
its divisor, because engines differ in how they round.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.lake_tables import AD_METRICS, CREDITS, RATES, TOUCHES, latest_row_of_each, latest_rows
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


@dataclass(frozen=True, slots=True)
class Ledger:
    """The part of the ledger a report is on: which models, by which dimension, and which versions.

    Attributes:
        offsets: of the site's wall clock, over the days asked for.
        of_one_name: only conversions of a name. as_of: only versions computed until an instant.
    """

    models: tuple[str, ...]
    by: str
    offsets: tuple[Offset, ...]
    of_one_name: bool
    as_of: bool

    @property
    def where(self) -> str:
        """Parameters: the site; the first and last UTC day; two instants; the name and the instant, where asked for."""
        return (
            "site_id = ? AND dt BETWEEN ? AND ? "
            "AND conversion_at >= CAST(? AS TIMESTAMP) AND conversion_at < CAST(? AS TIMESTAMP)"
            f"{' AND name = ?' * self.of_one_name}{' AND computed_at <= CAST(? AS TIMESTAMP)' * self.as_of}"
        )


def attribution(ledger: Ledger) -> str:
    """Sums of some models' credits by a dimension, and apart for each currency and day that has no rate.

    Columns: the model; the dimension; currency and day without a rate, or NULL; sum of weights, NULL where the model
    was computed for none of them; revenue in micros; touches; conversions whose path begins here (so that their sum
    counts every conversion once); those conversions' value in micros; and those conversions for which the model was
    not computed, which count for nothing else. Parameters: see service.py, in the order of the text.
    """
    return f"""
WITH {_credited(ledger, ())}
SELECT model, {ledger.by},
    CASE WHEN revenue_micros IS NULL THEN currency END AS missing_currency,
    CASE WHEN revenue_micros IS NULL THEN day END AS missing_day,
    sum(weight) AS conversions,
    sum(revenue_micros) AS revenue_micros,
    count_if(touch_id <> '' AND weight IS NOT NULL) AS touches,
    count_if(place = 1 AND weight IS NOT NULL) AS conversions_opened,
    sum(CASE WHEN place = 1 THEN CAST(amount_micros AS DECIMAL(38, 0)) ELSE 0 END) AS value_micros,
    count_if(place = 1 AND weight IS NULL) AS not_computed
FROM credited
GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - names are ours


EXPLAINED = (
    *("conversion_id", "customer_id", "conversion_at", "name", "value_micros", "currency", "path_length"),
    *("window_days", "evidence", "settings_version", "fit_version", "engine_version", "revision", "computed_at"),
    *("touch_id", "touch_at", "position", "channel", "source", "medium", "campaign", "ad", "landing_page"),
    *("weight", "credit_micros", "revenue_micros", "missing_day"),
)


def explanation(ledger: Ledger) -> str:
    """What a model gave one value of a dimension: a row for each touch that earned anything, most revenue first.

    Columns: those of EXPLAINED; the version of the channel rules the touch was told by; the conversion's number, from
    1; then of all pages together: conversions, weights, revenue. Parameters, after those of `attribution`: the value;
    the site, the first and last UTC day of touches; the number before the page, and its last.
    """
    touches = latest_row_of_each(TOUCHES, "site_id = ? AND dt BETWEEN ? AND ?", ("touch_id", "channel_rules_version"))
    columns = tuple(name for name in EXPLAINED if name in CREDITS.columns)
    return f"""
WITH {_credited(ledger, columns)},
earning AS (
    SELECT credited.*, sum(revenue_micros) OVER (PARTITION BY conversion_id) AS conversion_micros,
        CASE WHEN revenue_micros IS NULL THEN day END AS missing_day
    FROM credited WHERE {ledger.by} = ? AND weight > 0
),
numbered AS (
    SELECT earning.*, sum(weight) OVER () AS weights, sum(revenue_micros) OVER () AS all_micros,
        dense_rank() OVER (ORDER BY coalesce(conversion_micros, 0) DESC, conversion_at DESC, conversion_id) AS number
    FROM earning
),
counted AS (SELECT numbered.*, max(number) OVER () AS conversions FROM numbered)
SELECT {", ".join(f"counted.{name}" for name in EXPLAINED)}, told.channel_rules_version,
    number, conversions, weights, all_micros
FROM counted LEFT JOIN ({touches}) AS told ON told.touch_id = counted.touch_id
WHERE number > ? AND number <= ?
ORDER BY number, counted.position
"""  # noqa: S608 - names are ours


def _credited(ledger: Ledger, also: Sequence[str]) -> str:
    """`credited`: a row for each model and credit, with its part of the converted conversion in `revenue_micros`.

    Also `model`, `weight`, `credit_micros`, `amount_micros` (the conversion's value; 0 where the model was not
    computed), `day` (the site's), `place` (1 where the path begins), and the columns asked for.
    """
    names = [f"{model.lower()}_{kind}" for model in ledger.models for kind in ("weight", "micros")]
    columns = ("position", "touch_id", "conversion_at", *names, "value_micros", "currency", ledger.by, *also)
    kept = ", ".join(dict.fromkeys(("conversion_id", "position", "touch_id", "currency", ledger.by, *also)))
    weight, micros = (_of_model(ledger.models, kind) for kind in ("weight", "micros"))
    models = ", ".join(f"'{model}'" for model in ledger.models)
    return f"""{_RATES_OF_DAYS},
amounts AS (
    SELECT {kept}, model, {weight} AS weight, {micros} AS credit_micros,
        CASE WHEN {weight} IS NULL THEN 0 ELSE value_micros END AS amount_micros,
        coalesce(CAST(abs({micros}) AS DECIMAL(38, 0)), 0) AS part_micros, place, day
    FROM (
        SELECT latest.*, row_number() OVER (PARTITION BY conversion_id ORDER BY position) AS place,
            CAST(CAST(date_add('second', {_offset(ledger.offsets)}, conversion_at) AS DATE) AS VARCHAR) AS day
        FROM ({latest_rows(CREDITS, ledger.where, columns)}) AS latest
    ) CROSS JOIN (VALUES {models}) AS models (model)
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
    SELECT shares.*, converted_micros - sum(share) OVER (PARTITION BY conversion_id, model) AS left_over,
        row_number() OVER (PARTITION BY conversion_id, model ORDER BY remainder DESC, position) AS turn
    FROM shares
),
credited AS (
    SELECT ranked.*,
        sign(amount_micros) * (share + CASE WHEN turn <= left_over THEN 1 ELSE 0 END) AS revenue_micros
    FROM ranked
)"""  # noqa: S608 - names are ours


def _of_model(models: Sequence[str], kind: str) -> str:
    """The column of the row's model."""
    cases = " ".join(f"WHEN '{model}' THEN {model.lower()}_{kind}" for model in models)
    return f"CASE model {cases} END"


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
