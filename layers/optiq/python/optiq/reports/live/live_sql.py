"""The SQL of the live view, over rows as those of `steps`."""

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.events import FOLDED_CORRECTIONS, SEPARATORS
from optiq.reports.statements import Sql

MOST_LATEST = 30


def counts(rows: Sql, now_ms: int) -> Sql:
    """Lines of a kind, a value, people, and events: of each minute, of each page, source and country, and `now`.

    Corrections of orders are left out: a shop or a colleague makes them, nobody who is on the site.
    """
    corrections = ", ".join(f"'{name}'" for name in FOLDED_CORRECTIONS)
    by_visitors = f"lower(translate(coalesce(name, ''), '{SEPARATORS}', '')) NOT IN ({corrections})"
    minute = f"CAST(floor(t / {MINUTE_MS}.0) AS BIGINT)"
    parts = {
        "minute": (f"CAST({minute} AS VARCHAR)", "true"),
        "now": ("''", f"t >= {now_ms}"),
        "page": ("path", "kind = 'PAGE'"),
        "source": ("coalesce(source, '')", "true"),
        "country": ("coalesce(country, '')", "true"),
    }
    values = " UNION ALL ".join(
        f"SELECT '{kind}' AS of_kind, {value} AS of_value, customer_id FROM happened_now WHERE {where}"  # noqa: S608 - names are ours
        for kind, (value, where) in parts.items()
    )
    sql = f"""
WITH happened_now AS (SELECT * FROM ({rows.sql}) AS every_row WHERE {by_visitors})
SELECT of_kind, of_value, count(DISTINCT customer_id) AS people, count(*) AS events
FROM ({values}) AS found GROUP BY 1, 2"""  # noqa: S608 - names are ours
    return Sql(sql, rows.parameters)


def latest(rows: Sql) -> Sql:
    """The latest events, and the latest conversions; each with its rank among all."""
    sql = f"""
SELECT t, name, path, channel, source, country, conversion, value_micros, currency, event_rank
FROM (
    SELECT found.*, row_number() OVER (ORDER BY t DESC, turn DESC, event_id) AS event_rank,
        row_number() OVER (PARTITION BY conversion ORDER BY t DESC, turn DESC, event_id) AS rank_of_kind
    FROM ({rows.sql}) AS found
) AS ranked
WHERE event_rank <= {MOST_LATEST} OR (conversion AND rank_of_kind <= {MOST_LATEST}) ORDER BY event_rank"""  # noqa: S608
    return Sql(sql, rows.parameters)
