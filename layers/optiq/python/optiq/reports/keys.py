"""The keys of what reports keep in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def answer(organization_id: str, site_id: str, digest: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#ANSWER#{digest}", "ANSWER")


def steps_day(organization_id: str, day: str) -> Key:
    return Key(f"ORG#{organization_id}", f"STEPS#{day}")


def steps_state(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "STEPSSTATE")
