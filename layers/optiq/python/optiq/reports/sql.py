"""The reports' SQL, in Athena's dialect; what it says of money is in sql_money.py."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.attribution.contracts import NO_TRACKED_VISIT
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import TOUCHES
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.ports.query import timestamp_text
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS, Offset
from optiq.reports.sql_money import CONVERTED, FOREIGN, PRICED, RATES_OF_DAYS, SPLIT_UP
from optiq.reports.statements import Sql

MOST_VALUES = 2_000
"""Values of the dimension that a report lists."""


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
    counts every conversion once); those conversions' value in micros, where there is no rate; and those conversions
    for which the model was not computed, which count for nothing else; and the place of the value, the most revenue of
    any model first. Those beyond MOST_VALUES come together, as NULL, with the last place: anybody may send any number
    of values. Parameters: see asking.py, in the order of the text.

    What needs no conversion is summed as it is; the rest is split, touch by touch.
    """
    sums = ("weight", "micros", "touches", "opened", "missing")
    return f"""
WITH {_priced_credits(ledger, ())},
grouped AS (
    SELECT {ledger.by}, split_id, split_position, amount_micros, converted_micros, missing_currency, missing_day,
        {", ".join(_sums(model) for model in ledger.models)}
    FROM (
        SELECT converted.*, {FOREIGN.format(other="''", own="conversion_id")} AS split_id,
            {FOREIGN.format(other="0", own="position")} AS split_position,
            CASE WHEN converted_micros IS NULL THEN currency END AS missing_currency,
            CASE WHEN converted_micros IS NULL THEN day END AS missing_day
        FROM (
            SELECT priced.*, {FOREIGN.format(other="0", own="value_micros")} AS amount_micros,
                {FOREIGN.format(other="0", own=CONVERTED)} AS converted_micros
            FROM priced
        ) AS converted
    ) GROUP BY 1, 2, 3, 4, 5, 6, 7
),
of_models AS (
    SELECT {ledger.by}, split_id, split_position, amount_micros, converted_micros, missing_currency, missing_day, model,
        {", ".join(f"{_of_model(ledger.models, name)} AS {name}" for name in sums)}
    FROM grouped CROSS JOIN (VALUES {_models(ledger)}) AS models (model)
),
{SPLIT_UP},
sums AS ({_sums_by_value(ledger.by)}),
of_values AS (SELECT sums.*, sum(revenue_micros) OVER (PARTITION BY model, value) AS of_model FROM sums),
ranked_values AS (SELECT of_values.*, max(coalesce(of_model, 0)) OVER (PARTITION BY value) AS most FROM of_values),
placed AS (SELECT ranked_values.*, dense_rank() OVER (ORDER BY most DESC, value) AS place FROM ranked_values)
SELECT model, CASE WHEN place <= {MOST_VALUES} THEN value END AS listed, missing_currency, missing_day,
    sum(conversions) AS conversions, sum(revenue_micros) AS revenue_micros, sum(touches) AS touches,
    sum(conversions_opened) AS conversions_opened, sum(value_micros) AS value_micros, sum(not_computed) AS not_computed,
    max(place) AS place
FROM placed
GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - names are ours


def _sums_by_value(by: str) -> str:
    return f"""
SELECT model, coalesce({by}, '') AS value, missing_currency, missing_day,
    sum(weight) AS conversions,
    sum(CASE WHEN split_id = '' THEN micros ELSE split_micros END) AS revenue_micros,
    sum(touches) AS touches,
    sum(opened) AS conversions_opened,
    sum(CASE WHEN opened > 0 THEN CAST(amount_micros AS DECIMAL(38, 0)) ELSE 0 END) AS value_micros,
    sum(missing) AS not_computed
