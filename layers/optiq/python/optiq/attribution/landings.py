"""What visits that began with a click id brought: those of a tracked link, of a partner, of an ad."""

from optiq.attribution.contracts import Earned, Landings
from optiq.attribution.lake import CREDIT_MODELS, CREDITS
from optiq.journeys.lake import TOUCHES
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring


def landings_of(organization_id: str, site_id: str, name: str, value: str) -> Landings:
    """Raises UpstreamError."""
    mark = f'%["{name}","{value}"]%'
    names = ", ".join(f"sum({model}_weight), sum({model}_micros)" for model in CREDIT_MODELS)
    sql = f"""
WITH landed AS (
    SELECT touch_id AS landed_id, customer_id FROM ({latest_rows(TOUCHES, "site_id = ?")})
    WHERE NOT deleted AND click_ids LIKE ?
),
credited AS (SELECT * FROM ({latest_rows(CREDITS, "site_id = ?")}) WHERE NOT coalesce(deleted, false))
SELECT (SELECT count(DISTINCT customer_id) FROM landed), {names}
FROM credited JOIN landed ON landed_id = touch_id"""  # noqa: S608 - names are ours
    ((visitors, *found),) = wiring.query().run(sql, organization_id, (site_id, mark, site_id)).rows
    earned = zip(CREDIT_MODELS, found[::2], found[1::2], strict=True)
    return Landings(
        int(visitors or 0),
        tuple(
            Earned(model.upper(), round(float(weight or 0), 9), int(micros or 0)) for model, weight, micros in earned
        ),
    )
