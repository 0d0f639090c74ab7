"""Keys of the one table. Each context makes its own in `keys.py`, and explains them in `context.py`.

A partition key of tenant data begins with its organization, so that an IAM leading-keys condition can hold
the line between tenants. The exceptions are what is looked up before the tenant is known (credentials) and
what belongs to no tenant.
"""

from typing import NamedTuple


class Key(NamedTuple):
    """A primary key: partition and sort."""

    pk: str
    sk: str


def site_partition(organization_id: str, site_id: str) -> str:
    return f"ORG#{organization_id}#SITE#{site_id}"
