"""Run as a process of its own: the deployed site's report, from the deployed table and a copy of its lake.

Arguments: organization, site, model, dimension, day. Prints the report's rows and totals as JSON.
"""

import json
import sys

from optiq.reports import api as reports


def main() -> None:
    organization_id, site_id, model, by, day = sys.argv[1:]
    report = reports.attribution_report(organization_id, site_id, model, by, day, day)
    rows = [[row.key, row.conversions, row.revenue_micros] for row in report.rows]
    json.dump({"rows": rows, "conversions": report.conversions, "revenue_micros": report.revenue_micros}, sys.stdout)


if __name__ == "__main__":
    main()
