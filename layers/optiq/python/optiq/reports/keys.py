"""The keys of what reports keep in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def answer(organization_id: str, site_id: str, digest: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#ANSWER#{digest}", "ANSWER")


def steps_day(organization_id: str, day: str) -> Key:
    return Key(f"ORG#{organization_id}", f"STEPS#{day}")


def steps_state(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "STEPSSTATE")


def rollup(organization_id: str, site_id: str, part: str, day: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#ROLLUP#{part}", day)


def rollup_day(organization_id: str, day: str, timezone: str) -> Key:
    return Key(f"ORG#{organization_id}", f"ROLLUPDAY#{day}#{timezone}")


def rollup_figures(organization_id: str, day: str) -> Key:
    return Key(f"ORG#{organization_id}", f"ROLLUPFIGURES#{day}")


def rollups_state(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "ROLLUPSSTATE")


def kept(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "KEPTTOTALS")


def saved_funnel(organization_id: str, site_id: str, digest: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"FUNNEL#{digest}")


def funnels_state(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "FUNNELSSTATE")


def view(organization_id: str, site_id: str, view_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"VIEW#{view_id}")
