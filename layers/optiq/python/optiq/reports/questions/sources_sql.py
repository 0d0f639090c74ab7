"""The SQL of each source: sums by the dimensions and the bucket asked for (Athena's dialect).

Every statement has the columns: of EVERY_SITE the site; the dimensions, in their order; the bucket, NULL without one;
`no_rate`, how many conversions (or days of spend) are in no money because their currency has no rate of the day; the
sums. Filters are parameters; names come from the catalogue.
"""

from collections.abc import Mapping

from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.clock import parse_day
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.ports.query import Value, timestamp_text
from optiq.reports.questions.catalogue import DIMENSIONS, SLOTS, Source
from optiq.reports.questions.costs_sql import costs
from optiq.reports.questions.filters import condition
from optiq.reports.questions.firsts_sql import first_conversions, first_visits
from optiq.reports.questions.grouping_sql import aggregates, columns_of, day_bucket, named, ordinals, selected
from optiq.reports.questions.ledger_values import ledger_value
from optiq.reports.questions.part import Part
from optiq.reports.questions.resolved_sql import OF_PLATFORMS, resolved_touches
from optiq.reports.questions.wrong import wrong
from optiq.reports.site_clock import day_number, hour_number, milliseconds, number_of
from optiq.reports.sql_money import CONVERTED, FOREIGN, PRICED, RATES_OF_DAYS, SPLIT_UP
from optiq.reports.statements import Sql
from optiq.reports.steps.rows_sql import rows_of_people

_OF_TOUCHES = ("channel", "source", "medium", "campaign", "content", "term", "landing_page", "referrer_domain")


def statement(source: Source, part: Part) -> Sql:
    """The sums of the part's metrics; `check_known` tells whether the source can give them."""
    return {"visits": _visits, "events": _events, "ledger": _ledger, "ads": costs}[source](part)


def check_known(source: Source, part: Part) -> None:
    """Raises InvalidError where the source does not know a dimension asked for; the message begins with its field."""
    for name in part.dimensions:
        if source not in DIMENSIONS[name].columns:
            shown = DIMENSIONS[name].label if name in SLOTS else name
            raise wrong("dimensions", f"{shown} is not known of {', '.join(metric.name for metric in part.metrics)}")
    condition(part.filters, source)


def not_computed(part: Part) -> Sql:
    """How many conversions of the days have no credits by the model."""
    first, last = part.days.utc_days
    weight = f"{part.model.lower()}_weight"
    columns = ("conversion_id", "conversion_at", "deleted", weight)
    sql = f"""
SELECT count(DISTINCT conversion_id) AS conversions
FROM ({latest_rows(CREDITS, f"{part.of_site.sql} AND dt BETWEEN ? AND ?{_INSTANTS}", columns)}) AS found
WHERE NOT coalesce(deleted, false) AND {weight} IS NULL"""  # noqa: S608 - names are ours
    return Sql(sql, (*part.of_site.parameters, first, last, *map(timestamp_text, part.bounds_ms)))