FROM split_up
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
    (model,) = (name.lower() for name in ledger.models)
    return f"""
WITH {_priced_credits(ledger, columns)},
of_models AS (
    SELECT priced.*, '{model}' AS model, {model}_weight AS weight, {model}_micros AS credit_micros,
        CAST({model}_micros AS DECIMAL(38, 0)) AS micros, value_micros AS amount_micros,
        {CONVERTED} AS converted_micros, conversion_id AS split_id, position AS split_position
    FROM priced WHERE {model}_weight IS NOT NULL
),
{SPLIT_UP},
earning AS (
    SELECT split_up.*, split_micros AS revenue_micros,
        sum(split_micros) OVER (PARTITION BY conversion_id) AS conversion_micros,
        CASE WHEN split_micros IS NULL THEN day END AS missing_day
    FROM split_up WHERE {ledger.by} = ? AND weight > 0
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


def _priced_credits(ledger: Ledger, also: Sequence[str]) -> str:
    """`priced`: the credits, with `day` (the site's), `place` (1 where the path begins), their rates, and the columns
    asked for."""
    names = [f"{model.lower()}_{kind}" for model in ledger.models for kind in ("weight", "micros")]
    needed = ("position", "touch_id", "conversion_at", *names, "value_micros", "currency", "deleted", ledger.by, *also)
    columns = dict.fromkeys(("conversion_id", *needed))
    return f"""{RATES_OF_DAYS},
amounts AS (
    SELECT {", ".join(map(_credited, columns))}, value_micros AS priced_micros,
        row_number() OVER (PARTITION BY conversion_id ORDER BY position) AS place,
        CAST(CAST(date_add('second', {_offset(ledger.offsets)}, conversion_at) AS DATE) AS VARCHAR) AS day
    FROM ({latest_rows(CREDITS, ledger.where, tuple(columns))}) AS latest WHERE NOT coalesce(deleted, false)
),
{PRICED}"""  # noqa: S608 - names are ours


def _credited(column: str) -> str:
    """A column of a credit. What has no touch is so named in every dimension: older rows say Direct of it."""
    if column in ATTRIBUTION_DIMENSIONS:
        return f"CASE WHEN touch_id = '' THEN '{NO_TRACKED_VISIT}' ELSE {column} END AS {column}"
    return column


def _sums(model: str) -> str:
    """What is summed of a model's columns in a group."""
    weight, micros = f"{model.lower()}_weight", f"{model.lower()}_micros"
    return f"""
        sum({weight}) AS {weight}, sum(CAST({micros} AS DECIMAL(38, 0))) AS {micros},
        count_if({weight} IS NOT NULL AND touch_id <> '') AS {model.lower()}_touches,
        count_if({weight} IS NOT NULL AND place = 1) AS {model.lower()}_opened,
        count_if({weight} IS NULL AND place = 1) AS {model.lower()}_missing"""


def _models(ledger: Ledger) -> str:
    return ", ".join(f"'{model}'" for model in ledger.models)


def _of_model(models: Sequence[str], kind: str) -> str:
    """The column of the row's model."""
    cases = " ".join(f"WHEN '{model}' THEN {model.lower()}_{kind}" for model in models)
    return f"CASE model {cases} END"


def spend(by: str, rows: Sql) -> str:
    """Sums of `cost_rows` by a dimension, and apart for each currency and day that has no rate.

    Columns: the dimension; currency and day without a rate, or NULL; spend in micros of the reporting currency;
    clicks; impressions; spend in micros as it was recorded.
    """
    return f"""
WITH {RATES_OF_DAYS},
{rows.sql},
amounts AS (
    SELECT {by}, day, currency, clicks, impressions, spend_micros AS priced_micros
    FROM costs WHERE counted = 1 AND NOT superseded
),
{PRICED},
converted AS (SELECT priced.*, {CONVERTED} AS converted_micros FROM priced)
SELECT {by},
    CASE WHEN converted_micros IS NULL THEN currency END AS missing_currency,
    CASE WHEN converted_micros IS NULL THEN day END AS missing_day,
    sum(sign(priced_micros) * converted_micros) AS spend_micros,
    sum(clicks) AS clicks,
    sum(impressions) AS impressions,
    sum(CAST(priced_micros AS DECIMAL(38, 0))) AS value_micros
FROM converted
GROUP BY 1, 2, 3
"""  # noqa: S608 - names are ours


def _offset(offsets: Sequence[Offset]) -> str:
    """Seconds to add to `conversion_at` for the wall clock of the site."""
    *later, first = reversed(offsets)
    if not later:
        return str(first.seconds)
    cases = "".join(f" WHEN conversion_at >= TIMESTAMP '{timestamp_text(o.from_ms)}' THEN {o.seconds}" for o in later)
    return f"CASE{cases} ELSE {first.seconds} END"
