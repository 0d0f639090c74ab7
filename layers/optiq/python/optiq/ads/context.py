"""Ads: what advertising cost, and the platforms that say so."""

from dataclasses import replace

from optiq.ads.connections.contracts import AdConnectionFailing
from optiq.ads.lake import AD_CLICKS, AD_DAILY, AD_HOURLY, AD_METRICS, AD_RESOLUTIONS
from optiq.ads.sync.contracts import AdAccountRead, AdSyncFailed
from optiq.kernel.clock import HOUR_MS, MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, JobKind, Permission, Schedule, Webhook, Workflow

_SYNC = "ad_sync"
_QUOTA = "it is of the quota that all organizations share"
_ACCOUNT = "ORG#<org>#AD#<platform>#<account>"

# The clicks of an account's day, and a site's touches of a quarter, are in memory at once.
_RESOLVES = Function(
    "resolve_due",
    memory_mb=1024,
    timeout_seconds=900,
    table=("GetItem", "PutItem", "UpdateItem", "Query"),
    may=("index", "secret", "oauth", "lake"),
    appends=(AD_CLICKS.name, AD_RESOLUTIONS.name),
    columns=True,
    schedule=Schedule("Say which campaigns visits came from", 40, every_ms=HOUR_MS),
)

CONTEXT = Context(
    name="ads",
    what="what advertising cost, and the platforms that say so",
    permissions=(
        Permission("ads:read", "VIEWER", "see connections to advertising platforms and their accounts"),
        Permission("ads:connect", "ADMIN", "connect advertising platforms, choose accounts, and disconnect"),
        Permission("ads:write", "MEMBER", "send what advertisements cost"),
    ),
    audits=("ad_metrics", "ad_connection", "ad_account", "ad_sync", "ad_link"),
    publishes=(AdAccountRead, AdConnectionFailing, AdSyncFailed),
    webhooks=(
        Webhook("ad_sync.failed", "days of an advertising account could not be read", AdSyncFailed),
        Webhook("ad_connection.failing", "a connection to an advertising platform needs a person", AdConnectionFailing),
    ),
    items=(
        Item(
            "ad connection",
            "ORG#<org>",
            "AD_CONNECTION#<connection>",
            "one connection, or all of an organization; those to renew or to warn of, by when",
            gsi1pk="AD_CHECKS",
            gsi1sk="<instant>#<connection>",
        ),
        Item("ad credential", "ORG#<org>", "AD_CREDENTIAL#<connection>", "the sealed tokens of a connection"),
        Item(
            "ad account",
            "ORG#<org>",
            "AD_ACCOUNT#<platform>#<account>",
            "one account, or all of a platform; all that are to be read",
            gsi1pk="AD_CHOSEN",
            gsi1sk="<platform>#<org>#<account>",
        ),
        Item(
            "ad attempt",
            "AD_OAUTH#<sha-256>",
            "AD_OAUTH",
            "who began to connect, and where",
            tenantless=True,
            owned_by=("organization_id",),
        ),
        Item(
            "ad sync",
            "ORG#<org>",
            "AD_SYNC#<sync>",
            "one job, or all of an organization; those that wait, by when",
            gsi1pk="AD_SYNC_DUE",
            gsi1sk="<instant>#<sync>",
        ),
        Item("ad account state", _ACCOUNT, "SYNC", "how far an account was read, and who reads it now"),
        Item(
            "ad digests",
            _ACCOUNT,
            "DIGEST#<month>",
            "what the days of a month looked like when they were written",
            data="ADS",
        ),
        Item("ad report runs", _ACCOUNT, "RUNS#<sync>", "the reports that a platform prepares for a job"),
        Item("ad throttle", _ACCOUNT, "THROTTLE", "until when a platform is not asked about an account"),
        Item(
            "ad app throttle",
            "AD_THROTTLE#<platform>",
            "APP",
            "until when a platform is not asked at all",
            tenantless=True,
            nobodys=_QUOTA,
        ),
        Item("ad listing", _ACCOUNT, "LISTING", "when an account's lists were read last"),
        Item(
            "ad campaign",
            _ACCOUNT,
            "CAMPAIGN#<campaign>",
            "an account's campaigns and their names",
            data="ADS",
        ),
        Item(
            "ad group",
            _ACCOUNT,
            "GROUP#<campaign>#<group>",
            "a campaign's groups",
            data="ADS",
        ),
        Item(
            "ad",
            _ACCOUNT,
            "AD#<campaign>#<group>#<ad>",
            "a campaign's or a group's ads",
            data="ADS",
        ),
        Item("ad click days", _ACCOUNT, "CLICKS", "until when an account's clicks were read"),
        Item("ad link", "ORG#<org>#SITE#<site>", "AD_LINK#<link>", "a name's campaign, or all of a site"),
        Item("ad resolved", "ORG#<org>#SITE#<site>", "AD_RESOLVED", "what a site's touches were resolved by last"),
        Item("ad link names", "ORG#<org>#SITE#<site>", "AD_LINK_NAMES", "how links name a site's campaigns, for costs"),
        Item(
            "ad budget",
            "AD_BUDGET#<platform>",
            "<day>",
            "operations that a UTC day has used",
            tenantless=True,
            nobodys=_QUOTA,
        ),
    ),
    lake=(AD_METRICS, AD_HOURLY, AD_DAILY, AD_CLICKS, AD_RESOLUTIONS),
    functions=(
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "oauth", "address", "lake"),
            appends=(AD_METRICS.name, AD_RESOLUTIONS.name),
            columns=True,
            starts=_SYNC,
        ),
        Function(
            "renewal",
            timeout_seconds=300,
            table=("GetItem", "PutItem", "UpdateItem"),
            may=("index", "secret", "oauth"),
            schedule=Schedule(
                "Renew permissions of advertising platforms, and warn of those that end", 20, every_ms=HOUR_MS
            ),
        ),
        Function(
            "start_due",
            timeout_seconds=300,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem"),
            may=("index", "secret", "oauth"),
            starts=_SYNC,
            schedule=Schedule("Read the advertising accounts that are due", every_ms=5 * MINUTE_MS),
        ),
        _RESOLVES,
        replace(
            _RESOLVES,
            module="on_account_read",
            timeout_seconds=110,
            schedule=None,
            subscribes=(AdAccountRead,),
        ),
        # An account's month of days is in memory at once.
        Function(
            "step_sync",
            memory_mb=1024,
            timeout_seconds=900,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "oauth"),
            appends=(
                AD_DAILY.name,
                AD_HOURLY.name,
            ),
            columns=True,
        ),
        Function("fail_sync", timeout_seconds=30, table=("GetItem", "PutItem"), may=("secret",)),
    ),
    jobs=(JobKind("ad_sync", "reads days of an advertising account", "optiq.ads.sync.api"),),
    workflows=(Workflow(_SYNC, tasks={"Step": "step_sync", "Fail": "fail_sync"}, setting="OPTIQ_AD_SYNC_MACHINE"),),
)
