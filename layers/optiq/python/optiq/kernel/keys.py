"""Every key of the one table. `docs/access-patterns.md` is generated from CHART.

A partition key of tenant data begins with its organization, so that an IAM leading-keys condition can hold
the line between tenants. The exceptions are what is looked up before the tenant is known (credentials) and
what belongs to no tenant.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Key(NamedTuple):
    """A primary key: partition and sort."""

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class ChartRow:
    entity: str
    pk: str
    sk: str
    gsi1pk: str
    gsi1sk: str
    access_pattern: str


CHART: tuple[ChartRow, ...] = (
    ChartRow("organization", "ORG#<org>", "ORGANIZATION", "", "", "one organization"),
    ChartRow("site", "ORG#<org>", "SITE#<site>", "SITES", "<site>", "one site, an organization's sites; all sites"),
    ChartRow("slug", "SLUG#<slug>", "SLUG", "", "", "which organization has a slug"),
    ChartRow("member", "ORG#<org>", "MEMBER#<user>", "", "", "one member; an organization's members"),
    ChartRow("custom role", "ORG#<org>", "ROLE#<role>", "", "", "one custom role; an organization's"),
    ChartRow("role name", "ORG#<org>", "ROLE_NAME#<name>", "", "", "which custom role has a name"),
    ChartRow("invitation", "ORG#<org>", "INVITATION#<invitation>", "", "", "one invitation; an organization's by time"),
    ChartRow(
        "invited address",
        "ORG#<org>",
        "INVITED#<address hash>#<group>",
        "",
        "",
        "which invitation an address has open to the organization (no group), a team or a workspace",
    ),
    ChartRow("team", "ORG#<org>", "TEAM#<team>", "", "", "one team; an organization's teams"),
    ChartRow("team name", "ORG#<org>", "TEAM_NAME#<name>", "", "", "which team has a name"),
    ChartRow("workspace", "ORG#<org>", "WORKSPACE#<workspace>", "", "", "one workspace; an organization's workspaces"),
    ChartRow("workspace slug", "ORG#<org>", "WORKSPACE_SLUG#<slug>", "", "", "which workspace has a slug"),
    ChartRow(
        "group member",
        "ORG#<org>#GROUP#<group>",
        "MEMBER#<user>",
        "ORG#<org>#USER#<user>#GROUPS",
        "<group>",
        "as what a person is in a team or workspace; who is in one; whose groups",
    ),
    ChartRow("job", "ORG#<org>", "JOB#<job>", "", "", "one job"),
    ChartRow(
        "credential",
        "KEY#<sha-256>",
        "KEY",
        "ORG#<org>#SITE#<site>#TOKENS",
        "<token>",
        "the credential behind a presented secret; a site's ingestion tokens by time",
    ),
    ChartRow("token name", "ORG#<org>#SITE#<site>", "TOKEN_NAME#<name>", "", "", "who holds a name among them"),
    ChartRow(
        "channel rules",
        "ORG#<org>#SITE#<site>",
        "CHANNEL_RULES#<version>",
        "",
        "",
        "every version of a site's own channel rules",
    ),
    ChartRow(
        "attribution settings",
        "ORG#<org>#SITE#<site>",
        "ATTRIBUTION#<version>",
        "",
        "",
        "how a site's conversions are credited: the latest version, or all",
    ),
    ChartRow("alert settings", "ORG#<org>#SITE#<site>", "ALERTS", "", "", "what a site's people are to be told"),
    ChartRow("fit", "ORG#<org>#SITE#<site>", "FIT#<version>", "", "", "what was learnt of a site's paths, latest"),
    ChartRow("customer", "ORG#<org>#SITE#<site>#CUS#<customer>", "CUSTOMER", "", "", "a customer's recent history"),
    ChartRow(
        "customer history",
        "ORG#<org>#SITE#<site>#CUS#<customer>",
        "HISTORY#<day>#<page>",
        "",
        "",
        "a customer's older history by UTC day, sealed",
    ),
    ChartRow(
        "event claim",
        "ORG#<org>#SITE#<site>#EVENT#<hash>",
        "EVENT",
        "",
        "",
        "who first used a foreign event id",
    ),
    ChartRow(
        "conversion",
        "ORG#<org>#SITE#<site>#CONV#<conversion>",
        "CONVERSION",
        "ORG#<org>#SITE#<site>#CONVERSIONS",
        "<conversion>",
        "one conversion, or what became of it; a site's conversions by time",
    ),
    ChartRow(
        "order",
        "ORG#<org>#SITE#<site>#ORDER#<hash>",
        "ORDER",
        "ORG#<org>#SITE#<site>#WAITING",
        "<instant>#<hash>",
        "every report of one order; a site's corrections that found no order",
    ),
    ChartRow("credited day", "ORG#<org>#SITE#<site>", "CREDITED#<day>", "", "", "what a UTC day was credited from"),
    ChartRow("ingest count", "ORG#<org>#SITE#<site>", "INGEST#<day>#<shard>", "", "", "a site's counts over days"),
    ChartRow("failed event", "ORG#<org>#SITE#<site>", "FAILED#<failed>", "", "", "a site's failed events by time"),
    ChartRow(
        "unclaimed event",
        "UNCLAIMED#<day>#<last of failed>",
        "FAILED#<failed>",
        "",
        "",
        "failed events that name no known site, over 32 partitions a day",
    ),
    ChartRow("unclaimed count", "UNCLAIMED#<day>", "INGEST#<shard>", "", "", "how many those are in all"),
    ChartRow(
        "audit entry",
        "ORG#<org>, USER#<user> or PLATFORM",
        "AUDIT#<sequence>",
        "…#AUDIT#<entity>",
        "AUDIT#<sequence>",
        "a book of what was done, by time; what was done to one thing",
    ),
    ChartRow(
        "membership",
        "USER#<user>",
        "MEMBER#<org>",
        "",
        "",
        "as what a person is in an organization, and all they may do there; a person's organizations",
    ),
    ChartRow("user", "USER#<user>", "PROFILE", "", "", "one person"),
    ChartRow("address", "EMAIL#<address hash>", "EMAIL", "", "", "whose an address is"),
    ChartRow(
        "provider account",
        "OAUTH#<provider>#<subject hash>",
        "OAUTH",
        "USER#<user>#OAUTH",
        "<provider>",
        "whose an account at a provider is; a person's such accounts",
    ),
    ChartRow("session", "USER#<user>", "SESSION#<sha-256>", "", "", "the session behind a secret; a person's sessions"),
    ChartRow("personal key", "USER#<user>", "KEY#<sha-256>", "", "", "the API key behind a secret; a person's keys"),
    ChartRow("authenticator", "USER#<user>", "TOTP", "", "", "a person's authenticator app"),
    ChartRow("recovery codes", "USER#<user>", "RECOVERY", "", "", "a person's recovery codes left"),
    ChartRow("proof", "PROOF#<sha-256>", "PROOF", "", "", "what a link in a mail is good for"),
    ChartRow("attempts", "ATTEMPTS#<limit>#<whom>", "WINDOW#<number>", "", "", "how often something was tried"),
    ChartRow("audit head", "ORG#<org>, USER#<user> or PLATFORM", "AUDIT_HEAD", "", "", "where a book ends"),
    ChartRow(
        "mail",
        "MAIL#<mail>",
        "MAIL",
        "MAILS#<address hash>",
        "<mail>",
        "one mail to a person for themselves; an address's mails by time",
    ),
    ChartRow(
        "organization's mail",
        "ORG#<org>",
        "MAIL#<mail>",
        "MAILS#<address hash>",
        "<mail>",
        "one mail sent for an organization; an organization's mails by time; an address's",
    ),
    ChartRow(
        "owed mail",
        "OWED#<invitation> or OWED#<mail>",
        "OWED",
        "OWED_MAILS",
        "<instant>#<mail>",
        "a mail that a change owes; those that were not sent yet, by time",
    ),
)

OWED_MAILS = "OWED_MAILS"
"""Index partition of the mails that changes owe and that were not sent yet, the oldest first."""
SITES = "SITES"
"""Index partition that lists every site, for scheduled sweeps."""

CHANNEL_RULES = "CHANNEL_RULES#"
ATTRIBUTION_SETTINGS = "ATTRIBUTION#"
FIT = "FIT#"


def _site(organization_id: str, site_id: str) -> str:
    return f"ORG#{organization_id}#SITE#{site_id}"


def organization(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "ORGANIZATION")


def site(organization_id: str, site_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"SITE#{site_id}")


def channel_rules(organization_id: str, site_id: str, version: int) -> Key:
    return Key(_site(organization_id, site_id), f"{CHANNEL_RULES}{version:06d}")


def attribution_settings(organization_id: str, site_id: str, version: int) -> Key:
    return Key(_site(organization_id, site_id), f"{ATTRIBUTION_SETTINGS}{version:06d}")


def alert_settings(organization_id: str, site_id: str) -> Key:
    return Key(_site(organization_id, site_id), "ALERTS")


def fit(organization_id: str, site_id: str, version: int) -> Key:
    return Key(_site(organization_id, site_id), f"{FIT}{version:06d}")


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


def job(organization_id: str, job_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"JOB#{job_id}")


def credential(digest: str) -> Key:
    return Key(f"KEY#{digest}", "KEY")


def tokens_of_site(organization_id: str, site_id: str) -> str:
    """Index partition of a site's ingestion tokens, sorted by their ids, which sort by time."""
    return f"{_site(organization_id, site_id)}#TOKENS"


