"""Keys of the one table. Each context explains its own in `context.py`.

The key of an entity is made beside its Store, or in `keys.py` where several modules use it. A test compares both with
the manifest (tests/infra/test_tenant_access.py).

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