def _visits(part: Part) -> Sql:
    first, last = part.days.utc_days
    start_ms, end_ms = part.bounds_ms
    of_sessions = (
        *(
            "site_id",
            "session_id",
            "customer_id",
            "started_at",
            "ended_at",
            "page_views",
            "engaged",
            "bounced",
            "entry_page",
        ),
        *("exit_page", "device", "browser", "os", "country", "bot", "deleted"),
    )
    where = f"{part.of_site.sql} AND dt BETWEEN ? AND ?"
    wanted = condition(part.filters, "visits")
    of_touches = ("site_id", "session_id", *_OF_TOUCHES, "deleted")
    firsts = first_visits(part.of_site, last) if "visitor" in named(part) else Sql("")
    newness = (
        "CASE WHEN sessions_now.session_id = first_id THEN 'NEW' ELSE 'RETURNING' END AS visitor, "
        if firsts.sql
        else ""
    )
    rows = f"""
SELECT sessions_now.*, {", ".join(f"origins.{name}" for name in _OF_TOUCHES)}, sessions_now.customer_id AS person_id,
    {newness}{milliseconds("started_at")} AS t, {milliseconds("ended_at")} - {milliseconds("started_at")} AS visit_ms
FROM ({latest_row_of_each(SESSIONS, where, of_sessions)}) AS sessions_now
LEFT JOIN (
    SELECT * FROM ({latest_row_of_each(TOUCHES, where, of_touches)}) AS touches_now WHERE NOT deleted
) AS origins ON origins.site_id = sessions_now.site_id AND origins.session_id = sessions_now.session_id {firsts.sql}
WHERE NOT sessions_now.deleted AND NOT sessions_now.bot"""  # noqa: S608 - names are ours
    days = (*part.of_site.parameters, first, last)
    return _grouped(
        part, "visits", Sql(rows, (*days, *days, *firsts.parameters)), f"t >= {start_ms} AND t < {end_ms}", wanted
    )


def _events(part: Part) -> Sql:
    first, last = part.days.utc_days
    start_ms, end_ms = part.bounds_ms
    source = rows_of_people(part.site_id, (first, last), properties=part.properties)
    return _grouped(part, "events", source, f"t >= {start_ms} AND t < {end_ms}", condition(part.filters, "events"))


def _ledger(part: Part) -> Sql:
    """Money is split anew over all touches of a conversion before any touch is left out, so parts add up."""
    model = part.model.lower()
    carried = named(part)
    columns = {name: f"d{number}" for number, name in enumerate(carried)}
    wanted = condition(part.filters, "ledger", columns)
    start_ms, end_ms = part.bounds_ms
    until = part.last_touch_day if part.by_touch_day else part.days.utc_days[1]
    own = [DIMENSIONS[name].columns["ledger"] for name in carried]
    firsts = first_conversions(part.of_site, until) if "customer" in carried else Sql("")
    known_of = resolved_touches(part.of_site, part.days.utc_days[0], until) if set(own) & {*OF_PLATFORMS} else Sql("")
    of_credits = (
        *("conversion_id", "touch_id", "touch_at", "position", "conversion_at", "value_micros", "currency", "deleted"),
        *(f"{model}_weight", f"{model}_micros"),
        *("customer_id" if column == "customer" else column for column in own if column not in OF_PLATFORMS),
    )
    day = day_number(milliseconds("conversion_at"), part.days.offsets)
    at_ms = milliseconds("coalesce(touch_at, conversion_at)" if part.by_touch_day else "conversion_at")
    taken = ", ".join(f"{ledger_value(column)} AS {columns[name]}" for name, column in zip(carried, own, strict=True))
    names = [*part.site_column, *(columns[name] for name in part.dimensions)]
    hours = ["site_hour"] if part.bucket == "HOUR" else []
    groups = [
        "site_id",
        *columns.values(),
        "site_day",
        *hours,
        "split_id",
        "split_position",
        "amount_micros",
        "converted_micros",
    ]
    no_rate = "sum(CASE WHEN converted_micros IS NULL THEN weight ELSE 0 END)"
    known = "" if part.as_of_ms is None else " AND computed_at <= CAST(? AS TIMESTAMP)"
    where = f"{part.of_site.sql} AND dt BETWEEN ? AND ?{'' if part.by_touch_day else _INSTANTS}{known}"
    sql = f"""
WITH {RATES_OF_DAYS},
amounts AS (
    SELECT found.site_id, conversion_id, position, value_micros, currency, {model}_weight AS weight,
        {model}_micros AS micros, value_micros AS priced_micros, {day_number(at_ms, part.days.offsets)} AS site_day,
        {hour_number(at_ms, part.days.offsets)} AS site_hour,
        CAST(CAST(date_add('day', {day}, DATE '1970-01-01') AS DATE) AS VARCHAR) AS day{", " if taken else ""}{taken}
    FROM ({latest_rows(CREDITS, where, of_credits)}) AS found {firsts.sql}{known_of.sql}
    WHERE NOT coalesce(deleted, false)
),
{PRICED},
grouped AS (
    SELECT {", ".join(groups)}, sum(weight) AS weight, sum(CAST(micros AS DECIMAL(38, 0))) AS micros
    FROM (
        SELECT priced.*, {FOREIGN.format(other="''", own="site_id || conversion_id")} AS split_id,
            {FOREIGN.format(other="0", own="position")} AS split_position,
            {FOREIGN.format(other="0", own="value_micros")} AS amount_micros,
            {FOREIGN.format(other="0", own=CONVERTED)} AS converted_micros
        FROM priced WHERE weight IS NOT NULL
    ) AS foreign_or_not GROUP BY {ordinals(len(groups))}
),
of_models AS (SELECT grouped.*, '{model}' AS model FROM grouped),
{SPLIT_UP}
SELECT {selected(names)}{_bucket(part, "site_day", "site_hour")} AS bucket, {no_rate} AS no_rate,
    {aggregates(part, _sums_of_ledger(part, columns))}
FROM split_up WHERE {wanted.sql} AND site_day BETWEEN {number_of(part.days.first)} AND {number_of(part.days.last)}
GROUP BY {ordinals(len(names) + 1)}"""  # noqa: S608 - names are ours
    first, _ = part.days.utc_days
    bounds = [] if part.by_touch_day else [timestamp_text(start_ms), timestamp_text(end_ms)]
    bounds += [] if part.as_of_ms is None else [timestamp_text(part.as_of_ms)]
    currencies: list[Value] = [part.currency] * 4
    of_days = (*part.days.rate_days, *part.of_site.parameters, first, until, *bounds)
    return Sql(sql, (*of_days, *firsts.parameters, *known_of.parameters, *currencies, *wanted.parameters))