def token_name(organization_id: str, site_id: str, name: str) -> Key:
    return Key(_site(organization_id, site_id), f"TOKEN_NAME#{name}")


def customer(organization_id: str, site_id: str, customer_id: str) -> Key:
    return Key(f"{_site(organization_id, site_id)}#CUS#{customer_id}", "CUSTOMER")


def customer_history(organization_id: str, site_id: str, customer_id: str, day: str, page: str) -> Key:
    return Key(customer(organization_id, site_id, customer_id).pk, f"HISTORY#{day}#{page}")


def order(organization_id: str, site_id: str, number_hash: str) -> Key:
    return Key(f"{_site(organization_id, site_id)}#ORDER#{number_hash}", "ORDER")


def waiting_corrections(organization_id: str, site_id: str) -> str:
    """Index partition of a site's orders that were corrected and never reported, the oldest correction first."""
    return f"{_site(organization_id, site_id)}#WAITING"


def event_claim(organization_id: str, site_id: str, event_hash: str) -> Key:
    return Key(f"{_site(organization_id, site_id)}#EVENT#{event_hash}", "EVENT")


def conversion(organization_id: str, site_id: str, conversion_id: str) -> Key:
    return Key(f"{_site(organization_id, site_id)}#CONV#{conversion_id}", "CONVERSION")


