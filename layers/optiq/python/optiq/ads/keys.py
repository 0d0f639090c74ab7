"""Keys of what is no Store's."""

from optiq.kernel.keys import Key


def credential(organization_id: str, connection_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"AD_CREDENTIAL#{connection_id}")


def attempt(digest: str) -> Key:
    return Key(f"AD_OAUTH#{digest}", "AD_OAUTH")