def _sums_of_ledger(part: Part, columns: Mapping[str, str]) -> dict[str, str]:
    """The aggregate of each metric. `columns` has the column of each dimension."""
    out = ", ".join(str(number_of(parse_day(day))) for day in part.days_out_of_ratios)
    whole = f"site_day NOT IN ({out})" if out else "true"
    sums = {}
    for metric in part.metrics:
        counts = whole if metric.in_ratios else "true"
        micros = "CASE WHEN split_id = '' THEN micros ELSE split_micros END"
        if metric.of_dimension:
            counts += f" AND {columns[metric.of_dimension]} = 'NEW'"
        if metric.kind == "MONEY":
            sums[metric.name] = f"CAST(sum(CASE WHEN {counts} THEN {micros} END) AS DECIMAL(38, 0))"
        else:
            sums[metric.name] = f"sum(CASE WHEN {counts} THEN weight END)"
    return sums


_INSTANTS = " AND conversion_at >= CAST(? AS TIMESTAMP) AND conversion_at < CAST(? AS TIMESTAMP)"


def _grouped(part: Part, source: Source, rows: Sql, instants: str, wanted: Sql) -> Sql:
    names = columns_of(part, source)
    bucket = _bucket(part, day_number("t", part.days.offsets), hour_number("t", part.days.offsets))
    sums = {metric.name: metric.aggregate for metric in part.metrics}
    sql = f"""
SELECT {selected(names)}{bucket} AS bucket, 0 AS no_rate, {aggregates(part, sums)}
FROM ({rows.sql}) AS rows_of_source WHERE {instants} AND {wanted.sql} GROUP BY {ordinals(len(names) + 1)}"""  # noqa: S608
    return Sql(sql, (*rows.parameters, *wanted.parameters))


def _bucket(part: Part, day: str, hour: str) -> str:
    return hour if part.bucket == "HOUR" else day_bucket(part, day)
