"""Keys of what is no Store's."""

from optiq.kernel.keys import Key

Account = tuple[str, str, str]
"""Organization, platform and id of an account."""


def credential(organization_id: str, connection_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"AD_CREDENTIAL#{connection_id}")


def attempt(digest: str) -> Key:
    return Key(f"AD_OAUTH#{digest}", "AD_OAUTH")


def account_state(organization_id: str, platform: str, external_id: str) -> Key:
    return Key(_account(organization_id, platform, external_id), "SYNC")


def digests(organization_id: str, platform: str, external_id: str, month: str) -> Key:
    return Key(_account(organization_id, platform, external_id), f"DIGEST#{month}")


def runs(organization_id: str, platform: str, external_id: str, sync_id: str) -> Key:
    return Key(_account(organization_id, platform, external_id), f"RUNS#{sync_id}")


def throttle(organization_id: str, platform: str, external_id: str) -> Key:
    return Key(_account(organization_id, platform, external_id), "THROTTLE")


def app_throttle(platform: str) -> Key:
    return Key(f"AD_THROTTLE#{platform}", "APP")


def listing(organization_id: str, platform: str, external_id: str) -> Key:
    return Key(_account(organization_id, platform, external_id), "LISTING")


def entity(organization_id: str, platform: str, external_id: str, level: str, *ids: str) -> Key:
    """`ids` are those of the campaign, of the group and of the ad, down to the level; the first ones for a prefix."""
    return Key(_account(organization_id, platform, external_id), "#".join((level, *ids)))


def click_days(organization_id: str, platform: str, external_id: str) -> Key:
    return Key(_account(organization_id, platform, external_id), "CLICKS")


def resolved(organization_id: str, site_id: str) -> Key:
    return Key(f"ORG#{organization_id}#SITE#{site_id}", "AD_RESOLVED")


def link_names(organization_id: str, site_id: str) -> Key:
    return Key(f"ORG#{organization_id}#SITE#{site_id}", "AD_LINK_NAMES")


def budget(platform: str, day: str) -> Key:
    return Key(f"AD_BUDGET#{platform}", day)


def _account(organization_id: str, platform: str, external_id: str) -> str:
    return f"ORG#{organization_id}#AD#{platform}#{external_id}"
