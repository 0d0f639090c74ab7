"""Run as a process of its own: what the deployed site's routes would answer, from its table and a copy of its lake.

`report` organization, site, model, dimension, day: the report's rows and totals as JSON.
`explain` organization, site, conversion: the conversion with its credits as JSON.
"""

import json
import sys

from optiq.attribution import api as attribution
from optiq.kernel.caller import Caller
from optiq.reports import api as reports
from optiq.reports.contracts import Question

from functions.journeys.schemas_conversions import ConversionDetailOut


def main() -> None:
    what, organization_id, site_id, *asked = sys.argv[1:]
    sys.stdout.write((_report if what == "report" else _explain)(organization_id, site_id, *asked))


def _report(organization_id: str, site_id: str, model: str, by: str, day: str) -> str:
    report = reports.attribution_report(Caller.system(organization_id), site_id, Question(day, day, by), model=model)
    rows = [[row.key, row.conversions, row.revenue_micros] for row in report.rows]
    return json.dumps({"rows": rows, "conversions": report.conversions, "revenue_micros": report.revenue_micros})


def _explain(organization_id: str, site_id: str, conversion_id: str) -> str:
    explained = attribution.explain_conversion(Caller.system(organization_id), site_id, conversion_id)
    return ConversionDetailOut.explaining(explained).model_dump_json()


if __name__ == "__main__":
    main()
