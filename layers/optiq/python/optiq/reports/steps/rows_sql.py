"""The rows of `steps`, each with the person that its customer is today."""

from collections.abc import Mapping, Sequence

from optiq.journeys.lake import PEOPLE
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports.query import Value
from optiq.reports.declared import value_of
from optiq.reports.lake import STEPS
from optiq.reports.statements import Sql

_NONE: Mapping[str, str] = {}


def rows_of_people(
    site_id: str,
    utc_days: tuple[str, str],
    columns: Sequence[str] = tuple(STEPS.columns),
    properties: Mapping[str, str] = _NONE,
) -> Sql:
    """Columns: those asked for and `person_id`, of the days from the first to the last.

    Args:
        properties: that the site declares, by column.
    """
    listed = ", ".join(
        f"{value_of(name, properties[name])} AS {name}" if name in properties else f"found.{name}"
        for name in dict.fromkeys(columns)
    )
    people = latest_row_of_each(PEOPLE, "site_id = ?", ("customer_id", "person_id"))
    sql = f"""
SELECT {listed}, coalesce(people_now.person_id, found.customer_id) AS person_id
FROM (SELECT * FROM {STEPS.name} WHERE dt BETWEEN ? AND ? AND site_id = ?) AS found
LEFT JOIN ({people}) AS people_now ON people_now.customer_id = found.customer_id"""  # noqa: S608 - names are ours
    parameters: tuple[Value, ...] = (*utc_days, site_id, site_id)
    return Sql(sql, parameters)