def conversions_of_site(organization_id: str, site_id: str) -> str:
    """Index partition of a site's conversions, sorted by their ids, which sort by time."""
    return f"{_site(organization_id, site_id)}#CONVERSIONS"


def credited_day(organization_id: str, site_id: str, day: str) -> Key:
    return Key(_site(organization_id, site_id), f"CREDITED#{day}")


def ingest_count(organization_id: str, site_id: str, day: str, shard: str) -> Key:
    return Key(_site(organization_id, site_id), f"INGEST#{day}#{shard}")


def failed_event(organization_id: str, site_id: str, failed_event_id: str) -> Key:
    return Key(_site(organization_id, site_id), f"FAILED#{failed_event_id}")


def unclaimed_event(day: str, failed_event_id: str) -> Key:
    # Anybody can send those, and one partition takes 1,000 write units a second.
    return Key(f"UNCLAIMED#{day}#{failed_event_id[-1]}", f"FAILED#{failed_event_id}")


def unclaimed_count(day: str, shard: str) -> Key:
    return Key(f"UNCLAIMED#{day}", f"INGEST#{shard}")


def mail(mail_id: str) -> Key:
    return Key(f"MAIL#{mail_id}", "MAIL")


def organization_mail(organization_id: str, mail_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"MAIL#{mail_id}")


def owed_mail(fact: str) -> Key:
    """By what it tells of, or by its own id."""
    return Key(f"OWED#{fact}", "OWED")


def mails_to(address_hash: str) -> str:
    """Index partition of the mails sent to an address, sorted by their ids, which sort by time."""
    return f"MAILS#{address_hash}"


AUDIT_ENTRY = "AUDIT#"
LAST_AUDIT_SEQUENCE = 10**12 - 1


def _book(book: str) -> str:
    if book.startswith("org_"):
        return f"ORG#{book}"
    return f"USER#{book}" if book.startswith("user_") else "PLATFORM"


def audit_entry(book: str, sequence: int) -> Key:
    return Key(_book(book), f"{AUDIT_ENTRY}{sequence:012d}")


def audit_head(book: str) -> Key:
    return Key(_book(book), "AUDIT_HEAD")


def audit_of_entity(book: str, entity: str) -> str:
    """Index partition of the entries about one thing, sorted by their numbers."""
    return f"{_book(book)}#AUDIT#{entity}"


SESSION = "SESSION#"
PERSONAL_KEY = "KEY#"
MEMBERSHIP = "MEMBER#"


def user(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "PROFILE")


def session(user_id: str, digest: str) -> Key:
    return Key(f"USER#{user_id}", f"{SESSION}{digest}")


def personal_key(user_id: str, digest: str) -> Key:
    return Key(f"USER#{user_id}", f"{PERSONAL_KEY}{digest}")


def membership(user_id: str, organization_id: str) -> Key:
    return Key(f"USER#{user_id}", f"{MEMBERSHIP}{organization_id}")


def authenticator(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "TOTP")


def recovery_codes(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "RECOVERY")


def address(address_hash: str) -> Key:
    return Key(f"EMAIL#{address_hash}", "EMAIL")


def provider_account(provider: str, subject_hash: str) -> Key:
    return Key(f"OAUTH#{provider}#{subject_hash}", "OAUTH")


def provider_accounts_of(user_id: str) -> str:
    """Index partition of a person's accounts at providers, sorted by provider."""
    return f"USER#{user_id}#OAUTH"


def proof(digest: str) -> Key:
    return Key(f"PROOF#{digest}", "PROOF")


def attempts(limit: str, whom: str, window: int) -> Key:
    return Key(f"ATTEMPTS#{limit}#{whom}", f"WINDOW#{window}")
