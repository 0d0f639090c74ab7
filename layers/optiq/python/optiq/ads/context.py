"""Ads: what advertising cost, and the platforms that say so."""

from optiq.ads.connections.contracts import AdConnectionFailing
from optiq.ads.lake import AD_METRICS
from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule

CONTEXT = Context(
    name="ads",
    what="what advertising cost, and the platforms that say so",
    permissions=(
        Permission("ads:read", "VIEWER", "see connections to advertising platforms and their accounts"),
        Permission("ads:connect", "ADMIN", "connect advertising platforms, choose accounts, and disconnect"),
        Permission("ads:write", "MEMBER", "send what advertisements cost"),
    ),
    audits=("ad_metrics", "ad_connection", "ad_account"),
    publishes=(AdConnectionFailing,),
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
        Item("ad account", "ORG#<org>", "AD_ACCOUNT#<platform>#<account>", "one account, or all of a platform"),
        Item("ad attempt", "AD_OAUTH#<sha-256>", "AD_OAUTH", "who began to connect, and where", tenantless=True),
    ),
    lake=(AD_METRICS,),
    functions=(
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "oauth", "address"),
            appends=(AD_METRICS.name,),
            columns=True,
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
    ),
)
