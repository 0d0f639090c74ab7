"""The keys of what attribution keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition

ATTRIBUTION_SETTINGS = "ATTRIBUTION#"
FIT = "FIT#"


def attribution_settings(organization_id: str, site_id: str, version: int) -> Key:
    return Key(site_partition(organization_id, site_id), f"{ATTRIBUTION_SETTINGS}{version:06d}")


def fit(organization_id: str, site_id: str, version: int) -> Key:
    return Key(site_partition(organization_id, site_id), f"{FIT}{version:06d}")


def job(organization_id: str, job_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"JOB#{job_id}")


def credited_day(organization_id: str, site_id: str, day: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"CREDITED#{day}")
