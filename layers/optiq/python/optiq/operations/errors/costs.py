"""What a group of errors cost: the carts of those who met it, and placed no order within a day."""

from optiq.journeys.lake import CONVERSIONS, EVENTS, PEOPLE
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.operations.errors.contracts import ErrorCost, Issue
from optiq.operations.lake import ERRORS
from optiq.ports import wiring
from optiq.tenancy.contracts import Site

# Names of Segment's and Google's events, as `_FOLDED` writes them: what is put into a cart, taken out, and all of it.
_ADDED = ("productadded", "addtocart")
_REMOVED = ("productremoved", "removefromcart")
_WHOLE = ("cartviewed", "viewcart", "checkoutstarted", "begincheckout")
_FOLDED = "lower(replace(replace(replace(e.name, ' ', ''), '_', ''), '-', ''))"


def _in(names: tuple[str, ...]) -> str:
    return f"{_FOLDED} IN ({', '.join(repr(name) for name in names)})"


_OF_SITE = "site_id = ? AND dt BETWEEN ? AND ?"
_PERSON = "coalesce(l.person_id, {0}.customer_id)"
_SEEN = ("customer_id", "name", "occurred_at", "value_micros", "currency", "left_out")
# The tables, columns and names in it are ours.
_SQL = f"""
WITH links AS ({latest_row_of_each(PEOPLE, "site_id = ?", ("customer_id", "person_id"))}),
met AS (
  SELECT {_PERSON.format("m")} AS person, min(m.occurred_at) AS met_at
  FROM ({latest_rows(ERRORS, _OF_SITE, ("issue_id", "customer_id", "occurred_at"))}) m
    LEFT JOIN links l ON l.customer_id = m.customer_id
  WHERE m.issue_id = ? AND m.customer_id <> '' GROUP BY 1
),
orders AS (
  SELECT {_PERSON.format("c")} AS person, c.occurred_at AS ordered_at
  FROM ({latest_rows(CONVERSIONS, _OF_SITE, ("customer_id", "occurred_at", "deleted"))}) c
    LEFT JOIN links l ON l.customer_id = c.customer_id
  WHERE NOT c.deleted
),
dropped AS (
  SELECT m.person, m.met_at, max(earlier.ordered_at) AS ordered_before
  FROM met m
    LEFT JOIN orders later ON later.person = m.person AND later.ordered_at >= m.met_at
      AND later.ordered_at < m.met_at + INTERVAL '1' DAY
    LEFT JOIN orders earlier ON earlier.person = m.person AND earlier.ordered_at < m.met_at
  WHERE later.person IS NULL GROUP BY m.person, m.met_at
),
moves AS (
  SELECT d.person, e.occurred_at, {_in(_WHOLE)} AS whole,
    CASE WHEN {_in(_REMOVED)} THEN -1 ELSE 1 END * CASE WHEN e.currency = ? THEN e.value_micros END AS micros
  FROM ({latest_rows(EVENTS, _OF_SITE, _SEEN)}) e
    LEFT JOIN links l ON l.customer_id = e.customer_id
    JOIN dropped d ON d.person = {_PERSON.format("e")}
  WHERE e.left_out = '' AND {_in((*_ADDED, *_REMOVED, *_WHOLE))}
    AND e.occurred_at <= d.met_at AND e.occurred_at > d.met_at - INTERVAL '1' DAY
    AND (d.ordered_before IS NULL OR e.occurred_at > d.ordered_before)
),
carts AS (
  SELECT person, coalesce(max_by(CASE WHEN whole THEN micros END, CASE WHEN whole THEN occurred_at END),
    sum(CASE WHEN NOT whole THEN micros END), 0) AS micros
  FROM moves GROUP BY person
)
SELECT (SELECT count(*) FROM met), count(*), coalesce(sum(CASE WHEN micros > 0 THEN micros ELSE 0 END), 0) FROM carts
"""  # noqa: S608


def cost_of(site: Site, issue: Issue) -> ErrorCost:
    """Raises UpstreamError: the lake does not answer."""
    first, last = utc_day(issue.first_seen_ms - 2 * DAY_MS), utc_day(issue.last_seen_ms + 2 * DAY_MS)
    days = (site.site_id, first, last)
    parameters = (site.site_id, *days, issue.issue_id, *days, site.currency, *days)
    found = wiring.query().run(_SQL, site.organization_id, parameters)
    visitors, carts, micros = (int(value or 0) for value in found.rows[0])
    return ErrorCost(visitors, carts, micros, site.currency)
