"""The keys of what tenancy keeps in the table; context.py explains them."""

from typing import Literal

from optiq.kernel.keys import Key, site_partition

ORGANIZATIONS = "ORGANIZATIONS"
"""Index partition that lists every organization, for the operator."""
SITES = "SITES"
"""Index partition that lists every site, for scheduled sweeps."""


def organization(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "ORGANIZATION")


def site(organization_id: str, site_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"SITE#{site_id}")


def site_domains(host: str) -> str:
    """Partition of what sites name that ends as a host does: a domain stands with those above and below it."""
    return f"SITEDOMAIN#{'.'.join(host.split('.')[-2:])}"


def channel_rules(organization_id: str, site_id: str, version: int | Literal[""]) -> Key:
    number = f"{version:06d}" if isinstance(version, int) else version
    return Key(site_partition(organization_id, site_id), f"CHANNEL_RULES#{number}")


def owners(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "OWNERS")


def slug(text: str) -> Key:
    return Key(f"SLUG#{text}", "SLUG")


def member(organization_id: str, user_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"MEMBER#{user_id}")


def role(organization_id: str, role_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"ROLE#{role_id}")


def role_name(organization_id: str, name: str) -> Key:
    return Key(f"ORG#{organization_id}", f"ROLE_NAME#{name.casefold()}")


def invitation(organization_id: str, invitation_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"INVITATION#{invitation_id}")


def invited(organization_id: str, address_hash: str, group_id: str = "") -> Key:
    return Key(f"ORG#{organization_id}", f"INVITED#{address_hash}#{group_id}")


def team(organization_id: str, team_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"TEAM#{team_id}")


def team_name(organization_id: str, name: str) -> Key:
    return Key(f"ORG#{organization_id}", f"TEAM_NAME#{name.casefold()}")


def workspace(organization_id: str, workspace_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"WORKSPACE#{workspace_id}")


def workspace_slug(organization_id: str, slug: str) -> Key:
    return Key(f"ORG#{organization_id}", f"WORKSPACE_SLUG#{slug}")


def group_member(organization_id: str, group_id: str, user_id: str) -> Key:
    return Key(f"ORG#{organization_id}#GROUP#{group_id}", f"MEMBER#{user_id}")


def groups_of(organization_id: str, user_id: str) -> str:
    """Index partition of the teams and workspaces that a person is in."""
    return f"ORG#{organization_id}#USER#{user_id}#GROUPS"
