"""Run as a process of its own, with the environment of a deployed function: makes a site and prints its keys."""

import json
import sys

from optiq.tenancy import api as tenancy


def main() -> None:
    made = tenancy.create_site(name="Deployed shop", domains=["shop.example.com"], currency="EUR")
    keys = {
        "organization_id": made.site.organization_id,
        "site_id": made.site.site_id,
        "public_key": made.public_key,
        "write_key": made.write_key,
        "api_key": made.api_key,
    }
    json.dump(keys, sys.stdout)


if __name__ == "__main__":
    main()
