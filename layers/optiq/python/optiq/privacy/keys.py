"""The keys of what privacy keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def request(organization_id: str, request_id: str) -> Key:
    return Key(f"ORG#{organization_id}#PRIVACY", f"REQUEST#{request_id}")


def job(organization_id: str, request_id: str) -> Key:
    return Key(f"ORG#{organization_id}#PRIVACY", f"JOB#{request_id}")
